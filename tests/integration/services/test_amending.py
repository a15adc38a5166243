"""Corrections by the applicant: what changes at once, what a person is asked about, and what never slips through."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from factories.applicants import corrects, entered
from factories.applications import assessed, submitted
from factories.contexts import acting, at, make_context
from factories.furnished import furnished
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.outbox import Message
from accredit.db.models.passes import Badge
from accredit.domain.applications import AffiliationSource, ApplicationState
from accredit.domain.assessments import Outcome, Rule
from accredit.domain.errors import NotAllowed
from accredit.domain.messages import Kind, RequestKind, RequestState
from accredit.domain.permissions import Role
from accredit.services.amending import Amended, AmendFault, AmendRefused, accept, amend, decline
from accredit.services.applicant_requests import open_requests, requests_of
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.own_fields import fields_of
from accredit.services.pass_finding import live_pass
from accredit.services.reviewing import approve, refuse

BEFORE_THE_DEADLINE = datetime(2017, 8, 30, 9, 0, tzinfo=UTC)
CONTEXT = make_context(BEFORE_THE_DEADLINE)
APPLICANT = acting(CONTEXT, "applicant")
AFTER_THE_DEADLINE = at(APPLICANT, datetime(2017, 9, 20, 9, 0, tzinfo=UTC))


def _applied(session: Session, event: LoadedEvent, **changes: Any) -> Application:
    told = {"surname": "ADEYEMI", "given_names": "Amara Beatrice", **changes}
    return assessed(session, CONTEXT, event, **told)


def _approved(session: Session, event: LoadedEvent, **changes: Any) -> Application:
    made = _applied(session, event, **changes)
    done = approve(session, CONTEXT, event, made.reference, reason_staff="all is well")
    assert isinstance(done, Decided), done
    return made


def _outcome(session: Session, application: Application) -> Outcome:
    record = latest_assessment(session, application)
    assert record is not None
    return record.outcome


def _told(session: Session, application: Application) -> list[Kind]:
    wanted = select(Message.kind).where(Message.application_id == application.id).order_by(Message.created_at)
    return [one for one in session.scalars(wanted) if one is Kind.AMENDED]


def test_before_the_decision_everything_can_be_corrected_and_is_judged_again(engine: Engine) -> None:
    """Another body, not on the list: a reviewer looks; the old letter proves nothing for the new body."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _applied(session, event)
        assert _outcome(session, made) is Outcome.ELIGIBLE
        hashes = made.person_hash
        done = corrects(session, APPLICANT, event, made, organisation="A Body On No List", birth_date="1981-06-01")
        assert isinstance(done, Amended)
        assert (done.now, done.asked) == ({"organisation", "birth_date"}, frozenset())
        assert made.state is ApplicationState.ASSESSED
        assert _outcome(session, made) is Outcome.REVIEW
        assert (made.affiliation, made.affiliation_source) == (None, AffiliationSource.APPLICANT)
        assert made.person_hash != hashes
        assert _told(session, made) == [Kind.AMENDED]
        back = corrects(session, APPLICANT, event, made, organisation="Alpine Migrants Forum")
        assert isinstance(back, Amended)
        record = latest_assessment(session, made)
        assert record is not None
        codes = {one.rule: one.code for one in findings_of(record)}
        assert codes[Rule.ORGANISATION].startswith("matched_")
        assert codes[Rule.AFFILIATION] == "no_proof"


def test_after_the_deadline_it_does_not_become_another_application(engine: Engine) -> None:
    """The place in time is for this person and body: a reviewer is asked about another one; a slip is still mended."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _applied(session, event)
        done = corrects(
            session, AFTER_THE_DEADLINE, event, made, surname="ADEYEMY", organisation="Peaks", email="new@example.org"
        )
        assert isinstance(done, Amended)
        assert (done.now, done.asked) == ({"surname", "email"}, {"organisation"})
        assert (made.surname, made.organisation) == ("ADEYEMY", "Alpine Migrants Forum")
        other = corrects(session, AFTER_THE_DEADLINE, event, made, surname="SOMEBODY", given_names="Else")
        assert isinstance(other, Amended)
        assert other.asked == {"surname", "given_names"}
        assert made.surname == "ADEYEMY"
        [request] = open_requests(session, event)
        assert request.wanted == {"organisation": "Peaks", "surname": "SOMEBODY", "given_names": "Else"}


def test_a_new_address_is_told_to_the_old_one_too(engine: Engine) -> None:
    """Whoever takes somebody's link over cannot do it in silence."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _applied(session, event, email="old@example.org")
        corrects(session, APPLICANT, event, made, email="new@example.org")
        session.flush()
        told = select(Message.recipient).where(Message.kind == Kind.AMENDED)
        assert set(session.scalars(told)) == {None, "old@example.org"}


