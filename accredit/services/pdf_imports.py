"""Loads a list from the official PDF as an edition. The document gives no numbers: a body keeps the one that the edition
before knows it by, and a new one is numbered by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy.orm import Session

from accredit.matching.normalise import key_of
from accredit.services.context import Context
from accredit.services.editions import index_of
from accredit.services.listing import ListRefused, ListReport, edition_on, import_list
from accredit.services.pdf_lists import PdfList, Unread, doubles, read_pdf_list
from accredit.services.table_faults import TableRefused
from accredit.services.tables import Row, Table

_COLUMNS = ("external_id", "name", "status", "year")
_LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class PdfReport:
    """What was loaded, and what of the document could not be read."""

    loaded: ListReport | ListRefused
    unread: tuple[Unread, ...]


def import_pdf_list(
    session: Session, context: Context, *, list_key: str, as_of: date, data: bytes, source_name: str
) -> PdfReport | TableRefused:
    """Reads the PDF and loads its entries as of a day, like any other list."""
    read = read_pdf_list(data)
    if isinstance(read, TableRefused):
        return TableRefused(read.code, f"{source_name}: {read.message}")
    repeated = [Unread(one.page, one.name, f"repeats page {first.page}") for one, first in doubles(read.entries)]
    loaded = import_list(
        session,
        context,
        list_key=list_key,
        as_of=as_of,
        table=_table(read, _known_numbers(session, list_key, as_of)),
        mapping={},
        source_name=source_name,
    )
    return PdfReport(loaded, (*read.unread, *repeated))


def _known_numbers(session: Session, list_key: str, as_of: date) -> Mapping[str, str]:
    """Comparable name → number, where the edition before has one body of that name."""
    before = edition_on(session, list_key, as_of)
    if before is None:
        return {}
    by_key = index_of(session, before).by_key
    return {key: entries[0].external_id for key, entries in by_key.items() if len(entries) == 1}


def _table(read: PdfList, known: Mapping[str, str]) -> Table:
    rows = _rows(dict.fromkeys((one.name, one.status, one.year) for one in read.entries), known)
    return Table(_COLUMNS, tuple(Row(number, cells) for number, cells in enumerate(rows, 1)))


def _rows(entries: Iterable[tuple[str, str, int]], known: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Two bodies of one name are told apart by status and year."""
    used: set[str] = set()
    for name, status, year in entries:
        number = known.get(key_of(name), "")
        if not number or number in used:
            number = _number_of(name)
        if number in used:
            number = f"{number}-{status}-{year}"
        used.add(number)
        yield MappingProxyType(dict(zip(_COLUMNS, (number, name, status, str(year)), strict=True)))


def _number_of(name: str) -> str:
    return "-".join(key_of(name).split())[:_LONGEST_NUMBER] or "unnamed"
