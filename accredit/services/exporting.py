"""What can be exported, column by column: the least personal data by default, and who may have the rest.

Nothing that opens a door is among the columns: no serial, no code, no hash of a document. An export is written into the audit
trail with its columns before its first row leaves the house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.models.decisions import Decision
from accredit.db.models.gate import Device, Scan
from accredit.db.models.passes import Badge, Pass
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.export_cells import Cell, cell_of

_AT_A_TIME = 500


class ExportKind(StrEnum):
    """Of what a table can be had."""

    APPLICATIONS = "applications"
    DECISIONS = "decisions"
    PASSES = "passes"
    SCANS = "scans"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, and whether it tells who somebody is."""

    name: str
    holds: Any
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """A table that can be had: its columns, where the rows come from, and who may read them."""

    columns: tuple[Column, ...]
    rows: Callable[[LoadedEvent, Sequence[Any]], Select[Any]]
    needs: Permission = Permission.APPLICATIONS_READ

    @property
    def usual(self) -> tuple[str, ...]:
        """The columns of whoever chooses none."""
        return tuple(one.name for one in self.columns if not one.is_personal)


@dataclass(frozen=True, slots=True)
class Granted:
    """An export that may be made and stands in the trail."""

    kind: ExportKind
    columns: tuple[Column, ...] = field(repr=False)

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [one.name for one in self.columns]


@dataclass(frozen=True, slots=True)
class ExportRefused:
    """Nothing was exported: a sentence with the cure."""

    message: str


def grant(
    session: Session, context: Context, kind: ExportKind, names: Sequence[str], file_format: str
) -> Granted | ExportRefused:
    """Settles whether this export may be made, and writes it into the trail; `NotAllowed` is raised as everywhere."""
    export = EXPORTS[kind]
    context.require(Permission.EXPORTS_MAKE)
    context.require(export.needs)
    chosen = tuple(one for one in export.columns if one.name in set(names))
    if not chosen:
        return ExportRefused("choose at least one column")
    if any(one.is_personal for one in chosen):
        context.require(Permission.EXPORTS_PERSONAL)
    subject = Subject("export", f"{kind.value}.{file_format}")
    record(session, context, Action.EXPORT_MADE, subject, (one.name for one in chosen))
    return Granted(kind, chosen)


def rows_of(session: Session, event: LoadedEvent, granted: Granted) -> Iterator[list[Cell]]:
    """The rows, a few hundred in memory at a time, each cell harmless in a spreadsheet."""
    wanted = EXPORTS[granted.kind].rows(event, [one.holds for one in granted.columns])
    for row in session.execute(wanted.execution_options(yield_per=_AT_A_TIME)):
        yield [cell_of(value, event.event.zone) for value in row]


def count_of(session: Session, event: LoadedEvent, kind: ExportKind) -> int:
    """How many rows there are."""
    first = EXPORTS[kind].columns[0].holds
    rows = EXPORTS[kind].rows(event, [first]).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def _applications(event: LoadedEvent, columns: Sequence[Any]) -> Select[Any]:
    wanted = select(*columns).where(Application.event_id == event.record.id)
    return wanted.order_by(Application.received_at, Application.id)


def _decisions(event: LoadedEvent, columns: Sequence[Any]) -> Select[Any]:
    wanted = select(*columns).select_from(Decision).join(Application, Application.id == Decision.application_id)
    return wanted.where(Application.event_id == event.record.id).order_by(Decision.decided_at, Decision.id)


def _passes(event: LoadedEvent, columns: Sequence[Any]) -> Select[Any]:
    wanted = select(*columns).select_from(Pass).join(Application, Application.id == Pass.application_id)
    return wanted.where(Pass.event_id == event.record.id).order_by(Pass.created_at, Pass.id)


def _scans(event: LoadedEvent, columns: Sequence[Any]) -> Select[Any]:
    wanted = (
        select(*columns)
        .select_from(Scan)
        .join(Device, Device.id == Scan.device_id)
        .outerjoin(Pass, and_(Pass.event_id == Scan.event_id, Pass.serial == Scan.serial))
        .outerjoin(Application, Application.id == Pass.application_id)
    )
    return wanted.where(Scan.event_id == event.record.id).order_by(Scan.scanned_at, Scan.id)


