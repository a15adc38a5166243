"""Counts over time, in the time of the place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.devices import FakeScanner, make_scan, make_scanner
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass, make_application
from sqlalchemy import Engine
from sqlalchemy import event as engine_event
from sqlalchemy.orm import Session

from accredit.credential.reasons import Direction, Verdict
from accredit.db.models.decisions import AssessmentRecord, Decision, DecisionVerdict
from accredit.db.session import writing
from accredit.domain.assessments import Outcome
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.event_loading import LoadedEvent
from accredit.services.scans import BatchAnswer, take_batch
from accredit.services.timelines import Day, timelines

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())
DEADLINE_NIGHT = datetime(2017, 9, 4, 21, 59, tzinfo=UTC)  # 23:59 in Geneva


def _upload(session: Session, event: LoadedEvent, scanner: FakeScanner, *records: Any) -> None:
    sent = max(one.scanned_at for one in records)
    taken = take_batch(session, at(CONTEXT, sent), event, scanner.device, scanner.batch(records, sent))
    assert isinstance(taken, BatchAnswer), taken


def _decided(session: Session, event: LoadedEvent, moment: datetime, verdict: DecisionVerdict) -> None:
    application = make_application(session, event)
    assessment = AssessmentRecord(
        id=uuid4(),
        application_id=application.id,
        number=1,
        outcome=Outcome.REVIEW,
        is_clear=False,
        rule_version=1,
        findings=[],
        editions=[],
        made_at=moment,
    )
    session.add(assessment)
    session.flush()
    session.add(
        Decision(
            id=uuid4(),
            application_id=application.id,
            assessment_id=assessment.id,
            verdict=verdict,
            automatic=False,
            actor="test",
            reason_applicant="why",
            reason_staff="why",
            waived=[],
            legal_basis="",
            decided_at=moment,
        )
    )
    session.flush()


def test_an_empty_event_has_no_days_but_its_own(engine: Engine) -> None:
    """Nothing is made up; the days that can be asked for are those on which something is open."""
    with writing(engine) as session:
        told = timelines(session, CONTEXT, loaded_event(session, CONTEXT))
        assert (told.applications, told.decisions, told.countries, told.pickups, told.scans) == ((), (), (), (), ())
        assert told.days == tuple(date(2017, 10, day) for day in (10, 11, 12, 13))
        assert told.on == date(2017, 10, 11)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (datetime(2017, 9, 1, tzinfo=UTC), date(2017, 10, 10)),
        (datetime(2017, 10, 11, 22, 30, tzinfo=UTC), date(2017, 10, 12)),
        (datetime(2017, 12, 1, tzinfo=UTC), date(2017, 10, 13)),
    ],
)
def test_the_day_is_today_at_the_place_or_the_nearest(engine: Engine, now: datetime, shown: date) -> None:
    """Half past ten at night in UTC is the next day in Geneva; before the event its first day, after it the last."""
    with writing(engine) as session:
        told = timelines(session, at(CONTEXT, now), loaded_event(session, CONTEXT))
        assert told.on == shown


def test_applications_are_counted_by_the_day_of_the_place(engine: Engine) -> None:
    """One minute before midnight in Geneva is in time and of that day; midnight is late and of the next one."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        for moment in (DEADLINE_NIGHT - timedelta(days=1), DEADLINE_NIGHT, DEADLINE_NIGHT + timedelta(minutes=1)):
            make_application(session, event, received_at=moment)
        told = timelines(session, CONTEXT, event)
        assert told.applications == (
            Day(date(2017, 9, 3), {"in_time": 1}),
            Day(date(2017, 9, 4), {"in_time": 1}),
            Day(date(2017, 9, 5), {"late": 1}),
        )


def test_the_days_until_the_deadline_are_there_and_empty(engine: Engine) -> None:
    """No day is left out, so that a silent week is seen as one."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        make_application(session, event, received_at=datetime(2017, 8, 31, 12, tzinfo=UTC))
        told = timelines(session, CONTEXT, event)
        assert [day.on.day for day in told.applications] == [31, 1, 2, 3, 4]
        assert [sum(day.counts.values()) for day in told.applications] == [1, 0, 0, 0, 0]


def test_a_zone_with_half_an_hour_has_its_own_days(engine: Engine) -> None:
    """In Kathmandu, at UTC plus 5:45, midnight falls upon a quarter past six in the evening of UTC."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT, time_zone="Asia/Kathmandu", deadline_on=date(2017, 8, 1))
        for minute in (14, 15):
            make_application(session, event, received_at=datetime(2017, 8, 20, 18, minute, tzinfo=UTC))
        told = timelines(session, CONTEXT, event)
        assert [(day.on.day, sum(day.counts.values())) for day in told.applications] == [(20, 1), (21, 1)]


