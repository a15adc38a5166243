"""People of one organisation, applied for in one table: each row by itself is taken whole, or refused with field and cure.

Sent once more, with mended rows or unchanged, it takes only what is not in yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from accredit.domain.submissions import FIELDS, FieldProblem, Submission
from accredit.services import applying, intake
from accredit.services.context import Context
from accredit.services.drafts import KeptFiles
from accredit.services.event_loading import LoadedEvent
from accredit.services.letters import ReadLetter
from accredit.services.table_faults import TableFault, TableRefused
from accredit.services.tables import Row, Table, read_table

MOST_ROWS = 500
LARGEST_TABLE = 1_000_000
AT_ONCE = 25
"""Rows that go into one transaction: others who write need not wait for the whole table."""

_OF_THE_STAFF = frozenset({"received_at", "affiliation", "consent"})
COLUMNS = tuple(name for name in FIELDS if name not in _OF_THE_STAFF)
NEEDED = ("surname", "birth_date", "nationality", "email")


class GroupFault(StrEnum):
    """Why a table is not read at all."""

    TOO_MANY_ROWS = "too_many_rows"
    NO_ROWS = "no_rows"
    MISSING_COLUMN = "missing_column"
    UNKNOWN_COLUMN = "unknown_column"
    NOT_A_TABLE = "not_a_table"


@dataclass(frozen=True, slots=True)
class GroupRefused:
    """Nothing was read; `names` are the columns in question, `message` says it in words."""

    code: GroupFault
    message: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What holds for all rows."""

    organisation: str
    organisation_country: str
    category: str
    affiliation: str
    language: str
    letter: ReadLetter | None


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of one row: its reference (`again`: it was in before), or the problems for which it was refused."""

    row: int
    reference: str = ""
    again: bool = False
    problems: tuple[FieldProblem, ...] = ()


def read_group(data: bytes, filename: str) -> Table | GroupRefused:
    """The table in these bytes, with the columns of an import; or why none of it can be read."""
    if len(data) > LARGEST_TABLE:
        return _too_many()
    table = read_table(data, filename)
    if isinstance(table, TableRefused):
        too_large = table.code is TableFault.TOO_LARGE
        return _too_many() if too_large else GroupRefused(GroupFault.NOT_A_TABLE, table.message)
    if len(table.rows) > MOST_ROWS:
        return _too_many()
    return _wrong_columns(table) or table


def _too_many() -> GroupRefused:
    words = f"the table has more than {MOST_ROWS} rows, or is larger than 1 MB; send it in parts"
    return GroupRefused(GroupFault.TOO_MANY_ROWS, words)


def _wrong_columns(table: Table) -> GroupRefused | None:
    names = {_folded(name): name for name in table.columns}
    missing = tuple(name for name in NEEDED if name not in names)
    if missing:
        return GroupRefused(GroupFault.MISSING_COLUMN, f"the table has no column {', '.join(missing)}; add it", missing)
    unknown = tuple(name for folded, name in names.items() if folded not in COLUMNS)
    if unknown:
        told = f"{', '.join(unknown)}: no such column; mend the name or remove it"
        return GroupRefused(GroupFault.UNKNOWN_COLUMN, told, unknown)
    return GroupRefused(GroupFault.NO_ROWS, "the table has no rows; add people to it") if not table.rows else None


def parts_of(table: Table) -> Iterator[Sequence[Row]]:
    """The rows in the portions that one transaction takes."""
    for start in range(0, len(table.rows), AT_ONCE):
        yield table.rows[start : start + AT_ONCE]


def take_rows(
    session: Session, context: Context, event: LoadedEvent, rows: Sequence[Row], group: Group, token: str
) -> list[RowAnswer]:
    """Takes these rows in, each whole or not at all. `token` is that of the form: the same row under it is the same person."""
    return [_take(session, context, event, row, group, token) for row in rows]


def _take(session: Session, context: Context, event: LoadedEvent, row: Row, group: Group, token: str) -> RowAnswer:
    if row.fault:
        return RowAnswer(row.number, problems=(FieldProblem("", "unreadable", row.fault),))
    fields = _fields(row, group)
    read = intake.read_fields(fields, event.event, now=context.now(), keeps_receipt=False)
    if not isinstance(read, Submission):
        return RowAnswer(row.number, problems=read)
    if _folded_name(read.organisation) != _folded_name(group.organisation):
        words = "this is another organisation than that of the table; send its people in a table of their own"
        return RowAnswer(row.number, problems=(FieldProblem("organisation", "other_body", words),))
    by = applying.sender(context, f"group {token}", _digest(fields), fields)
    taken = applying.send(session, context, event, read, by, KeptFiles(letter=group.letter))
    if isinstance(taken, intake.AlreadyHere):
        return RowAnswer(row.number, taken.reference, again=True)
    if isinstance(taken, applying.EventOver):
        words = f"the event is over, its last day was {taken.last_day:%d %B %Y}; applications are no longer taken"
        return RowAnswer(row.number, problems=(FieldProblem("", "event_over", words),))
    return RowAnswer(row.number, taken.application.reference, again=taken.again)


def _fields(row: Row, group: Group) -> dict[str, str]:
    told = {_folded(name): cell for name, cell in row.cells.items()}
    return {
        **told,
        "organisation": told.get("organisation") or group.organisation,
        "organisation_country": told.get("organisation_country") or group.organisation_country,
        "category": told.get("category") or group.category,
        "language": told.get("language") or group.language,
        "affiliation": group.affiliation,
        "consent": "yes",
    }


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


def _folded_name(name: str) -> str:
    return " ".join(name.split()).casefold()


def _digest(fields: dict[str, str]) -> str:
    told = "\x1f".join(f"{name}\x1e{value}" for name, value in sorted(fields.items()) if value)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
