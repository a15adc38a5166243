"""Reads the rows of a status list: which column is which field, and what is wrong with a row, told with its cure.

Messages name row and column and never repeat a cell: an invitation list holds names of people.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from accredit.domain.sentences import Told
from accredit.identity.states import canonical, is_known
from accredit.services.list_aliases import ListedAlias, read_aliases
from accredit.services.tables import Row, Table

# By preference, after the field's own name. Folded as `_folded` does it.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "external_id": ("id", "org_id", "entry_id", "number", "code"),
    "name": ("org_name", "organisation", "organization", "organisation_name", "organization_name", "full_name"),
    "country": ("iso3", "country_code", "iso_code"),
    "status": ("category", "accreditation", "grade"),
    "in_force": ("active", "is_active"),
    "aliases": ("alias", "other_names", "also_known_as"),
    "note": ("notes", "remark", "remarks"),
}
_REQUIRED = ("external_id", "name")
_LONGEST = {"external_id": 80, "name": 400, "status": 40}
_LONGEST_OTHER = 2000
_YES = frozenset({"yes", "y", "true", "1", "active", "in force"})
_NO = frozenset({"no", "n", "false", "0", "inactive", "not in force"})
_ENDED = frozenset(
    {
        "unknown",
        "suspended",
        "withdrawn",
        "deferred",
        "lapsed",
        "expelled",
        "closed",
        "revoked",
        "replaced",
        "rejected",
        "none",
    }
)
"""Statuses that are none, as far as entering goes. Whoever bears one is listed, and a person decides."""


class RowFault(StrEnum):
    """What is wrong with one row."""

    UNREADABLE = "unreadable"
    MISSING_NAME = "missing_name"
    MISSING_ID = "missing_id"
    NO_LETTERS = "no_letters"
    BAD_CHARACTER = "bad_character"
    TOO_LONG = "too_long"
    UNKNOWN_COUNTRY = "unknown_country"
    BAD_IN_FORCE = "bad_in_force"
    CONTRADICTION = "contradiction"
    BAD_ALIASES = "bad_aliases"
    REPEATED = "repeated"
    CONTRADICTORY_ROWS = "contradictory_rows"


SPOIL_THE_EDITION = frozenset({RowFault.REPEATED, RowFault.CONTRADICTORY_ROWS, RowFault.CONTRADICTION})
"""With one of these nobody knows who is in force by the list; the others concern one row."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with a row, as a spreadsheet numbers it; the message holds the cure."""

    row: int
    column: str
    code: RowFault
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class ColumnsRefused:
    """The columns cannot be told apart; nothing of the file can be read."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """One good row. `details` holds the note and the columns that mean nothing to us."""

    row: int
    external_id: str
    name: str
    country: str
    status: str
    in_force: bool
    aliases: tuple[ListedAlias, ...]
    details: Mapping[str, str]

    @property
    def content(self) -> tuple[object, ...]:
        """What two editions, or two rows, are compared by."""
        aliases = [alias.as_json() for alias in self.aliases]
        return (self.name, self.country, self.status, self.in_force, aliases, dict(self.details))


def fields_of_columns(
    columns: tuple[str, ...],
    mapping: Mapping[str, str],
    fields_known: Mapping[str, tuple[str, ...]] = SYNONYMS,
    required: tuple[str, ...] = _REQUIRED,
) -> dict[str, str] | ColumnsRefused:
    """Field → column. `mapping` is column → field (or several fields with commas between) and goes before the names.

    `fields_known` holds each field with its synonyms, by preference.
    """
    by_name = {_folded(column): column for column in columns}
    chosen: dict[str, str] = {}
    for column, fields in mapping.items():
        if _folded(column) not in by_name:
            return ColumnsRefused(
                "unknown_column", f"there is no column “{column}”; the file has {', '.join(columns)}. Mend the mapping."
            )
        for field in (one.strip() for one in fields.split(",")):
            if field not in fields_known:
                told = f"there is no field “{field}”; choose among {', '.join(fields_known)}"
                return ColumnsRefused("unknown_field", told)
            if field in chosen:
                return ColumnsRefused("field_twice", f"two columns are mapped to “{field}”; leave one of them")
            chosen[field] = by_name[_folded(column)]
    for field, synonyms in fields_known.items():
        own = [by_name[name] for name in (field, *synonyms) if name in by_name]
        free = [column for column in own if column not in chosen.values()]
        if field not in chosen and free:
            chosen[field] = free[0]
    missing = [field for field in required if field not in chosen]
    if missing:
        told = f"no column holds {' and '.join(missing)}; the file has {', '.join(columns)}. Say which one does."
        return ColumnsRefused("missing_column", f"{told} Map it as COLUMN={missing[0]}.")
    return chosen


def _folded(column: str) -> str:
    return column.strip().casefold().replace(" ", "_").replace("-", "_")


def read_rows(table: Table, columns: Mapping[str, str]) -> tuple[list[ListRow], list[RowProblem]]:
    """The good rows, and everything that is wrong with the others. `columns` is field → column."""
    read = [_RowReader(row, columns).read() for row in table.rows]
    problems = [problem for one in read if isinstance(one, list) for problem in one]
    good, doubled = _without_doubles([one for one in read if isinstance(one, ListRow)], columns["external_id"])
    return good, sorted(problems + doubled, key=lambda problem: problem.row)


class _RowReader:
    """Reads one row and keeps what is wrong with each of its cells."""

    def __init__(self, row: Row, columns: Mapping[str, str]) -> None:
        self.row = row
        self.columns = columns
        self.problems: list[RowProblem] = []

    def read(self) -> ListRow | list[RowProblem]:
        if self.row.fault:
            return [RowProblem(self.row.number, "", RowFault.UNREADABLE, self.row.fault)]
        told = self._text("in_force").casefold()
        unknown = "in_force" in self.columns and not told
        status = self._text("status") or ("unknown" if unknown else "listed")
        row = ListRow(
            row=self.row.number,
            external_id=self._required("external_id", RowFault.MISSING_ID),
            name=self._name(),
            country=self._country(),
            status=status,
            in_force=self._in_force(told, status),
            aliases=self._aliases(),
            details=self._details(),
        )
        return self.problems or row

    def _wrong(self, field: str, code: RowFault, message: Told) -> None:
        column = self.columns.get(field, field)
        self.problems.append(RowProblem(self.row.number, column, code, _within(self.row.number, column, message)))

    def _text(self, field: str) -> str:
        cell = self.row.cells.get(self.columns.get(field, ""), "")
        return self._checked(field, " ".join(unicodedata.normalize("NFC", cell).split()))

    def _checked(self, field: str, text: str) -> str:
        if not text.isascii() and any(
            letter == "\ufffd" or unicodedata.category(letter) in {"Cs", "Co", "Cn"} for letter in text
        ):
            self._wrong(
                field, RowFault.BAD_CHARACTER, Told("a letter was lost when the file was saved; type the text anew")
            )
        longest = _LONGEST.get(field, _LONGEST_OTHER)
        if len(text) > longest:
            self._wrong(
                field,
                RowFault.TOO_LONG,
                Told("this is longer than %(longest)s characters; shorten it", longest=longest),
            )
        return text

    def _required(self, field: str, code: RowFault) -> str:
        text = self._text(field)
        if not text:
            self._wrong(field, code, Told("this cell is empty; fill it in or delete the row"))
        return text

    def _name(self) -> str:
        name = self._required("name", RowFault.MISSING_NAME)
        if name and not any(letter.isalnum() for letter in name):
            self._wrong("name", RowFault.NO_LETTERS, Told("this is no name, it has no letters; write the name"))
        return name

    def _country(self) -> str:
        code = self._text("country")
        if code and not is_known(code):
            self._wrong(
                "country",
                RowFault.UNKNOWN_COUNTRY,
                Told("no State has this code; write three letters, such as CHE or KEN"),
            )
            return ""
        return canonical(code)

    def _in_force(self, told: str, status: str) -> bool:
        """As told; else by the status. A list that tells it of others and neither of this one does not know it."""
        ended = status.casefold() in _ENDED
        if not told:
            return not ended
        if told not in _YES | _NO:
            self._wrong("in_force", RowFault.BAD_IN_FORCE, Told("write yes or no, or leave it empty"))
        elif told in _YES and ended:
            self._wrong(
                "in_force", RowFault.CONTRADICTION, Told("says yes, but the status says that it has ended; mend one")
            )
        return told in _YES

    def _aliases(self) -> tuple[ListedAlias, ...]:
        aliases = read_aliases(self._text("aliases") if "aliases" in self.columns else "")
        if isinstance(aliases, Told):
            self._wrong("aliases", RowFault.BAD_ALIASES, aliases)
            return ()
        return aliases

    def _details(self) -> dict[str, str]:
        used = set(self.columns.values())
        others = {name: cell for name, cell in self.row.cells.items() if cell and name not in used}
        for name, cell in others.items():
            self._checked(name, cell)
        note = self._text("note")
        return {**others, "note": note} if note else others


def _without_doubles(rows: Iterable[ListRow], column: str) -> tuple[list[ListRow], list[RowProblem]]:
    """Of rows that repeat each other the first stays; of rows that contradict each other none, for who knows which is true."""
    by_id: dict[str, list[ListRow]] = {}
    for row in rows:
        by_id.setdefault(row.external_id.casefold(), []).append(row)
    good: list[ListRow] = []
    problems: list[RowProblem] = []
    for same in by_id.values():
        agree = all(row.content == same[0].content for row in same[1:])
        if agree:
            good.append(same[0])
        problems.extend(_doubled(row, same, column, agree=agree) for row in (same[1:] if agree else same))
    return good, problems


def _doubled(row: ListRow, same: list[ListRow], column: str, *, agree: bool) -> RowProblem:
    others = ", ".join(str(other.row) for other in same if other is not row)
    if agree:
        words = Told("repeats row %(other)s; delete one of them", other=same[0].row)
        return RowProblem(row.row, column, RowFault.REPEATED, _within(row.row, column, words))
    words = Told("row %(others)s has the same id and says something else; keep the one that is right", others=others)
    return RowProblem(row.row, column, RowFault.CONTRADICTORY_ROWS, _within(row.row, column, words))


def _within(row: int, column: str, message: Told) -> Told:
    return Told("row %(row)s, column “%(column)s”: %(message)s", row=row, column=column, message=message)
