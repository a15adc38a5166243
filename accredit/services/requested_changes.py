"""The changes that applicants ask for, beside what their applications say now: what a reviewer reads before answering."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.domain.applications import ApplicationState
from accredit.domain.messages import RequestKind
from accredit.domain.permissions import Permission
from accredit.services.applicant_requests import open_requests
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.own_fields import fields_of


@dataclass(frozen=True, slots=True)
class FieldWanted:
    """One field as it is, and as the applicant wants it."""

    name: str
    now: str = field(repr=False)
    wanted: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RequestedChange:
    """What one applicant asks for."""

    reference: str
    state: ApplicationState
    made_at: datetime
    fields: tuple[FieldWanted, ...]


def requested_changes(session: Session, context: Context, event: LoadedEvent) -> tuple[RequestedChange, ...]:
    """What waits for a reviewer, the oldest first."""
    context.require(Permission.APPLICATIONS_REVIEW)
    asked = open_requests(session, event, RequestKind.AMENDMENT)
    wanted = select(Application).where(
        Application.event_id == event.record.id, Application.reference.in_([one.reference for one in asked])
    )
    by_reference = {one.reference: one for one in session.scalars(wanted)}
    found = []
    for one in asked:
        application = by_reference[one.reference]
        now = fields_of(application)
        fields = tuple(FieldWanted(name, now.get(name, ""), value) for name, value in one.wanted.items())
        found.append(RequestedChange(one.reference, application.state, one.made_at, fields))
    return tuple(found)
