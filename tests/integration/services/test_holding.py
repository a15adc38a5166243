"""A security hold concerns the person: no rule, no substitution, no other application and no grounds pass goes round it."""

from __future__ import annotations

import pytest
from factories.applications import application_fields, assessed, make_submission, submitted
from factories.contents import everything_in
from factories.contexts import HEARING_MORNING, acting, make_context
from factories.events import loaded_event
from factories.lists import make_table, usual_lists
from factories.passes import mrz_for
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import FindingOutcome, Rule
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.deciding import Decided
from accredit.services.desk import Collected, NotCollected, collect
from accredit.services.explaining import Sameness, recompute
from accredit.services.holding import HoldSet, set_hold
from accredit.services.intake_files import IntakeReport, import_applications
from accredit.services.pass_finding import grounds_grant
from accredit.services.pass_life import NotChanged, Obstacle
from accredit.services.reviewing import ReviewFault, ReviewRefused, approve, refuse, reopen
from accredit.services.screening import approve_clear
from accredit.services.substituting import substitute

CONTEXT = make_context()
DESK = make_context(HEARING_MORNING)
_MARIA = {"surname": "Lopez", "given_names": "Maria", "birth_date": "1980-01-02", "nationality": "KEN"}
_GROUNDS = {"grounds_pass": "yes", "grounds_pass_number": "GVA-12345"}


def _hold_of(session: Session, application: Application) -> tuple[FindingOutcome, str]:
    record = latest_assessment(session, application)
    assert record is not None
    found = next(one for one in findings_of(record) if one.rule is Rule.HOLD)
    return found.outcome, found.staff


def _actions(session: Session, reference: str) -> list[str]:
    wanted = select(AuditEntry.action).where(AuditEntry.subject_id == reference).order_by(AuditEntry.number)
    return list(session.scalars(wanted))


def test_a_hold_keeps_the_rule_from_approving_and_the_grounds_pass_shut(engine: Engine) -> None:
    """It is a finding for a person; approved by one, the holder of a grounds pass still gets no grants until it is lifted."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        held = assessed(session, CONTEXT, event, hold=True, **_GROUNDS)
        assert _hold_of(session, held) == (FindingOutcome.REVIEW, "ask the supervisor")
        again = recompute(session, event, held.reference)
        assert again is not None
        assert again.sameness is Sameness.SAME
        assert approve_clear(session, CONTEXT, event) == ()
        assert isinstance(approve(session, CONTEXT, event, held.reference), ReviewRefused)
        waived = approve(
            session, CONTEXT, event, held.reference, reason_staff="known here", waive=frozenset({Rule.HOLD})
        )
        assert isinstance(waived, Decided)
        assert waived.opened is None
        assert grounds_grant(session, held) is None
        done = set_hold(session, CONTEXT, event, held.reference, False, "security has no more questions")
        assert done == HoldSet(held.reference, False, (held.reference,))
        assert grounds_grant(session, held) is not None
        assert "application.released" in _actions(session, held.reference)


def test_a_hold_that_comes_late_withdraws_the_grants_for_good(engine: Engine) -> None:
    """The doors forget the grounds pass at once; lifting the hold does not bring back what was withdrawn."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        later = assessed(session, CONTEXT, event, **_GROUNDS)
        assert approve_clear(session, CONTEXT, event) == (later.reference,)
        done = set_hold(session, CONTEXT, event, later.reference, True, "asked by security")
        assert done == HoldSet(later.reference, True, (later.reference,))
        grant = grounds_grant(session, later)
        assert grant is not None
        assert grant.withdrawn_at == CONTEXT.now()
        assert "asked by security" not in everything_in(session)
        assert set_hold(session, CONTEXT, event, later.reference, False, "settled") == HoldSet(later.reference, False)
        assert grant.withdrawn_at is not None
        reopen(session, CONTEXT, event, later.reference)
        assert approve_clear(session, CONTEXT, event) == ()
        assert isinstance(approve(session, CONTEXT, event, later.reference, reason_staff="settled"), Decided)
        assert grant.withdrawn_at is None


def test_a_hold_on_one_application_counts_for_all_of_the_person(engine: Engine) -> None:
    """Another application of the same person is no way to the pass without the supervisor."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        held = submitted(session, CONTEXT, event, hold=True, **_MARIA)
        other = assessed(session, CONTEXT, event, category="academic", **_MARIA)
        assert _hold_of(session, other)[0] is FindingOutcome.REVIEW
        refuse(session, CONTEXT, event, held.reference, reason_applicant="no", reason_staff="no")
        assert isinstance(approve(session, CONTEXT, event, other.reference, reason_staff="seen"), Decided)
        stopped = collect(session, DESK, event, other.reference, mrz_for(other))
        assert isinstance(stopped, NotCollected)
        assert stopped.answer.code == "hold"
        assert isinstance(collect(session, DESK, event, other.reference, mrz_for(other), supervisor=True), Collected)


def test_nobody_on_hold_takes_another_place(engine: Engine) -> None:
    """The substitution is refused before anything is written."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        submitted(session, CONTEXT, event, hold=True, **_MARIA)
        place = assessed(session, CONTEXT, event)
        approve_clear(session, CONTEXT, event)
        taking = make_submission(event.event, CONTEXT, organisation=place.organisation, **_MARIA)
        refused = substitute(session, CONTEXT, event, place.reference, taking, reason_staff="asked by the body")
        assert isinstance(refused, ReviewRefused)
        assert refused.code is ReviewFault.ON_HOLD
        assert place.state is ApplicationState.APPROVED


def test_a_second_import_puts_somebody_on_hold_and_never_lifts_it(engine: Engine) -> None:
    """A corrected file tells the hold that came up since; an empty cell says nothing."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        row = application_fields()
        reports = []
        for hold in ("", "yes", "yes", ""):
            report = import_applications(session, CONTEXT, event, make_table([{**row, "hold": hold}]))
            assert isinstance(report, IntakeReport)
            reports.append(report)
        held = session.scalars(select(Application)).one()
        assert held.security_hold
        assert [one.put_on_hold for one in reports] == [(), (held.reference,), (), ()]
        assert _actions(session, held.reference) == ["application.submitted", "application.held"]


def test_a_hold_needs_the_right_person_a_reason_and_a_change(engine: Engine) -> None:
    """Supervisors and senior reviewers may, with words; what is so already is told."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        made = submitted(session, CONTEXT, event)
        for role in (Role.REVIEWER, Role.DESK, Role.ADMINISTRATOR, Role.INTAKE):
            with pytest.raises(NotAllowed):
                set_hold(session, acting(CONTEXT, "user:x", role), event, made.reference, True, "x")
        supervisor = acting(CONTEXT, "user:sam", Role.SUPERVISOR)
        for reference, reason, on, code in (
            (made.reference, " ", True, Obstacle.NO_REASON),
            ("ABCD-2345", "x", True, Obstacle.UNKNOWN),
            (made.reference, "x", False, Obstacle.WRONG_STATE),
        ):
            refused = set_hold(session, supervisor, event, reference, on, reason)
            assert isinstance(refused, NotChanged)
            assert refused.code is code
        before = made.version
        assert isinstance(set_hold(session, supervisor, event, made.reference, True, "x"), HoldSet)
        assert made.version == before + 1
