"""Reads the rows of a list of delegates; messages name row and column and never repeat a cell, for it holds names of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from accredit.services.list_rows import ColumnsRefused, fields_of_columns
from accredit.services.person_names import person_words
from accredit.services.tables import Row, Table

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("external_id", "org_id", "entry_id"),
    "organisation": ("org_name", "organization", "organisation_name", "organization_name", "body"),
    "surname": ("family_name", "last_name"),
    "given_names": ("given_name", "first_names", "first_name"),
    "birth_date": ("date_of_birth", "born"),
}
"""`id` or `organisation` says which body sends the person; a birth date may be missing."""

_LONGEST = 120
_LONGEST_BODY = 400


@dataclass(frozen=True, slots=True)
class DelegateRow:
    """One good row: a person by the words of the name, and the body by its number or its name."""

    row: int
    external_id: str
    organisation: str
    words: tuple[str, ...] = field(repr=False)
    birth_date: date | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class DelegateProblem:
    """What is wrong with a row, in words with the cure; and which body its cells named, as they stand there."""

    row: int
    message: str
    external_id: str = ""
    organisation: str = ""

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class DelegatesRead:
    """The good rows, and what is wrong with the others."""

    rows: tuple[DelegateRow, ...]
    problems: tuple[DelegateProblem, ...]


def read_delegates(table: Table, mapping: Mapping[str, str], *, today: date) -> DelegatesRead | ColumnsRefused:
    """The rows of a table. `mapping` is column → field and goes before the names of the columns."""
    columns = fields_of_columns(table.columns, mapping, FIELDS, ("surname",))
    if isinstance(columns, ColumnsRefused):
        return columns
    if "id" not in columns and "organisation" not in columns:
        told = f"no column says which body sends the person; the file has {', '.join(table.columns)}"
        return ColumnsRefused("missing_column", f"{told}. Map it as COLUMN=organisation, or COLUMN=id.")
    read = [_Reader(row, columns, today).read() for row in table.rows]
    return DelegatesRead(
        tuple(one for one in read if isinstance(one, DelegateRow)),
        tuple(one for one in read if isinstance(one, DelegateProblem)),
    )


class _Reader:
    """Reads one row; the first thing that is wrong with it is told."""

    def __init__(self, row: Row, columns: Mapping[str, str], today: date) -> None:
        self.row, self.columns, self.today = row, columns, today

    def read(self) -> DelegateRow | DelegateProblem:
        if self.row.fault:
            return DelegateProblem(self.row.number, f"row {self.row.number}: {self.row.fault}")
        external_id, organisation = self._text("id"), self._text("organisation")
        words = person_words(self._text("surname"), self._text("given_names"), "", "")
        born = self._birth_date()
        for field_, message in self._faults(external_id, organisation, words, born):
            return self._wrong(field_, message)
        assert not isinstance(born, str)
        return DelegateRow(self.row.number, external_id, organisation, words, born)

    def _faults(
        self, external_id: str, organisation: str, words: tuple[str, ...], born: date | str | None
    ) -> Iterator[tuple[str, str]]:
        """Field and cure of everything that is wrong."""
        if not (external_id or organisation):
            field_ = "organisation" if "organisation" in self.columns else "id"
            yield field_, "this cell is empty; say which body sends the person"
        if max(len(external_id), len(organisation)) > _LONGEST_BODY:
            yield "organisation", f"this is longer than {_LONGEST_BODY} characters; shorten it"
        if not words or not any(map(str.isalpha, self._text("surname"))):
            yield "surname", "write the surname in letters, or delete the row"
        if max(len(self._text(name)) for name in ("surname", "given_names")) > _LONGEST:
            yield "surname", f"a name is longer than {_LONGEST} characters; shorten it"
        if isinstance(born, str):
            yield "birth_date", born

    def _text(self, field_: str) -> str:
        return " ".join(self.row.cells.get(self.columns.get(field_, ""), "").split())

    def _wrong(self, field_: str, message: str) -> DelegateProblem:
        column = self.columns.get(field_, field_)
        words = f"row {self.row.number}, column “{column}”: {message}"
        return DelegateProblem(self.row.number, words, self._text("id"), self._text("organisation"))

    def _birth_date(self) -> date | str | None:
        told = self._text("birth_date")
        if not told:
            return None
        try:
            born = date.fromisoformat(told)
        except ValueError:
            return "write the day as year-month-day, such as 1980-05-31, or leave it empty"
        if not date(self.today.year - 120, 1, 1) <= born <= self.today:
            return "nobody alive was born on this day; check the year"
        return born
