"""Whoever was refused, withdrawn or revoked does not come back by the automatic rule, another desk or another way in."""

from __future__ import annotations

from factories.applications import assessed
from factories.contexts import HEARING_MORNING, make_context
from factories.events import loaded_event
from factories.lists import usual_lists
from factories.passes import collected_pass, grounds_grant, make_application, mrz_for, prepared_pass
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.models.passes import Pass
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.pickup import Step
from accredit.services.deciding import Decided
from accredit.services.desk import Collected, NotCollected, collect
from accredit.services.event_loading import LoadedEvent
from accredit.services.issuing import prepare_for_grounds_holder, replace
from accredit.services.pass_life import NotChanged, Obstacle, revoke
from accredit.services.reviewing import approve, refuse, reopen, withdraw
from accredit.services.screening import approve_clear

OFFICE = make_context()
DESK = make_context(HEARING_MORNING, actor="user:dana")


def _reopened(session: Session, event: LoadedEvent, application: Application) -> None:
    assert isinstance(reopen(session, OFFICE, event, application.reference), Decided)


def test_what_a_person_decided_the_rule_does_not_decide_again(engine: Engine) -> None:
    """Refused, withdrawn or revoked and then reopened: every finding is clear, and only a person approves."""
    with writing(engine) as session:
        event = loaded_event(session, OFFICE)
        usual_lists(session, OFFICE)
        refused, withdrawn, revoked, grounds, new = (
            assessed(session, OFFICE, event, **more)
            for more in ({}, {}, {}, {"grounds_pass": "yes", "grounds_pass_number": "GVA-1"}, {})
        )
        refuse(session, OFFICE, event, refused.reference, reason_applicant="no", reason_staff="no")
        assert set(approve_clear(session, OFFICE, event)) == {
            one.reference for one in (withdrawn, revoked, grounds, new)
        }
        withdraw(session, OFFICE, event, withdrawn.reference)
        for held in (revoked, grounds):
            revoke(session, OFFICE, event, held.reference, "security")
        for one in (refused, withdrawn, revoked, grounds):
            _reopened(session, event, one)
        assert approve_clear(session, OFFICE, event) == ()
        assert refused.state is ApplicationState.ASSESSED
        assert isinstance(approve(session, OFFICE, event, refused.reference, reason_staff="heard again"), Decided)


def test_the_document_of_a_revoked_pass_goes_to_the_supervisor(engine: Engine) -> None:
    """A second application with the same document is stopped; a supervisor's word settles it, and the trail keeps that."""
    with writing(engine) as session:
        event = loaded_event(session, DESK)
        first = collected_pass(session, DESK, event)
        second = prepared_pass(
            session, DESK, event, surname=first.application.surname, given_names=first.application.given_names
        )
        zone = mrz_for(first.application)
        revoke(session, DESK, event, first.application.reference, "sent out by security")
        stopped = collect(session, DESK, event, second.application.reference, zone)
        assert isinstance(stopped, NotCollected)
        assert (stopped.answer.step, stopped.answer.code) == (Step.SUPERVISOR, "document_of_a_revoked_pass")
        assert isinstance(collect(session, DESK, event, second.application.reference, zone, supervisor=True), Collected)
        wanted = select(AuditEntry).where(AuditEntry.action == "pickup.overridden")
        entry = session.scalars(wanted).one()
        assert (entry.subject_id, entry.fields) == (second.application.reference, ["document_of_a_revoked_pass"])


def test_the_document_of_a_replaced_pass_collects_again(engine: Engine) -> None:
    """A lost badge is no revocation: the same document collects the new pass without a supervisor."""
    with writing(engine) as session:
        event = loaded_event(session, DESK)
        lost = collected_pass(session, DESK, event)
        assert isinstance(replace(session, DESK, event, lost.application.reference, "lost"), Pass)
        zone = mrz_for(lost.application)
        assert isinstance(collect(session, DESK, event, lost.application.reference, zone), Collected)


def test_a_supervisor_does_not_undo_a_revocation_of_grants(engine: Engine) -> None:
    """No special event pass where the grants were withdrawn, none after an earlier one was revoked, none without grants."""
    with writing(engine) as session:
        event = loaded_event(session, DESK)
        grant = grounds_grant(session, DESK, event, b"h" * 32)
        first = session.get_one(Application, grant.application_id)
        made = prepare_for_grounds_holder(session, DESK, event, first.reference, "forgot it")
        assert isinstance(made, Pass)
        withdrawn = grounds_grant(session, DESK, event, b"k" * 32)
        second = session.get_one(Application, withdrawn.application_id)
        never = make_application(session, event, grounds_pass=True)
        for one in (first, second):
            revoke(session, DESK, event, one.reference, "security")
        assert made.state is PassState.REVOKED
        for one in (first, second, never):
            again = prepare_for_grounds_holder(session, DESK, event, one.reference, "forgot it")
            assert isinstance(again, NotChanged)
            assert again.code is Obstacle.REVOKED
