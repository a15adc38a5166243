"""The hours of the desk: those of the event file, and those that a supervisor added in one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accredit.db.models.desk import PickupOpening
from accredit.domain.events import Hours
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent

LONGEST_OPENING = timedelta(hours=24)
_LONGEST_REASON = 400
_ADDED = (
    select(PickupOpening.opens_at, PickupOpening.closes_at)
    .where(PickupOpening.event_id == bindparam("event_id"))
    .order_by(PickupOpening.opens_at, PickupOpening.closes_at)
)


class HoursObstacle(StrEnum):
    """Why the hours stay as they are."""

    NO_REASON = "no_reason"
    BACKWARDS = "backwards"
    OVER = "over"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class HoursRefused:
    """The hours stay as they are: the code and a sentence with the cure."""

    code: HoursObstacle
    message: str


def widen(
    session: Session, context: Context, event: LoadedEvent, opens_at: datetime, closes_at: datetime, reason: str
) -> PickupOpening | HoursRefused:
    """Opens the desk in this span too; both times aware. The hours of the event stay what they are."""
    context.require(Permission.PICKUP_OVERRIDE)
    refused = _refused(context, opens_at, closes_at, reason)
    if refused is not None:
        return refused
    made = PickupOpening(
        id=context.new_id(),
        event_id=event.record.id,
        opens_at=opens_at,
        closes_at=closes_at,
        reason=reason.strip(),
        made_at=context.now(),
        made_by=context.actor.name,
    )
    session.add(made)
    record(session, context, Action.PICKUP_WIDENED, Subject("event", event.event.key), ("opens_at", "closes_at"))
    session.flush()
    return made


def _refused(context: Context, opens_at: datetime, closes_at: datetime, reason: str) -> HoursRefused | None:
    if not 1 <= len(reason.strip()) <= _LONGEST_REASON:
        words = f"Reason: say in a few words why the desk opens, at most {_LONGEST_REASON} characters."
        return HoursRefused(HoursObstacle.NO_REASON, words)
    if opens_at >= closes_at:
        return HoursRefused(HoursObstacle.BACKWARDS, "Until: write a time after the one at which the desk opens.")
    if closes_at <= context.now():
        return HoursRefused(HoursObstacle.OVER, "Until: this time is over; write one that is still to come.")
    if closes_at - opens_at > LONGEST_OPENING:
        return HoursRefused(HoursObstacle.TOO_LONG, "Until: at most 24 hours at once; open each day by itself.")
    return None


def widened(session: Session, event: LoadedEvent) -> tuple[Hours, ...]:
    """The hours that were added, in order."""
    rows = session.execute(_ADDED, {"event_id": event.record.id})
    return tuple(Hours(row.opens_at, row.closes_at) for row in rows)


def all_hours(session: Session, event: LoadedEvent) -> tuple[Hours, ...]:
    """The hours of the event file and those that were added, in order; what touches is one span."""
    told: list[Hours] = []
    spans = (*event.event.pickup_windows, *widened(session, event))
    for one in sorted(spans, key=lambda hours: (hours.opens_at, hours.closes_at)):
        if told and one.opens_at <= told[-1].closes_at:
            told[-1] = Hours(told[-1].opens_at, max(told[-1].closes_at, one.closes_at))
        else:
            told.append(one)
    return tuple(told)


def hours_to_come(session: Session, event: LoadedEvent, now: datetime) -> tuple[Hours, ...]:
    """Those of all hours that are not over: the span that is open now, and the later ones."""
    return tuple(one for one in all_hours(session, event) if one.closes_at > now)


def openings(session: Session, event: LoadedEvent) -> tuple[PickupOpening, ...]:
    """The same with reason, time and name of who added them."""
    wanted = select(PickupOpening).where(PickupOpening.event_id == event.record.id)
    return tuple(session.scalars(wanted.order_by(PickupOpening.opens_at, PickupOpening.closes_at)))


def is_open(session: Session, event: LoadedEvent, now: datetime) -> bool:
    """Whether the desk hands out passes at this moment."""
    return event.event.pickup_is_open(now) or any(one.cover(now) for one in widened(session, event))
