"""Decisions of reviewers: reasons, waivers, passes that come and go, substitution, batches, two at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from factories.applications import assessed, make_submission, submitted
from factories.contexts import acting, make_context
from factories.events import loaded_event
from factories.lists import make_table, usual_lists
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.decisions import Decision
from accredit.db.models.passes import GroundsGrant, Pass, RevocationEntry
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome, Rule
from accredit.domain.errors import NotAllowed, StaleDecision
from accredit.domain.permissions import Role
from accredit.services.auditing import first_broken
from accredit.services.case_files import show
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.references import find_application
from accredit.services.review_batches import BatchRefused, BatchReport, apply_batch
from accredit.services.review_queue import Narrowing, queue
from accredit.services.reviewing import ReviewFault, ReviewRefused, approve, refuse, reopen, withdraw
from accredit.services.substituting import Substituted, substitute

CONTEXT = make_context()
LATE = "2017-09-05T00:00:00+02:00"
WHY = {"reason_applicant": "Your body is not on the list.", "reason_staff": "not listed, asked twice"}


@contextmanager
def _prepared(engine: Engine) -> Iterator[tuple[Session, LoadedEvent]]:
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        yield session, event


def _passes(session: Session, application: Application) -> list[PassState]:
    wanted = select(Pass.state).where(Pass.application_id == application.id).order_by(Pass.roster_number)
    return list(session.scalars(wanted))


def _collect(session: Session, application: Application) -> None:
    """As the desk would, without its questions."""
    held = session.scalars(select(Pass).where(Pass.application_id == application.id)).one()
    held.document_hash, held.state = b"d" * 32, PassState.COLLECTED
    session.flush()


def test_a_clear_application_is_approved_and_has_a_pass(engine: Engine) -> None:
    """One decision, one prepared pass, one version more; no reason is asked for."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        version = application.version
        decided = approve(session, CONTEXT, event, application.reference, version=version)
        assert isinstance(decided, Decided)
        assert isinstance(decided.opened, Pass)
        assert (decided.state, decided.version) == (ApplicationState.APPROVED, version + 1)
        assert _passes(session, application) == [PassState.PREPARED]
        decision = session.scalars(select(Decision)).one()
        assert (decision.actor, decision.automatic) == ("test:reviewer", False)
        assert "1996/31" in decision.legal_basis


def test_a_grounds_pass_holder_gets_written_grants_and_no_pass(engine: Engine) -> None:
    """The doors know the grounds pass; there is nothing to pick up."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, grounds_pass="yes", grounds_pass_number="AB12345")
        decided = approve(session, CONTEXT, event, application.reference)
        assert isinstance(decided, Decided)
        assert isinstance(decided.opened, GroundsGrant)
        ended = refuse(session, CONTEXT, event, application.reference, **WHY)
        assert isinstance(ended, Decided)
        assert decided.opened.withdrawn_at is not None
        assert _passes(session, application) == []


def test_what_asks_for_a_look_is_approved_with_a_reason(engine: Engine) -> None:
    """A reviewer settles a review finding by approving, and says why."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, affiliation="")
        refused = approve(session, CONTEXT, event, application.reference)
        assert isinstance(refused, ReviewRefused)
        assert (refused.code, "affiliation" in refused.message) == (ReviewFault.REASON_MISSING, True)
        decided = approve(session, CONTEXT, event, application.reference, reason_staff="confirmed by telephone")
        assert isinstance(decided, Decided)