def test_decisions_are_counted_by_day_and_verdict(engine: Engine) -> None:
    """Each decision, also one that a later one followed."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        first = datetime(2017, 10, 4, 22, 30, tzinfo=UTC)
        for verdict in (DecisionVerdict.APPROVED, DecisionVerdict.APPROVED, DecisionVerdict.REFUSED):
            _decided(session, event, first, verdict)
        told = timelines(session, CONTEXT, event)
        assert told.decisions == (Day(date(2017, 10, 5), {"approved": 2, "refused": 1}),)


def test_countries_come_with_the_most_frequent_first(engine: Engine) -> None:
    """Those of the bodies; who gave none is counted under none."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        for country in ("CHE", "KEN", "KEN", ""):
            make_application(session, event, organisation_country=country)
        assert timelines(session, CONTEXT, event).countries == (("KEN", 2), ("", 1), ("CHE", 1))


def test_pickups_and_scans_are_counted_by_the_quarter_of_an_hour(engine: Engine) -> None:
    """In hours of the place, the empty quarters between them too; a corrected scan counts once."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        scanner = make_scanner(session, CONTEXT, event)
        wrong = make_scan(HEARING_MORNING, held.serial, verdict=Verdict.REFUSE)
        right = make_scan(HEARING_MORNING + timedelta(seconds=20), held.serial, supersedes=wrong.id)
        later = make_scan(HEARING_MORNING + timedelta(minutes=31), None, verdict=Verdict.ASK)
        _upload(session, event, scanner, wrong, right, later)
        told = timelines(session, CONTEXT, event)
        assert [(one.starts_at.strftime("%H:%M"), one.counts) for one in told.pickups] == [("08:30", {"collected": 1})]
        assert [(one.starts_at.strftime("%H:%M"), one.counts) for one in told.scans] == [
            ("08:30", {"admit": 1}),
            ("08:45", {}),
            ("09:00", {"ask": 1}),
        ]
        other_day = timelines(session, CONTEXT, event, date(2017, 10, 12))
        assert (other_day.on, other_day.pickups, other_day.scans) == (date(2017, 10, 12), (), ())
        assert timelines(session, CONTEXT, event, date(1999, 1, 1)).on == date(2017, 10, 11)


def test_who_is_inside_is_told_by_meeting(engine: Engine) -> None:
    """In while the meeting goes on, out by a scan, unknown once it is over and nobody was read going out."""
    morning = datetime(2017, 10, 11, 7, 30, tzinfo=UTC)
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        scanner = make_scanner(session, CONTEXT, event, "door", "door-xix")
        stays, leaves = (collected_pass(session, CONTEXT, event) for _ in range(2))
        door = {"checkpoint": "door-xix"}
        scans = [make_scan(morning, one.serial, **door) for one in (stays, leaves)]
        scans.append(make_scan(morning + timedelta(hours=1), leaves.serial, direction=Direction.EXIT, **door))
        _upload(session, event, scanner, *scans)

        def at_the_hearing(now: datetime) -> list[tuple[str, int, int, int]]:
            told = timelines(session, at(CONTEXT, now), event).attendance
            return [(one.meeting.key, one.inside, one.out, one.unknown) for one in told if one.meeting is not None][:2]

        assert at_the_hearing(morning + timedelta(hours=1)) == [
            ("hearing-morning", 1, 1, 0),
            ("hearing-afternoon", 0, 0, 0),
        ]
        assert at_the_hearing(morning + timedelta(hours=5))[0] == ("hearing-morning", 0, 1, 1)


def test_the_number_of_statements_does_not_grow(engine: Engine) -> None:
    """As many for forty applications as for four."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        counts = []
        for more in (4, 36):
            for number in range(more):
                make_application(session, event, received_at=HEARING_MORNING - timedelta(days=number))
            session.flush()
            seen: list[str] = []

            def note(_connection: Any, _cursor: Any, statement: str, *_more: Any, seen: list[str] = seen) -> None:
                seen.append(statement)

            engine_event.listen(engine, "before_cursor_execute", note)
            timelines(session, CONTEXT, event)
            engine_event.remove(engine, "before_cursor_execute", note)
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 6


def test_other_events_do_not_count(engine: Engine) -> None:
    """What happened at another event stays there."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        other = loaded_event(session, CONTEXT, key="another", number=18)
        collected_pass(session, with_keys(make_context(HEARING_MORNING), other.event), other)
        _decided(session, other, HEARING_MORNING, DecisionVerdict.APPROVED)
        told = timelines(session, CONTEXT, event)
        assert (told.applications, told.decisions, told.countries, told.pickups) == ((), (), (), ())


def test_figures_over_time_need_the_permission(engine: Engine) -> None:
    """Who may only hand in applications sees none."""
    with writing(engine) as session, pytest.raises(NotAllowed):
        timelines(session, acting(CONTEXT, "user:x", Role.INTAKE), loaded_event(session, CONTEXT))
