"""What reviewers decide: approve, refuse, withdraw, reopen.

What they read is in `review_queue` and `case_files`; one for another in `substituting`; many at once in `review_batches`.

Order of checks, for each: may the actor do this; is there such an application (its row is locked from here on); has anybody
changed it since it was read; does the state allow it; are the reasons there; do the findings allow it. An expected "no"
is a `ReviewRefused` and nothing was written. `NotAllowed` and `StaleDecision` are raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.domain.applications import MOVES, ApplicationState
from accredit.domain.assessments import Assessment, FindingOutcome, Rule
from accredit.domain.errors import StaleDecision
from accredit.domain.permissions import Permission
from accredit.services.aliases import learn_spelling
from accredit.services.assessing import (
    Assessed,
    Assessor,
    Settled,
    applied_of,
    findings_of,
    latest_assessment,
    says_the_same,
    settled_in,
)
from accredit.services.auditing import Action
from accredit.services.context import Context
from accredit.services.deciding import Decided, Reasons, put_state, write_approval, write_move, write_refusal
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_finding import live_pass
from accredit.services.references import find_application
from accredit.services.screening_one import add_assessment, assessor_for

LONGEST_REASON = 2000
EXCEPTION_MADE = "The organiser made an exception for your application."
"""What an applicant is told of a waiver when the reviewer wrote nothing else."""


class ReviewFault(StrEnum):
    """Why nothing was decided."""

    UNKNOWN_REFERENCE = "unknown_reference"
    WRONG_STATE = "wrong_state"
    REASON_MISSING = "reason_missing"
    REASON_TOO_LONG = "reason_too_long"
    NEEDS_WAIVER = "needs_waiver"
    SECOND_PERSON = "second_person"
    UNKNOWN_ENTRY = "unknown_entry"
    COLLECTED = "collected"
    REPLACED = "replaced"
    OTHER_PLACE = "other_place"
    NOT_IN_BULK = "not_in_bulk"
    ON_HOLD = "on_hold"
    BAD_ROW = "bad_row"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ReviewRefused:
    """Nothing was decided: the cause, and a sentence with the cure."""

    code: ReviewFault
    message: str


def approve(
    session: Session,
    context: Context,
    event: LoadedEvent,
    reference: str,
    *,
    version: int | None = None,
    reason_staff: str = "",
    reason_applicant: str = "",
    waive: frozenset[Rule] = frozenset(),
    confirm_entry: str | None = None,
) -> Decided | ReviewRefused:
    """Approves, and prepares what opens the doors.

    A finding against is waived or stays in the way. What only asks for a person's look is settled by this approval, with a
    reason for the staff. `confirm_entry` is the number of the listed body that is meant (or LIST/NUMBER); its list then knows
    the spelling that was typed, so that nobody is asked twice.
    """
    context.require(Permission.APPLICATIONS_REVIEW)
    if waive:
        context.require(Permission.APPLICATIONS_WAIVE)
    application = opened(session, event, reference, version, ApplicationState.APPROVED)
    if isinstance(application, ReviewRefused):
        return application
    before = latest_assessment(session, application)
    assessor = assessor_for(session, event, applied_of(application), confirm_entry or _confirmed_in(before))
    assessed = _reassess(assessor, application, before, waive, confirm_entry)
    if isinstance(assessed, ReviewRefused):
        return assessed
    reasons = Reasons(reason_applicant or (EXCEPTION_MADE if waive else ""), reason_staff)
    obstacle = obstacle_to_approval(assessed.assessment, waive, reasons)
    if obstacle is not None:
        return obstacle
    current = settle_assessment(session, context, application, assessed, before)
    if confirm_entry and assessed.body is not None:
        learn_spelling(session, context, assessor.registers, application, assessed.body)
    return write_approval(session, context, event, application, current, reasons, waive)


def refuse(
    session: Session,
    context: Context,
    event: LoadedEvent,
    reference: str,
    *,
    version: int | None = None,
    reason_applicant: str,
    reason_staff: str,
) -> Decided | ReviewRefused:
    """Refuses, with a reason for the applicant and one for the staff; ends the pass of one who was approved."""
    context.require(Permission.APPLICATIONS_REVIEW)
    application = opened(session, event, reference, version, ApplicationState.REFUSED)
    if isinstance(application, ReviewRefused):
        return application
    reasons = Reasons(reason_applicant, reason_staff)
    obstacle = _incomplete(reasons)
    if obstacle is not None:
        return obstacle
    current = latest_assessment(session, application)
    if current is None:
        assessed = assessor_for(session, event, applied_of(application)).assess(applied_of(application))
        current = settle_assessment(session, context, application, assessed, None)
    return write_refusal(session, context, event, application, current, reasons)


def withdraw(
    session: Session, context: Context, event: LoadedEvent, reference: str, *, version: int | None = None
) -> Decided | ReviewRefused:
    """Withdraws on the applicant's word, until the pass is collected; after that it can only be revoked."""
    context.require(Permission.APPLICATIONS_REVIEW)
    application = opened(session, event, reference, version, ApplicationState.WITHDRAWN)
    if isinstance(application, ReviewRefused):
        return application
    held = live_pass(session, application)
    if held is not None and PassState.COLLECTED in {held.state, held.suspended_from}:
        words = f"the pass of {application.reference} was collected already; revoke the pass instead"
        return ReviewRefused(ReviewFault.COLLECTED, words)
    return write_move(
        session, context, event, application, ApplicationState.WITHDRAWN, Action.APPLICATION_WITHDRAWN, "withdrawn"
    )


