"""How a decision is written: the record, the state, the trail, the pass that comes or goes with it, the message that tells it.

Whoever calls this has locked the application and settled that the decision may be made; both hold for the automatic rule and
for reviewers alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord, Decision, DecisionVerdict
from accredit.db.models.passes import GroundsGrant, Pass
from accredit.db.models.review import Proposal, ProposalState
from accredit.domain.applications import ApplicationState, move
from accredit.domain.assessments import Rule
from accredit.domain.messages import Kind
from accredit.services.assessing import category_of
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import AUTOMATIC, Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.issuing import AlreadyPrepared, Held, prepare
from accredit.services.notifying import tell
from accredit.services.pass_life import withdraw
from accredit.services.waiting_order import fill_places


@dataclass(frozen=True, slots=True)
class Reasons:
    """One text for the applicant, one for the staff."""

    applicant: str = ""
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was made: where the application stands now, its new version, what opens doors to the person.

    `advanced` are the references of those whose turn it is now, because a place in their delegation came free.
    """

    reference: str
    state: ApplicationState
    version: int
    opened: Pass | GroundsGrant | None = None
    ended: tuple[Pass | GroundsGrant, ...] = ()
    advanced: tuple[str, ...] = ()


def write_approval(
    session: Session,
    context: Context,
    event: LoadedEvent,
    application: Application,
    assessment: AssessmentRecord,
    reasons: Reasons,
    waived: Iterable[Rule] = (),
) -> Decided:
    """Approves, and prepares the pass or writes the grants; none of a grounds-pass holder who is on hold."""
    if context.actor != AUTOMATIC:  # nobody proposes to set aside what is clear
        _let_proposals_lapse(session, context, application)
    put_state(application, ApplicationState.APPROVED)
    _decision(session, context, event, application, assessment, DecisionVerdict.APPROVED, reasons, waived)
    record(session, context, Action.APPLICATION_APPROVED, Subject("application", application.reference), ("state",))
    opened = prepare(session, context, event, application)
    if isinstance(opened, AlreadyPrepared):
        opened = opened.held
    if isinstance(opened, Held):
        return Decided(application.reference, application.state, application.version)
    tell(session, context, event, application, Kind.APPROVED)
    return Decided(application.reference, application.state, application.version, opened)


def write_refusal(
    session: Session,
    context: Context,
    event: LoadedEvent,
    application: Application,
    assessment: AssessmentRecord,
    reasons: Reasons,
) -> Decided:
    """Refuses; where that ends an approval, the pass ends with it."""
    ended = end_approval(session, context, event, application, reasons.staff)
    _let_proposals_lapse(session, context, application)
    put_state(application, ApplicationState.REFUSED)
    _decision(session, context, event, application, assessment, DecisionVerdict.REFUSED, reasons, ())
    record(session, context, Action.APPLICATION_REFUSED, Subject("application", application.reference), ("state",))
    tell(session, context, event, application, Kind.REFUSED)
    advanced = fill_places(session, context, event, application)
    return Decided(application.reference, application.state, application.version, ended=ended, advanced=advanced)


def write_move(
    session: Session,
    context: Context,
    event: LoadedEvent,
    application: Application,
    state: ApplicationState,
    action: Action,
    reason: str,
) -> Decided:
    """Withdraws or reopens; where that ends an approval, the pass ends with it."""
    ended = end_approval(session, context, event, application, reason)
    _let_proposals_lapse(session, context, application)
    put_state(application, state)
    record(session, context, action, Subject("application", application.reference), ("state",))
    if ended or state is ApplicationState.WITHDRAWN:
        kind = Kind.WITHDRAWN if state is ApplicationState.WITHDRAWN else Kind.AMENDED
        tell(session, context, event, application, kind)
    advanced = fill_places(session, context, event, application)
    return Decided(application.reference, application.state, application.version, ended=ended, advanced=advanced)


def end_approval(
    session: Session, context: Context, event: LoadedEvent, application: Application, reason: str
) -> tuple[Pass | GroundsGrant, ...]:
    """Ends what an approval opened; nothing where there was none."""
    if application.state is not ApplicationState.APPROVED:
        return ()
    return withdraw(session, context, event, application, reason)


def put_state(application: Application, state: ApplicationState) -> None:
    """Moves along an arrow of the domain's table, and counts the change."""
    application.state = move(application.reference, application.state, state)
    application.version += 1


def _let_proposals_lapse(session: Session, context: Context, application: Application) -> None:
    """Whatever was proposed for it is overtaken by this."""
    open_ones = (Proposal.application_id == application.id, Proposal.state == ProposalState.OPEN)
    session.execute(update(Proposal).where(*open_ones).values(state=ProposalState.LAPSED, settled_at=context.now()))


def _decision(
    session: Session,
    context: Context,
    event: LoadedEvent,
    application: Application,
    assessment: AssessmentRecord,
    verdict: DecisionVerdict,
    reasons: Reasons,
    waived: Iterable[Rule],
) -> None:
    session.add(
        Decision(
            id=context.new_id(),
            application_id=application.id,
            assessment_id=assessment.id,
            verdict=verdict,
            automatic=context.actor == AUTOMATIC,
            actor=context.actor.name,
            reason_applicant=reasons.applicant.strip(),
            reason_staff=reasons.staff.strip(),
            waived=sorted(rule.value for rule in waived),
            legal_basis=_legal_basis(event, application, assessment),
            decided_at=context.now(),
        )
    )


def _legal_basis(event: LoadedEvent, application: Application, assessment: AssessmentRecord) -> str:
    """That of the finding that speaks against, else that of the category."""
    against = next((one["legal_basis"] for one in assessment.findings if one["outcome"] == "against"), None)
    return str(against or category_of(event.event, application.category).legal_basis)[:400]
