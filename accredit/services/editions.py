"""Editions in memory: the entries of one edition with the ways to find them, built once in a process.

An edition is never edited, so that what was built for it stays true. The cache holds few: those in force, and the ones that
somebody recomputes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.lists import Edition, Entry
from accredit.matching.index import Alias, Index, Listed, build_index
from accredit.matching.normalise import key_of
from accredit.services.person_names import listed_person

MOST_KEPT = 24

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class IndexedEntry:
    """One line of an edition."""

    id: UUID
    external_id: str
    name: str
    country: str
    status: str
    in_force: bool
    aliases: tuple[Alias, ...]
    details: Mapping[str, str]

    @property
    def keys(self) -> frozenset[str]:
        """The comparable forms of its name and of its other names."""
        return frozenset(key_of(name) for name in (self.name, *(alias.name for alias in self.aliases)))


class EditionIndex:
    """The entries of one edition, found by id, country, a body's name or a person's name."""

    def __init__(self, edition_id: UUID, list_key: str, as_of: date, entries: Sequence[IndexedEntry]) -> None:
        self.id = edition_id
        self.list_key = list_key
        self.as_of = as_of
        self.entries = tuple(entries)

    @cached_property
    def by_id(self) -> Mapping[str, IndexedEntry]:
        """Entries by the text of their id, as the matcher names them."""
        return MappingProxyType({str(entry.id): entry for entry in self.entries})

    @cached_property
    def by_external_id(self) -> Mapping[str, IndexedEntry]:
        """Entries by the list's own number, which is the same in every edition; capitals are of no account."""
        return MappingProxyType({entry.external_id.casefold(): entry for entry in self.entries})

    @cached_property
    def by_country(self) -> Mapping[str, tuple[IndexedEntry, ...]]:
        """Entries by ISO 3166-1 alpha-3 code."""
        return _grouped((entry.country, entry) for entry in self.entries if entry.country)

    @cached_property
    def by_key(self) -> Mapping[str, tuple[IndexedEntry, ...]]:
        """Entries by the comparable form of their names, each entry once under a form."""
        return _grouped((key, entry) for entry in self.entries for key in entry.keys if key)

    @cached_property
    def names(self) -> Index:
        """The matcher's index over the names of bodies."""
        return build_index(
            Listed(str(entry.id), entry.name, entry.country or None, entry.aliases) for entry in self.entries
        )

    @cached_property
    def people(self) -> Mapping[tuple[str, ...], tuple[IndexedEntry, ...]]:
        """Entries of an invitation list by the words of the person's name; another name counts as well."""
        return _grouped(
            (words, entry)
            for entry in self.entries
            for words in {listed_person(name) for name in (entry.name, *(alias.name for alias in entry.aliases))}
        )


def _grouped(pairs: Iterable[tuple[_Key, IndexedEntry]]) -> Mapping[_Key, tuple[IndexedEntry, ...]]:
    groups: dict[_Key, list[IndexedEntry]] = {}
    for key, entry in pairs:
        groups.setdefault(key, []).append(entry)
    return MappingProxyType({key: tuple(entries) for key, entries in groups.items()})


_kept: OrderedDict[tuple[UUID, str], EditionIndex] = OrderedDict()
_turn = Lock()


def index_of(session: Session, edition: Edition) -> EditionIndex:
    """The index of an edition; read from the database the first time that this process asks."""
    key = (edition.id, edition.digest)
    with _turn:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    # Outside the turn: two threads may read the same edition once each, and nobody waits for another's database.
    made = EditionIndex(edition.id, edition.list_key, edition.as_of, _entries(session, edition))
    with _turn:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _entries(session: Session, edition: Edition) -> list[IndexedEntry]:
    wanted = (
        select(
            Entry.id,
            Entry.external_id,
            Entry.name,
            Entry.country,
            Entry.status,
            Entry.in_force,
            Entry.aliases,
            Entry.details,
        )
        .where(Entry.edition_id == edition.id)
        .order_by(Entry.external_id)
    )
    return [
        IndexedEntry(
            id=row.id,
            external_id=row.external_id,
            name=row.name,
            country=row.country,
            status=row.status,
            in_force=row.in_force,
            aliases=tuple(Alias(alias["name"], alias["kind"]) for alias in row.aliases),
            details=MappingProxyType(row.details),
        )
        for row in session.execute(wanted)
    ]
