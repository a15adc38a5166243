"""Reads a table from text: which encoding, which separator, which rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from accredit.services.table_faults import TableFault, TableRefused

Cells = Sequence[str]

SEPARATORS = (",", ";", "\t")
"""The commonest first; it also stands where a text has one column only."""

_CURE = "Save the file as UTF-8 (in Excel: “CSV UTF-8”) and load it again."
_SAMPLE_CHARACTERS = 100_000
_SAMPLE_ROWS = 20

# A last record of our own. Where it does not come back by itself, a quotation mark before it was never closed.
_LAST = "last\x00record"

_OTHER_THINGS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"<", "a web page or XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)


def read_text(data: bytes) -> Sequence[Cells] | TableRefused:
    """The rows of a text, each cell without blanks around; blank lines are kept as blank rows, so that numbers hold."""
    text = _decoded(data)
    if isinstance(text, TableRefused):
        return text
    return _records(text, _separator(text))


def _decoded(data: bytes) -> str | TableRefused:
    begins = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    for beginning, thing in _OTHER_THINGS:
        if begins.startswith(beginning):
            return TableRefused(
                TableFault.NOT_A_TABLE, f"this is {thing}, not a table. Save the table as CSV, XLSX or ODS."
            )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TableRefused(TableFault.WRONG_ENCODING, f"the file is written in UTF-16. {_CURE}")
    if b"\x00" in data:
        place = _place(data, data.index(b"\x00"))
        told = f"{place} is a NUL byte, which no text holds. The file is damaged or is no table; save it again as CSV."
        return TableRefused(TableFault.NUL_BYTES, told)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        place = _place(data, wrong.start)
        told = f"{place} is 0x{data[wrong.start]:02X}, which is not UTF-8. {_CURE}"
        return TableRefused(TableFault.WRONG_ENCODING, told)


def _place(data: bytes, offset: int) -> str:
    """Where a byte stands, for a person (the line) and for a tool (the offset); both are counted from 1."""
    line = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    return f"in line {line} byte {offset + 1} of the file"


def _separator(text: str) -> str:
    """The separator by which the first rows agree best with the header; of two such, the one that makes more columns.

    The header must fall into parts: a comma in a cell of a semicolon file is no evidence.
    """
    best, best_score = SEPARATORS[0], (0.0, 0)
    sample = text[:_SAMPLE_CHARACTERS]
    for separator in SEPARATORS:
        widths = _widths(sample, separator)
        if widths and widths[0] > 1:
            score = (widths.count(widths[0]) / len(widths), widths[0])
            if score > best_score:
                best, best_score = separator, score
    return best


def _widths(sample: str, separator: str) -> list[int]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    widths: list[int] = []
    try:
        for row in reader:
            if row:
                widths.append(len(row))
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # what was read until here is the sample; the whole text is judged when it is read
    return widths


def _records(text: str, separator: str) -> Sequence[Cells] | TableRefused:
    ended = text if text.endswith(("\n", "\r")) else text + "\n"
    rows: list[Cells] = []
    try:
        rows.extend(
            [cell.strip() for cell in row]
            for row in csv.reader(io.StringIO(ended + _LAST, newline=""), delimiter=separator)
        )
    except csv.Error:
        return _open_quote(len(rows) + 1)
    return rows[:-1] if rows[-1] == [_LAST] else _open_quote(len(rows))


def _open_quote(number: int) -> TableRefused:
    told = f"a quotation mark that opens in row {number} is never closed. Close it, or double it where it is meant."
    return TableRefused(TableFault.OPEN_QUOTE, told)
