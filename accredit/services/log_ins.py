"""Who may try to log in, and what becomes of it: counted by name, written down, slower with every failure.

The counter goes by the name that was typed, whether anybody has it or not, and as a keyed hash: a name that nobody has is
answered as late, by the same words and after the same work as one that somebody has. It is the database's, so that many web
processes count together. A closed name opens by itself; the second step keeps a guessed password from being enough.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accredit.db.models.accounts import Account, LogInCounter
from accredit.services.accounts import actor_of, check_password, find_account
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Actor, Context

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=5)  # longer ones would shut the desk out for whoever knows its names
FORGOTTEN_AFTER = timedelta(days=1)
AT_THE_DOOR = Actor("page:log-in")
"""Whoever has not shown yet who it is."""

_LONGEST_NAME = 200
_NOBODY = "unknown"


@dataclass(frozen=True, slots=True)
class Known:
    """A member of the staff as a session keeps it. The seal changes with the password and with the second step."""

    id: UUID
    actor: Actor
    seal: str
    has_second_step: bool

    @property
    def name(self) -> str:
        """The name of the account."""
        return self.actor.name.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody may try this name before then."""

    until: datetime


def first_step(session: Session, context: Context, name: str, password: str) -> Known | Closed | None:
    """Who gave name and password; None for a wrong one, which `note_failure` then writes down in a session of its own."""
    closed = closed_until(session, context, name)
    if closed is not None:
        return closed
    account = check_password(session, name, password)
    return _known(account) if account is not None else None


def closed_until(session: Session, context: Context, name: str) -> Closed | None:
    """Until when nobody may try this name again; None when anybody may now."""
    counter = session.get(LogInCounter, _hash_of(context, name))
    closes = counter.closed_until if counter is not None else None
    return Closed(closes) if closes is not None and closes > context.now() else None


def find(session: Session, account_id: UUID) -> Known | None:
    """The active account of this id."""
    account = find_account(session, account_id)
    return _known(account) if account is not None else None


def note_failure(session: Session, context: Context, name: str) -> None:
    """A wrong password or code under this name. The trail names an account that exists, never a name that was typed."""
    account_name = session.scalar(select(Account.name).where(Account.name == name.strip()))
    # The end of the trail is locked first: of two failures at once, the second counts on from the first.
    record(session, context, Action.LOG_IN_FAILED, Subject("account", account_name or _NOBODY))
    session.execute(delete(LogInCounter).where(LogInCounter.last_at < context.now() - FORGOTTEN_AFTER))
    name_hash = _hash_of(context, name)
    counter = session.get(LogInCounter, name_hash, populate_existing=True)
    if counter is None:
        counter = LogInCounter(name_hash=name_hash, failures=0)
        session.add(counter)
    counter.failures += 1
    counter.last_at = context.now()
    counter.closed_until = _closed_after(counter.failures, context.now())


def note_success(session: Session, context: Context, known: Known) -> None:
    """The whole log-in is done: the count begins anew. The context's actor is the account."""
    record(session, context, Action.LOGGED_IN, Subject("account", known.name))
    session.execute(delete(LogInCounter).where(LogInCounter.name_hash == _hash_of(context, known.name)))


def note_end(session: Session, context: Context, name: str) -> None:
    """Somebody logged out."""
    record(session, context, Action.LOGGED_OUT, Subject("account", name))


def _known(account: Account) -> Known:
    told = f"{account.password_hash} {account.totp_set_at.timestamp() if account.totp_set_at else ''}"
    seal = hashlib.sha256(told.encode()).hexdigest()[:16]
    return Known(account.id, actor_of(account), seal, account.totp_set_at is not None)


def _closed_after(failures: int, now: datetime) -> datetime | None:
    """Free at first, then half a minute, doubled with each further failure up to the longest wait."""
    if failures < FREE_TRIES:
        return None
    doubled: timedelta = FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 10)
    return now + min(doubled, LONGEST_WAIT)


def _hash_of(context: Context, name: str) -> bytes:
    return hmac.digest(context.secrets.pepper, f"log-in name {name.strip()[:_LONGEST_NAME]}".encode(), hashlib.sha256)
