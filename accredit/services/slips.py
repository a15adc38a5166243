"""Slips: who cannot be served at the desk leaves the line with a number, and the supervisor calls the numbers.

A slip holds the cause as a code and never a value. A person has one open slip at most; a pass that is handed over settles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from accredit.db.models.applications import Application
from accredit.db.models.desk import Slip
from accredit.domain.permissions import Permission
from accredit.domain.slips import SlipOutcome, SlipState
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import find_application
from accredit.services.roster import lock

WALK_IN = "walk_in"
_LONGEST_REASON = 400
_LONGEST_CODE = 40
_OPEN = (
    select(Slip)
    .where(Slip.application_id == bindparam("application_id"), Slip.state == SlipState.OPEN)
    .execution_options(populate_existing=True)
)


class SlipObstacle(StrEnum):
    """Why nothing became of it."""

    UNKNOWN = "unknown"
    SETTLED = "settled"
    NO_REASON = "no_reason"


@dataclass(frozen=True, slots=True)
class SlipRefused:
    """The code and a sentence with the cure."""

    code: SlipObstacle
    message: str


def open_slip(session: Session, context: Context, event: LoadedEvent, reference: str, code: str) -> Slip | SlipRefused:
    """Sends a person to the supervisor; one who has a slip already keeps its number. Without a reference: a walk-in."""
    context.require(Permission.PASSES_COLLECT)
    lock(session, event.record)
    application = find_application(session, event, reference) if reference else None
    if reference and application is None:
        words = "No application has this reference. Look for the person by name or document."
        return SlipRefused(SlipObstacle.UNKNOWN, words)
    known = open_slip_of(session, application) if application is not None else None
    return known or _new(session, context, event, application, code)


def _new(session: Session, context: Context, event: LoadedEvent, application: Application | None, code: str) -> Slip:
    last = session.scalar(select(func.max(Slip.number)).where(Slip.event_id == event.record.id)) or 0
    made = Slip(
        event_id=event.record.id,
        number=last + 1,
        application=application,
        code=code[:_LONGEST_CODE],
        state=SlipState.OPEN,
        opened_at=context.now(),
        opened_by=context.actor.name,
    )
    session.add(made)
    record(session, context, Action.SLIP_OPENED, Subject("slip", str(made.number)), (made.code,))
    session.flush()
    return made


def settle(
    session: Session, context: Context, event: LoadedEvent, number: int, outcome: SlipOutcome, reason: str
) -> Slip | SlipRefused:
    """Ends a slip, with a reason unless the pass was handed over."""
    context.require(Permission.PICKUP_OVERRIDE)
    lock(session, event.record)
    slip = find_slip(session, event, number)
    if slip is None:
        return SlipRefused(SlipObstacle.UNKNOWN, "There is no slip of this number.")
    if slip.state is SlipState.SETTLED:
        return SlipRefused(SlipObstacle.SETTLED, f"Slip {number} was settled by {slip.settled_by} already.")
    if not 1 <= len(reason.strip()) <= _LONGEST_REASON:
        words = f"Reason: say in a few words what came of it, at most {_LONGEST_REASON} characters."
        return SlipRefused(SlipObstacle.NO_REASON, words)
    return _settled(session, context, slip, outcome, reason.strip())


def settle_at_the_handover(session: Session, context: Context, application: Application) -> Slip | None:
    """The pass was handed over: whatever slip the person had is settled."""
    slip = open_slip_of(session, application)
    return _settled(session, context, slip, SlipOutcome.HANDED_OVER, "") if slip is not None else None


def _settled(session: Session, context: Context, slip: Slip, outcome: SlipOutcome, reason: str) -> Slip:
    slip.state, slip.outcome = SlipState.SETTLED, outcome
    slip.settled_at, slip.settled_by, slip.settled_for = context.now(), context.actor.name, reason
    record(session, context, Action.SLIP_SETTLED, Subject("slip", str(slip.number)), (outcome.value,))
    session.flush()
    return slip


def find_slip(session: Session, event: LoadedEvent, number: int) -> Slip | None:
    """The slip of this number, read afresh."""
    wanted = select(Slip).where(Slip.event_id == event.record.id, Slip.number == number)
    return session.scalar(wanted.execution_options(populate_existing=True))


def open_slip_of(session: Session, application: Application) -> Slip | None:
    """The slip with which this person waits."""
    return session.scalar(_OPEN, {"application_id": application.id})


def open_slips(session: Session, event: LoadedEvent) -> tuple[Slip, ...]:
    """Who waits for the supervisor, the longest first."""
    wanted = select(Slip).where(Slip.event_id == event.record.id, Slip.state == SlipState.OPEN)
    return tuple(session.scalars(wanted.order_by(Slip.number).options(selectinload(Slip.application))))


def settled_slips(session: Session, event: LoadedEvent, since: datetime) -> tuple[Slip, ...]:
    """What was settled since then, the latest first."""
    wanted = select(Slip).where(
        Slip.event_id == event.record.id, Slip.state == SlipState.SETTLED, Slip.settled_at >= since
    )
    return tuple(session.scalars(wanted.order_by(Slip.settled_at.desc()).options(selectinload(Slip.application))))


def count_open(session: Session, event: LoadedEvent) -> int:
    """How many wait."""
    wanted = select(func.count()).where(Slip.event_id == event.record.id, Slip.state == SlipState.OPEN)
    return session.scalar(wanted) or 0
