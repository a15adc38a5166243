"""The program that opens a PDF in a process of its own: bytes on standard input, its lines as JSON on the output.

A PDF is a program for a page, and a hostile one runs or swells without end; neither may happen to a worker that serves
people, hence a process with limits. Started by path; imports nothing of ours.

Lines come in reading order, column after column. A column of years beside the names is told with each line of names.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
from collections.abc import Iterator
from typing import Any

MOST_MEMORY = 2 * 1024 * 1024 * 1024
MOST_SECONDS = 180
MOST_PAGES = 1000
NO_PDF = 3
TOO_LARGE = 4

# Between two words of a line there is less than this, between two columns more; in points.
_GUTTER = 9.0
_SAME_LINE = 3.0
_SAME_COLUMN = 24.0
_TELLING_ROWS = 15
_YEARS = re.compile(r"\(?\d{4}\)?")

Segment = dict[str, Any]


def main() -> int:
    """Read one PDF; the exit code says what became of it."""
    # Whoever imports this module wants its limits alone.
    import pdfplumber  # noqa: PLC0415
    from pdfminer.pdfexceptions import PDFException  # noqa: PLC0415
    from pdfplumber.utils.exceptions import PdfminerException  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        with pdfplumber.open(io.BytesIO(sys.stdin.buffer.read())) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                return TOO_LARGE
            pages = [_rows_of(page) for page in pdf.pages]
        usual = _column_starts([row for rows in pages for row in rows])
        sys.stdout.write(json.dumps([_lines_of(rows, usual) for rows in pages]))
    except (MemoryError, RecursionError):
        return TOO_LARGE
    except (PDFException, PdfminerException, ValueError, KeyError, TypeError, OSError, AssertionError):
        return NO_PDF
    return 0


def _rows_of(page: Any) -> list[list[Segment]]:
    words = page.extract_words(extra_attrs=["fontname"])
    rows = [list(_segments(row)) for row in _rows(words)]
    page.close()
    return rows


def _lines_of(rows: list[list[Segment]], usual: list[float]) -> list[Segment]:
    """A page with few rows says too little of its columns; it has those of the document."""
    starts = _column_starts(rows) if len(rows) >= _TELLING_ROWS else usual
    return list(_in_reading_order(rows, starts))


def _rows(words: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words of the same height on the page, left to right."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda one: (one["bottom"], one["x0"])):
        if rows and word["bottom"] - rows[-1][0]["bottom"] <= _SAME_LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda one: one["x0"]) for row in rows]


def _segments(row: list[dict[str, Any]]) -> Iterator[Segment]:
    """The parts of a row that a gutter parts."""
    part = [row[0]]
    for word in row[1:]:
        if word["x0"] - part[-1]["x1"] > _GUTTER:
            yield _segment(part)
            part = []
        part.append(word)
    yield _segment(part)


def _segment(words: list[dict[str, Any]]) -> Segment:
    return {
        "text": " ".join(word["text"] for word in words),
        "bold": all("bold" in word["fontname"].casefold() for word in words),
        "x0": words[0]["x0"],
        "x1": words[-1]["x1"],
    }


def _column_starts(rows: list[list[Segment]]) -> list[float]:
    """Where several rows begin a part; a hanging indent belongs to the column on its left."""
    counted: dict[int, int] = {}
    for segment in (one for row in rows for one in row):
        place = round(segment["x0"] / _SAME_LINE)
        counted[place] = counted.get(place, 0) + 1
    fewest = max(2, len(rows) // 20)
    starts: list[float] = []
    for place in sorted(place for place, count in counted.items() if count >= fewest):
        left = (place - 0.5) * _SAME_LINE
        if not starts or left - starts[-1] > _SAME_COLUMN:
            starts.append(left)
    return starts or [0.0]


def _in_reading_order(rows: list[list[Segment]], starts: list[float]) -> Iterator[Segment]:
    """Column after column, between two lines that run across them."""
    columns: list[list[tuple[int, Segment]]] = [[] for _ in starts]
    for number, row in enumerate(rows):
        if len(row) == 1 and _runs_across(row[0], starts):
            yield from _emptied(columns)
            yield _told(row[0], "", 0)
            continue
        for segment in row:
            columns[_column(segment, starts)].append((number, segment))
    yield from _emptied(columns)


def _column(segment: Segment, starts: list[float]) -> int:
    return max((at for at, left in enumerate(starts) if left <= segment["x0"] + _SAME_LINE), default=0)


def _runs_across(segment: Segment, starts: list[float]) -> bool:
    following = starts[_column(segment, starts) + 1 :]
    return bool(following) and segment["x1"] > following[0]


def _emptied(columns: list[list[tuple[int, Segment]]]) -> Iterator[Segment]:
    """The lines of each column; a column that holds nothing but years goes with the one on its left."""
    for at, column in enumerate(columns):
        if at and _is_of_years(column):
            continue
        beside = columns[at + 1] if at + 1 < len(columns) and _is_of_years(columns[at + 1]) else []
        years = {number: segment["text"].strip("()") for number, segment in beside}
        for number, segment in column:
            yield _told(segment, years.get(number, ""), at)
    for column in columns:
        column.clear()


def _is_of_years(column: list[tuple[int, Segment]]) -> bool:
    years = sum(bool(_YEARS.fullmatch(segment["text"])) for _, segment in column)
    return bool(column) and years >= 0.6 * len(column)


def _told(segment: Segment, year: str, column: int) -> Segment:
    return {"text": segment["text"], "bold": segment["bold"], "year": year, "column": column}


if __name__ == "__main__":
    sys.exit(main())