def test_lateness_is_waived_by_a_senior_reviewer_with_a_reason_or_stays_in_the_way(engine: Engine) -> None:
    """A finding against is never approved over; a waiver is a right of its own, and both people are told."""
    with _prepared(engine) as (session, event):
        reference = assessed(session, CONTEXT, event, received_at=LATE).reference
        junior = acting(CONTEXT, "junior", Role.REVIEWER)
        waive = frozenset({Rule.DEADLINE})
        blocked = approve(session, junior, event, reference, reason_staff="was asked to")
        assert isinstance(blocked, ReviewRefused)
        assert (blocked.code, "Waive deadline" in blocked.message) == (ReviewFault.NEEDS_WAIVER, True)
        with pytest.raises(NotAllowed):
            approve(session, junior, event, reference, reason_staff="was asked to", waive=waive)
        silent = approve(session, CONTEXT, event, reference, waive=waive)
        assert isinstance(silent, ReviewRefused)
        assert silent.code is ReviewFault.REASON_MISSING
        decided = approve(session, CONTEXT, event, reference, reason_staff="mail server was down", waive=waive)
        assert isinstance(decided, Decided)
        decision = session.scalars(select(Decision)).one()
        assert decision.waived == ["deadline"]
        assert decision.reason_applicant
        assert decision.assessment.findings[0]["evidence"]["waived"] == "late_by_less_than_a_day"


def test_a_reviewer_says_which_body_is_meant(engine: Engine) -> None:
    """The confirmed entry is judged like a matched one: its status counts, and it stays confirmed."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, organisation="A. M. Forum of the Alps")
        nobody = approve(session, CONTEXT, event, application.reference, confirm_entry="NO SUCH", reason_staff="seen")
        assert isinstance(nobody, ReviewRefused)
        assert nobody.code is ReviewFault.UNKNOWN_ENTRY
        decided = approve(session, CONTEXT, event, application.reference, confirm_entry="ecosoc/Alpine Migrants Forum")
        assert isinstance(decided, Decided)
        case = show(session, event, application.reference)
        assert case is not None
        assert case.assessment is not None
        assert (case.assessment.listed, case.assessment.is_clear) == ("Alpine Migrants Forum", True)
        ended = assessed(session, CONTEXT, event, organisation="The Harbor Watchers")
        blocked = approve(session, CONTEXT, event, ended.reference, confirm_entry="Harbour Watch")
        assert isinstance(blocked, ReviewRefused)
        assert "category" in blocked.message


@pytest.mark.parametrize("missing", ["reason_applicant", "reason_staff"])
def test_a_refusal_needs_both_reasons(engine: Engine, missing: str) -> None:
    """One for the applicant, one for the staff; without them nothing happens."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        refused = refuse(session, CONTEXT, event, application.reference, **{**WHY, missing: "  "})
        assert isinstance(refused, ReviewRefused)
        assert refused.code is ReviewFault.REASON_MISSING
        assert application.state is ApplicationState.ASSESSED


@pytest.mark.parametrize("end", ["refuse", "withdraw", "reopen"])
def test_whatever_ends_an_approval_revokes_the_pass_in_the_same_transaction(engine: Engine, end: str) -> None:
    """No route leaves a live pass behind; the revocation list has it."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        approve(session, CONTEXT, event, application.reference)
        acts = {
            "refuse": lambda: refuse(session, CONTEXT, event, application.reference, **WHY),
            "withdraw": lambda: withdraw(session, CONTEXT, event, application.reference),
            "reopen": lambda: reopen(session, CONTEXT, event, application.reference),
        }
        decided = acts[end]()
        assert isinstance(decided, Decided)
        assert len(decided.ended) == 1
        assert _passes(session, application) == [PassState.REVOKED]
        assert session.scalar(select(func.count()).select_from(RevocationEntry)) == 1
        if end != "reopen":
            reopen(session, CONTEXT, event, application.reference)
        again = approve(session, CONTEXT, event, application.reference)
        assert isinstance(again, Decided)
        assert _passes(session, application) == [PassState.REVOKED, PassState.PREPARED]
        session.commit()
        assert first_broken(session) is None


def test_after_the_pickup_nothing_is_withdrawn(engine: Engine) -> None:
    """A collected pass is revoked, not withdrawn."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        approve(session, CONTEXT, event, application.reference)
        _collect(session, application)
        refused = withdraw(session, CONTEXT, event, application.reference)
        assert isinstance(refused, ReviewRefused)
        assert refused.code is ReviewFault.COLLECTED
        assert _passes(session, application) == [PassState.COLLECTED]


