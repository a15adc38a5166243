"""Reads the official list of organisations in consultative status (document series E/20xx/INF/5) from its PDF.

Categories are headings, names stand in columns, each with the year of its status: behind the name in brackets, behind a
comma, or in a column of years. What cannot be read is told with its page; nothing is guessed.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from accredit.services.pdf_child import MOST_SECONDS, TOO_LARGE
from accredit.services.table_faults import TableFault, TableRefused

_CHILD = Path(__file__).with_name("pdf_child.py")
_OUT_OF_MEMORY = frozenset({TOO_LARGE, -signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGXCPU})
_LONGEST_NAME = 400
_FIRST_YEAR, _LAST_YEAR = 1946, 2100

_HEADING = re.compile(
    r"(?:[IVX]+\.?|[A-D]\.|\d\.|\([a-d]\))?\s*"
    r"(?:(?:list of )?(?:non-governmental )?organi[sz]ations (?:in|on|having) (?:the )?)?"
    r"(general|special|roster)"
    r"(?: (?:category|consultative status|status|list))?(?: \(.*\))?",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(r"^(?P<name>.*\S)\s*(?:\((?P<in>\d{4})(?:[,;–-]\s*\d{4})*\)|[,–]\s*(?P<after>\d{4}))$")
# What stands on every page beside the list: symbol, job number, page number, heads of the columns, letters of the alphabet.
_FURNITURE = re.compile(
    r"E/\d{4}/INF/\d+\S*|\d{2}-\d{5}\S*(?: .{0,12})?|\d{1,3}(?:/\d{1,3})?|[A-Z]|page \d+|[*_–-]+"
    r"|(?:name(?: of (?:the )?organi[sz]ation)?|organi[sz]ation|year(?: granted| of status)?)(?: year(?: granted)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One line of a page. `year` stands beside it in a column of years, if there is one."""

    page: int
    text: str
    bold: bool = False
    year: str = ""
    column: int = 0


@dataclass(frozen=True, slots=True)
class PdfEntry:
    """One organisation as the document tells it."""

    page: int
    name: str
    status: str
    year: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Words that are no entry, and why."""

    page: int
    text: str
    why: str

    def __str__(self) -> str:
        return f"page {self.page}: “{self.text}”: {self.why}" if self.text else f"page {self.page}: {self.why}"


@dataclass(frozen=True, slots=True)
class PdfList:
    """The entries in their order, and what could not be read."""

    entries: tuple[PdfEntry, ...]
    unread: tuple[Unread, ...]


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does; a few may stand before."""
    return b"%PDF-" in data[:1024]


def read_pdf_list(data: bytes) -> PdfList | TableRefused:
    """The list in a PDF, read in a process of its own. Never raises, whatever the bytes."""
    lines = _lines(data)
    if isinstance(lines, TableRefused):
        return lines
    found = parse_list(lines)
    if not found.entries:
        told = "no organisation was found under a heading General, Special or Roster. Is this a document of the series INF/5?"
        return TableRefused(TableFault.NOT_A_TABLE, f"{told} A scan has no text that can be read.")
    return found


def _lines(data: bytes) -> list[PdfLine] | TableRefused:
    try:
        # -I: neither the current folder nor the environment may put another module in the way; no secret goes along.
        ended = subprocess.run(  # noqa: S603  our own program, by its path
            [sys.executable, "-I", str(_CHILD)], input=data, capture_output=True, timeout=2 * MOST_SECONDS, env={}
        )
    except subprocess.TimeoutExpired:
        return _too_large()
    if ended.returncode in _OUT_OF_MEMORY:
        return _too_large()
    if ended.returncode != 0:
        told = "this PDF is damaged or has a password. Open it in a viewer and save it again without one."
        return TableRefused(TableFault.NOT_A_TABLE, told)
    pages = json.loads(ended.stdout)
    return [PdfLine(number, **line) for number, page in enumerate(pages, 1) for line in page or [{"text": ""}]]