def reopen(
    session: Session, context: Context, event: LoadedEvent, reference: str, *, version: int | None = None
) -> Decided | ReviewRefused:
    """Takes a decision or a withdrawal back: the application waits for a person again, a pass ends."""
    context.require(Permission.APPLICATIONS_REVIEW)
    application = opened(session, event, reference, version, ApplicationState.ASSESSED)
    if isinstance(application, ReviewRefused):
        return application
    if application.state not in {ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}:
        return ReviewRefused(ReviewFault.WRONG_STATE, f"{application.reference} is open already; nothing to reopen")
    taken = _place_taken(session, application)
    if taken is not None:
        words = f"{taken} took the place of {application.reference}; refuse or withdraw that one first"
        return ReviewRefused(ReviewFault.REPLACED, words)
    return write_move(
        session, context, event, application, ApplicationState.ASSESSED, Action.APPLICATION_REOPENED, "reopened"
    )


def opened(
    session: Session, event: LoadedEvent, reference: str, version: int | None, wanted: ApplicationState
) -> Application | ReviewRefused:
    """The application, locked and fit to become `wanted`. Raises `StaleDecision` if it changed since it was read."""
    application = find_application(session, event, reference, to_change=True)
    if application is None:
        words = "there is no application with this reference; compare it letter by letter"
        return ReviewRefused(ReviewFault.UNKNOWN_REFERENCE, words)
    if version is not None and application.version != version:
        raise StaleDecision(application.reference)
    # One that was not screened yet is assessed on the way to its decision.
    from_here = ApplicationState.ASSESSED if application.state is ApplicationState.SUBMITTED else application.state
    if (from_here, wanted) not in MOVES:
        cure = "; reopen it first" if application.state is ApplicationState.WITHDRAWN else ""
        words = f"{application.reference} is {application.state.value} and cannot become {wanted.value}{cure}"
        return ReviewRefused(ReviewFault.WRONG_STATE, words)
    return application


def obstacle_to_approval(assessment: Assessment, waive: frozenset[Rule], reasons: Reasons) -> ReviewRefused | None:
    """What still stands between these findings and an approval by a person."""
    against = [one for one in assessment.findings if one.outcome is FindingOutcome.AGAINST]
    if against:
        named = "; ".join(f"{one.rule.value}: {one.staff}" for one in against)
        words = f"{named}. Waive {', '.join(one.rule.value for one in against)} with a reason, or refuse."
        return ReviewRefused(ReviewFault.NEEDS_WAIVER, words)
    if max(len(reasons.staff), len(reasons.applicant)) > LONGEST_REASON:
        return _too_long()
    if (waive or not assessment.is_clear) and not reasons.staff.strip():
        named = ", ".join(one.rule.value for one in assessment.findings if one.code == "waived" or _asks(one.outcome))
        words = f"say for the staff why this is approved all the same ({named or 'a waiver'})"
        return ReviewRefused(ReviewFault.REASON_MISSING, words)
    return None


def settle_assessment(
    session: Session, context: Context, application: Application, assessed: Assessed, before: AssessmentRecord | None
) -> AssessmentRecord:
    """The record that a decision cites: the one there is, where it says the same, else a new one."""
    if application.state is ApplicationState.SUBMITTED:
        put_state(application, ApplicationState.ASSESSED)
    if before is not None and says_the_same(before, assessed):
        return before
    return add_assessment(session, context, application, assessed, before)


def _asks(outcome: FindingOutcome) -> bool:
    return outcome in {FindingOutcome.REVIEW, FindingOutcome.CANNOT_TELL}


def _confirmed_in(before: AssessmentRecord | None) -> str:
    """The body that a reviewer confirmed earlier; it stays confirmed."""
    return settled_in(findings_of(before)).confirmed if before is not None else ""


def _reassess(
    assessor: Assessor,
    application: Application,
    before: AssessmentRecord | None,
    waive: frozenset[Rule],
    confirm_entry: str | None,
) -> Assessed | ReviewRefused:
    """The findings as of now, with what the reviewer settles."""
    applied = applied_of(application)
    if confirm_entry and assessor.find(applied, Settled(confirmed=confirm_entry)) is None:
        words = "no list of this category has an entry of this number, or two have it; write it as LIST/NUMBER"
        return ReviewRefused(ReviewFault.UNKNOWN_ENTRY, words)
    return assessor.assess(applied, Settled(waive, confirm_entry or _confirmed_in(before)))


def _incomplete(reasons: Reasons) -> ReviewRefused | None:
    if not (reasons.applicant.strip() and reasons.staff.strip()):
        words = "a refusal needs two reasons: one for the applicant, one for the staff"
        return ReviewRefused(ReviewFault.REASON_MISSING, words)
    return _too_long() if max(len(reasons.staff), len(reasons.applicant)) > LONGEST_REASON else None


def _too_long() -> ReviewRefused:
    return ReviewRefused(
        ReviewFault.REASON_TOO_LONG, f"a reason is longer than {LONGEST_REASON} characters; shorten it"
    )


def _place_taken(session: Session, application: Application) -> str | None:
    """The reference of the application that took this one's place and is still in."""
    out = (ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
    wanted = select(Application.reference).where(
        Application.replaces_id == application.id, Application.state.not_in(out)
    )
    return session.scalar(wanted)
