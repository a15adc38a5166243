"""Reads a table that somebody made in a spreadsheet: CSV, XLSX or ODS, told apart by content, not by the file's name.

The answer is a table or one refusal in words with the cure. What is wrong with a single row stays with that row, so that
a caller can refuse it alone. No cell is interpreted here beyond its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from accredit.services.table_faults import TableFault, TableRefused
from accredit.services.table_texts import Cells, read_text
from accredit.services.workbook_child import MOST_ROWS
from accredit.services.workbooks import is_workbook, read_workbook

__all__ = ["LARGEST_FILE", "Row", "Table", "TableFault", "TableRefused", "read_table"]

LARGEST_FILE = 50 * 1024 * 1024
LONGEST_COLUMN_NAME = 100

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FIGURES_ONLY = re.compile(r"[\d\s.,:/+-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header. `number` is the one that a spreadsheet shows (the header is row 1).

    Every column has a cell, blank where the row is short. `fault` says what is wrong with the row as such; its cells are
    then what could be read of it.
    """

    number: int
    cells: Mapping[str, str]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Column names as written, without blanks around; the rows without the blank ones."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(data: bytes, filename: str) -> Table | TableRefused:
    """Read the first sheet of a workbook, or a text in UTF-8 whose cells stand between commas, semicolons or tabs.

    `filename` is used in messages only. Never raises, whatever the bytes.
    """
    grid = _grid(data)
    table = grid if isinstance(grid, TableRefused) else _table(grid)
    if isinstance(table, TableRefused):
        return TableRefused(table.code, f"{_shown(filename)}: {table.message}")
    return table


def _shown(filename: str) -> str:
    name = "".join(filter(str.isprintable, PurePath(filename).name))
    return name[:80] or "the file"


def _grid(data: bytes) -> Sequence[Cells] | TableRefused:
    if len(data) > LARGEST_FILE:
        limit = LARGEST_FILE // (1024 * 1024)
        return TableRefused(TableFault.TOO_LARGE, f"the file is larger than {limit} MB. Split it and load the parts.")
    if not data.strip():
        return TableRefused(TableFault.EMPTY, "the file is empty.")
    grid = read_workbook(data) if is_workbook(data) else read_text(data)
    if not isinstance(grid, TableRefused) and len(grid) > MOST_ROWS:
        told = f"the file has more than {MOST_ROWS:,} rows. Split it and load the parts."
        return TableRefused(TableFault.TOO_LARGE, told)
    return grid


def _table(grid: Sequence[Cells]) -> Table | TableRefused:
    if not any(any(row) for row in grid):
        return TableRefused(TableFault.EMPTY, "the file holds no filled cell (of a workbook, the first sheet is read).")
    columns = _columns(grid[0])
    if isinstance(columns, TableRefused):
        return columns
    return Table(columns, tuple(_rows(columns, grid)))


def _columns(header: Cells) -> tuple[str, ...] | TableRefused:
    """The column names; unnamed columns at the right end are no columns."""
    names = list(header)
    while names and not names[-1]:
        names.pop()
    if not names:
        return _no_header("row 1 is blank; it must hold the names of the columns.")
    for number, name in enumerate(names, start=1):
        if not name:
            return _no_header(f"column {number} has no name in row 1. Name it or delete the column.")
        if len(name) > LONGEST_COLUMN_NAME or _FIGURES_ONLY.fullmatch(name) or _CONTROLS.search(name):
            return _no_header(
                f"row 1 is no header: column {number} can't have such a name. Put the column names first."
            )
    return _duplicate(names) or tuple(names)


def _duplicate(names: Sequence[str]) -> TableRefused | None:
    """Two columns of one name, capitals aside: which of them is meant cannot be told."""
    first: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        earlier = first.setdefault(name.casefold(), number)
        if earlier != number:
            told = f"columns {earlier} and {number} are both named “{name}”. Rename or delete one of them."
            return TableRefused(TableFault.DUPLICATE_COLUMN, told)
    return None


def _no_header(message: str) -> TableRefused:
    return TableRefused(TableFault.MISSING_HEADER, message)


def _rows(columns: tuple[str, ...], grid: Sequence[Cells]) -> Iterator[Row]:
    for number, cells in enumerate(grid[1:], start=2):
        if any(cells):
            filled = [*cells, *[""] * (len(columns) - len(cells))]
            yield Row(
                number, MappingProxyType(dict(zip(columns, filled, strict=False))), _fault(number, columns, cells)
            )


def _fault(number: int, columns: tuple[str, ...], cells: Cells) -> str | None:
    if any(cells[len(columns) :]):
        return (
            f"Row {number} has {len(cells)} cells, but there are only {len(columns)} columns; "
            "put a cell that holds the separator between quotation marks."
        )
    if len(cells) < len(columns) and any("\n" in cell for cell in cells):
        return f"Row {number} ends early and one of its cells runs over several lines; a quotation mark may be missing."
    for name, cell in zip(columns, cells, strict=False):
        if _CONTROLS.search(cell):
            return f"Row {number}, column “{name}”: the cell holds a control character; type the text again."
    return None