def _too_large() -> TableRefused:
    return TableRefused(TableFault.TOO_LARGE, "the PDF is too large, or never ends. Split it and load the parts.")


def parse_list(lines: Sequence[PdfLine]) -> PdfList:
    """The entries in these lines. Pure."""
    bold_tells = sum(line.bold for line in lines) * 2 < len(lines)
    reader = _Reader(year_first=_year_stands_first(lines))
    for line in lines:
        text = " ".join(line.text.split())
        if not text:
            reader.wrong(line.page, "", "the page holds no text; it may be a picture")
        elif heading := _HEADING.fullmatch(text.rstrip(":")):
            reader.heading(heading.group(1).casefold())
        elif not _FURNITURE.fullmatch(text):
            reader.line(line.page, text, line.year, closes=line.bold and bold_tells)
    reader.close()
    return PdfList(tuple(reader.entries), tuple(reader.unread))


def _year_stands_first(lines: Sequence[PdfLine]) -> bool:
    """Of names over several lines: whether a column of years has the year beside the first line, not the last.

    A stretch of a column that ends without a year speaks for the first line, one that begins without a year for the last.
    """
    if not any(line.year for line in lines):
        return False
    first = last = 0
    for is_list, stretch in groupby(lines, lambda line: _is_of_list(line) and (line.page, line.column)):
        if is_list:
            told = list(stretch)
            last += not told[0].year
            first += not told[-1].year
    return first >= last


def _is_of_list(line: PdfLine) -> bool:
    return (
        bool(line.text) and not line.bold and not _HEADING.fullmatch(line.text) and not _FURNITURE.fullmatch(line.text)
    )


class _Reader:
    """Puts lines together to entries; an entry ends with its year, or where the years stand first, with the next one."""

    def __init__(self, *, year_first: bool) -> None:
        self.entries: list[PdfEntry] = []
        self.unread: list[Unread] = []
        self._year_first = year_first
        self._status = ""
        self._page = 1
        self._open: list[str] = []
        self._year = ""

    def heading(self, status: str) -> None:
        """A category begins."""
        self.close()
        self._status = status

    def line(self, page: int, text: str, year: str, *, closes: bool) -> None:
        """One more line of the list; one in bold type is a heading within the category."""
        if not self._status:
            return
        if closes and not year:
            self.close()
            return
        if self._year_first and year:
            self.close()
        if not self._open:
            self._page = page
        self._open.append(text)
        self._year = self._year or year
        if not self._year_first:
            self._close_if_whole()

    def _close_if_whole(self) -> None:
        text = " ".join(self._open)
        if self._year or _YEAR_BEHIND.match(text):
            self.close()
        elif len(text) > _LONGEST_NAME:
            self.wrong(self._page, text, "no year ends this entry; add it by hand")
            self._open = []

    def close(self) -> None:
        """What is open becomes an entry, or is told."""
        text, year = " ".join(self._open), self._year
        self._open, self._year = [], ""
        if not text:
            return
        behind = _YEAR_BEHIND.match(text)
        if not year and behind:
            text, year = behind["name"], behind["in"] or behind["after"]
        if not year.isdecimal():
            self.wrong(self._page, text, "no year stands beside it; add it by hand if it is an organisation")
        elif not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
            self.wrong(self._page, text, f"{year} is no year of a status; add it by hand")
        else:
            self.entries.append(PdfEntry(self._page, text, self._status, int(year)))

    def wrong(self, page: int, text: str, why: str) -> None:
        """Something that is no entry."""
        shown = text if len(text) <= 120 else text[:119] + "…"
        self.unread.append(Unread(page, shown, why))


def doubles(entries: Sequence[PdfEntry]) -> Iterator[tuple[PdfEntry, PdfEntry]]:
    """Entries that repeat an earlier one letter by letter, with that one."""
    first: dict[tuple[str, str, int], PdfEntry] = {}
    for entry in entries:
        earlier = first.setdefault((entry.name, entry.status, entry.year), entry)
        if earlier is not entry:
            yield entry, earlier