def test_what_is_wrong_is_told_and_nothing_is_changed(engine: Engine) -> None:
    """The one validation reads a correction as it reads an application."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _applied(session, event)
        typed = {**fields_of(made), "birth_date": "yesterday", "email": "nobody"}
        told = amend(session, APPLICANT, event, entered(session, APPLICANT, event, made), typed, made.version)
        assert isinstance(told, tuple)
        assert {one.field for one in told} == {"birth_date", "email"}
        assert "amended" not in _told(session, made)


def test_a_page_that_is_older_than_the_last_change_changes_nothing(engine: Engine) -> None:
    """A stale tab, or a second click, is told so; a form without a change says that, too."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _applied(session, event)
        version, typed = made.version, {**fields_of(made), "email": "first@example.org"}
        own = entered(session, APPLICANT, event, made)
        assert isinstance(amend(session, APPLICANT, event, own, typed, version), Amended)
        second = amend(session, APPLICANT, event, own, {**typed, "email": "second@example.org"}, version)
        assert isinstance(second, AmendRefused)
        assert second.code is AmendFault.STALE
        assert made.email == "first@example.org"
        same = corrects(session, APPLICANT, event, made)
        assert isinstance(same, AmendRefused)
        assert same.code is AmendFault.UNCHANGED


def test_after_the_approval_one_slip_is_mended_and_the_scanners_learn_it(engine: Engine) -> None:
    """The pass stays; its number in the roster moves on. A second slip, and any other change, goes to a reviewer."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _approved(session, event)
        held = live_pass(session, made)
        assert held is not None
        before, number = held.roster_number, held.serial
        done = corrects(session, APPLICANT, event, made, surname="ADEYÉMI", given_names="Amara Beatrix")
        assert isinstance(done, Amended)
        assert (done.now, done.asked) == ({"surname", "given_names"}, frozenset())
        again = live_pass(session, made)
        assert again is not None
        assert (again.serial, again.state) == (number, PassState.PREPARED)
        assert again.roster_number > before
        second = corrects(session, APPLICANT, event, made, given_names="Amara Beatriz")
        assert isinstance(second, Amended)
        assert (second.now, second.asked) == (frozenset(), {"given_names"})
        assert made.given_names == "Amara Beatrix"


@pytest.mark.parametrize(
    "changes", [{"birth_date": "1980-05-30"}, {"surname": "OKONKWO"}, {"nationality": "CHE"}, {"organisation": "Peaks"}]
)
def test_after_the_approval_nothing_else_is_changed_in_silence(engine: Engine, changes: dict[str, str]) -> None:
    """Another birth date, name, nationality or body waits for a reviewer; the application says what it said."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _approved(session, event)
        before = fields_of(made)
        done = corrects(session, APPLICANT, event, made, **changes)
        assert isinstance(done, Amended)
        assert (done.now, done.asked) == (frozenset(), frozenset(changes))
        assert fields_of(made) == before
        [request] = requests_of(session, made)
        assert (request.kind, request.state, request.wanted) == (RequestKind.AMENDMENT, RequestState.OPEN, changes)


