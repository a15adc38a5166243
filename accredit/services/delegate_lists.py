"""Lists of delegates: a file that a body handed in becomes its list as of a day, or says why it does not.

Of each person only keyed hashes are kept. The list of a body is loaded whole or not at all, because whoever is missing from
it is asked about; the lists of the other bodies in the file are loaded all the same. A file that says what the list before it
says makes none, so that a second import changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from accredit.db.models.delegates import Delegate, DelegateList
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.delegate_hashes import DelegateHashes
from accredit.services.delegate_rows import DelegateProblem, DelegateRow, read_delegates
from accredit.services.editions import IndexedEntry, index_of
from accredit.services.event_loading import LoadedEvent
from accredit.services.known_names import last_change, load_known_names
from accredit.services.list_rows import ColumnsRefused
from accredit.services.listing import edition_on
from accredit.services.named_bodies import NamedBodies
from accredit.services.tables import Table

Hashes = tuple[bytes, bytes | None]
"""Of one delegate: of the name, and of name and birth date."""


@dataclass(frozen=True, slots=True)
class BodyDelegates:
    """What became of the list of one body: how many delegates, how many are new and gone against the list before."""

    external_id: str
    name: str
    delegates: int
    new: int
    gone: int
    loaded: bool


@dataclass(frozen=True, slots=True)
class DelegatesReport:
    """What an import found. `held_back` are the bodies of which a row is broken: nothing of theirs was loaded."""

    list_key: str
    as_of: date
    bodies: tuple[BodyDelegates, ...]
    held_back: tuple[str, ...]
    problems: tuple[DelegateProblem, ...]


@dataclass(frozen=True, slots=True)
class DelegatesRefused:
    """Nothing was read, and why."""

    code: str
    message: str


def import_delegates(
    session: Session,
    context: Context,
    event: LoadedEvent,
    *,
    list_key: str,
    as_of: date,
    table: Table,
    mapping: Mapping[str, str],
    source_name: str,
) -> DelegatesReport | DelegatesRefused:
    """Loads the delegates of bodies that stand on a status list."""
    context.require(Permission.LISTS_IMPORT)
    edition = edition_on(session, list_key, event.event.reference_on)
    if edition is None:
        words = f"no edition of “{list_key}” is in force on {event.event.reference_on}; import it first"
        return DelegatesRefused("no_edition", words)
    read = read_delegates(table, mapping, today=context.now().date())
    if isinstance(read, ColumnsRefused):
        return DelegatesRefused(read.code, read.message)
    if not table.rows:
        return DelegatesRefused("no_rows", "the file has a header and no rows; an empty list is surely not meant")
    known = load_known_names(session, [list_key], last_change(session))[list_key]
    sorted_out = _SortedOut(NamedBodies(index_of(session, edition), known))
    sorted_out.take(read.rows, read.problems)
    load = _Loading(session, context, event, list_key, as_of, source_name)
    bodies = tuple(load.body(entry, rows) for entry, rows in sorted_out.whole())
    return DelegatesReport(list_key, as_of, bodies, sorted_out.held_back(), sorted_out.told())


class _SortedOut:
    """The rows of a file by the body that they name, and the bodies whose rows are broken."""

    def __init__(self, bodies: NamedBodies) -> None:
        self._bodies = bodies
        self._rows: dict[str, dict[Sequence[object], DelegateRow]] = {}
        self._entries: dict[str, IndexedEntry] = {}
        self._broken: set[str] = set()
        self._problems: list[DelegateProblem] = []

    def take(self, rows: Sequence[DelegateRow], problems: Sequence[DelegateProblem]) -> None:
        """Puts each row to its body; a broken row breaks its body's list."""
        for problem in problems:
            entry = self._bodies.find(problem.external_id, problem.organisation)
            self._problems.append(problem)
            self._note_broken(entry)
        for row in rows:
            entry = self._bodies.find(row.external_id, row.organisation)
            if entry is None:
                words = f"row {row.row}: no body of the list, or more than one, is meant by this; give its number"
                self._problems.append(DelegateProblem(row.row, words))
            else:
                self._put(entry, row)

    def whole(self) -> list[tuple[IndexedEntry, tuple[DelegateRow, ...]]]:
        """The bodies of which every row is good, with their rows."""
        fit = [number for number in self._rows if number not in self._broken]
        return [(self._entries[number], tuple(self._rows[number].values())) for number in sorted(fit)]

    def held_back(self) -> tuple[str, ...]:
        """The names of the others."""
        return tuple(sorted(self._entries[number].name for number in self._broken))

    def told(self) -> tuple[DelegateProblem, ...]:
        """Everything that is wrong, by row."""
        return tuple(sorted(self._problems, key=lambda one: one.row))

    def _note_broken(self, entry: IndexedEntry | None) -> None:
        if entry is not None:
            self._entries[entry.external_id] = entry
            self._broken.add(entry.external_id)

    def _put(self, entry: IndexedEntry, row: DelegateRow) -> None:
        self._entries[entry.external_id] = entry
        here = self._rows.setdefault(entry.external_id, {})
        person = (row.words, row.birth_date)
        if person in here:
            words = f"row {row.row}: repeats row {here[person].row}; it counts once"
            self._problems.append(DelegateProblem(row.row, words))
        else:
            here[person] = row


