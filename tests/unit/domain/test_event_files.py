"""Event files: the shipped one is right, and whatever is wrong is named by its key, with the cure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from factories.events import event_table, make_event

from accredit.domain.errors import EventInvalid
from accredit.domain.event_files import parse_event


def _problems(table: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(EventInvalid) as refused:
        parse_event(table)
    return {problem.key: problem.message for problem in refused.value.problems}


def test_the_shipped_event_says_what_the_invitation_says() -> None:
    """Deadline, hours and rooms of October 2017, each in the zone of Geneva."""
    event = make_event()
    morning, afternoon, first, second = event.meetings
    assert event.deadline_at == datetime.fromisoformat("2017-09-05T00:00:00+02:00")
    assert [one.starts_at.astimezone(UTC).hour for one in event.meetings] == [8, 13, 8, 8]
    assert morning.room == afternoon.room == "Room XIX"
    assert [one.starts_at.day for one in (first, second)] == [12, 13]
    assert {one.opens_at.time() for one in event.pickup_windows} == {time(8)}
    assert {one.closes_at.time() for one in event.pickup_windows} == {time(17)}
    assert event.legal_basis == "General Assembly resolution 71/280, paragraph 30"


def test_the_deadline_binds_stakeholders_parliaments_and_institutions_only() -> None:
    """States, observers, organisations and invited people have none, and no quota."""
    event = make_event()
    bound = {one.key for one in event.categories if one.deadline}
    stakeholders = {"ngo", "academic", "diaspora", "migrant-organisation", "private-sector"}
    assert bound == stakeholders | {"parliament", "nhri"}
    unbound = {one.key: one.quota for one in event.categories if not one.deadline}
    assert {unbound[key] for key in ("member-state", "observer", "igo", "invited")} == {0}


def test_grants_are_bits_and_days() -> None:
    """A pass that opens everything shows the three days of the meetings; the site alone those of its gate."""
    event = make_event()
    mask = event.mask(("site", "hearing", "thematic"))
    assert mask == 0b111
    assert [day.day for day in event.days_opened(mask)] == [11, 12, 13]
    assert [day.day for day in event.days_opened(event.mask(("site",)))] == [10, 11, 12, 13]
    assert event.days_opened(0) == ()


def _set(*path: Any) -> Callable[[dict[str, Any]], None]:
    *way, last, value = path

    def change(table: dict[str, Any]) -> None:
        place: Any = table
        for step in way:
            place = place[step]
        place[last] = value

    return change


CASES: list[tuple[Callable[[dict[str, Any]], None], str, str]] = [
    (lambda table: table.pop("deadline_on"), "deadline_on", "this key is missing; add it"),
    (_set("dead_line", 1), "dead_line", "no such key; remove it, or mend its spelling"),
    (_set("deadline_on", "4 September"), "deadline_on", "write a date"),
    (_set("time_zone", "Geneva"), "time_zone", "write one of the IANA names"),
    (_set("format", 2), "format", "must be 1"),
    (_set("number", 0), "number", "must be greater than or equal to 1"),
    (_set("number", "seventeen"), "number", "write a whole number"),
    (_set("key", "GCM Hearing"), "key", "small letters, digits and hyphens"),
    (_set("title", "fr", ""), "title.fr", "is empty; fill it in"),
    (_set("meetings", []), "meetings", "is empty; give at least one"),
    (_set("passes", "always"), "passes", "write a table"),
    (_set("grants", 3), "grants", "write a list"),
    (_set("grants", 1, "bit", 32), "grants.2.bit", "must be less than or equal to 31"),
    (_set("grants", 1, "bit", 0), "grants.bit", "0 stands twice; each must differ"),
    (_set("categories", 1, "code", 1), "categories.code", "1 stands twice"),
    (_set("meetings", 0, "starts", "soon"), "meetings.1.starts", "write date and time"),
    (_set("meetings", 0, "starts", datetime(2017, 10, 11, 8, tzinfo=UTC)), "meetings.1.starts", "without an offset"),
    (_set("meetings", 0, "ends", datetime(2017, 10, 11, 10)), "meetings.hearing-morning.ends", "give a later one"),  # noqa: DTZ001
    (_set("meetings", 0, "grant", "heering"), "meetings.hearing-morning.grant", "is not among the grants: hearing"),
    (
        _set("passes", "valid_until", datetime(2017, 10, 13, 17)),  # noqa: DTZ001
        "meetings.thematic-13",
        "outside passes.valid_from",
    ),
    (_set("pickup_windows", 0, "opens", "8 o'clock"), "pickup_windows.1.opens", "write a time of day"),
    (_set("pickup_windows", 0, "closes", time(7)), "pickup_windows.1.closes", "give a later one"),
    (_set("checkpoints", 0, "kind", "tent"), "checkpoints.1.kind", "must be 'site' or 'door'"),
    (_set("checkpoints", 0, "hours", []), "checkpoints.pregny", "give it hours or meetings"),
    (_set("checkpoints", 1, "meetings", ["lunch"]), "checkpoints.door-xix.meetings", "not among the meetings"),
    (_set("checkpoints", 1, "sight_classes", ["vip"]), "checkpoints.door-xix.sight_classes", "not among"),
    (_set("documents", "accepted", ["library card"]), "documents.accepted.1", "choose among"),
    (_set("documents", "never", ["passport"]), "documents", "stands under two answers; leave it under one"),
    (_set("scanning", "every_exit_is_scanned", "perhaps"), "scanning.every_exit_is_scanned", "write true or false"),
    (_set("categories", 0, "rule", "guess"), "categories.1.rule", "must be 'status'"),
    (_set("categories", 0, "grants", ["moon"]), "categories.ngo.grants", "not among the grants"),
]


@pytest.mark.parametrize(("change", "key", "cure"), CASES)
def test_what_is_wrong_is_named_with_its_cure(change: Callable[[dict[str, Any]], None], key: str, cure: str) -> None:
    """One broken line gives one problem at its own key."""
    table = event_table()
    change(table)
    problems = _problems(table)
    assert key in problems
    assert cure in problems[key]


def test_a_graded_category_needs_grades() -> None:
    """One of the two kinds is enough; with neither, everybody would be ineligible."""
    table = event_table()
    nhri = next(one for one in table["categories"] if one["key"] == "nhri")
    nhri["review_grades"] = []
    parse_event(table)
    nhri["clear_grades"] = []
    assert "categories.nhri.clear_grades" in _problems(table)


def test_all_problems_come_at_once() -> None:
    """Nobody mends a file line by line."""
    table = event_table(number=0, time_zone="Geneva", nonsense=1)
    assert set(_problems(table)) == {"number", "time_zone", "nonsense"}


@pytest.mark.parametrize("wrong", [None, 5, "text", [], {}, [{}], True, 1.5, {"en": 1}])
def test_no_value_of_another_kind_gets_past_or_raises_anything_else(wrong: object) -> None:
    """Every key of the file, given something else, is taken where the kind fits, or refused with words; nothing else."""
    for key in event_table():
        problems = _problems_or_none({**event_table(), key: wrong})
        assert all(problems.values())


def _problems_or_none(table: dict[str, Any]) -> dict[str, str]:
    try:
        parse_event(table)
    except EventInvalid as refused:
        return {problem.key: problem.message for problem in refused.problems}
    return {}


def test_an_empty_file_lists_what_is_missing() -> None:
    """A new file starts with this list."""
    problems = _problems({})
    assert len(problems) >= 15
    assert set(problems.values()) == {"this key is missing; add it"}


def test_a_checkpoint_is_open_in_the_hours_of_its_meetings() -> None:
    """A door's hours follow its meetings; the site has its own."""
    event = make_event()
    door, site = event.checkpoint("door-xix"), event.checkpoint("pregny")
    assert door is not None
    assert site is not None
    assert [span.opens_at.hour for span in door.hours] == [10, 15]
    assert len(site.hours) == 4
    assert event.checkpoint("nowhere") is None


def test_hours_cover_their_first_instant_and_not_their_last() -> None:
    """What closes at 17:00 is closed at 17:00."""
    window = make_event().pickup_windows[0]
    assert window.cover(window.opens_at)
    assert not window.cover(window.closes_at)
