"""When things happened: counts by day and by quarter of an hour of the event's zone, and who is inside each meeting.

The database counts by quarters of an hour of UTC, which every zone in use divides into; days and hours of the place are put
together from those. So each answer is a fixed number of statements, and of rows as many as there are quarters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Integer, case, cast, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from accredit.credential.reasons import CheckpointKind, Verdict
from accredit.db.models.applications import Application
from accredit.db.models.decisions import Decision, DecisionVerdict
from accredit.db.models.gate import Presence, Scan
from accredit.db.models.passes import Pass
from accredit.domain.events import Checkpoint, Event, Meeting
from accredit.domain.permissions import Permission
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.figures import is_corrected

QUARTER = timedelta(minutes=15)
_SECONDS: ColumnElement[int] = literal_column("900", Integer)


@dataclass(frozen=True, slots=True)
class Day:
    """One day at the place, with a count for each key that was counted then."""

    on: date
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of an hour at the place, with a count for each key that was counted then."""

    starts_at: datetime
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Attendance:
    """Of the passes that were last read at this meeting, or at this gate today: who is where.

    `inside`: came in, and the meeting goes on. `out`: read on the way out. `unknown`: came in, and was not read on the way
    out of what is over now. The passes of people who are let in by sight or on a grounds pass are not counted.
    """

    place: str
    meeting: Meeting | None
    inside: int
    out: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Timelines:
    """The event over time. `on` is the day whose quarters of an hour are told; `days` are those that can be asked for."""

    applications: tuple[Day, ...]
    decisions: tuple[Day, ...]
    countries: tuple[tuple[str, int], ...]
    days: tuple[date, ...]
    on: date
    pickups: tuple[Quarter, ...]
    scans: tuple[Quarter, ...]
    attendance: tuple[Attendance, ...]


IN_TIME, LATE = "in_time", "late"
COLLECTED = "collected"


def timelines(session: Session, context: Context, event: LoadedEvent, on: date | None = None) -> Timelines:
    """The counts over time as they stand now; the quarters of an hour are those of one day, by default today's."""
    context.require(Permission.FIGURES_READ)
    days = days_of(event.event)
    shown = on if on in days else _nearest(days, context.now().astimezone(event.event.zone).date())
    return Timelines(
        applications=_applications(session, event),
        decisions=_decisions(session, event),
        countries=_countries(session, event),
        days=days,
        on=shown,
        pickups=_pickups(session, event, shown),
        scans=_scans(session, event, shown),
        attendance=_attendance(session, event, context.now()),
    )


def days_of(event: Event) -> tuple[date, ...]:
    """The days on which the desk, a gate or a meeting is open, in order."""
    hours = [*event.pickup_windows, *(one for checkpoint in event.checkpoints for one in checkpoint.hours)]
    return tuple(sorted({one.opens_at.astimezone(event.zone).date() for one in hours}))


def _nearest(days: tuple[date, ...], today: date) -> date:
    """Today, or the first day before it begins, or the last that was."""
    past = [day for day in days if day <= today]
    return past[-1] if past else days[0] if days else today


