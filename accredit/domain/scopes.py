"""What a program may do with its token: never more than its account, and of that only what was named when it was made."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from accredit.domain.permissions import Permission, Role, allowed


class Scope(StrEnum):
    """One thing that a token is good for."""

    SUBMIT = "applications:submit"
    OWN = "applications:own"
    READ = "applications:read"
    ORGANISATIONS = "organisations:read"
    EVENT = "event:read"


USUAL = frozenset({Scope.SUBMIT, Scope.OWN, Scope.ORGANISATIONS, Scope.EVENT})
"""Of a token for a form of somebody's own: it sends, and asks how its own applications stand."""

_NEEDS = {
    Scope.SUBMIT: Permission.APPLICATIONS_SUBMIT,
    Scope.OWN: Permission.APPLICATIONS_SUBMIT,
    Scope.READ: Permission.APPLICATIONS_READ,
}


def may(scopes: Iterable[str], roles: Iterable[Role], wanted: Scope) -> bool:
    """Whether a token with these scopes, of an account with these roles, is good for this."""
    needed = _NEEDS.get(wanted)
    return wanted.value in set(scopes) and (needed is None or allowed(roles, needed))
