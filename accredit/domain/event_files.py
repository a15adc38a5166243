"""Reads an event from the mapping of its TOML file; every problem names its key and the cure, all problems at once."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from accredit.credential.reasons import CheckpointKind
from accredit.domain.errors import EventInvalid, EventProblem
from accredit.domain.event_checks import crossed_problems
from accredit.domain.event_tables import CategoryTable, CheckpointTable, EventFile
from accredit.domain.events import (
    Category,
    Checkpoint,
    DocumentPolicy,
    Event,
    Grant,
    Hours,
    Meeting,
    ScanPolicy,
    SightClass,
)

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
        file = EventFile.model_validate(table)
    except ValidationError as invalid:
        raise EventInvalid(
            tuple(_problem(error["loc"], error["type"], error["msg"]) for error in invalid.errors())
        ) from None
    problems = tuple(crossed_problems(file))
    if problems:
        raise EventInvalid(problems)
    return _event(file)


def _problem(location: tuple[int | str, ...], kind: str, message: str) -> EventProblem:
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in location)
    told = message.removeprefix("Value error, ").replace("Input should be", "must be")
    return EventProblem(key or "(the file)", _CURES.get(kind) or _CURES.get(kind.partition("_")[0], told))


def _event(file: EventFile) -> Event:
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
        focal_point_confirms=file.focal_point_confirms,
    )


def _checkpoint(one: CheckpointTable, meetings: tuple[Meeting, ...], zone: ZoneInfo) -> Checkpoint:
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


def _category(one: CategoryTable, quota: int) -> Category:
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
        others_may_collect=one.others_may_collect,
    )
