"""Approves the clear ones in a reviewer's name, after one look at who they are.

Clear is who has no finding that asks for a person, and about whom no person said anything before. Each is assessed once more
with its approval; whoever is not clear any more, or was changed since the list was looked at, is left and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.domain.applications import ApplicationState
from accredit.domain.permissions import Permission
from accredit.services.context import Context
from accredit.services.deciding import Decided
from accredit.services.earlier_decisions import dealt_with_query
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import lock_applications, plain_reference
from accredit.services.reviewing import ReviewFault, ReviewRefused, approve

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ClearOne:
    """An application that waits for nothing but a yes."""

    reference: str
    version: int
    surname: str
    given_names: str
    organisation: str
    category: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ClearList:
    """The first of them in the order of receipt, and how many there are."""

    rows: tuple[ClearOne, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ClearReport:
    """Who was approved, and those named who were left, with the cause."""

    approved: tuple[Decided, ...]
    left: tuple[tuple[str, ReviewRefused], ...]


def clear_ones(session: Session, event: LoadedEvent, *, limit: int = MOST_AT_ONCE) -> ClearList:
    """Who can be approved at once."""
    columns = (
        Application.reference,
        Application.version,
        Application.surname,
        Application.given_names,
        Application.organisation,
        Application.category,
        Application.received_at,
    )
    where = _are_clear(event)
    wanted = select(*columns).where(*where).order_by(Application.received_at, Application.id).limit(limit)
    rows = tuple(ClearOne(*row) for row in session.execute(wanted))
    total = session.scalar(select(func.count()).select_from(Application).where(*where)) or 0
    return ClearList(rows, total)


def approve_clear_ones(
    session: Session, context: Context, event: LoadedEvent, looked_at: Mapping[str, int]
) -> ClearReport:
    """Approves those that were looked at: reference → version that was shown. At most `MOST_AT_ONCE`."""
    context.require(Permission.APPLICATIONS_REVIEW)
    named = {plain_reference(one): version for one, version in list(looked_at.items())[:MOST_AT_ONCE]}
    locked = lock_applications(session, event, named)
    approved, left = [], []
    for reference, version in named.items():
        application = locked.get(reference)
        if application is None or application.version != version:
            told = f"{reference} was changed meanwhile; look at it alone"
            left.append((reference, ReviewRefused(ReviewFault.CHANGED, told)))
            continue
        done = approve(session, context, event, reference, version=version)
        if isinstance(done, Decided):
            approved.append(done)
        else:
            left.append((reference, done))
    return ClearReport(tuple(approved), tuple(left))


def _are_clear(event: LoadedEvent) -> tuple[ColumnElement[bool], ...]:
    return (
        Application.event_id == event.record.id,
        Application.state == ApplicationState.ASSESSED,
        Application.outcome.is_not(None),
        Application.is_flagged.is_(False),
        Application.id.not_in(dealt_with_query(event.record.id)),
    )
