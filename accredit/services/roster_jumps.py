"""After a restored backup: the roster's number gets ahead of every number that was given out before.

A backup brings an older number back. Scanners refuse any list that is not newer than theirs, and a number that is given out
twice would hide what changed under it, revocations among them. So the number leaps, and with it the one at which the
event's file changed, so that everybody gets a whole new list.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accredit.db.models.events import EventRecord
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.roster import lock

LARGEST_CLAIM = 2**53
"""More than any event ever counts; a scanner that claims more is not believed."""

AFTER_A_RESTORE = 1_000_000
"""More changes than any event sees between a backup and its loss."""

FURTHEST_AHEAD = 2**40
"""How far ahead of ours a claim is believed; without this, one bad scanner could use up all numbers with a single poll."""

_NUMBERS = ("roster_number", "settings_number")


def is_ahead(session: Session, event_id: UUID, since: int) -> bool:
    """Whether a scanner claims a list that this database never gave out."""
    return is_beyond(session.scalar(select(EventRecord.roster_number).where(EventRecord.id == event_id)) or 0, since)


def is_beyond(number: int, since: int) -> bool:
    """Whether a claim lies beyond this number, and is to be believed."""
    return number < since <= min(LARGEST_CLAIM, number + FURTHEST_AHEAD)


def outrun(session: Session, context: Context, event_id: UUID, since: int) -> bool:
    """Leaps beyond the number that an authenticated scanner claims; False where there is no need or no believing it.

    Nobody but a scanner of this event asks for this, and the trail tells which one did.
    """
    held = session.get_one(EventRecord, event_id)
    lock(session, held)
    if not is_ahead(session, event_id, since):
        return False
    _leap(session, held, since + 1)
    record(session, context, Action.ROSTER_OUTRUN, Subject("event", held.key), _NUMBERS)
    return True


def leap_after_restore(session: Session, context: Context) -> tuple[str, ...]:
    """Adds a million to the number of every event; answers their keys. A person says that a backup came back.

    The claims of scanners do not suffice: a number that grew again to exactly theirs looks like nothing new.
    """
    context.require(Permission.EVENT_MANAGE)
    events = session.scalars(select(EventRecord).order_by(EventRecord.key)).all()
    for held in events:
        lock(session, held)
        session.refresh(held)
        _leap(session, held, held.roster_number + AFTER_A_RESTORE)
        record(session, context, Action.DATABASE_RESTORED, Subject("event", held.key), _NUMBERS)
    return tuple(held.key for held in events)


def _leap(session: Session, held: EventRecord, number: int) -> None:
    raised = update(EventRecord).where(EventRecord.id == held.id).values(roster_number=number, settings_number=number)
    session.execute(raised.execution_options(synchronize_session=False))
    session.refresh(held)
