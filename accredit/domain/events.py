"""An event as facts: meetings, checkpoints, categories, windows, grants. `event_files` reads one from its data file.

Hours are written in the event's own zone and become aware times by `at`; a day ends with its last instant there, whatever
summer time does in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from accredit.credential.reasons import CheckpointKind


class CategoryRule(StrEnum):
    """How the organisation of an application is judged (DESIGN section 4, rule 2)."""

    STATUS = "status"
    GRADED = "graded"
    REPRESENTED = "represented"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or name in the languages of the event file."""

    en: str
    fr: str


@dataclass(frozen=True, slots=True)
class Grant:
    """One bit of a pass."""

    key: str
    bit: int
    name: Text


@dataclass(frozen=True, slots=True)
class Meeting:
    """One entry of the agenda."""

    key: str
    name: Text
    room: str
    grant: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of aware time in which something is open: from the first instant to just before the second."""

    opens_at: datetime
    closes_at: datetime

    def cover(self, moment: datetime) -> bool:
        """Whether the moment lies in the span."""
        return self.opens_at <= moment < self.closes_at


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where passes are scanned: the site gate or the door of a meeting."""

    key: str
    kind: CheckpointKind
    name: Text
    grants: tuple[str, ...]
    hours: tuple[Hours, ...]
    early_admission: timedelta
    capacity: int | None
    lanes: tuple[str, ...]
    sight_classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SightClass:
    """People who are admitted by sight, by class and without a name."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Category:
    """In what capacity somebody applies, and which rules that brings."""

    key: str
    code: int
    name: Text
    rule: CategoryRule
    lists: tuple[str, ...]
    deadline: bool
    grants: tuple[str, ...]
    legal_basis: str
    band: str
    quota: int
    clear_grades: tuple[str, ...] = ()
    review_grades: tuple[str, ...] = ()
    others_may_collect: bool = False


@dataclass(frozen=True, slots=True)
class DocumentPolicy:
    """Which identity documents count at the pick-up, by `identity.documents.DocumentType` value."""

    accepted: frozenset[str]
    with_supervisor: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True, slots=True)
class ScanPolicy:
    """How scanners of this event judge age and repetition; all in seconds.

    An old list is asked about, at doors from an age of its own where the event says one.
    """

    list_is_fresh_seconds: int
    list_is_old_seconds: int
    read_elsewhere_seconds: int
    same_scan_seconds: int
    every_exit_is_scanned: bool
    list_is_old_at_doors_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One accreditation exercise, as its data file describes it."""

    key: str
    number: int
    title: Text
    full_title: Text
    place: Text
    zone: ZoneInfo
    legal_basis: str
    deadline_on: date
    reference_on: date
    pickup_place: str
    grants: tuple[Grant, ...]
    meetings: tuple[Meeting, ...]
    checkpoints: tuple[Checkpoint, ...]
    sight_classes: tuple[SightClass, ...]
    pickup_windows: tuple[Hours, ...]
    documents: DocumentPolicy
    valid_from: datetime
    valid_until: datetime
    scanning: ScanPolicy
    categories: tuple[Category, ...]
    focal_point_confirms: bool = False

    @property
    def deadline_at(self) -> datetime:
        """The first instant that is too late: midnight after the deadline day, in the event's zone."""
        return datetime.combine(self.deadline_on + timedelta(days=1), time(), tzinfo=self.zone)

    @property
    def last_day(self) -> date:
        """The day on which the last meeting ends; of an event without meetings, the day on which its passes end."""
        ends = max((one.ends_at for one in self.meetings), default=self.valid_until)
        return self._day(ends - timedelta.resolution)

    def is_over(self, moment: datetime) -> bool:
        """Whether the event is over: from the instant at which its passes end."""
        return moment >= self.valid_until

    def category(self, key: str) -> Category | None:
        """The category with this key, if the event has it."""
        return next((one for one in self.categories if one.key == key), None)

    def category_of_code(self, code: int) -> Category | None:
        """The category that a credential names by its number."""
        return next((one for one in self.categories if one.code == code), None)

    def checkpoint(self, key: str) -> Checkpoint | None:
        """The checkpoint with this key, if the event has it."""
        return next((one for one in self.checkpoints if one.key == key), None)

    def mask(self, grants: tuple[str, ...]) -> int:
        """The bits of the named grants, as a pass carries them."""
        return sum(1 << one.bit for one in self.grants if one.key in grants)

    def days_opened(self, mask: int) -> tuple[date, ...]:
        """The days that these grants open, in order: what the badge shows large.

        The days of the meetings; for who enters the site alone, the days on which its gate is open.
        """
        keys = {one.key for one in self.grants if mask >> one.bit & 1}
        of_meetings = {self._day(one.starts_at) for one in self.meetings if one.grant in keys}
        of_gates = {
            self._day(hours.opens_at) for one in self.checkpoints if keys & {*one.grants} for hours in one.hours
        }
        return tuple(sorted(of_meetings or of_gates))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def pickup_is_open(self, moment: datetime) -> bool:
        """Whether the desk hands out passes at this moment."""
        return any(window.cover(moment) for window in self.pickup_windows)