def test_states_that_lead_nowhere_are_told(engine: Engine) -> None:
    """What is decided so already, withdrawn, open, or unknown is answered with a sentence."""
    with _prepared(engine) as (session, event):
        reference = assessed(session, CONTEXT, event).reference
        answers = [reopen(session, CONTEXT, event, reference), approve(session, CONTEXT, event, "XXXX-XXXX")]
        approve(session, CONTEXT, event, reference)
        answers.append(approve(session, CONTEXT, event, reference))
        withdraw(session, CONTEXT, event, reference)
        answers.append(approve(session, CONTEXT, event, reference))
        codes = [answer.code for answer in answers if isinstance(answer, ReviewRefused)]
        assert codes == [
            ReviewFault.WRONG_STATE,
            ReviewFault.UNKNOWN_REFERENCE,
            ReviewFault.WRONG_STATE,
            ReviewFault.WRONG_STATE,
        ]


def test_one_that_was_not_screened_is_assessed_on_the_way(engine: Engine) -> None:
    """Every decision cites an assessment."""
    with _prepared(engine) as (session, event):
        one, two = submitted(session, CONTEXT, event), submitted(session, CONTEXT, event)
        assert isinstance(approve(session, CONTEXT, event, one.reference), Decided)
        assert isinstance(refuse(session, CONTEXT, event, two.reference, **WHY), Decided)
        assert all(one.assessment is not None for one in session.scalars(select(Decision)))


def test_a_decision_on_an_older_version_is_stale(engine: Engine) -> None:
    """Whoever read the application before another's change reads it again."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        case = show(session, event, application.reference)
        assert case is not None
        refuse(session, CONTEXT, event, application.reference, **WHY)
        with pytest.raises(StaleDecision):
            approve(session, CONTEXT, event, application.reference, version=case.version)


@pytest.mark.parametrize("role", [Role.DESK, Role.SUPERVISOR, Role.GATE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_reviewers_decide(engine: Engine, role: Role) -> None:
    """No other role approves, refuses, withdraws, reopens or replaces."""
    someone = acting(CONTEXT, "someone", role)
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        reference = application.reference
        for act in (
            lambda: approve(session, someone, event, reference),
            lambda: refuse(session, someone, event, reference, **WHY),
            lambda: withdraw(session, someone, event, reference),
            lambda: reopen(session, someone, event, reference),
        ):
            with pytest.raises(NotAllowed):
                act()
        junior = acting(CONTEXT, "junior", Role.REVIEWER)
        submission = make_submission(event.event, CONTEXT)
        with pytest.raises(NotAllowed):
            substitute(session, junior, event, reference, submission, reason_staff="illness")


def test_two_reviewers_at_once_prepare_one_pass(engine: Engine) -> None:
    """The second waits for the first and is told that the application changed, or stands approved."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        reference, version = application.reference, application.version
        session.commit()
    barrier, answers = threading.Barrier(2), []

    def officer() -> None:
        barrier.wait()
        with writing(engine) as own:
            loaded = find_event(own, "")
            assert loaded is not None
            try:
                answers.append(approve(own, CONTEXT, loaded, reference, version=version))
            except StaleDecision as stale:
                answers.append(stale)
            own.commit()

    officers = [threading.Thread(target=officer) for _ in range(2)]
    for one in officers:
        one.start()
    for one in officers:
        one.join()
    assert sorted(type(one).__name__ for one in answers) == ["Decided", "StaleDecision"]
    with writing(engine) as session:
        assert session.scalar(select(func.count()).select_from(Pass)) == 1


