"""Who may do what, reviewed as data."""

from __future__ import annotations

import pytest

from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import TABLE, Permission, Role, allowed, require

# Told once more and by hand: a right that comes or goes must be meant.
HOLDERS = {
    "event:manage": {"administrator"},
    "lists:import": {"administrator"},
    "applications:read": {"administrator", "reviewer", "senior-reviewer", "desk", "supervisor", "auditor"},
    "applications:submit": {"administrator", "intake"},
    "applications:review": {"reviewer", "senior-reviewer"},
    "applications:substitute": {"senior-reviewer"},
    "applications:waive": {"senior-reviewer"},
    "applications:hold": {"senior-reviewer", "supervisor"},
    "passes:collect": {"desk", "supervisor"},
    "passes:print": {"administrator", "desk", "supervisor"},
    "passes:revoke": {"senior-reviewer", "supervisor"},
    "pickup:override": {"supervisor"},
    "alerts:settle": {"administrator", "supervisor"},
    "devices:manage": {"administrator"},
    "keys:manage": {"administrator"},
    "users:manage": {"administrator"},
    "figures:read": {role.value for role in Role} - {"intake"},
    "audit:read": {"administrator", "auditor"},
    "exports:make": {"administrator", "senior-reviewer", "auditor"},
    "exports:personal": {"administrator", "senior-reviewer"},
}


@pytest.mark.parametrize("permission", Permission)
def test_the_holders_of_each_permission(permission: Permission) -> None:
    """Exactly these roles, alone, may do it."""
    holders = {role.value for role in Role if allowed([role], permission)}
    assert holders == HOLDERS[permission.value]


def test_every_role_has_its_row() -> None:
    """A role without a row would raise instead of being refused."""
    assert set(TABLE) == set(Role)


def test_several_roles_add_up_and_none_is_none() -> None:
    """Somebody with two roles has the rights of both; somebody without any has none."""
    assert allowed([Role.GATE, Role.DESK], Permission.PASSES_COLLECT)
    assert not any(allowed([], permission) for permission in Permission)


def test_a_missing_right_is_named() -> None:
    """The error tells which permission is needed."""
    with pytest.raises(NotAllowed, match="applications:review"):
        require([Role.DESK], Permission.APPLICATIONS_REVIEW)
