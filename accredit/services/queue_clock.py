"""The clock of the queue: how fast passes go out, how many people are still to come, and when that will be done.

Counts alone, no names; three statements, whatever the size of the event.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.passes import Pass
from accredit.domain.events import Event, Meeting
from accredit.services.desk_hours import widened
from accredit.services.event_loading import LoadedEvent

PACE_OVER = timedelta(minutes=10)
_ROUNDED_TO = 5
_BUSY_FROM = 2.0
_STEADY_FROM = 0.5


class Bustle(StrEnum):
    """How busy the desk is, for people who are on their way."""

    CLOSED = "closed"
    QUIET = "quiet"
    STEADY = "steady"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class RoundedClock:
    """What everybody may know: nothing from which a single person could be told."""

    bustle: Bustle
    served_lately: int
    """Passes of the last ten minutes, rounded up to five."""


@dataclass(frozen=True, slots=True)
class QueueClock:
    """`pace` is passes a minute over the last ten minutes, or since the desk opened. `expected` are those whose pass opens
    a door today; `to_come` those of them without it. `meeting` is the next one that begins today.
    """

    is_open: bool
    handed_out: int
    lately: int
    pace: float
    expected: int
    to_come: int
    done_at: datetime | None
    meeting: Meeting | None

    @property
    def is_in_time(self) -> bool | None:
        """Whether everybody has the pass before the next meeting begins; None where nobody can say."""
        if self.done_at is None or self.meeting is None:
            return None
        return self.done_at <= self.meeting.starts_at

    @property
    def rounded(self) -> RoundedClock:
        """The same for everybody."""
        served = math.ceil(self.lately / _ROUNDED_TO) * _ROUNDED_TO
        if not self.is_open:
            return RoundedClock(Bustle.CLOSED, served)
        busy = Bustle.STEADY if self.pace >= _STEADY_FROM else Bustle.QUIET
        return RoundedClock(Bustle.BUSY if self.pace >= _BUSY_FROM else busy, served)


def queue_clock(session: Session, event: LoadedEvent, now: datetime) -> QueueClock:
    """How the queue of the pick-up stands at this moment."""
    added = widened(session, event)
    hours = [one for one in (*event.event.pickup_windows, *added) if one.cover(now)]
    began = max(now - PACE_OVER, min((one.opens_at for one in hours), default=now - PACE_OVER))
    midnight = datetime.combine(now.astimezone(event.event.zone).date(), time(), event.event.zone)
    today, lately, expected, to_come = _counts(session, event, now, midnight, began)
    minutes = max((now - began).total_seconds() / 60, 1.0)
    pace = lately / minutes
    return QueueClock(
        is_open=bool(hours),
        handed_out=today,
        lately=lately,
        pace=pace,
        expected=expected,
        to_come=to_come,
        done_at=now + timedelta(minutes=to_come / pace) if pace and to_come else None,
        meeting=_next_meeting(event.event, now),
    )


def _counts(
    session: Session, event: LoadedEvent, now: datetime, midnight: datetime, began: datetime
) -> tuple[int, int, int, int]:
    """Handed out today, handed out lately, expected today, still to come; by one statement."""
    is_out = Pass.state == PassState.COLLECTED
    today = now.astimezone(event.event.zone).date()
    row = session.execute(
        select(
            func.count().filter(is_out, Pass.collected_at >= midnight).label("today"),
            func.count().filter(is_out, Pass.collected_at > began).label("lately"),
        ).where(Pass.event_id == event.record.id, is_out)
    ).one()
    by_grants = session.execute(
        select(Pass.state, Pass.grants, func.count().label("number"))
        .where(Pass.event_id == event.record.id, Pass.state.in_((PassState.COLLECTED, PassState.PREPARED)))
        .group_by(Pass.state, Pass.grants)
    ).all()
    of_today = [one for one in by_grants if today in event.event.days_opened(one.grants)]
    to_come = sum(one.number for one in of_today if one.state is PassState.PREPARED)
    return row.today, row.lately, sum(one.number for one in of_today), to_come


def _next_meeting(event: Event, now: datetime) -> Meeting | None:
    today = now.astimezone(event.zone).date()
    to_come = [
        one for one in event.meetings if one.starts_at > now and one.starts_at.astimezone(event.zone).date() == today
    ]
    return min(to_come, key=lambda one: one.starts_at, default=None)