def test_a_panellist_is_replaced_on_the_morning_of_the_day(engine: Engine) -> None:
    """B takes A's place and time of receipt; A is withdrawn, A's collected pass revoked, B approved, all in one act."""
    with _prepared(engine) as (session, event):
        old = assessed(
            session, CONTEXT, event, category="invited", surname="OKORO VALE", given_names="Tamsin", affiliation=""
        )
        approve(session, CONTEXT, event, old.reference)
        _collect(session, old)
        new = make_submission(event.event, CONTEXT, category="invited", organisation="Another Union", affiliation="")
        done = substitute(
            session, CONTEXT, event, old.reference, new, reason_staff="asked by the organiser at 09:50, illness"
        )
        session.commit()
        assert isinstance(done, Substituted)
        assert done.approved is not None
        assert (done.application.received_at, done.application.replaces_id) == (old.received_at, old.id)
        assert (old.state, done.application.state) == (ApplicationState.WITHDRAWN, ApplicationState.APPROVED)
        assert _passes(session, old) == [PassState.REVOKED]
        assert _passes(session, done.application) == [PassState.PREPARED]
        case = show(session, event, old.reference)
        assert case is not None
        assert case.replaced_by == (done.application.reference,)
        taken = reopen(session, CONTEXT, event, old.reference)
        assert isinstance(taken, ReviewRefused)
        assert taken.code is ReviewFault.REPLACED


def test_a_delegate_who_is_late_takes_the_place_of_one_in_time(engine: Engine) -> None:
    """The time of receipt belongs to the place; the size of the delegation stays."""
    with _prepared(engine) as (session, event):
        old = assessed(session, CONTEXT, event)
        approve(session, CONTEXT, event, old.reference)
        late = make_submission(event.event, CONTEXT, received_at="2017-09-19T00:00:00+02:00")
        done = substitute(session, CONTEXT, event, old.reference, late, reason_staff="letter of the body")
        assert isinstance(done, Substituted)
        case = show(session, event, done.application.reference)
        assert case is not None
        assert case.assessment is not None
        assert case.assessment.outcome is Outcome.ELIGIBLE
        assert case.assessment.findings[5].evidence["before"] == "0"


def test_a_substitution_that_cannot_be_leaves_no_trace(engine: Engine) -> None:
    """Another body, no reason, or a withdrawn place: nothing was written."""
    with _prepared(engine) as (session, event):
        old = assessed(session, CONTEXT, event)
        approve(session, CONTEXT, event, old.reference)
        elsewhere = make_submission(event.event, CONTEXT, organisation="River Crossing Network")
        same = make_submission(event.event, CONTEXT)
        other = substitute(session, CONTEXT, event, old.reference, elsewhere, reason_staff="illness")
        silent = substitute(session, CONTEXT, event, old.reference, same, reason_staff=" ")
        assert isinstance(other, ReviewRefused)
        assert isinstance(silent, ReviewRefused)
        assert (other.code, silent.code) == (ReviewFault.OTHER_PLACE, ReviewFault.REASON_MISSING)
        assert session.scalar(select(func.count()).select_from(Application)) == 1
        assert _passes(session, old) == [PassState.PREPARED]


def test_whoever_replaces_one_that_waits_waits_too(engine: Engine) -> None:
    """A place that was not granted is not granted by a substitution."""
    with _prepared(engine) as (session, event):
        old = assessed(session, CONTEXT, event, affiliation="")
        new = make_submission(event.event, CONTEXT)
        done = substitute(session, CONTEXT, event, old.reference, new, reason_staff="letter of the body")
        assert isinstance(done, Substituted)
        assert (done.approved, done.application.state) == (None, ApplicationState.ASSESSED)


