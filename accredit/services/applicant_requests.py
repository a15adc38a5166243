"""What applicants asked for that a person has to judge: a change beyond a slip of the pen, the end of their data.

A change that is accepted opens an approved application again, so that its pass ends and somebody decides about what it says
now; nothing is changed behind a decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.outbox import ApplicantRequest
from accredit.domain.messages import RequestKind, RequestState
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent


@dataclass(frozen=True, slots=True)
class RequestShown:
    """One request as the staff reads it: field → what is wanted, in the order of the form."""

    id: UUID
    reference: str
    kind: RequestKind
    state: RequestState
    wanted: Mapping[str, str] = field(repr=False)
    made_at: datetime
    due_at: datetime | None
    settled_at: datetime | None


def ask(
    session: Session,
    context: Context,
    application: Application,
    kind: RequestKind,
    wanted: Mapping[str, str],
    *,
    state: RequestState = RequestState.OPEN,
    due_at: datetime | None = None,
) -> ApplicantRequest:
    """Writes a request down. A newer one of the same kind takes the place of one that is still open."""
    now = context.now()
    held = open_request(session, application, kind) if state is RequestState.OPEN else None
    told = json.dumps({**(json.loads(held.wanted) if held is not None else {}), **wanted}, ensure_ascii=False)
    if held is not None:
        held.wanted, held.made_at, held.due_at = told, now, due_at
        made = held
    else:
        made = ApplicantRequest(
            id=context.new_id(),
            application_id=application.id,
            kind=kind,
            state=state,
            wanted=told,
            made_at=now,
            due_at=due_at,
            settled_at=None if state is RequestState.OPEN else now,
        )
        session.add(made)
    record(session, context, Action.REQUEST_MADE, Subject("application", application.reference), sorted(wanted))
    return made


def open_request(session: Session, application: Application, kind: RequestKind) -> ApplicantRequest | None:
    """The request of this kind that nobody has dealt with yet."""
    wanted = select(ApplicantRequest).where(
        ApplicantRequest.application_id == application.id,
        ApplicantRequest.kind == kind,
        ApplicantRequest.state == RequestState.OPEN,
    )
    return session.scalar(wanted.order_by(ApplicantRequest.made_at.desc()).limit(1))


def requests_of(session: Session, application: Application) -> tuple[RequestShown, ...]:
    """Everything that this applicant asked for, the oldest first."""
    wanted = select(ApplicantRequest).where(ApplicantRequest.application_id == application.id)
    found = session.scalars(wanted.order_by(ApplicantRequest.made_at))
    return tuple(_shown(one, application.reference) for one in found)


def open_requests(session: Session, event: LoadedEvent, kind: RequestKind | None = None) -> tuple[RequestShown, ...]:
    """What waits for a person, the oldest first."""
    wanted = (
        select(ApplicantRequest, Application.reference)
        .join(Application, Application.id == ApplicantRequest.application_id)
        .where(Application.event_id == event.record.id, ApplicantRequest.state == RequestState.OPEN)
        .order_by(ApplicantRequest.made_at)
    )
    if kind is not None:
        wanted = wanted.where(ApplicantRequest.kind == kind)
    return tuple(_shown(one, reference) for one, reference in session.execute(wanted))


def settle(session: Session, context: Context, reference: str, request: ApplicantRequest, state: RequestState) -> None:
    """Notes how a request ended."""
    request.state, request.settled_at, request.settled_by = state, context.now(), context.actor.name
    record(session, context, Action.REQUEST_SETTLED, Subject("application", reference), ("state",))


def _shown(one: ApplicantRequest, reference: str) -> RequestShown:
    return RequestShown(
        id=one.id,
        reference=reference,
        kind=one.kind,
        state=one.state,
        wanted=json.loads(one.wanted),
        made_at=one.made_at,
        due_at=one.due_at,
        settled_at=one.settled_at,
    )
