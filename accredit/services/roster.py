"""The number of an event's roster: it grows with every change that a scanner must learn.

A scanner asks for what changed since its number. That answer is whole only if numbers become visible in their own order:
a change numbered 8 that is committed before the one numbered 7 would be skipped for ever by whoever asked in between. So
whoever changes the roster holds the event's row until its commit.

Locks are taken in one order, or two people at once wait for each other: the application (where a decision or a
replacement concerns one), the end of the audit trail, the event, then everything else. `lock` takes the middle two.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from accredit.db.models.audit import AuditHead
from accredit.db.models.events import EventRecord

_LOCKED = "roster locked"
_END_OF_TRAIL = select(AuditHead.id).with_for_update()
_RAISED = (
    update(EventRecord)
    .where(EventRecord.id == bindparam("event_id"))
    .values(roster_number=EventRecord.roster_number + 1)
    .returning(EventRecord.roster_number)
    .execution_options(synchronize_session=False)
)
_EVENT = select(EventRecord.id).where(EventRecord.id == bindparam("event_id")).with_for_update()


def lock(session: Session, record: EventRecord) -> None:
    """Makes this transaction the only one that changes the event's roster, until its commit.

    What is decided upon is read after this, or read again. The end of the audit trail is taken first, because every such
    change writes there too, and some callers wrote there already. Within one transaction it is asked for once.
    """
    transaction = session.get_transaction()
    held: tuple[object, UUID] | None = session.info.get(_LOCKED)
    if transaction is not None and held == (transaction, record.id):
        return
    session.execute(_END_OF_TRAIL)
    session.execute(_EVENT, {"event_id": record.id})
    if not session.in_nested_transaction():  # what is taken within a savepoint may be given back with it
        session.info[_LOCKED] = (session.get_transaction(), record.id)


def number_of(session: Session, record: EventRecord) -> int:
    """The roster's number now; never from what the session remembers."""
    return session.scalars(select(EventRecord.roster_number).where(EventRecord.id == record.id)).one()


def next_number(session: Session, record: EventRecord) -> int:
    """The roster number of one change; takes the lock."""
    lock(session, record)
    number = session.execute(_RAISED, {"event_id": record.id}).scalar_one()
    set_committed_value(record, "roster_number", number)
    return number
