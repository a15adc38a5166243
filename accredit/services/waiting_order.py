"""Who waits for a place in the delegation of a body: first come, first served, by the time of receipt.

The quota finding of the latest assessment says who waits. When a delegate withdraws or is refused, the next one is shown; a
person decides, and the approval looks at the quota anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.models.lists import Edition, Entry
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Rule
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import find_application
from accredit.services.surroundings import is_latest

_OPEN = (ApplicationState.ASSESSED, ApplicationState.WAITING)


@dataclass(frozen=True, slots=True)
class InLine:
    """One who waits: for which body, and on which place of its line."""

    reference: str
    body: str
    place: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class _Waiting:
    key: tuple[str, str]
    body: str
    reference: str
    received_at: datetime


def waiting_lines(session: Session, event: LoadedEvent) -> tuple[InLine, ...]:
    """Everybody who waits, body by body, in the order of receipt."""
    found = sorted(_waiting(session, event.record.id), key=lambda one: one.key)  # stable: receipt stays within a body
    return tuple(
        InLine(one.reference, one.body, place, one.received_at)
        for _, line in groupby(found, lambda one: one.key)
        for place, one in enumerate(line, 1)
    )


def next_in_line(session: Session, event: LoadedEvent, reference: str) -> InLine | None:
    """Who comes next, now that this application gave its place back; None where it held none, or nobody waits."""
    application = find_application(session, event, reference)
    key = _body_of(session, application.id) if application is not None else None
    if key is None:
        return None
    first = next((one for one in _waiting(session, event.record.id) if one.key == key), None)
    return InLine(first.reference, first.body, 1, first.received_at) if first is not None else None


def _body_of(session: Session, application_id: UUID) -> tuple[str, str] | None:
    """The body in whose delegation it had a place; None where it waited itself, or no body is settled."""
    wanted = (
        select(Edition.list_key, Entry.external_id, AssessmentRecord.findings)
        .join(Entry, Entry.edition_id == Edition.id)
        .join(AssessmentRecord, AssessmentRecord.entry_id == Entry.id)
        .where(AssessmentRecord.application_id == application_id, is_latest())
    )
    row = session.execute(wanted).first()
    return (row[0], row[1]) if row is not None and not _waits(row[2]) else None


def _waits(findings: Sequence[Mapping[str, Any]]) -> bool:
    return any(one["rule"] == Rule.QUOTA.value and one["code"] == "quota_reached" for one in findings)


def _waiting(session: Session, event_id: UUID) -> Iterator[_Waiting]:
    wanted = (
        select(
            Application.reference,
            Application.received_at,
            Edition.list_key,
            Entry.external_id,
            Entry.name,
            AssessmentRecord.findings,
        )
        .join(AssessmentRecord, AssessmentRecord.application_id == Application.id)
        .join(Entry, Entry.id == AssessmentRecord.entry_id)
        .join(Edition, Edition.id == Entry.edition_id)
        .where(Application.event_id == event_id, Application.state.in_(_OPEN), is_latest())
        .order_by(Application.received_at, Application.id)
    )
    for reference, received_at, list_key, external_id, name, findings in session.execute(wanted):
        if _waits(findings):
            yield _Waiting((list_key, external_id), name, reference, received_at)
