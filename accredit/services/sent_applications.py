"""How applications stand, for programs: those that one program sent, or all of them; by page, without a person's data."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.intake import SubmissionKey
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import plain_reference

MOST = 200
_PLACE = struct.Struct(">q16s")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """One application as a program sees it."""

    reference: str
    state: str
    category: str
    organisation: str
    language: str
    received_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class StandingPage:
    """A page in the order in which they came in; `after` is empty on the last one."""

    rows: Sequence[Standing]
    after: str


@dataclass(frozen=True, slots=True)
class CursorRefused:
    """The cursor was not handed out by us."""


def standing_of(session: Session, event: LoadedEvent, reference: str, *, sent_by: UUID | None) -> Standing | None:
    """One application; with `sent_by` only where this account sent it."""
    wanted = _columns().where(
        Application.event_id == event.record.id, Application.reference == plain_reference(reference)
    )
    if sent_by is not None:
        own = select(SubmissionKey.application_id).where(SubmissionKey.account_id == sent_by)
        wanted = wanted.where(Application.id.in_(own))
    row = session.execute(wanted).one_or_none()
    return _standing(row) if row is not None else None


def standings(
    session: Session, event: LoadedEvent, *, sent_by: UUID | None, after: str, limit: int
) -> StandingPage | CursorRefused:
    """A page of those that this account sent, or of all, after the place that the page before told."""
    place = _read(after) if after else (_BEGINNING, UUID(int=0))
    if place is None:
        return CursorRefused()
    wanted = _columns().where(Application.event_id == event.record.id)
    if sent_by is None:
        order = (Application.received_at, Application.id)
    else:
        order = (SubmissionKey.taken_at, SubmissionKey.application_id)
        wanted = wanted.join(SubmissionKey, SubmissionKey.application_id == Application.id)
        wanted = wanted.where(SubmissionKey.account_id == sent_by)
    wanted = wanted.add_columns(*order).where(tuple_(*order) > place).order_by(*order).limit(limit + 1)
    rows: Sequence[Any] = session.execute(wanted).all()
    shown = rows[:limit]
    last = _told(shown[-1][-2], shown[-1][-1]) if len(rows) > limit else ""
    return StandingPage([_standing(row) for row in shown], last)


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        Application.reference,
        Application.state,
        Application.category,
        Application.organisation,
        Application.language,
        Application.received_at,
        Application.version,
    )


def _standing(row: Sequence[Any]) -> Standing:
    reference, state, category, organisation, language, received_at, version = row[:7]
    return Standing(reference, str(state), category, organisation, language, received_at, version)


def _told(moment: datetime, row_id: UUID) -> str:
    """A place in the order as a cursor: the microseconds since 1970, and the id."""
    passed = (moment - _BEGINNING) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(_PLACE.pack(passed, row_id.bytes)).decode()


def _read(cursor: str) -> tuple[datetime, UUID] | None:
    try:
        passed, row_id = _PLACE.unpack(base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True))
        return _BEGINNING + timedelta(microseconds=passed), UUID(bytes=row_id)
    except (UnicodeEncodeError, binascii.Error, struct.error, OverflowError, ValueError):
        return None
