"""Overrides take two people, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from factories.applications import assessed
from factories.contexts import acting, make_context
from factories.events import loaded_event
from factories.lists import usual_lists
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import Decision
from accredit.db.models.review import Proposal, ProposalState
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Rule
from accredit.domain.errors import NotAllowed, StaleDecision
from accredit.domain.permissions import Role
from accredit.services.auditing import first_broken
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.histories import history
from accredit.services.overrides import Proposed, confirm, decline, open_proposal, propose, waiting_for_a_second
from accredit.services.reviewing import ReviewFault, ReviewRefused, refuse

CONTEXT = make_context()
JUNIOR = acting(CONTEXT, "user:junior", Role.REVIEWER)
SENIOR = acting(CONTEXT, "user:senior", Role.SENIOR_REVIEWER)
OTHER = acting(CONTEXT, "user:other", Role.SENIOR_REVIEWER)
LATE = "2017-09-05T10:00:00+02:00"
DEADLINE = frozenset({Rule.DEADLINE})
WHY = {"reason_applicant": "Too late.", "reason_staff": "late"}


@contextmanager
def _late(engine: Engine) -> Iterator[tuple[Session, LoadedEvent, Application]]:
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        yield session, event, assessed(session, CONTEXT, event, received_at=LATE)


def _propose(session: Session, event: LoadedEvent, application: Application) -> Proposed:
    done = propose(
        session, JUNIOR, event, application.reference, waive=DEADLINE, reason_staff="the mail server was down"
    )
    assert isinstance(done, Proposed), done
    return done


def test_a_proposal_decides_nothing_and_a_second_person_does(engine: Engine) -> None:
    """The application waits; the senior confirms, and the decision is his, with the waiver and the reason proposed."""
    with _late(engine) as (session, event, application):
        proposed = _propose(session, event, application)
        assert (application.state, proposed.proposal.proposed_by) == (ApplicationState.ASSESSED, "user:junior")
        assert [one for one, _ in waiting_for_a_second(session, event)] == [application.reference]
        done = confirm(session, SENIOR, event, application.reference, version=proposed.version)
        assert isinstance(done, Decided)
        decision = session.scalars(select(Decision)).one()
        assert (decision.actor, decision.waived, decision.reason_staff) == (
            "user:senior",
            ["deadline"],
            "the mail server was down",
        )
        session.commit()
        kept = session.scalars(select(Proposal)).one()
        assert (kept.state, kept.settled_by) == (ProposalState.CONFIRMED, "user:senior")
        assert waiting_for_a_second(session, event) == ()
        assert first_broken(session) is None


def test_nobody_confirms_himself(engine: Engine) -> None:
    """A senior reviewer who proposed it asks another one; the database would not take it either."""
    with _late(engine) as (session, event, application):
        done = propose(session, SENIOR, event, application.reference, waive=DEADLINE, reason_staff="by post")
        assert isinstance(done, Proposed)
        refused = confirm(session, SENIOR, event, application.reference)
        assert isinstance(refused, ReviewRefused)
        assert refused.code is ReviewFault.SECOND_PERSON
        assert isinstance(confirm(session, OTHER, event, application.reference), Decided)
        kept = session.scalars(select(Proposal)).one()
        kept.settled_by = kept.proposed_by
        with pytest.raises(IntegrityError, match="two_people"):
            session.flush()


def test_a_reviewer_who_is_no_senior_does_not_confirm(engine: Engine) -> None:
    """Neither confirms nor declines what somebody else proposed."""
    with _late(engine) as (session, event, application):
        _propose(session, event, application)
        another = acting(CONTEXT, "user:another", Role.REVIEWER)
        with pytest.raises(NotAllowed):
            confirm(session, another, event, application.reference)
        with pytest.raises(NotAllowed):
            decline(session, another, event, application.reference, reason="no")


@pytest.mark.parametrize(("actor", "name"), [(SENIOR, "user:senior"), (JUNIOR, "user:junior")])
def test_a_proposal_is_declined_or_taken_back_with_a_reason(engine: Engine, actor: object, name: str) -> None:
    """Then another one can be made; the history tells both."""
    with _late(engine) as (session, event, application):
        _propose(session, event, application)
        silent = decline(session, actor, event, application.reference, reason=" ")  # type: ignore[arg-type]
        assert isinstance(silent, ReviewRefused)
        assert isinstance(decline(session, actor, event, application.reference, reason="no"), Proposed)  # type: ignore[arg-type]
        assert open_proposal(session, application) is None
        _propose(session, event, application)
        session.flush()
        told = [(step.action, step.actor, step.staff) for step in history(session, application)][:3]
        assert told == [
            ("application.override_proposed", "user:junior", "the mail server was down"),
            ("application.override_declined", name, "no"),
            ("application.override_proposed", "user:junior", "the mail server was down"),
        ]


def test_only_one_proposal_waits(engine: Engine) -> None:
    """A second one is told who was first."""
    with _late(engine) as (session, event, application):
        _propose(session, event, application)
        again = propose(session, SENIOR, event, application.reference, waive=DEADLINE, reason_staff="so do I")
        assert isinstance(again, ReviewRefused)
        assert "user:junior" in again.message


def test_another_decision_lets_a_proposal_lapse(engine: Engine) -> None:
    """Refused meanwhile: nothing is left to confirm, and whoever had it on the screen is told."""
    with _late(engine) as (session, event, application):
        proposed = _propose(session, event, application)
        assert isinstance(refuse(session, SENIOR, event, application.reference, **WHY), Decided)
        with pytest.raises(StaleDecision):
            confirm(session, OTHER, event, application.reference, version=proposed.version)
        gone = confirm(session, OTHER, event, application.reference)
        assert isinstance(gone, ReviewRefused)
        session.commit()
        session.expire_all()
        assert session.scalars(select(Proposal)).one().state is ProposalState.LAPSED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"waive": frozenset()}, ReviewFault.NEEDS_WAIVER),
        ({"waive": frozenset({Rule.HOLD})}, ReviewFault.NEEDS_WAIVER),
        ({"reason_staff": " "}, ReviewFault.REASON_MISSING),
        ({"reason_staff": "x" * 2001}, ReviewFault.REASON_TOO_LONG),
    ],
)
def test_an_incomplete_proposal_is_none(engine: Engine, changes: dict[str, object], code: ReviewFault) -> None:
    """Without a finding to set aside, or a reason, nothing is written."""
    with _late(engine) as (session, event, application):
        given: dict[str, object] = {"waive": DEADLINE, "reason_staff": "by post", **changes}
        done = propose(session, JUNIOR, event, application.reference, **given)  # type: ignore[arg-type]
        assert isinstance(done, ReviewRefused)
        assert done.code is code
        assert open_proposal(session, application) is None


def test_a_confirmation_looks_at_the_findings_anew(engine: Engine) -> None:
    """What was not proposed to be set aside still stands in the way, and the proposal goes on waiting."""
    with _late(engine) as (session, event, application):
        done = propose(
            session,
            JUNIOR,
            event,
            application.reference,
            waive=frozenset({Rule.AFFILIATION}),
            reason_staff="we know him",
        )
        assert isinstance(done, Proposed)
        refused = confirm(session, SENIOR, event, application.reference)
        assert isinstance(refused, ReviewRefused)
        assert refused.code is ReviewFault.NEEDS_WAIVER
        assert open_proposal(session, application) is not None
