"""The outbox: which messages wait, which one a worker has in hand, and what became of each.

At least once: a message counts as sent only when the server's yes is in the database. A worker that dies in between leaves
it in hand; it is then sent again and marked, because that person may have it twice. Nobody else gets anything twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Update, func, select, update
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.outbox import Message
from accredit.domain.messages import Kind, MessageState
from accredit.services.mail_server import Answer, Said

IN_HAND_FOR = timedelta(minutes=5)
"""Longer than one message can take; whoever holds one for longer is dead."""

MOST_TRIES = 500
"""With the longest pause between them a little over five days (RFC 5321, 4.5.4.1: at least four to five)."""

_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(minutes=15)
_AT_ONCE = 100
_DIED = "whoever sent it died before the answer was noted down"


@dataclass(frozen=True, slots=True)
class Row:
    """A message that is due."""

    id: UUID
    attempts: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages are in each state, how many of the sent may have come twice, and since when the oldest waits."""

    by_state: dict[str, int]
    oldest_waiting: datetime | None = None
    causes: tuple[tuple[str, int], ...] = ()

    def of(self, *states: MessageState) -> int:
        """How many are in one of these states."""
        return sum(self.by_state.get(state.value, 0) for state in states)


def due(session: Session, now: datetime, limit: int = _AT_ONCE) -> tuple[Row, ...]:
    """What is to be sent now, the longest due first."""
    wanted = (
        select(Message.id, Message.attempts)
        .where(Message.state == MessageState.WAITING, Message.next_try_at <= now)
        .order_by(Message.next_try_at, Message.created_at)
        .limit(limit)
    )
    return tuple(Row(*row) for row in session.execute(wanted))


def claim(session: Session, row: Row, now: datetime) -> bool:
    """Takes one message in hand; of two workers one gets it."""
    taken = update(Message).where(
        Message.id == row.id, Message.state == MessageState.WAITING, Message.attempts == row.attempts
    )
    return _did(session, taken.values(state=MessageState.SENDING, attempts=Message.attempts + 1, tried_at=now))


def note(session: Session, row: Row, answer: Answer, now: datetime) -> None:
    """What became of a message in hand."""
    match answer.said:
        case Said.TAKEN:
            unsure = session.scalar(select(Message.unsure).where(Message.id == row.id))
            state = MessageState.SENT_UNSURE if unsure else MessageState.SENT
            values: dict[str, Any] = {"state": state, "sent_at": now, "cause": ""}
        case Said.REFUSED:
            values = {"state": MessageState.FAILED, "cause": answer.cause}
        case Said.LATER:
            values = _later(row, answer.cause, now)
        case Said.UNSURE:
            values = {**_later(row, answer.cause, now), "unsure": True}
    in_hand = update(Message).where(
        Message.id == row.id, Message.state == MessageState.SENDING, Message.attempts == row.attempts + 1
    )
    session.execute(in_hand.values(**values))


def close(session: Session, row: Row, state: MessageState, cause: str, now: datetime) -> None:
    """Ends a message that is not sent at all: it was overtaken, or cannot be written."""
    waiting = update(Message).where(Message.id == row.id, Message.state == MessageState.WAITING)
    session.execute(waiting.values(state=state, cause=cause, tried_at=now))


def postpone(session: Session, rows: tuple[Row, ...], cause: str, now: datetime) -> None:
    """There was no mail server for any of these."""
    for row in rows:
        waiting = update(Message).where(
            Message.id == row.id, Message.state == MessageState.WAITING, Message.attempts == row.attempts
        )
        session.execute(waiting.values(attempts=Message.attempts + 1, tried_at=now, **_later(row, cause, now)))


def has_abandoned(session: Session, now: datetime) -> bool:
    """Whether somebody died with a message in hand."""
    return session.scalar(select(Message.id).where(*_abandoned(now)).limit(1)) is not None


def reap(session: Session, now: datetime) -> int:
    """Puts back what the dead had in hand, marked: the person may have it already."""
    back = update(Message).where(*_abandoned(now))
    values = {"state": MessageState.WAITING, "unsure": True, "cause": _DIED, "next_try_at": now}
    done = session.execute(back.values(**values))
    assert isinstance(done, CursorResult)
    return done.rowcount


def retry(session: Session, now: datetime, *, failed: bool) -> int:
    """Makes whatever waits due at once, and with `failed` what had failed, too; answers how many."""
    states = (MessageState.WAITING, MessageState.FAILED) if failed else (MessageState.WAITING,)
    again = update(Message).where(Message.state.in_(states))
    done = session.execute(again.values(state=MessageState.WAITING, next_try_at=now, attempts=0))
    assert isinstance(done, CursorResult)
    return done.rowcount


def counts(session: Session, event_id: UUID | None = None) -> Counts:
    """How the outbox stands, for one event or for all."""
    wanted = select(Message.state, func.count()).group_by(Message.state)
    causes = select(Message.cause, func.count()).where(Message.cause != "").group_by(Message.cause)
    causes = causes.where(Message.state.in_((MessageState.WAITING, MessageState.FAILED)))
    oldest = select(func.min(Message.created_at)).where(Message.state == MessageState.WAITING)
    if event_id is not None:
        of_event = Message.application_id.in_(select(Application.id).where(Application.event_id == event_id))
        wanted, causes, oldest = wanted.where(of_event), causes.where(of_event), oldest.where(of_event)
    by_state = {state.value: number for state, number in session.execute(wanted)}
    told = sorted(((row[0], row[1]) for row in session.execute(causes)), key=lambda one: (-one[1], one[0]))
    return Counts(dict(sorted(by_state.items())), session.scalar(oldest), tuple(told))


def of_application(session: Session, application: Application) -> tuple[tuple[Kind, MessageState, datetime], ...]:
    """What this applicant was written, the oldest first."""
    wanted = (
        select(Message.kind, Message.state, Message.created_at)
        .where(Message.application_id == application.id)
        .order_by(Message.created_at)
    )
    return tuple((row[0], row[1], row[2]) for row in session.execute(wanted))


def _later(row: Row, cause: str, now: datetime) -> dict[str, Any]:
    if row.attempts + 1 >= MOST_TRIES:
        return {"state": MessageState.FAILED, "cause": f"given up after {MOST_TRIES} tries: {cause}"}
    pause = min(_FIRST_PAUSE * 2 ** min(row.attempts, 10), _LONGEST_PAUSE)
    return {"state": MessageState.WAITING, "cause": cause, "next_try_at": now + pause}


def _abandoned(now: datetime) -> tuple[Any, ...]:
    return (Message.state == MessageState.SENDING, Message.tried_at < now - IN_HAND_FOR)


def _did(session: Session, change: Update) -> bool:
    done = session.execute(change)
    assert isinstance(done, CursorResult)
    return bool(done.rowcount == 1)
