"""The names that we learnt ourselves, in memory, and how they count beside the names of an edition.

The index of an edition is never rebuilt for them: they form a small index of their own, over the bodies that have any. A
name accepts a body only where neither index knows another body by it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accredit.db.models.aliases import AliasRecord
from accredit.domain.aliases import AliasKind, AliasUsed
from accredit.identity.states import canonical
from accredit.matching.answer import Band, Candidate, How, Match
from accredit.matching.index import Alias, Index, Listed, build_index
from accredit.matching.match import MOST_CANDIDATES, match
from accredit.matching.normalise import key_of
from accredit.matching.sentences import Sentence
from accredit.services.editions import EditionIndex, IndexedEntry

MOST_KEPT = 24


@dataclass(frozen=True, slots=True)
class KnownAlias:
    """One such name that counts."""

    id: UUID
    number: int
    external_id: str
    name: str
    kind: AliasKind
    country: str
    source: str
    known_on: date

    @property
    def used(self) -> AliasUsed:
        """As a finding tells it."""
        return AliasUsed(self.name, self.kind.value, self.source, self.known_on, self.number)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The learnt names of one list, as known after the change `number`."""

    number: int
    by_body: Mapping[str, tuple[KnownAlias, ...]]

    def of(self, entry: IndexedEntry) -> tuple[KnownAlias, ...]:
        """The learnt names of this body."""
        return self.by_body.get(entry.external_id.casefold(), ())


NO_NAMES = KnownNames(0, {})


def last_change(session: Session) -> int:
    """The number of the last change to the aliases of any list; 0 before the first."""
    added, withdrawn = session.execute(
        select(func.max(AliasRecord.number), func.max(AliasRecord.withdrawn_number))
    ).one()
    return max(added or 0, withdrawn or 0)


def load_known_names(session: Session, list_keys: Iterable[str], number: int) -> dict[str, KnownNames]:
    """The learnt names of these lists that counted after the change `number`."""
    wanted_keys = set(list_keys)
    wanted = select(AliasRecord).where(
        AliasRecord.list_key.in_(wanted_keys),
        AliasRecord.number <= number,
        or_(AliasRecord.withdrawn_number.is_(None), AliasRecord.withdrawn_number > number),
    )
    found: dict[str, dict[str, list[KnownAlias]]] = {key: {} for key in wanted_keys}
    for row in session.scalars(wanted.order_by(AliasRecord.number)):
        bodies = found[row.list_key]
        bodies.setdefault(row.external_id.casefold(), []).append(_known(row))
    return {
        key: KnownNames(number, {body: tuple(names) for body, names in bodies.items()}) for key, bodies in found.items()
    }


def _known(row: AliasRecord) -> KnownAlias:
    return KnownAlias(row.id, row.number, row.external_id, row.name, row.kind, row.country, row.source, row.known_on)


_kept: OrderedDict[tuple[UUID, str, int], Index] = OrderedDict()
_turn = Lock()


def _index_of(edition: EditionIndex, names: KnownNames) -> Index:
    """The small index over the bodies of this edition that have learnt names; built once for each change."""
    key = (edition.id, edition.list_key, names.number)
    with _turn:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    bodies = [
        (edition.by_external_id[one], known) for one, known in names.by_body.items() if one in edition.by_external_id
    ]
    made = build_index(
        Listed(str(entry.id), entry.name, entry.country or None, tuple(Alias(one.name, one.kind) for one in known))
        for entry, known in bodies
    )
    with _turn:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def match_name(edition: EditionIndex, names: KnownNames, typed: str, country: str) -> Match:
    """Which body of the edition is meant, by its names there and by those that we learnt."""
    listed = match(edition.names, typed, country)
    if not names.by_body:
        return listed
    learnt = match(_index_of(edition, names), typed, country)
    doubts = tuple(_doubts(edition, names, listed, learnt, typed, country))
    if doubts:
        return _for_a_person(listed, learnt, doubts)
    if any(map(_bears, learnt.candidates)) and not (listed.band is Band.ACCEPT and listed.how is not How.SIMILAR):
        return learnt if learnt.band is Band.ACCEPT else _for_a_person(listed, learnt, learnt.flags)
    return listed if listed.band is Band.ACCEPT else _with_suggestions(listed, learnt)


