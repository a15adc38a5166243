"""Reads the rows of a list of renames, or of other names; messages name row and column and never repeat a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accredit.domain.aliases import AliasKind
from accredit.services.list_rows import ColumnsRefused, fields_of_columns
from accredit.services.tables import Row, Table

FIELDS: Mapping[str, tuple[str, ...]] = {
    "other": ("old_name", "former_name", "other_name", "alias"),
    "listed": ("new_name", "current_name", "listed_name", "name", "org_name", "organisation"),
    "id": ("external_id", "org_id", "entry_id"),
    "kind": ("alias_kind",),
    "source": (),
    "date": ("known_on", "committee_report_date", "year"),
}
"""`other` is the name to be learnt; `listed` (or `id`) says of which body; `kind` is former_name unless told."""


@dataclass(frozen=True, slots=True)
class Rename:
    """One good row: the body that is listed so (or has this number) is known by `name` as well."""

    row: int
    name: str
    listed: str
    external_id: str
    kind: AliasKind
    source: str
    known_on: date


@dataclass(frozen=True, slots=True)
class RenameProblem:
    """A row from which nothing was learnt, in words with the cure."""

    row: int
    message: str


@dataclass(frozen=True, slots=True)
class RenamesRead:
    """The good rows, and what is wrong with the others."""

    renames: tuple[Rename, ...]
    problems: tuple[RenameProblem, ...]


def read_renames(
    table: Table, mapping: Mapping[str, str], *, source_name: str, today: date
) -> RenamesRead | ColumnsRefused:
    """The rows of a table; where a row names no source or day, the file and today stand in."""
    columns = fields_of_columns(table.columns, mapping, FIELDS, ("other",))
    if isinstance(columns, ColumnsRefused):
        return columns
    if "listed" not in columns and "id" not in columns:
        told = f"no column says which body is meant; the file has {', '.join(table.columns)}. Map it as COLUMN=listed."
        return ColumnsRefused("missing_column", told)
    read = [_Reader(row, columns, source_name, today).read() for row in table.rows]
    return RenamesRead(
        tuple(one for one in read if isinstance(one, Rename)),
        tuple(one for one in read if isinstance(one, RenameProblem)),
    )


class _Reader:
    """Reads one row; the first thing that is wrong with it is told."""

    def __init__(self, row: Row, columns: Mapping[str, str], source_name: str, today: date) -> None:
        self.row, self.columns, self.source_name, self.today = row, columns, source_name, today

    def read(self) -> Rename | RenameProblem:
        if self.row.fault:
            return RenameProblem(self.row.number, f"row {self.row.number}: {self.row.fault}")
        other, listed, external_id = self._text("other"), self._text("listed"), self._text("id")
        if not other:
            return self._wrong("other", "this cell is empty; write the other name or delete the row")
        if not (listed or external_id):
            field = "listed" if "listed" in self.columns else "id"
            return self._wrong(field, "this cell is empty; say which body is meant")
        kind, known_on = self._kind(), self._day()
        if kind is None:
            return self._wrong("kind", f"choose one of {', '.join(AliasKind)}")
        if known_on is None:
            return self._wrong("date", "write a day such as 2017-09-04, or a year")
        source = self._text("source") or self.source_name
        return Rename(self.row.number, other, listed, external_id, kind, source, known_on)

    def _text(self, field: str) -> str:
        return " ".join(self.row.cells.get(self.columns.get(field, ""), "").split())

    def _wrong(self, field: str, message: str) -> RenameProblem:
        column = self.columns.get(field, field)
        return RenameProblem(self.row.number, f"row {self.row.number}, column “{column}”: {message}")

    def _kind(self) -> AliasKind | None:
        told = self._text("kind").casefold().replace(" ", "_") or AliasKind.FORMER_NAME.value
        return AliasKind(told) if told in set(AliasKind) else None

    def _day(self) -> date | None:
        told = self._text("date")
        if not told:
            return self.today
        try:
            return date(int(told), 1, 1) if told.isdecimal() and len(told) == 4 else date.fromisoformat(told)
        except ValueError:
            return None