def test_a_batch_decides_row_by_row(engine: Engine) -> None:
    """Each row has its own reasons and its own answer; late by less than a day is never refused in a batch."""
    with _prepared(engine) as (session, event):
        clear, late, hour_late, lookalike, gone = (
            assessed(session, CONTEXT, event, **changes)
            for changes in (
                {},
                {"received_at": "2017-09-07T00:00:00+02:00"},
                {"received_at": LATE},
                {"organisation": "AMF"},
                {},
            )
        )
        rows = [
            {"reference": clear.reference.lower(), "action": "approve"},
            {"reference": late.reference, "action": "refuse", **WHY},
            {"reference": hour_late.reference, "action": "refuse", **WHY},
            {
                "reference": lookalike.reference,
                "action": "approve",
                "confirm": "Alpine Migrants Forum",
                "reason_staff": "letterhead",
            },
            {"reference": gone.reference, "action": "withdraw"},
            {"reference": "XXXX-XXXX", "action": "approve"},
            {"reference": late.reference, "action": "celebrate"},
            {"reference": hour_late.reference, "action": "approve", "waive": "dead-line"},
        ]
        first = apply_batch(session, CONTEXT, event, make_table(rows[:2] + rows[3:6]))
        second = apply_batch(session, CONTEXT, event, make_table([rows[2]]))
        third = apply_batch(session, CONTEXT, event, make_table([rows[6], rows[7]]))
        session.commit()
        assert isinstance(first, BatchReport)
        assert isinstance(second, BatchReport)
        assert isinstance(third, BatchReport)
        assert first.decided == 4
        assert [(one.row, one.reference) for one in first.refused] == [(6, "XXXX-XXXX")]
        results = [one.result for one in (*first.refused, *second.refused, *third.refused)]
        assert [one.code for one in results if isinstance(one, ReviewRefused)] == [
            ReviewFault.UNKNOWN_REFERENCE,
            ReviewFault.NOT_IN_BULK,
            ReviewFault.BAD_ROW,
            ReviewFault.BAD_ROW,
        ]
        states = [one.state for one in (clear, late, hour_late, lookalike, gone)]
        assert states == [
            ApplicationState.APPROVED,
            ApplicationState.REFUSED,
            ApplicationState.ASSESSED,
            ApplicationState.APPROVED,
            ApplicationState.WITHDRAWN,
        ]


def test_a_batch_names_wrong_columns_and_doubled_rows(engine: Engine) -> None:
    """A file without actions is no batch; one application in two rows is decided by neither."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        refused = apply_batch(session, CONTEXT, event, make_table([{"reference": application.reference}]))
        assert isinstance(refused, BatchRefused)
        assert "action" in refused.message
        twice = [{"reference": application.reference, "action": act} for act in ("approve", "withdraw")]
        report = apply_batch(session, CONTEXT, event, make_table(twice))
        assert isinstance(report, BatchReport)
        assert (report.decided, len(report.refused)) == (0, 2)


def test_the_queue_is_read_page_by_page(engine: Engine) -> None:
    """In the order of receipt, by outcome or state; nobody is lost between two pages."""
    with _prepared(engine) as (session, event):
        made = [
            assessed(session, CONTEXT, event, received_at=f"2017-08-{day:02}T10:00:00+02:00", affiliation=proof)
            for day in (3, 1, 2, 1, 5)
            for proof in ("letter", "")
        ]
        seen, after = [], None
        while True:
            page = queue(session, event, Narrowing(outcome=Outcome.REVIEW), limit=2, after=after)
            seen += page.rows
            after = page.after
            if after is None:
                break
        assert len(seen) == 5
        assert [one.received_at for one in seen] == sorted(one.received_at for one in seen)
        assert {one.open_codes for one in seen} == {("affiliation: no_proof",)}
        assert len(queue(session, event).rows) == len(made)
        assert queue(session, event, Narrowing(states=(ApplicationState.APPROVED,))).rows == ()
        assert queue(session, event, after="XXXX-XXXX").rows == ()


def test_a_case_shows_everything_and_is_found_by_reference(engine: Engine) -> None:
    """What was submitted, found and decided, with the passes."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, hold=True)
        approve(session, CONTEXT, event, application.reference, reason_staff="known to the supervisor")
        case = show(session, event, application.reference.lower().replace("-", " "))
        assert case is not None
        assert (case.security_hold, case.submitted.organisation) == (True, "Alpine Migrants Forum")
        assert [one.verdict for one in case.decisions] == ["approved"]
        assert [one.state for one in case.passes] == [PassState.PREPARED]
        assert show(session, event, "XXXX-XXXX") is None
        assert "ADEYEMI" not in repr(case)
        assert find_application(session, event, application.reference) is application
