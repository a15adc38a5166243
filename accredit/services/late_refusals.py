"""Refuses the clearly late all at once, after one look at who they are.

Clearly late is a day or more after the end of the deadline day, by the finding of the latest assessment. Less goes to a
person, one by one: the call named no time zone. Whoever was waived or decided is not among them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Finding, FindingOutcome, Rule
from accredit.domain.deadline_rule import may_be_refused_in_bulk
from accredit.domain.permissions import Permission
from accredit.services.assessing import findings_of
from accredit.services.context import Context
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import lock_applications, plain_reference
from accredit.services.reviewing import ReviewRefused, refuse
from accredit.services.surroundings import is_latest

_OPEN = (ApplicationState.ASSESSED, ApplicationState.WAITING)


@dataclass(frozen=True, slots=True)
class LateOne:
    """An application that waits for its decision and came clearly too late."""

    reference: str
    organisation: str
    received_at: datetime
    applicant: str
    staff: str


@dataclass(frozen=True, slots=True)
class LateReport:
    """Who was refused, and those named who could not be, with the cause."""

    refused: tuple[Decided, ...]
    left: tuple[tuple[str, ReviewRefused], ...]


def clearly_late(session: Session, event: LoadedEvent) -> tuple[LateOne, ...]:
    """Those who can be refused at once, in the order of receipt. Only who was screened is among them."""
    wanted = (
        select(Application.reference, Application.organisation, Application.received_at, AssessmentRecord)
        .join(AssessmentRecord, AssessmentRecord.application_id == Application.id)
        .where(Application.event_id == event.record.id, Application.state.in_(_OPEN), is_latest())
        .order_by(Application.received_at, Application.id)
    )
    return tuple(
        LateOne(reference, organisation, received_at, late.applicant, late.staff)
        for reference, organisation, received_at, assessment in session.execute(wanted)
        if may_be_refused_in_bulk(event.event, received_at)
        for late in [_late(assessment)]
        if late is not None
    )


def _late(assessment: AssessmentRecord) -> Finding | None:
    """The finding that it is late; None where the category has no deadline or the rule was waived."""
    against = (one for one in findings_of(assessment) if one.outcome is FindingOutcome.AGAINST)
    return next((one for one in against if one.rule is Rule.DEADLINE), None)


def refuse_late(session: Session, context: Context, event: LoadedEvent, references: Collection[str]) -> LateReport:
    """Refuses those among the clearly late that were looked at (`references`); each with the words of its own finding."""
    context.require(Permission.APPLICATIONS_REVIEW)
    lock_applications(session, event, references)  # all at once and in one order, as every batch does
    named = {plain_reference(one) for one in references}
    refused, left = [], []
    for late in clearly_late(session, event):
        if late.reference not in named:
            continue
        done = refuse(session, context, event, late.reference, reason_applicant=late.applicant, reason_staff=late.staff)
        if isinstance(done, Decided):
            refused.append(done)
        else:
            left.append((late.reference, done))
    return LateReport(tuple(refused), tuple(left))
