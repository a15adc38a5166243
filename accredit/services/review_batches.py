"""Many decisions from one table, row by row, each with its own reasons; a row that cannot be decided leaves the others alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accredit.domain.assessments import Rule
from accredit.domain.deadline_rule import is_late, may_be_refused_in_bulk
from accredit.services.assessing import category_of
from accredit.services.context import Context
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import find_application, lock_applications, plain_reference
from accredit.services.reviewing import ReviewFault, ReviewRefused, approve, refuse, withdraw
from accredit.services.tables import Row, Table

COLUMNS = ("reference", "action", "waive", "confirm", "reason_applicant", "reason_staff")
"""`waive` holds rules with spaces between, `confirm` the number of the listed body that is meant."""

ACTIONS = ("approve", "refuse", "withdraw")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What became of one row."""

    row: int
    reference: str
    result: Decided | ReviewRefused


@dataclass(frozen=True, slots=True)
class BatchReport:
    """All rows, and how many were decided."""

    rows: tuple[BatchRow, ...]
    decided: int

    @property
    def refused(self) -> tuple[BatchRow, ...]:
        """The rows that were not decided."""
        return tuple(one for one in self.rows if isinstance(one.result, ReviewRefused))


@dataclass(frozen=True, slots=True)
class BatchRefused:
    """Nothing was read, for the columns are wrong."""

    code: str
    message: str


def apply_batch(session: Session, context: Context, event: LoadedEvent, table: Table) -> BatchReport | BatchRefused:
    """Decides the rows of a table in their order.

    Whoever is late by less than a day is never refused here: the call named no time zone, so a person decides that alone.
    """
    columns = {name: name.strip().casefold().replace(" ", "_") for name in table.columns}
    wrong = _wrong_columns(columns)
    if wrong is not None:
        return wrong
    rows = [(row, {columns[name]: cell for name, cell in row.cells.items()}) for row in table.rows]
    # All rows at once and in one order: two batches that overlap must not wait for each other.
    lock_applications(session, event, [fields["reference"] for _, fields in rows])
    often = Counter(plain_reference(fields["reference"]) for _, fields in rows)
    done = tuple(_decide_row(session, context, event, row, fields, often) for row, fields in rows)
    return BatchReport(done, sum(isinstance(one.result, Decided) for one in done))


def _wrong_columns(columns: Mapping[str, str]) -> BatchRefused | None:
    missing = [name for name in ("reference", "action") if name not in columns.values()]
    unknown = [name for name, folded in columns.items() if folded not in COLUMNS]
    if missing:
        return BatchRefused("missing_column", f"the file has no column {', '.join(missing)}; add it")
    if unknown:
        told = f"“{'”, “'.join(unknown)}” is no column of a batch; mend the name or remove the column."
        return BatchRefused("unknown_column", f"{told} Columns: {', '.join(COLUMNS)}.")
    return None


def _decide_row(
    session: Session,
    context: Context,
    event: LoadedEvent,
    row: Row,
    fields: Mapping[str, str],
    often: Counter[str],
) -> BatchRow:
    reference = plain_reference(fields["reference"])
    if row.fault:
        return BatchRow(row.number, reference, ReviewRefused(ReviewFault.BAD_ROW, row.fault))
    if often[reference] > 1:
        words = "this reference stands in several rows; leave the one that is meant"
        return BatchRow(row.number, reference, ReviewRefused(ReviewFault.BAD_ROW, words))
    return BatchRow(row.number, reference, _decide(session, context, event, reference, fields))


def _decide(
    session: Session, context: Context, event: LoadedEvent, reference: str, fields: Mapping[str, str]
) -> Decided | ReviewRefused:
    staff, applicant = fields.get("reason_staff", ""), fields.get("reason_applicant", "")
    match fields["action"].strip().casefold():
        case "approve":
            waive = _rules(fields.get("waive", ""))
            if isinstance(waive, ReviewRefused):
                return waive
            return approve(
                session,
                context,
                event,
                reference,
                reason_staff=staff,
                reason_applicant=applicant,
                waive=waive,
                confirm_entry=fields.get("confirm", "").strip() or None,
            )
        case "refuse":
            return _only_a_person(session, event, reference) or refuse(
                session, context, event, reference, reason_applicant=applicant, reason_staff=staff
            )
        case "withdraw":
            return withdraw(session, context, event, reference)
        case _:
            return ReviewRefused(ReviewFault.BAD_ROW, f"column “action”: choose one of {', '.join(ACTIONS)}")


def _rules(cell: str) -> frozenset[Rule] | ReviewRefused:
    named = cell.replace(",", " ").replace("|", " ").split()
    known = {rule.value for rule in Rule}
    if not known.issuperset(named):
        return ReviewRefused(ReviewFault.BAD_ROW, f"column “waive”: choose among {', '.join(known)}")
    return frozenset(Rule(name) for name in named)


def _only_a_person(session: Session, event: LoadedEvent, reference: str) -> ReviewRefused | None:
    application = find_application(session, event, reference)
    if application is None or not category_of(event.event, application.category).deadline:
        return None
    received_at = application.received_at
    if is_late(event.event, received_at) and not may_be_refused_in_bulk(event.event, received_at):
        words = f"{reference} is late by less than a day: decide it alone, not in a batch"
        return ReviewRefused(ReviewFault.NOT_IN_BULK, words)
    return None
