"""Who waits for a place in the delegation of a body: first come, first served, by the time of receipt.

Beyond the quota an application waits, as its latest assessment says. When a delegate withdraws, is refused, or loses the
pass by a revocation, the next one is assessed anew and goes to the reviewers; the trail tells it. A person decides, and the
approval looks at the quota once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.models.lists import Edition, Entry
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import FindingOutcome, Rule
from accredit.domain.person_rules import QUOTA_REACHED
from accredit.services.assessing import category_of
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.organisations import BodyKey
from accredit.services.screening_one import screen
from accredit.services.surroundings import is_latest, load_delegations

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
    id: UUID
    key: BodyKey
    body: str
    category: str
    reference: str
    received_at: datetime


def waiting_lines(session: Session, event: LoadedEvent) -> tuple[InLine, ...]:
    """Everybody who waits, body by body, in the order of receipt."""
    waiting = _waiting(session, _asked(event.record.id))
    found = sorted(
        waiting, key=lambda one: (one.key.list_key, one.key.external_id)
    )  # stable: receipt stays within a body
    return tuple(
        InLine(one.reference, one.body, place, one.received_at)
        for _, line in groupby(found, lambda one: one.key)
        for place, one in enumerate(line, 1)
    )


def fill_places(session: Session, context: Context, event: LoadedEvent, application: Application) -> tuple[str, ...]:
    """After this application gave its place back, or lost it: assesses those anew whose turn it is, and answers who they are.

    Does nothing where its category has no quota or it had no place. Somebody who is being decided about at this moment is
    left alone, since that decision looks at the quota itself.
    """
    if category_of(event.event, application.category).quota == 0:
        return ()
    body = _body_of(session, application.id)
    line = list(_waiting(session, _asked(event.record.id, body))) if body is not None else []
    if body is None or not line:
        return ()
    delegation = load_delegations(session, event.record.id, body)
    turns = [
        one
        for one in line
        if delegation.before(body, (one.received_at, one.id)) < category_of(event.event, one.category).quota
    ]
    return tuple(one.reference for one in turns if _advance(session, context, event, one))


def _advance(session: Session, context: Context, event: LoadedEvent, one: _Waiting) -> bool:
    """Never waits for a lock: the end of the audit trail is held already, and applications are locked before it."""
    wanted = select(Application).where(Application.id == one.id, Application.state.in_(_OPEN))
    application = session.scalar(wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    if application is None:
        return False
    screen(session, context, event, application)
    record(session, context, Action.APPLICATION_ADVANCED, Subject("application", application.reference), ("state",))
    return True


def _body_of(session: Session, application_id: UUID) -> BodyKey | None:
    """The body for which it speaks, by its latest assessment."""
    wanted = (
        select(Edition.list_key, Entry.external_id)
        .join(Entry, Entry.edition_id == Edition.id)
        .join(AssessmentRecord, AssessmentRecord.entry_id == Entry.id)
        .where(AssessmentRecord.application_id == application_id, is_latest())
    )
    row = session.execute(wanted).first()
    return BodyKey(*row) if row is not None else None


def _asked(event_id: UUID, body: BodyKey | None = None) -> Select[*tuple[Any, ...]]:
    """What is open, with its body, in the order of receipt; of one body alone, or of all."""
    wanted = (
        select(
            Application.id,
            Application.category,
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
    if body is None:
        return wanted
    return wanted.where(Edition.list_key == body.list_key, Entry.external_id == body.external_id)


def _waiting(session: Session, asked: Select[*tuple[Any, ...]]) -> Iterator[_Waiting]:
    for row in session.execute(asked):
        if _waits(row.findings):
            key = BodyKey(row.list_key, row.external_id)
            yield _Waiting(row.id, key, row.name, row.category, row.reference, row.received_at)


def _waits(findings: Sequence[Mapping[str, Any]]) -> bool:
    """Whether there is no place for it, and nothing that a reviewer refuses it for anyway."""
    against = any(one["outcome"] == FindingOutcome.AGAINST.value for one in findings)
    return not against and any(one["rule"] == Rule.QUOTA.value and one["code"] == QUOTA_REACHED for one in findings)
