"""Questions to the applicant: the application waits until he answers, and comes back to the queue with the answer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.review import Question
from accredit.domain.applications import ApplicationState
from accredit.domain.eligibility import waits_for_others
from accredit.domain.messages import Kind
from accredit.domain.permissions import Permission
from accredit.services.assessing import assessment_of, latest_assessment
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.deciding import Decided, put_state
from accredit.services.event_loading import LoadedEvent
from accredit.services.notifying import tell
from accredit.services.reviewing import LONGEST_REASON, ReviewFault, ReviewRefused, opened

_OPEN = (ApplicationState.ASSESSED, ApplicationState.WAITING)


def ask(
    session: Session,
    context: Context,
    event: LoadedEvent,
    reference: str,
    *,
    words: str,
    version: int | None = None,
) -> Decided | ReviewRefused:
    """Asks the applicant by mail, and lets the application wait; one that waits already may be asked once more."""
    context.require(Permission.APPLICATIONS_REVIEW)
    application = opened(session, event, reference, version, ApplicationState.ASSESSED)
    if isinstance(application, ReviewRefused):
        return application
    obstacle = _obstacle(application, words)
    if obstacle is not None:
        return obstacle
    if application.state is ApplicationState.ASSESSED:
        put_state(application, ApplicationState.WAITING)
    else:
        application.version += 1
    asked = Question(
        id=context.new_id(),
        application_id=application.id,
        words=words.strip(),
        asked_by=context.actor.name,
        asked_at=context.now(),
    )
    session.add(asked)
    record(session, context, Action.APPLICATION_ASKED, Subject("application", application.reference), ("state",))
    tell(session, context, event, application, Kind.QUESTION)
    return Decided(application.reference, application.state, application.version)


def answer(session: Session, context: Context, application: Application, words: str) -> Question | None:
    """The applicant's answer to the last question; the caller has locked the application. None: nobody asked."""
    question = open_question(session, application)
    if question is None:
        return None
    question.answer, question.answered_at = words.strip()[:LONGEST_REASON], context.now()
    latest = latest_assessment(session, application)
    waits_on = latest is not None and waits_for_others(assessment_of(latest))
    if application.state is ApplicationState.WAITING and not waits_on:
        put_state(application, ApplicationState.ASSESSED)
    record(session, context, Action.APPLICATION_ANSWERED, Subject("application", application.reference), ("state",))
    return question


def open_question(session: Session, application: Application) -> Question | None:
    """The last question, while it is not answered."""
    wanted = select(Question).where(Question.application_id == application.id, Question.answered_at.is_(None))
    return session.scalar(wanted.order_by(Question.asked_at.desc(), Question.id).limit(1))


def questions_of(session: Session, application: Application) -> tuple[Question, ...]:
    """Everything that was asked, the oldest first."""
    wanted = select(Question).where(Question.application_id == application.id)
    return tuple(session.scalars(wanted.order_by(Question.asked_at, Question.id)))


def _obstacle(application: Application, words: str) -> ReviewRefused | None:
    if application.state not in _OPEN:
        told = (
            f"{application.reference} is {application.state.value}; only one that waits for its decision can be asked"
        )
        return ReviewRefused(ReviewFault.WRONG_STATE, told)
    if not words.strip():
        return ReviewRefused(ReviewFault.REASON_MISSING, "write the question, or choose one")
    if len(words) > LONGEST_REASON:
        told = f"a question is longer than {LONGEST_REASON} characters; shorten it"
        return ReviewRefused(ReviewFault.REASON_TOO_LONG, told)
    return None
