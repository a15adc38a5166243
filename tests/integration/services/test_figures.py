"""Counts of an event."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from factories.contents import everything_in
from factories.contexts import HEARING_MORNING, acting, make_context
from factories.devices import make_scan, make_scanner
from factories.events import event_table, loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass, grounds_grant, make_application, prepared_pass
from sqlalchemy import Engine

from accredit.credential.reasons import Direction, Reason, Verdict
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome
from accredit.domain.errors import NotAllowed
from accredit.services.context import Actor
from accredit.services.event_loading import load_event
from accredit.services.figures import figures
from accredit.services.pass_life import revoke, suspend
from accredit.services.scans import BatchAnswer, take_batch

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())


def test_an_empty_event_counts_nothing(engine: Engine) -> None:
    """No entry is made up for what never happened."""
    with writing(engine) as session:
        told = figures(session, CONTEXT, loaded_event(session, CONTEXT))
        assert (told.applications, told.passes, told.scans, told.admitted, told.set_aside) == (0, 0, 0, 0, 0)
        assert (told.by_state, told.by_verdict, told.inside, told.by_outcome) == ({}, {}, {}, {})


def test_applications_and_passes_are_counted_by_their_states(engine: Engine) -> None:
    """The newest assessment of each application counts; what was collected stays counted after its end."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        other = load_event(session, CONTEXT, event_table(key="another", number=18)).loaded
        make_application(session, other)
        refused = make_application(session, event, state=ApplicationState.REFUSED, category="nhri")
        for number, outcome in enumerate((Outcome.REVIEW, Outcome.INELIGIBLE), start=1):
            session.add(
                AssessmentRecord(
                    id=uuid4(),
                    application_id=refused.id,
                    number=number,
                    outcome=outcome,
                    is_clear=False,
                    rule_version=1,
                    findings=[],
                    editions=[],
                    made_at=HEARING_MORNING,
                )
            )
        for state in (ApplicationState.SUBMITTED, ApplicationState.ASSESSED, ApplicationState.WAITING):
            make_application(session, event, state=state)
        prepared_pass(session, CONTEXT, event)
        grounds_grant(session, CONTEXT, event, b"g" * 16)
        gone, stopped, _ = (collected_pass(session, CONTEXT, event) for _ in range(3))
        revoke(session, CONTEXT, event, gone.serial, "withdrawn")
        suspend(session, CONTEXT, event, stopped.serial, "asked")
        told = figures(session, CONTEXT, event)
        assert (told.applications, told.approved, told.refused, told.waiting) == (9, 5, 1, 3)
        assert told.by_category == {"ngo": 8, "nhri": 1}
        assert told.by_outcome == {"ineligible": 1}
        assert told.by_pass_state == {"collected": 1, "prepared": 1, "revoked": 1, "suspended": 1}
        assert (told.passes, told.collected, told.grounds_grants, told.badges) == (4, 3, 1, 0)


def test_scans_are_counted_by_answer_and_corrected_ones_once(engine: Engine) -> None:
    """A scan that a later one corrects does not count twice; who went out is not inside."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        scanner = make_scanner(session, CONTEXT, event)
        inside, outside, door = (collected_pass(session, CONTEXT, event).serial for _ in range(3))
        undone = make_scan(HEARING_MORNING, inside, verdict=Verdict.ASK, reason=Reason.READ_ELSEWHERE)
        scans = [
            undone,
            make_scan(HEARING_MORNING, inside, supersedes=undone.id, reason=Reason.BY_SUPERVISOR),
            make_scan(HEARING_MORNING, outside),
            make_scan(HEARING_MORNING + timedelta(seconds=30), outside, direction=Direction.EXIT),
            make_scan(HEARING_MORNING, door, checkpoint="door-xix"),
            make_scan(HEARING_MORNING, door, checkpoint="door-xx", verdict=Verdict.ASK, reason=Reason.CLOSED_NOW),
            make_scan(HEARING_MORNING, None, verdict=Verdict.REFUSE, reason=Reason.BAD_SIGNATURE),
            make_scan(HEARING_MORNING, None, verdict=Verdict.REFUSE, reason=Reason.CONFIRMATION_NOT_PASS),
            make_scan(HEARING_MORNING + timedelta(hours=1), None, verdict=Verdict.REFUSE, reason=Reason.BAD_SIGNATURE),
            make_scan(HEARING_MORNING, None, checkpoint="nowhere"),
        ]
        answer = take_batch(session, CONTEXT, event, scanner.device, scanner.batch(scans, HEARING_MORNING))
        assert isinstance(answer, BatchAnswer)
        told = figures(session, CONTEXT, event)
        assert (told.scans, told.admitted, told.set_aside, told.clock_suspect) == (9, 4, 1, 1)
        assert told.by_verdict == {"admit": 4, "ask": 1, "refuse": 3}
        assert told.refused_by_reason == {"bad_signature": 2, "confirmation_not_pass": 1}
        assert told.asked_by_reason == {"closed_now": 1}
        assert told.by_reason["by_supervisor"] == 1
        assert told.by_checkpoint == {"door-xix": 1, "door-xx": 1, "pregny": 6}
        assert told.inside == {"door-xix": 1, "pregny": 1}


def test_figures_are_for_those_who_may_read_them(engine: Engine) -> None:
    """And they hold no name, not even where the database does."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        collected_pass(session, CONTEXT, event, surname="Unmistakable")
        assert "Unmistakable" in everything_in(session)
        assert "Unmistakable" not in repr(figures(session, CONTEXT, event))
        nobody = acting(CONTEXT, Actor("user:nobody").name)
        with pytest.raises(NotAllowed):
            figures(session, nobody, event)
