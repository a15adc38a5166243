"""Overrides take two people: one reviewer proposes to approve against a finding, another one, a senior, confirms.

A proposal changes nothing about the person; whatever is decided otherwise meanwhile lets it lapse. The confirmation looks at
the findings anew and writes the decision in the name of whoever confirms. A command on the server stands apart: whoever
runs commands there holds the keys anyway, and decides alone under his name (`accredit review approve --waive`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.review import Proposal, ProposalState
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Rule
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.reviewing import LONGEST_REASON, ReviewFault, ReviewRefused, approve, opened


@dataclass(frozen=True, slots=True)
class Proposed:
    """The proposal, and the version of the application that a second person decides about."""

    proposal: Proposal
    version: int


def propose(
    session: Session,
    context: Context,
    event: LoadedEvent,
    reference: str,
    *,
    waive: frozenset[Rule],
    reason_staff: str,
    reason_applicant: str = "",
    confirm_entry: str = "",
    version: int | None = None,
) -> Proposed | ReviewRefused:
    """Puts an approval forward in which these findings are set aside."""
    context.require(Permission.APPLICATIONS_REVIEW)
    application = opened(session, event, reference, version, ApplicationState.APPROVED)
    if isinstance(application, ReviewRefused):
        return application
    obstacle = _obstacle(session, application, waive, reason_staff, reason_applicant)
    if obstacle is not None:
        return obstacle
    made = Proposal(
        id=context.new_id(),
        application_id=application.id,
        state=ProposalState.OPEN,
        waived=sorted(rule.value for rule in waive),
        confirm_entry=confirm_entry,
        reason_applicant=reason_applicant.strip(),
        reason_staff=reason_staff.strip(),
        proposed_by=context.actor.name,
        proposed_at=context.now(),
    )
    session.add(made)
    application.version += 1
    record(session, context, Action.OVERRIDE_PROPOSED, Subject("application", application.reference), ("proposal",))
    return Proposed(made, application.version)


def confirm(
    session: Session, context: Context, event: LoadedEvent, reference: str, *, version: int | None = None
) -> Decided | ReviewRefused:
    """The second person agrees: the application is approved with the waivers that were proposed."""
    context.require(Permission.APPLICATIONS_WAIVE)
    application = opened(session, event, reference, version, ApplicationState.APPROVED)
    if isinstance(application, ReviewRefused):
        return application
    proposal = open_proposal(session, application)
    if proposal is None:
        return _nothing_proposed(application)
    if proposal.proposed_by == context.actor.name:
        words = f"you proposed this yourself; another senior reviewer confirms {application.reference}"
        return ReviewRefused(ReviewFault.SECOND_PERSON, words)
    done = approve(
        session,
        context,
        event,
        reference,
        reason_staff=proposal.reason_staff,
        reason_applicant=proposal.reason_applicant,
        waive=frozenset(map(Rule, proposal.waived)),
        confirm_entry=proposal.confirm_entry or None,
    )
    if isinstance(done, Decided):  # which overtook the proposal like any decision; this one is its own
        _settle(context, proposal, ProposalState.CONFIRMED)
        subject = Subject("application", application.reference)
        record(session, context, Action.OVERRIDE_CONFIRMED, subject, ("proposal",))
    return done


def decline(
    session: Session,
    context: Context,
    event: LoadedEvent,
    reference: str,
    *,
    reason: str,
    version: int | None = None,
) -> Proposed | ReviewRefused:
    """The second person says no, or whoever proposed it takes it back; the application waits for its decision as before."""
    context.require(Permission.APPLICATIONS_REVIEW)
    application = opened(session, event, reference, version, ApplicationState.APPROVED)
    if isinstance(application, ReviewRefused):
        return application
    proposal = open_proposal(session, application)
    if proposal is None:
        return _nothing_proposed(application)
    if proposal.proposed_by != context.actor.name:
        context.require(Permission.APPLICATIONS_WAIVE)
    if not reason.strip():
        words = "say for the staff why the proposal is declined or taken back"
        return ReviewRefused(ReviewFault.REASON_MISSING, words)
    _settle(context, proposal, ProposalState.DECLINED)
    proposal.settled_for = reason.strip()[:LONGEST_REASON]
    application.version += 1
    record(session, context, Action.OVERRIDE_DECLINED, Subject("application", application.reference), ("proposal",))
    return Proposed(proposal, application.version)


def open_proposal(session: Session, application: Application) -> Proposal | None:
    """What waits for a second person."""
    wanted = select(Proposal).where(Proposal.application_id == application.id, Proposal.state == ProposalState.OPEN)
    return session.scalar(wanted)


def proposals_of(session: Session, application: Application) -> tuple[Proposal, ...]:
    """Everything that was proposed, the oldest first."""
    wanted = select(Proposal).where(Proposal.application_id == application.id)
    return tuple(session.scalars(wanted.order_by(Proposal.proposed_at, Proposal.id)))


def waiting_for_a_second(session: Session, event: LoadedEvent) -> tuple[tuple[str, Proposal], ...]:
    """Every open proposal of the event with the reference of its application, the oldest first."""
    # The few proposals first: asked for both at once, a database may look for one of each application.
    wanted = select(Proposal).where(Proposal.state == ProposalState.OPEN)
    found = session.scalars(wanted.order_by(Proposal.proposed_at, Proposal.id)).all()
    named = select(Application.id, Application.reference).where(
        Application.id.in_([one.application_id for one in found]), Application.event_id == event.record.id
    )
    references = {row.id: row.reference for row in session.execute(named)}
    return tuple((references[one.application_id], one) for one in found if one.application_id in references)


def _obstacle(
    session: Session, application: Application, waive: frozenset[Rule], reason_staff: str, reason_applicant: str
) -> ReviewRefused | None:
    if not waive - {Rule.HOLD}:
        return ReviewRefused(ReviewFault.NEEDS_WAIVER, "choose which finding is set aside; a hold never is")
    if not reason_staff.strip():
        return ReviewRefused(ReviewFault.REASON_MISSING, "say for the staff why an exception is made")
    if max(len(reason_staff), len(reason_applicant)) > LONGEST_REASON:
        words = f"a reason is longer than {LONGEST_REASON} characters; shorten it"
        return ReviewRefused(ReviewFault.REASON_TOO_LONG, words)
    held = open_proposal(session, application)
    if held is not None:
        words = f"{held.proposed_by} proposed an exception for {application.reference} already; confirm or decline that"
        return ReviewRefused(ReviewFault.WRONG_STATE, words)
    return None


def _nothing_proposed(application: Application) -> ReviewRefused:
    words = f"no exception is proposed for {application.reference} any more; read it again"
    return ReviewRefused(ReviewFault.WRONG_STATE, words)


def _settle(context: Context, proposal: Proposal, state: ProposalState) -> None:
    proposal.state, proposal.settled_by, proposal.settled_at = state, context.actor.name, context.now()