def _doubts(
    edition: EditionIndex, names: KnownNames, listed: Match, learnt: Match, typed: str, country: str
) -> Iterator[str]:
    """Why the two together accept nobody, though each might."""
    bearers = {one.entry_id for found in (listed, learnt) for one in found.candidates if _bears(one)}
    if len(bearers) > 1:
        several = "%(count)s bodies of the list are known by this name; the name alone does not say which is meant."
        yield Sentence(several, count=len(bearers))
    elif bearers and listed.entry_id is not None and listed.entry_id not in bearers:
        yield Sentence("One body has a like name, another one is known by this name.")
    elif learnt.entry_id is not None and listed.entry_id is None and learnt.entry_id in bearers:
        yield from _of_another_country(edition.by_id[learnt.entry_id], names, typed, country)


def _bears(candidate: Candidate) -> bool:
    """Whether the body was found by a name of its own, not by a like one."""
    return candidate.how is not How.SIMILAR


def _of_another_country(entry: IndexedEntry, names: KnownNames, typed: str, country: str) -> Iterator[str]:
    """A spelling was confirmed for the body of one country; in another the same words may be another body."""
    same = [one for one in names.of(entry) if key_of(one.name) == key_of(typed)]
    if all(one.country and one.country != canonical(country) for one in same):
        for one in same:
            words = "This spelling was confirmed for a body in %(there)s; the application says %(here)s."
            yield Sentence(words, there=one.country, here=country or Sentence("none"))


def _for_a_person(listed: Match, learnt: Match, flags: Sequence[str]) -> Match:
    shown = _together(listed, learnt)
    told = tuple(dict.fromkeys((*flags, *listed.flags, *learnt.flags)))
    doubts = tuple(dict.fromkeys((*flags, *listed.doubts, *learnt.doubts)))
    return Match(Band.REVIEW, None, shown[0].how, shown[0].score, told, shown, doubts)


def _with_suggestions(listed: Match, learnt: Match) -> Match:
    """A name that is like a learnt one is worth a look as well."""
    shown = _together(listed, learnt)
    if not shown:
        return listed
    band = Band.REVIEW if Band.REVIEW in {listed.band, learnt.band} or learnt.band is Band.ACCEPT else Band.NONE
    flags = tuple(dict.fromkeys((*listed.flags, *learnt.flags)))
    doubts = tuple(dict.fromkeys((*listed.doubts, *learnt.doubts)))
    return Match(band, None, shown[0].how, shown[0].score, flags, shown, doubts)


def _together(listed: Match, learnt: Match) -> tuple[Candidate, ...]:
    """The candidates of both, each body once with its better score, those that bear the name first."""
    best: dict[str, Candidate] = {}
    for one in (*listed.candidates, *learnt.candidates):
        held = best.get(one.entry_id)
        if held is None or (_bears(one), one.score) > (_bears(held), held.score):
            best[one.entry_id] = one
    ordered = sorted(best.values(), key=lambda one: (not _bears(one), -one.score))
    return tuple(ordered[:MOST_CANDIDATES])


def alias_used(entry: IndexedEntry, names: KnownNames, typed: str) -> tuple[AliasUsed, UUID | None] | None:
    """The other name by which this body was found; None where it was its own."""
    key = key_of(typed)
    if key_of(entry.name) == key:
        return None
    for own in entry.aliases:
        if key_of(own.name) == key:
            return AliasUsed(own.name, own.kind, "on the list itself"), None
    return next(((one.used, one.id) for one in names.of(entry) if key_of(one.name) == key), None)
