"""Substitution: Y comes in the place of X. One act of a senior reviewer, in one transaction.

X is withdrawn and X's pass ends, collected or not; Y is a linked application with X's time of receipt. Where X was
approved, Y is approved: the place was granted to the body or by the organiser, and the senior reviewer says that Y takes it.
What speaks against Y stays in the way unless it was waived for X's place already, or is waived now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import Decision
from accredit.domain.applications import AffiliationSource, ApplicationState
from accredit.domain.assessments import FindingOutcome, Rule
from accredit.domain.events import CategoryRule
from accredit.domain.messages import Kind
from accredit.domain.permissions import Permission
from accredit.domain.submissions import Submission
from accredit.identity.two_spellings import spellings_disagree
from accredit.matching.normalise import key_of
from accredit.rendering.photos import PhotoRefused
from accredit.services.assessing import (
    Applied,
    Assessed,
    Settled,
    applied_of,
    category_of,
    findings_of,
    latest_assessment,
    settled_in,
)
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.deciding import Decided, Reasons, write_approval, write_move
from accredit.services.event_loading import LoadedEvent
from accredit.services.intake import AlreadyHere, grounds_hash_of, submit
from accredit.services.notifying import tell
from accredit.services.person_names import person_hashes, person_words
from accredit.services.reviewing import (
    EXCEPTION_MADE,
    ReviewFault,
    ReviewRefused,
    obstacle_to_approval,
    opened,
)
from accredit.services.screening_one import add_assessment, assessor_for, note_state


@dataclass(frozen=True, slots=True)
class Substituted:
    """The new application, what became of the old one, and the approval of the new one where the old one was approved."""

    application: Application
    replaced: Decided
    approved: Decided | None


def substitute(
    session: Session,
    context: Context,
    event: LoadedEvent,
    reference: str,
    submission: Submission,
    *,
    reason_staff: str,
    reason_applicant: str = "",
    waive: frozenset[Rule] = frozenset(),
    photo: bytes | None = None,
    version: int | None = None,
) -> Substituted | ReviewRefused | PhotoRefused:
    """Puts Y (`submission`) in the place of X (`reference`). The submission's own time of receipt does not count."""
    context.require(Permission.APPLICATIONS_SUBSTITUTE)
    if waive:
        context.require(Permission.APPLICATIONS_WAIVE)
    plan = _plan(
        session, context, event, reference, submission, version, Reasons(reason_applicant, reason_staff), waive
    )
    if isinstance(plan, ReviewRefused):
        return plan
    # A senior reviewer hands this in, with what the body wrote before him.
    source = AffiliationSource.IMPORT
    made = submit(session, context, event, plan.taking, photo=photo, source=source, replaces=plan.replaced)
    if isinstance(made, AlreadyHere):
        return ReviewRefused(ReviewFault.OTHER_PLACE, f"this person is {made.reference}, in the same place, already")
    return made if isinstance(made, PhotoRefused) else _write(session, context, event, plan, made)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Everything that was settled before anything is written."""

    replaced: Application
    taking: Submission
    settled: Settled
    assessed: Assessed
    reasons: Reasons

    @property
    def approves(self) -> bool:
        return self.replaced.state is ApplicationState.APPROVED


def _plan(
    session: Session,
    context: Context,
    event: LoadedEvent,
    reference: str,
    submission: Submission,
    version: int | None,
    reasons: Reasons,
    waive: frozenset[Rule],
) -> _Plan | ReviewRefused:
    replaced = opened(session, event, reference, version, ApplicationState.WITHDRAWN)
    if isinstance(replaced, ReviewRefused):
        return replaced
    taking = replace(submission, received_at=replaced.received_at)
    obstacle = _other_place(event, replaced, taking) or _no_reason(replaced, reasons.staff)
    if obstacle is not None:
        return obstacle
    settled = _settled(session, replaced, waive)
    if settled.waived and not reasons.applicant:
        reasons = replace(reasons, applicant=EXCEPTION_MADE)
    assessed = _assess(session, context, event, replaced, taking, settled)
    if any(one.rule is Rule.HOLD and one.outcome is FindingOutcome.REVIEW for one in assessed.assessment.findings):
        words = f"nobody takes the place of {replaced.reference} like this: ask the supervisor"
        return ReviewRefused(ReviewFault.ON_HOLD, words)
    plan = _Plan(replaced, taking, settled, assessed, reasons)
    return (obstacle_to_approval(assessed.assessment, settled.waived, reasons) if plan.approves else None) or plan


def _other_place(event: LoadedEvent, replaced: Application, taking: Submission) -> ReviewRefused | None:
    """Only the same place can be taken: the category, and the body unless the organiser invites in person."""
    category = category_of(event.event, replaced.category)
    same_body = key_of(taking.organisation) == key_of(replaced.organisation)
    if taking.category == category.key and (same_body or category.rule is CategoryRule.INVITED):
        return None
    words = (
        f"the place of {replaced.reference} is in category {category.key} and for its body; apply anew for another one"
    )
    return ReviewRefused(ReviewFault.OTHER_PLACE, words)


def _no_reason(replaced: Application, reason_staff: str) -> ReviewRefused | None:
    if reason_staff.strip():
        return None
    words = f"say for the staff who asked that {replaced.reference} is replaced, and why"
    return ReviewRefused(ReviewFault.REASON_MISSING, words)


def _settled(session: Session, replaced: Application, waive: frozenset[Rule]) -> Settled:
    """What was waived or confirmed for the place holds for whoever takes it; a waiver for the person X does not."""
    before = latest_assessment(session, replaced)
    confirmed = settled_in(findings_of(before)).confirmed if before is not None else ""
    of_place = {Rule.DEADLINE.value, Rule.ORGANISATION.value, Rule.CATEGORY.value, Rule.QUOTA.value}
    last = session.scalar(
        select(Decision.waived)
        .where(Decision.application_id == replaced.id)
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )
    return Settled(waive | {Rule(name) for name in last or () if name in of_place}, confirmed)


def _assess(
    session: Session,
    context: Context,
    event: LoadedEvent,
    replaced: Application,
    taking: Submission,
    settled: Settled,
) -> Assessed:
    """The findings on Y as if X had gone already; before anything is written, so that a no leaves no trace."""
    words = person_words(taking.surname, taking.given_names, taking.latin_surname, taking.latin_given_names)
    applied = replace(
        applied_of(replaced),
        organisation=taking.organisation,
        organisation_country=taking.organisation_country,
        words=words,
        birth_date=taking.birth_date,
        person_hashes=tuple(filter(None, person_hashes(context.secrets.pepper, event.event.number, taking))),
        affiliation=taking.affiliation,
        affiliation_claimed=False,
        grounds_hash=grounds_hash_of(context, event, taking),
        guardian_named=bool(taking.guardian_name),
        native_words=person_words(taking.surname, taking.given_names, "", ""),
        spellings_disagree=spellings_disagree(
            taking.surname, taking.given_names, taking.latin_surname, taking.latin_given_names
        ),
    )
    return _without(session, event, replaced, applied, settled)


def _without(
    session: Session, event: LoadedEvent, replaced: Application, applied: Applied, settled: Settled
) -> Assessed:
    assessor = assessor_for(session, event, applied, settled.confirmed, frozenset({replaced.id}))
    assessor.delegations.drop(applied.place)
    return assessor.assess(applied, settled)


def _write(session: Session, context: Context, event: LoadedEvent, plan: _Plan, made: Application) -> Substituted:
    approves, why = plan.approves, f"replaced by {made.reference}: {plan.reasons.staff.strip()}"
    current = add_assessment(session, context, made, plan.assessed, None)  # before X goes: the place is never free
    gone = write_move(
        session, context, event, plan.replaced, ApplicationState.WITHDRAWN, Action.APPLICATION_WITHDRAWN, why
    )
    subject = Subject("application", made.reference)
    record(session, context, Action.APPLICATION_SUBSTITUTED, subject, ("replaces_id", "received_at"))
    note_state(made, plan.assessed)
    if not approves:
        tell(session, context, event, made, Kind.RECEIVED)
        return Substituted(made, gone, None)
    approved = write_approval(session, context, event, made, current, plan.reasons, plan.settled.waived)
    return Substituted(made, gone, approved)
