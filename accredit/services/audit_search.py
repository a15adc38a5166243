"""The audit trail, searched: by who acted, what was done, on what, and when; the latest first, by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.audit import AuditEntry
from accredit.domain.permissions import Permission
from accredit.services.auditing import digest_of, first_broken, length
from accredit.services.context import Context
from accredit.services.references import plain_reference

LONGEST_PAGE = 200
_KINDS = ("user", "cli", "device", "rule", "applicant", "token")


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What is looked for; empty and None stand for anything. `since` counts, `until` does not."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row; `fits` says whether its digest is that of what stands in it, and of the row before it."""

    number: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    fields: tuple[str, ...]
    fits: bool


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page, the latest first; `before` asks for the next one, None on the last."""

    rows: tuple[AuditRow, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """How many rows there are, and the first that does not fit; None where all do."""

    rows: int
    broken: int | None


def search(
    session: Session, context: Context, query: AuditQuery, *, before: int | None = None, limit: int = 50
) -> AuditPage:
    """One page, found along an index whatever is asked for."""
    context.require(Permission.AUDIT_READ)
    size = max(1, min(limit, LONGEST_PAGE))
    wanted = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(size + 1)
    if query.actor.strip():
        wanted = wanted.where(AuditEntry.actor.in_(_actors(query.actor)))
    if query.action:
        wanted = wanted.where(AuditEntry.action == query.action)
    if query.subject.strip():
        wanted = wanted.where(AuditEntry.subject_id.in_(_subjects(query.subject)))
    if query.since is not None:
        wanted = wanted.where(AuditEntry.at >= query.since)
    if query.until is not None:
        wanted = wanted.where(AuditEntry.at < query.until)
    if before is not None:
        wanted = wanted.where(AuditEntry.number < before)
    found = session.scalars(wanted).all()
    return AuditPage(_rows(found[:size]), found[size - 1].number if len(found) > size else None)


def check_chain(session: Session, context: Context) -> ChainCheck:
    """The whole chain from its first row; it takes as long as the trail is."""
    context.require(Permission.AUDIT_READ)
    return ChainCheck(length(session), first_broken(session))


def _actors(typed: str) -> list[str]:
    """An account may be named as the staff know it, or with its kind before it."""
    name = typed.strip()
    return [name, *(f"{kind}:{name}" for kind in _KINDS)]


def _subjects(typed: str) -> list[str]:
    """As it was typed, and as a reference is kept."""
    return [typed.strip(), plain_reference(typed)]


def _rows(found: Sequence[AuditEntry]) -> tuple[AuditRow, ...]:
    return tuple(
        AuditRow(
            one.number,
            one.at,
            one.actor,
            one.action,
            one.subject_kind,
            one.subject_id,
            tuple(one.fields),
            one.digest == digest_of(one),
        )
        for one in found
    )