@dataclass(frozen=True, slots=True)
class _Loading:
    """What is the same for every body of a file."""

    session: Session
    context: Context
    event: LoadedEvent
    list_key: str
    as_of: date
    source_name: str

    def body(self, entry: IndexedEntry, rows: Sequence[DelegateRow]) -> BodyDelegates:
        hashes = DelegateHashes.of(self.session, self.event)
        people = sorted(
            {(hashes.name(one.words), hashes.person(one.words, one.birth_date)) for one in rows}, key=_order
        )
        before = list_before(self.session, self.event, self.list_key, entry.external_id, self.as_of)
        held = _people(self.session, before) if before is not None else set()
        told = BodyDelegates(
            entry.external_id, entry.name, len(people), len(set(people) - held), len(held - set(people)), loaded=False
        )
        if before is not None and before.digest == _digest(people):
            return told
        self._load(entry, people)
        return replace(told, loaded=True)

    def _load(self, entry: IndexedEntry, people: Sequence[Hashes]) -> None:
        made = DelegateList(
            id=self.context.new_id(),
            event_id=self.event.record.id,
            list_key=self.list_key,
            external_id=entry.external_id,
            as_of=self.as_of,
            revision=self._last_revision(entry.external_id) + 1,
            source_name="".join(filter(str.isprintable, self.source_name))[:200],
            digest=_digest(people),
            loaded_at=self.context.now(),
        )
        self.session.add(made)
        self.session.flush()  # its people are inserted in bulk, past the unit of work, and point at it
        rows = [
            {"list_id": made.id, "number": number, "name_hash": name, "person_hash": person}
            for number, (name, person) in enumerate(people, 1)
        ]
        self.session.execute(insert(Delegate), rows)
        subject = Subject("delegates", f"{self.list_key}/{entry.external_id}"[:80])
        record(self.session, self.context, Action.LIST_IMPORTED, subject)

    def _last_revision(self, external_id: str) -> int:
        wanted = select(func.max(DelegateList.revision)).where(
            DelegateList.event_id == self.event.record.id,
            DelegateList.list_key == self.list_key,
            DelegateList.external_id == external_id,
            DelegateList.as_of == self.as_of,
        )
        return self.session.scalar(wanted) or 0


def list_before(
    session: Session, event: LoadedEvent, list_key: str, external_id: str, day: date
) -> DelegateList | None:
    """The list of a body as of a day: the latest one then, its last revision."""
    wanted = (
        select(DelegateList)
        .where(
            DelegateList.event_id == event.record.id,
            DelegateList.list_key == list_key,
            func.lower(DelegateList.external_id) == external_id.lower(),
            DelegateList.as_of <= day,
        )
        .order_by(DelegateList.as_of.desc(), DelegateList.revision.desc())
        .limit(1)
    )
    return session.scalar(wanted)


def all_delegate_lists(session: Session, event: LoadedEvent) -> tuple[tuple[DelegateList, int], ...]:
    """Every list of the event with the number of its delegates, by body and day."""
    count = select(func.count(Delegate.number)).where(Delegate.list_id == DelegateList.id).scalar_subquery()
    wanted = (
        select(DelegateList, count)
        .where(DelegateList.event_id == event.record.id)
        .order_by(DelegateList.list_key, DelegateList.external_id, DelegateList.as_of, DelegateList.revision)
    )
    return tuple((one, number) for one, number in session.execute(wanted))


def _people(session: Session, held: DelegateList) -> set[Hashes]:
    wanted = select(Delegate.name_hash, Delegate.person_hash).where(Delegate.list_id == held.id)
    return {(row.name_hash, row.person_hash) for row in session.execute(wanted)}


def _order(one: Hashes) -> tuple[bytes, bytes]:
    return (one[0], one[1] or b"")


def _digest(people: Sequence[Hashes]) -> str:
    hashed = hashlib.sha256()
    for name, person in people:
        hashed.update(name + (person or bytes(32)))
    return hashed.hexdigest()