def test_a_name_on_paper_is_not_mended_without_a_person(engine: Engine) -> None:
    """A badge that was printed ahead shows the old spelling: a reviewer is asked."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _approved(session, event)
        held = live_pass(session, made)
        assert held is not None
        told = {"kid": 1, "printed_ahead": True, "name": "X", "template": "plain", "printed_by": "x"}
        times = {"not_before": CONTEXT.now(), "expires": CONTEXT.now(), "printed_at": CONTEXT.now()}
        session.add(Badge(id=CONTEXT.new_id(), pass_id=held.id, **told, **times))
        session.flush()
        done = corrects(session, APPLICANT, event, made, surname="ADEYEMY")
        assert isinstance(done, Amended)
        assert done.asked == {"surname"}


def test_an_accepted_change_of_an_approved_application_is_decided_anew(engine: Engine) -> None:
    """The pass ends in the same transaction; only a reviewer accepts, and only what is still asked."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _approved(session, event)
        corrects(session, APPLICANT, event, made, birth_date="1980-05-30")
        with pytest.raises(NotAllowed):
            accept(session, acting(CONTEXT, "test:desk", Role.DESK), event, made.reference)
        done = accept(session, CONTEXT, event, made.reference)
        assert isinstance(done, Amended)
        assert made.birth_date.isoformat() == "1980-05-30"
        assert made.state is ApplicationState.ASSESSED
        assert live_pass(session, made) is None
        assert [one.state for one in requests_of(session, made)] == [RequestState.DONE]
        assert _told(session, made) == [Kind.AMENDED]
        nothing = accept(session, CONTEXT, event, made.reference)
        assert isinstance(nothing, AmendRefused)
        assert nothing.code is AmendFault.NO_REQUEST


def test_a_pass_in_the_hand_is_not_ended_by_a_change(engine: Engine) -> None:
    """The desk has seen the document; whoever wants it changed all the same revokes the pass knowingly."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _approved(session, event)
        corrects(session, APPLICANT, event, made, birth_date="1980-05-30")
        held = live_pass(session, made)
        assert held is not None
        held.state, held.document_hash, held.collected_at = PassState.COLLECTED, b"d" * 32, CONTEXT.now()
        session.flush()
        refused = accept(session, CONTEXT, event, made.reference)
        assert isinstance(refused, AmendRefused)
        assert refused.code is AmendFault.COLLECTED
        assert held.state is PassState.COLLECTED


def test_a_declined_change_leaves_everything_as_it_is(engine: Engine) -> None:
    """The applicant sees that it was declined."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _approved(session, event)
        corrects(session, APPLICANT, event, made, birth_date="1980-05-30")
        assert decline(session, CONTEXT, event, made.reference) is None
        assert made.birth_date.isoformat() == "1980-05-31"
        assert made.state is ApplicationState.APPROVED
        assert [one.state for one in requests_of(session, made)] == [RequestState.DECLINED]


def test_what_is_closed_or_handed_out_is_not_corrected(engine: Engine) -> None:
    """A refused application, and one whose pass is in the person's hands."""
    with furnished(engine, CONTEXT) as (session, event):
        refused = _applied(session, event, surname="BRANDT")
        refuse(session, CONTEXT, event, refused.reference, reason_applicant="no", reason_staff="no")
        closed = corrects(session, APPLICANT, event, refused, email="new@example.org")
        assert isinstance(closed, AmendRefused)
        assert closed.code is AmendFault.CLOSED
        collected = _approved(session, event)
        held = live_pass(session, collected)
        assert held is not None
        held.state, held.document_hash, held.collected_at = PassState.COLLECTED, b"d" * 32, CONTEXT.now()
        session.flush()
        done = corrects(session, APPLICANT, event, collected, email="new@example.org")
        assert isinstance(done, AmendRefused)
        assert done.code is AmendFault.COLLECTED


def test_nobody_leaves_a_hold_behind_by_another_spelling(engine: Engine) -> None:
    """The hold of another application of this person comes along when the name or birth date changes."""
    with furnished(engine, CONTEXT) as (session, event):
        submitted(
            session, CONTEXT, event, hold=True, surname="ADEYEMI", given_names="Amara Beatrice", category="academic"
        )
        made = _applied(session, event)
        assert not made.security_hold
        corrects(session, APPLICANT, event, made, surname="ADEYEMY", birth_date="1982-01-01")
        assert made.security_hold
        assert _outcome(session, made) is Outcome.REVIEW


def test_a_focal_points_word_is_for_the_person_that_he_named(engine: Engine) -> None:
    """Somebody else, in the same application, is the applicant's own claim again."""
    with furnished(engine, CONTEXT) as (session, event):
        made = _applied(session, event)
        assert made.affiliation_source is AffiliationSource.IMPORT
        corrects(session, APPLICANT, event, made, surname="ADEYEMY")
        assert made.affiliation_source is AffiliationSource.IMPORT
        corrects(session, APPLICANT, event, made, surname="BRANDT", given_names="Bela")
        assert made.affiliation_source is AffiliationSource.APPLICANT
        assert _outcome(session, made) is Outcome.REVIEW
