"""Log-in of the staff: who sits before the screen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from flask_login import LoginManager, UserMixin

from accredit.db.session import reading
from accredit.services.accounts import actor_of, find_account
from accredit.services.context import Actor
from accredit.web.parts import parts


@dataclass(frozen=True, slots=True)
class StaffUser(UserMixin):
    """A member of staff as the log-in library wants it."""

    id: str
    actor: Actor


def set_up(app: Flask) -> None:
    """Loads the member of staff of each request from the session's id."""
    manager = LoginManager(app)
    manager.session_protection = "strong"
    manager.user_loader(_load)


def _load(identity: str) -> StaffUser | None:
    try:
        wanted = UUID(identity)
    except ValueError:
        return None
    with reading(parts().engine) as session:
        account = find_account(session, wanted)
    return StaffUser(identity, actor_of(account)) if account is not None else None
