"""Who may do what: one table of roles and permissions, reviewed as data."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from accredit.domain.errors import NotAllowed


class Role(StrEnum):
    """What a member of staff is for this event."""

    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"
    SENIOR_REVIEWER = "senior-reviewer"
    DESK = "desk"
    SUPERVISOR = "supervisor"
    GATE = "gate"
    AUDITOR = "auditor"
    INTAKE = "intake"


class Permission(StrEnum):
    """One thing that somebody may be allowed to do."""

    EVENT_MANAGE = "event:manage"
    LISTS_IMPORT = "lists:import"
    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_SUBMIT = "applications:submit"
    APPLICATIONS_REVIEW = "applications:review"
    APPLICATIONS_SUBSTITUTE = "applications:substitute"
    APPLICATIONS_WAIVE = "applications:waive"
    APPLICATIONS_HOLD = "applications:hold"
    PASSES_COLLECT = "passes:collect"
    PASSES_PRINT = "passes:print"
    PASSES_REVOKE = "passes:revoke"
    PICKUP_OVERRIDE = "pickup:override"
    ALERTS_SETTLE = "alerts:settle"
    DEVICES_MANAGE = "devices:manage"
    KEYS_MANAGE = "keys:manage"
    USERS_MANAGE = "users:manage"
    FIGURES_READ = "figures:read"
    AUDIT_READ = "audit:read"
    EXPORTS_MAKE = "exports:make"
    EXPORTS_PERSONAL = "exports:personal"


_P = Permission

TABLE: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            _P.EVENT_MANAGE,
            _P.LISTS_IMPORT,
            _P.APPLICATIONS_SUBMIT,
            _P.APPLICATIONS_READ,
            _P.PASSES_PRINT,
            _P.ALERTS_SETTLE,
            _P.DEVICES_MANAGE,
            _P.KEYS_MANAGE,
            _P.USERS_MANAGE,
            _P.FIGURES_READ,
            _P.AUDIT_READ,
            _P.EXPORTS_MAKE,
            _P.EXPORTS_PERSONAL,
        }
    ),
    Role.REVIEWER: frozenset({_P.APPLICATIONS_READ, _P.APPLICATIONS_REVIEW, _P.FIGURES_READ}),
    Role.SENIOR_REVIEWER: frozenset(
        {
            _P.APPLICATIONS_READ,
            _P.APPLICATIONS_REVIEW,
            _P.APPLICATIONS_SUBSTITUTE,
            _P.APPLICATIONS_WAIVE,
            _P.APPLICATIONS_HOLD,
            _P.PASSES_REVOKE,
            _P.FIGURES_READ,
            _P.EXPORTS_MAKE,
            _P.EXPORTS_PERSONAL,
        }
    ),
    Role.DESK: frozenset({_P.APPLICATIONS_READ, _P.PASSES_COLLECT, _P.PASSES_PRINT, _P.FIGURES_READ}),
    Role.SUPERVISOR: frozenset(
        {
            _P.APPLICATIONS_READ,
            _P.APPLICATIONS_HOLD,
            _P.PASSES_COLLECT,
            _P.PASSES_PRINT,
            _P.PASSES_REVOKE,
            _P.PICKUP_OVERRIDE,
            _P.ALERTS_SETTLE,
            _P.FIGURES_READ,
        }
    ),
    Role.GATE: frozenset({_P.FIGURES_READ}),
    Role.AUDITOR: frozenset({_P.APPLICATIONS_READ, _P.AUDIT_READ, _P.EXPORTS_MAKE, _P.FIGURES_READ}),
    Role.INTAKE: frozenset({_P.APPLICATIONS_SUBMIT}),
}


def allowed(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether one of the roles carries the permission."""
    return any(permission in TABLE[role] for role in roles)


def require(roles: Iterable[Role], permission: Permission) -> None:
    """Raises `NotAllowed` unless one of the roles carries the permission."""
    if not allowed(roles, permission):
        raise NotAllowed(permission)