def _audit(_event: LoadedEvent, columns: Sequence[Any]) -> Select[Any]:
    return select(*columns).select_from(AuditEntry).order_by(AuditEntry.number)


_BADGES = select(func.count(Badge.id)).where(Badge.pass_id == Pass.id).correlate(Pass).scalar_subquery()

_PERSON = (
    Column("surname", Application.surname, is_personal=True),
    Column("given_names", Application.given_names, is_personal=True),
)

EXPORTS: dict[ExportKind, Export] = {
    ExportKind.APPLICATIONS: Export(
        (
            Column("reference", Application.reference),
            Column("state", Application.state),
            Column("category", Application.category),
            Column("organisation", Application.organisation),
            Column("organisation_country", Application.organisation_country),
            Column("rules_say", Application.outcome),
            Column("flagged", Application.is_flagged),
            Column("late", Application.is_late),
            Column("list", Application.list_key),
            Column("affiliation", Application.affiliation),
            Column("grounds_pass", Application.grounds_pass),
            Column("language", Application.language),
            Column("received_at", Application.received_at),
            *_PERSON,
            Column("latin_surname", Application.latin_surname, is_personal=True),
            Column("latin_given_names", Application.latin_given_names, is_personal=True),
            Column("nationality", Application.nationality, is_personal=True),
            Column("birth_date", Application.birth_date, is_personal=True),
            Column("email", Application.email, is_personal=True),
        ),
        _applications,
    ),
    ExportKind.DECISIONS: Export(
        (
            Column("reference", Application.reference),
            Column("verdict", Decision.verdict),
            Column("by_rule", Decision.automatic),
            Column("actor", Decision.actor),
            Column("decided_at", Decision.decided_at),
            Column("waived", Decision.waived),
            Column("legal_basis", Decision.legal_basis),
            # What was written about a person may name him.
            Column("reason_applicant", Decision.reason_applicant, is_personal=True),
            Column("reason_staff", Decision.reason_staff, is_personal=True),
            *_PERSON,
        ),
        _decisions,
    ),
    ExportKind.PASSES: Export(
        (
            Column("reference", Application.reference),
            Column("category", Application.category),
            Column("state", Pass.state),
            Column("created_at", Pass.created_at),
            Column("valid_from", Pass.valid_from),
            Column("valid_until", Pass.valid_until),
            Column("collected_at", Pass.collected_at),
            Column("collected_by", Pass.collected_by),
            Column("document_type", Pass.document_type),
            Column("badges_printed", _BADGES),
            Column("organisation", Application.organisation),
            *_PERSON,
        ),
        _passes,
    ),
    ExportKind.SCANS: Export(
        (
            Column("scanned_at", Scan.scanned_at),
            Column("received_at", Scan.received_at),
            Column("checkpoint", Scan.checkpoint),
            Column("lane", Scan.lane),
            Column("device", Device.name),
            Column("direction", Scan.direction),
            Column("source", Scan.source),
            Column("verdict", Scan.verdict),
            Column("reason", Scan.reason),
            Column("sight_class", Scan.sight_class),
            Column("clock_suspect", Scan.clock_suspect),
            Column("from_paper", Scan.from_paper),
            # Where somebody was, and which officer stood there, is told of persons.
            Column("officer", Scan.officer, is_personal=True),
            Column("reference", Application.reference, is_personal=True),
        ),
        _scans,
    ),
    ExportKind.AUDIT: Export(
        (
            Column("number", AuditEntry.number),
            Column("at", AuditEntry.at),
            Column("actor", AuditEntry.actor),
            Column("action", AuditEntry.action),
            Column("subject_kind", AuditEntry.subject_kind),
            Column("subject_id", AuditEntry.subject_id),
            Column("fields", AuditEntry.fields),
            Column("digest", AuditEntry.digest),
        ),
        _audit,
        Permission.AUDIT_READ,
    ),
}
