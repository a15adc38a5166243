"""The cells of an export, and the two files that are made of them.

A spreadsheet runs a text that begins like a formula. Such a text gets an apostrophe in front, which a spreadsheet takes as
"this is text" and a reader sees; numbers, times and yes or no are never texts here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

Cell = str | int | float | bool | datetime | date | None

MOST_ROWS_OF_A_BOOK = 50_000
# The wide ones count as well.
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_LONGEST_TEXT = 32_000  # a cell of a workbook holds 32,767
_CHUNK = 64 * 1024


def cell_of(value: Any, zone: ZoneInfo) -> Cell:
    """A value of the database as a cell: times of the event's zone, lists joined, bytes as hexadecimal digits."""
    match value:
        case datetime():
            return value.astimezone(zone).replace(microsecond=0)
        case None | bool() | int() | float() | date():
            return value
        case StrEnum():
            return value.value
        case bytes():
            return value.hex()
        case list():
            return harmless(", ".join(map(str, value)))
        case _:
            return harmless(str(value))


def harmless(text: str) -> str:
    """The text as no spreadsheet takes it for a formula, without signs that no file can hold."""
    plain = "".join(sign for sign in text if sign in "\t\r\n" or sign.isprintable() or sign.isspace())[:_LONGEST_TEXT]
    starts_like_one = plain.lstrip(" ")[:1] in _FORMULA_STARTS if plain else False
    return f"'{plain}" if starts_like_one else plain


def as_csv(header: list[str], rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    """A table as RFC 4180 has it, in UTF-8 with the mark by which Excel knows it; in pieces, while it is read."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
        if buffer.tell() > _CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    told = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return told


def _text(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return cell.isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case _:
            return cell


def as_workbook(title: str, header: list[str], rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    """A workbook of one sheet, written to a file as it is read and handed out in pieces. Times stand without their zone."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to load, and few ask for a workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append(header)
    for row in rows:
        sheet.append([_bookish(cell) for cell in row])
    with TemporaryDirectory(prefix="accredit-export-") as folder:
        path = Path(folder) / "export.xlsx"
        book.save(path)
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                yield piece


def _bookish(cell: Cell) -> Cell:
    """A workbook knows no zones, and yes and no read better than true and false in any language."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