def _quarter(session: Session, column: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """The number of the quarter of an hour since 1970; the figures are literals, or PostgreSQL takes two writings for two."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.floor(func.date_part("epoch", column) / _SECONDS), BigInteger)
    return cast(func.strftime("%s", column), Integer).op("/")(_SECONDS)


def _moment(quarter: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(quarter * QUARTER.total_seconds(), zone)


def _by_quarter(
    session: Session, column: InstrumentedAttribute[Any], zone: ZoneInfo, key: ColumnElement[Any], *where: Any
) -> list[tuple[datetime, str, int]]:
    quarter = _quarter(session, column).label("quarter")
    wanted = select(quarter, key.label("counted_as"), func.count()).where(*where).group_by("quarter", "counted_as")
    return [(_moment(number, zone), str(name), count) for number, name, count in session.execute(wanted)]


def _applications(session: Session, event: LoadedEvent) -> tuple[Day, ...]:
    """From the day of the first application to the deadline, or to the last application after it; no day is left out."""
    late = case((Application.received_at < event.event.deadline_at, IN_TIME), else_=LATE)
    of_event = Application.event_id == event.record.id
    rows = _by_quarter(session, Application.received_at, event.event.zone, late, of_event)
    return _whole_days(rows, until=event.event.deadline_on)


def _decisions(session: Session, event: LoadedEvent) -> tuple[Day, ...]:
    wanted = Decision.application_id.in_(select(Application.id).where(Application.event_id == event.record.id))
    verdict = case((Decision.verdict == DecisionVerdict.APPROVED, "approved"), else_="refused")
    rows = _by_quarter(session, Decision.decided_at, event.event.zone, verdict, wanted)
    return _whole_days(rows)


def _whole_days(rows: Iterable[tuple[datetime, str, int]], until: date | None = None) -> tuple[Day, ...]:
    counted: dict[date, Counter[str]] = {}
    for moment, key, count in rows:
        counted.setdefault(moment.date(), Counter())[key] += count
    if not counted:
        return ()
    first, last = min(counted), max(counted)
    last = max(last, until) if until is not None and until - first < timedelta(days=366) else last
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return tuple(Day(day, dict(counted.get(day, {}))) for day in span)


def _countries(session: Session, event: LoadedEvent) -> tuple[tuple[str, int], ...]:
    """Countries of the bodies, the most frequent first; an empty code where none was given."""
    number = func.count().label("number")
    wanted = (
        select(Application.organisation_country, number)
        .where(Application.event_id == event.record.id)
        .group_by(Application.organisation_country)
        .order_by(number.desc(), Application.organisation_country)
    )
    return tuple((str(country), count) for country, count in session.execute(wanted))


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return (
        datetime.combine(day, time(), tzinfo=zone),
        datetime.combine(day + timedelta(days=1), time(), tzinfo=zone),
    )


def _pickups(session: Session, event: LoadedEvent, day: date) -> tuple[Quarter, ...]:
    opens, closes = _bounds(day, event.event.zone)
    where = (Pass.event_id == event.record.id, Pass.collected_at >= opens, Pass.collected_at < closes)
    collected: ColumnElement[str] = literal_column("'collected'")
    return _quarters(_by_quarter(session, Pass.collected_at, event.event.zone, collected, *where))


def _scans(session: Session, event: LoadedEvent, day: date) -> tuple[Quarter, ...]:
    """By verdict; what a later scan corrected does not count."""
    opens, closes = _bounds(day, event.event.zone)
    in_day = (Scan.event_id == event.record.id, Scan.scanned_at >= opens, Scan.scanned_at < closes)
    verdict = case(
        *((Scan.verdict == one, literal_column(f"'{one.value}'")) for one in Verdict), else_=literal_column("''")
    )
    return _quarters(_by_quarter(session, Scan.scanned_at, event.event.zone, verdict, *in_day, ~is_corrected()))


def _quarters(rows: Iterable[tuple[datetime, str, int]]) -> tuple[Quarter, ...]:
    """Every quarter from the first to the last in which something was counted."""
    counted: dict[datetime, Counter[str]] = {}
    for moment, key, count in rows:
        counted.setdefault(moment, Counter())[key] += count
    if not counted:
        return ()
    at, last, found = min(counted), max(counted), []
    while at <= last:
        found.append(Quarter(at, dict(counted.get(at, {}))))
        # Over a change of the clock the wall shows other hours; the quarters go on.
        at = datetime.fromtimestamp(at.timestamp() + QUARTER.total_seconds(), at.tzinfo)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Span:
    """The time in which a reading at a checkpoint belongs to this meeting, or to this day at a gate."""

    checkpoint: str
    meeting: Meeting | None
    begins: datetime
    ends: datetime


def _attendance(session: Session, event: LoadedEvent, now: datetime) -> tuple[Attendance, ...]:
    spans = [span for one in event.event.checkpoints for span in _spans(event.event, one, now)]
    if not spans:
        return ()
    which = case(
        *(
            (
                (Presence.checkpoint == span.checkpoint)
                & (Presence.scanned_at >= span.begins)
                & (Presence.scanned_at < span.ends),
                number,
            )
            for number, span in enumerate(spans)
        ),
        else_=-1,
    ).label("span")
    wanted = (
        select(which, Presence.inside, func.count())
        .join(Pass, Pass.id == Presence.pass_id)
        .where(Pass.event_id == event.record.id)
        .group_by("span", Presence.inside)
    )
    counted = {(number, inside): count for number, inside, count in session.execute(wanted)}
    return tuple(
        _attended(span, counted.get((number, True), 0), counted.get((number, False), 0), now)
        for number, span in enumerate(spans)
    )


def _attended(span: _Span, came_in: int, out: int, now: datetime) -> Attendance:
    over = now >= (span.meeting.ends_at if span.meeting is not None else span.ends)
    return Attendance(span.checkpoint, span.meeting, 0 if over else came_in, out, came_in if over else 0)


def _spans(event: Event, checkpoint: Checkpoint, now: datetime) -> list[_Span]:
    """A door has its meetings, each until the next one's door opens; a gate has today."""
    if checkpoint.kind is CheckpointKind.SITE:
        opens, closes = _bounds(now.astimezone(event.zone).date(), event.zone)
        return [_Span(checkpoint.key, None, opens, closes)]
    meetings = sorted(
        (one for one in event.meetings if _is_door_of(checkpoint, one)), key=lambda meeting: meeting.starts_at
    )
    begins = [one.starts_at - checkpoint.early_admission for one in meetings]
    ends = [*begins[1:], meetings[-1].ends_at + timedelta(days=1)] if meetings else []
    return [_Span(checkpoint.key, *one) for one in zip(meetings, begins, ends, strict=True)]


def _is_door_of(checkpoint: Checkpoint, meeting: Meeting) -> bool:
    its_hours = {(one.opens_at, one.closes_at) for one in checkpoint.hours}
    return meeting.grant in checkpoint.grants and (meeting.starts_at, meeting.ends_at) in its_hours
