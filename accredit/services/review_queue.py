"""The queue of the reviewers: applications in the order of receipt, by state and outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, defer

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import plain_reference
from accredit.services.surroundings import is_latest

LONGEST_PAGE = 200
UNDECIDED = (ApplicationState.ASSESSED, ApplicationState.WAITING)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One application in the queue. `open_codes` are "rule: code" of the findings that are not clear."""

    reference: str
    version: int
    state: ApplicationState
    category: str
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    organisation: str
    received_at: datetime
    outcome: Outcome | None
    is_clear: bool
    open_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue in the order of receipt; `after` asks for the next one, None on the last."""

    rows: tuple[QueueRow, ...]
    after: str | None


def queue(
    session: Session,
    event: LoadedEvent,
    *,
    outcome: Outcome | None = None,
    state: ApplicationState | None = None,
    undecided: bool = False,
    limit: int = LONGEST_PAGE,
    after: str | None = None,
) -> QueuePage:
    """Applications in the order of receipt; by state, by the outcome of the latest assessment, or all. `undecided` leaves
    those that wait for a decision: assessed, or waiting for somebody's answer.

    `after` is the reference of the last row of the page before; an unknown one gives an empty page.
    """
    size = max(1, min(limit, LONGEST_PAGE))
    wanted = (
        select(Application, AssessmentRecord)
        .outerjoin(AssessmentRecord, and_(AssessmentRecord.application_id == Application.id, is_latest()))
        .where(Application.event_id == event.record.id)
        .order_by(Application.received_at, Application.id)
        .options(defer(Application.email), defer(Application.birth_date))
        .limit(size + 1)
    )
    if outcome is not None:
        wanted = wanted.where(AssessmentRecord.outcome == outcome)
    if state is not None:
        wanted = wanted.where(Application.state == state)
    if undecided:
        wanted = wanted.where(Application.state.in_(UNDECIDED))
    if after is not None:
        wanted = _beyond(wanted, event, after)
    found = session.execute(wanted).all()
    rows = tuple(_row(application, assessment) for application, assessment in found[:size])
    return QueuePage(rows, rows[-1].reference if len(found) > size else None)


def _beyond(
    wanted: Select[Application, AssessmentRecord], event: LoadedEvent, after: str
) -> Select[Application, AssessmentRecord]:
    last = select(Application.received_at, Application.id).where(
        Application.event_id == event.record.id, Application.reference == plain_reference(after)
    )
    at = last.with_only_columns(Application.received_at).correlate(None).scalar_subquery()
    own = last.with_only_columns(Application.id).correlate(None).scalar_subquery()
    return wanted.where(or_(Application.received_at > at, and_(Application.received_at == at, Application.id > own)))


def _row(application: Application, assessment: AssessmentRecord | None) -> QueueRow:
    told: Sequence[dict[str, Any]] = assessment.findings if assessment is not None else ()
    return QueueRow(
        reference=application.reference,
        version=application.version,
        state=application.state,
        category=application.category,
        surname=application.surname,
        given_names=application.given_names,
        organisation=application.organisation,
        received_at=application.received_at,
        outcome=assessment.outcome if assessment is not None else None,
        is_clear=assessment is not None and assessment.is_clear,
        open_codes=tuple(
            f"{one['rule']}: {one['code']}" for one in told if one["outcome"] not in {"clear", "not_applicable"}
        ),
    )
