"""Lists of renames and of other names: each row says by which other name a listed body is known.

A row of two names tells that one became the other. Which of the two the list bears decides: the body is known by the other
one as well, as its former or as its later name. Rows may follow each other (A became B, B became C), in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from accredit.domain.aliases import AliasKind
from accredit.domain.permissions import Permission
from accredit.matching.normalise import key_of, says_nothing
from accredit.services.aliases import NewAlias, add_aliases
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.editions import EditionIndex, index_of
from accredit.services.known_names import KnownNames, last_change, load_known_names
from accredit.services.list_aliases import LONGEST_ALIAS
from accredit.services.list_rows import ColumnsRefused
from accredit.services.listing import edition_on
from accredit.services.organisations import BodyKey
from accredit.services.rename_rows import Rename, RenameProblem, read_renames
from accredit.services.tables import Table


class RowFate(StrEnum):
    """What became of a row that could be read but taught nothing."""

    KNOWN = "known"
    NOT_LISTED = "not_listed"
    TWO_BODIES = "two_bodies"
    SAYS_NOTHING = "says_nothing"


_WORDS = {
    RowFate.NOT_LISTED: "no body of the list bears either name; nothing to attach the other name to",
    RowFate.TWO_BODIES: "two bodies of the list bear this name; say which one by its number, in a column “id”",
    RowFate.SAYS_NOTHING: "the other name holds no word that says which body is meant, or is too long; mend it",
}


@dataclass(frozen=True, slots=True)
class AliasesRefused:
    """Nothing was read: why."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class AliasesReport:
    """How many names were learnt, how many were known, which of them two bodies share, and the rows that taught nothing."""

    list_key: str
    added: int
    known: int
    shared: tuple[str, ...]
    problems: tuple[RenameProblem, ...]


def import_aliases(
    session: Session,
    context: Context,
    *,
    list_key: str,
    table: Table,
    mapping: Mapping[str, str],
    source_name: str,
    today: date,
) -> AliasesReport | AliasesRefused:
    """Learns the names of a table for the bodies of a list, by its edition of today. The same table again adds nothing."""
    context.require(Permission.LISTS_IMPORT)
    read = read_renames(table, mapping, source_name=source_name, today=today)
    if isinstance(read, ColumnsRefused):
        return AliasesRefused(read.code, read.message)
    edition = edition_on(session, list_key, today)
    if edition is None:
        words = f"no edition of a list “{list_key}” is loaded; import the list first, then its other names"
        return AliasesRefused("no_edition", words)
    record(session, context, Action.ALIASES_IMPORTED, Subject("list", list_key))
    known = load_known_names(session, [list_key], last_change(session))[list_key]
    learner = _Learner(list_key, index_of(session, edition), known)
    fates = learner.learn(read.renames)
    added = add_aliases(session, context, learner.learnt)
    told = (RenameProblem(row, f"row {row}: {_WORDS[fate]}") for row, fate in fates.items() if fate in _WORDS)
    problems = tuple(sorted((*read.problems, *told), key=lambda one: one.row))
    before = sum(fate is RowFate.KNOWN for fate in fates.values())
    return AliasesReport(list_key, added, before, tuple(dict.fromkeys(learner.shared)), problems)


class _Learner:
    """Who bears which name, growing with what is learnt."""

    def __init__(self, list_key: str, edition: EditionIndex, names: KnownNames) -> None:
        self.learnt: list[NewAlias] = []
        self.shared: list[str] = []
        self._list_key = list_key
        self._edition = edition
        self._bearers: dict[str, set[str]] = {
            key: {entry.external_id for entry in entries} for key, entries in edition.by_key.items()
        }
        for entry in edition.entries:
            for one in names.of(entry):
                self._bearers.setdefault(key_of(one.name), set()).add(entry.external_id)

    def learn(self, renames: Sequence[Rename]) -> dict[int, RowFate]:
        """Goes through the rows until a round teaches nothing more; answers why the others taught nothing, by row."""
        fates: dict[int, RowFate] = {}
        waiting = list(renames)
        while waiting:
            told = [(one, self._take(one)) for one in waiting]
            fates |= {one.row: fate for one, fate in told if fate not in {None, RowFate.NOT_LISTED}}
            left = [one for one, fate in told if fate is RowFate.NOT_LISTED]
            if len(left) == len(waiting):
                return fates | {one.row: RowFate.NOT_LISTED for one in left}
            waiting = left
        return fates

    def _take(self, rename: Rename) -> RowFate | None:
        """Learns from one row; else why not."""
        bodies, others = self._bodies(rename), self._bearers.get(key_of(rename.name), set())
        if says_nothing(key_of(rename.name)) or len(rename.name) > LONGEST_ALIAS:
            return RowFate.SAYS_NOTHING
        if bodies & others:
            return RowFate.KNOWN
        if not bodies and others and rename.kind is AliasKind.FORMER_NAME and rename.listed:
            return self._take(replace(rename, name=rename.listed, listed=rename.name, kind=AliasKind.LATER_NAME))
        if len(bodies) != 1:
            return RowFate.TWO_BODIES if bodies else RowFate.NOT_LISTED
        self._add(rename, next(iter(bodies)))
        return None

    def _bodies(self, rename: Rename) -> set[str]:
        if rename.external_id:
            entry = self._edition.by_external_id.get(rename.external_id.casefold())
            return {entry.external_id} if entry is not None else set()
        return self._bearers.get(key_of(rename.listed), set())

    def _add(self, rename: Rename, external_id: str) -> None:
        bearers = self._bearers.setdefault(key_of(rename.name), set())
        if bearers:
            self.shared.append(rename.name)
        bearers.add(external_id)
        body = BodyKey(self._list_key, external_id)
        self.learnt.append(NewAlias(body, rename.name, rename.kind, rename.source, rename.known_on))
