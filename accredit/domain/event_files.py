"""Reads an event from the mapping of its TOML file; every problem names its key and the cure, all problems at once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from accredit.credential.reasons import CheckpointKind
from accredit.domain.errors import EventInvalid, EventProblem
from accredit.domain.events import (
    Category,
    CategoryRule,
    Checkpoint,
    DocumentPolicy,
    Event,
    Grant,
    Hours,
    Meeting,
    ScanPolicy,
    SightClass,
    Text,
)

_DOCUMENT_TYPES = frozenset(
    {
        "passport",
        "identity_card",
        "travel_document",
        "laissez_passer",
        "residence_permit",
        "legitimation_card",
        "loss_report",
        "driving_licence",
        "phone_picture",
    }
)


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"“{name}” is no time zone; write one of the IANA names, such as Europe/Zurich")
    return name


def _without_offset(moment: datetime) -> datetime:
    if moment.tzinfo is not None:
        raise ValueError("write the time without an offset; it is read in the event's time_zone")
    return moment


def _known_document(kind: str) -> str:
    if kind not in _DOCUMENT_TYPES:
        raise ValueError(f"“{kind}” is no document type; choose among {', '.join(sorted(_DOCUMENT_TYPES))}")
    return kind


Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
LocalTime = Annotated[datetime, AfterValidator(_without_offset)]
DocumentKind = Annotated[str, AfterValidator(_known_document)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Text(_Table):
    en: str = Field(min_length=1)
    fr: str = Field(min_length=1)

    def text(self) -> Text:
        return Text(self.en, self.fr)


class _Grant(_Table):
    key: Key
    bit: int = Field(ge=0, le=31)
    name: _Text


class _Meeting(_Table):
    key: Key
    name: _Text
    room: str = Field(min_length=1)
    grant: Key
    starts: LocalTime
    ends: LocalTime


class _Day(_Table):
    day: date
    opens: time
    closes: time

    def hours(self, zone: ZoneInfo) -> Hours:
        return Hours(
            datetime.combine(self.day, self.opens, tzinfo=zone), datetime.combine(self.day, self.closes, tzinfo=zone)
        )


class _Checkpoint(_Table):
    key: Key
    kind: Literal["site", "door"]
    name: _Text
    grants: list[Key] = Field(min_length=1)
    lanes: list[str] = Field(min_length=1)
    hours: list[_Day] = []
    meetings: list[Key] = []
    early_admission_minutes: int = Field(default=0, ge=0, le=600)
    capacity: int | None = Field(default=None, ge=1)
    sight_classes: list[Key] = []


class _SightClass(_Table):
    key: Key
    name: _Text


class _Documents(_Table):
    accepted: list[DocumentKind] = Field(min_length=1)
    with_supervisor: list[DocumentKind] = []
    never: list[DocumentKind] = []


class _Passes(_Table):
    valid_from: LocalTime
    valid_until: LocalTime
    quota_per_organisation: int = Field(ge=0)


class _Scanning(_Table):
    list_is_fresh_seconds: int = Field(ge=5)
    list_is_old_seconds: int = Field(ge=60)
    read_elsewhere_seconds: int = Field(ge=0)
    same_scan_seconds: int = Field(ge=0)
    every_exit_is_scanned: bool


class _Category(_Table):
    key: Key
    code: int = Field(ge=1, le=127)
    name: _Text
    rule: CategoryRule
    lists: list[Key] = Field(min_length=1)
    deadline: bool
    grants: list[Key] = Field(min_length=1)
    legal_basis: str = Field(min_length=1)
    band: Key
    quota: int | None = Field(default=None, ge=0)
    clear_grades: list[str] = []
    review_grades: list[str] = []


class _File(_Table):
    format: Literal[1]
    key: Key
    number: int = Field(ge=1, le=65535)
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    legal_basis: str = Field(min_length=1)
    deadline_on: date
    reference_on: date
    pickup_place: str = Field(min_length=1)
    title: _Text
    full_title: _Text
    place: _Text
    grants: list[_Grant] = Field(min_length=1)
    meetings: list[_Meeting] = Field(min_length=1)
    checkpoints: list[_Checkpoint] = Field(min_length=1)
    sight_classes: list[_SightClass] = []
    pickup_windows: list[_Day] = Field(min_length=1)
    documents: _Documents
    passes: _Passes
    scanning: _Scanning
    categories: list[_Category] = Field(min_length=1)


# By pydantic's kind of error, or the first word of it.
_CURES = {
    "missing": "this key is missing; add it",
    "extra_forbidden": "no such key; remove it, or mend its spelling",
    "string_pattern_mismatch": "write small letters, digits and hyphens, at most 40",
    "string_too_short": "is empty; fill it in",
    "too_short": "is empty; give at least one",
    "string": "write text in quotation marks",
    "int": "write a whole number",
    "bool": "write true or false",
    "date": "write a date without quotation marks, such as 2017-09-04",
    "datetime": "write date and time without quotation marks or offset, such as 2017-10-11T10:00:00",
    "time": "write a time of day without quotation marks, such as 08:00:00",
    "list": "write a list: values in [ ], or tables under [[ ]]",
    "model": "write a table with keys of its own",
}


def parse_event(table: dict[str, object]) -> Event:
    """The event of a parsed TOML file.

    Raises `EventInvalid` with every problem, each with its dotted key and its cure.
    """
    try:
        file = _File.model_validate(table)
    except ValidationError as invalid:
        raise EventInvalid(
            tuple(_problem(error["loc"], error["type"], error["msg"]) for error in invalid.errors())
        ) from None
    problems = tuple(_crossed_problems(file))
    if problems:
        raise EventInvalid(problems)
    return _event(file)


def _problem(location: tuple[int | str, ...], kind: str, message: str) -> EventProblem:
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in location)
    told = message.removeprefix("Value error, ").replace("Input should be", "must be")
    return EventProblem(key or "(the file)", _CURES.get(kind) or _CURES.get(kind.partition("_")[0], told))


def _crossed_problems(file: _File) -> list[EventProblem]:
    """What only shows when two keys are read together."""
    return [
        *_doubled(file),
        *_unknown_names(file),
        *_spans(file),
        *_outside_validity(file),
        *_document_overlaps(file),
        *_without_grades(file),
    ]


def _doubled(file: _File) -> list[EventProblem]:
    columns: dict[str, list[str | int]] = {
        "grants.key": [one.key for one in file.grants],
        "grants.bit": [one.bit for one in file.grants],
        "meetings.key": [one.key for one in file.meetings],
        "checkpoints.key": [one.key for one in file.checkpoints],
        "categories.key": [one.key for one in file.categories],
        "categories.code": [one.code for one in file.categories],
    }
    return [
        EventProblem(name, f"{value!r} stands twice; each must differ")
        for name, values in columns.items()
        for value in sorted({value for value in values if values.count(value) > 1}, key=str)
    ]


def _unknown_names(file: _File) -> list[EventProblem]:
    grants = {one.key for one in file.grants}
    meetings = {one.key for one in file.meetings}
    classes = {one.key for one in file.sight_classes}
    uses = [
        *((f"meetings.{one.key}.grant", one.grant, grants, "grants") for one in file.meetings),
        *((f"checkpoints.{one.key}.grants", name, grants, "grants") for one in file.checkpoints for name in one.grants),
        *(
            (f"checkpoints.{one.key}.meetings", name, meetings, "meetings")
            for one in file.checkpoints
            for name in one.meetings
        ),
        *(
            (f"checkpoints.{one.key}.sight_classes", name, classes, "sight_classes")
            for one in file.checkpoints
            for name in one.sight_classes
        ),
        *((f"categories.{one.key}.grants", name, grants, "grants") for one in file.categories for name in one.grants),
    ]
    return [
        EventProblem(place, f"“{name}” is not among the {table}: {', '.join(sorted(known)) or 'none'}")
        for place, name, known, table in uses
        if name not in known
    ]


def _spans(file: _File) -> list[EventProblem]:
    spans = [
        *((f"meetings.{one.key}.ends", one.starts, one.ends) for one in file.meetings),
        *(
            (f"pickup_windows.{number}.closes", one.opens, one.closes)
            for number, one in enumerate(file.pickup_windows, 1)
        ),
        *((f"checkpoints.{one.key}.hours", day.opens, day.closes) for one in file.checkpoints for day in one.hours),
        ("passes.valid_until", file.passes.valid_from, file.passes.valid_until),
    ]
    backwards = [
        EventProblem(place, f"ends at {end}, before or when it begins ({start}); give a later one")
        for place, start, end in spans
        if not start < end  # type: ignore[operator]  # each pair is of one kind: two times of day or two moments
    ]
    closed = [
        EventProblem(f"checkpoints.{one.key}", "is never open; give it hours or meetings")
        for one in file.checkpoints
        if not one.hours and not one.meetings
    ]
    return backwards + closed


def _outside_validity(file: _File) -> list[EventProblem]:
    """A pass that is not valid at a meeting that it opens would stop its bearer at the door."""
    first, last = file.passes.valid_from, file.passes.valid_until
    return [
        EventProblem(f"meetings.{one.key}", f"lies outside passes.valid_from and valid_until ({first} to {last})")
        for one in file.meetings
        if one.starts < first or one.ends > last
    ]


def _without_grades(file: _File) -> list[EventProblem]:
    return [
        EventProblem(f"categories.{one.key}.clear_grades", "the rule “graded” needs grades; name at least one")
        for one in file.categories
        if one.rule is CategoryRule.GRADED and not (one.clear_grades or one.review_grades)
    ]


def _document_overlaps(file: _File) -> list[EventProblem]:
    documents = file.documents
    named = [*documents.accepted, *documents.with_supervisor, *documents.never]
    return [
        EventProblem("documents", f"“{kind}” stands under two answers; leave it under one")
        for kind in sorted({kind for kind in named if named.count(kind) > 1})
    ]


def _event(file: _File) -> Event:
    zone = ZoneInfo(file.time_zone)
    meetings = tuple(
        Meeting(
            one.key,
            one.name.text(),
            one.room,
            one.grant,
            one.starts.replace(tzinfo=zone),
            one.ends.replace(tzinfo=zone),
        )
        for one in file.meetings
    )
    return Event(
        key=file.key,
        number=file.number,
        title=file.title.text(),
        full_title=file.full_title.text(),
        place=file.place.text(),
        zone=zone,
        legal_basis=file.legal_basis,
        deadline_on=file.deadline_on,
        reference_on=file.reference_on,
        pickup_place=file.pickup_place,
        grants=tuple(Grant(one.key, one.bit, one.name.text()) for one in file.grants),
        meetings=meetings,
        checkpoints=tuple(_checkpoint(one, meetings, zone) for one in file.checkpoints),
        sight_classes=tuple(SightClass(one.key, one.name.text()) for one in file.sight_classes),
        pickup_windows=tuple(one.hours(zone) for one in file.pickup_windows),
        documents=DocumentPolicy(
            frozenset(file.documents.accepted),
            frozenset(file.documents.with_supervisor),
            frozenset(file.documents.never),
        ),
        valid_from=file.passes.valid_from.replace(tzinfo=zone),
        valid_until=file.passes.valid_until.replace(tzinfo=zone),
        scanning=ScanPolicy(**file.scanning.model_dump()),
        categories=tuple(_category(one, file.passes.quota_per_organisation) for one in file.categories),
    )


def _checkpoint(one: _Checkpoint, meetings: tuple[Meeting, ...], zone: ZoneInfo) -> Checkpoint:
    of_meetings = [Hours(meeting.starts_at, meeting.ends_at) for meeting in meetings if meeting.key in one.meetings]
    hours = [day.hours(zone) for day in one.hours] + of_meetings
    return Checkpoint(
        key=one.key,
        kind=CheckpointKind(one.kind),
        name=one.name.text(),
        grants=tuple(one.grants),
        hours=tuple(sorted(hours, key=lambda span: span.opens_at)),
        early_admission=timedelta(minutes=one.early_admission_minutes),
        capacity=one.capacity,
        lanes=tuple(one.lanes),
        sight_classes=tuple(one.sight_classes),
    )


def _category(one: _Category, quota: int) -> Category:
    return Category(
        key=one.key,
        code=one.code,
        name=one.name.text(),
        rule=one.rule,
        lists=tuple(one.lists),
        deadline=one.deadline,
        grants=tuple(one.grants),
        legal_basis=one.legal_basis,
        band=one.band,
        quota=quota if one.quota is None else one.quota,
        clear_grades=tuple(one.clear_grades),
        review_grades=tuple(one.review_grades),
    )
