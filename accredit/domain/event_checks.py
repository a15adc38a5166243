"""What in an event file only shows when two keys are read together."""

from __future__ import annotations

from accredit.domain.errors import EventProblem
from accredit.domain.event_tables import EventFile
from accredit.domain.events import CategoryRule


def crossed_problems(file: EventFile) -> list[EventProblem]:
    """What only shows when two keys are read together."""
    return [
        *_doubled(file),
        *_unknown_names(file),
        *_spans(file),
        *_outside_validity(file),
        *_document_overlaps(file),
        *_without_grades(file),
    ]


def _doubled(file: EventFile) -> list[EventProblem]:
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


def _unknown_names(file: EventFile) -> list[EventProblem]:
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


def _spans(file: EventFile) -> list[EventProblem]:
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


def _outside_validity(file: EventFile) -> list[EventProblem]:
    """A pass that is not valid at a meeting that it opens would stop its bearer at the door."""
    first, last = file.passes.valid_from, file.passes.valid_until
    return [
        EventProblem(f"meetings.{one.key}", f"lies outside passes.valid_from and valid_until ({first} to {last})")
        for one in file.meetings
        if one.starts < first or one.ends > last
    ]


def _without_grades(file: EventFile) -> list[EventProblem]:
    return [
        EventProblem(f"categories.{one.key}.clear_grades", "the rule “graded” needs grades; name at least one")
        for one in file.categories
        if one.rule is CategoryRule.GRADED and not (one.clear_grades or one.review_grades)
    ]


def _document_overlaps(file: EventFile) -> list[EventProblem]:
    documents = file.documents
    named = [*documents.accepted, *documents.with_supervisor, *documents.never]
    return [
        EventProblem("documents", f"“{kind}” stands under two answers; leave it under one")
        for kind in sorted({kind for kind in named if named.count(kind) > 1})
    ]
