"""Which listed body is somebody typing? Answers for a field that offers names while one types.

The names of all lists in force, and those that we learnt ourselves, lie in the process by their words, built anew when an
edition is loaded or an alias changes. Where the beginnings of words find little, the matcher suggests like names. A
keystroke costs the same few statements, however many names and applications there are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.lists import Edition
from accredit.domain.events import CategoryRule, Event
from accredit.matching.match import REVIEW_FROM, match
from accredit.matching.normalise import LONGEST_NAME, readable, roman_words
from accredit.services.editions import EditionIndex, IndexedEntry, index_of
from accredit.services.known_names import KnownNames, last_change, load_known_names

FEWEST_LETTERS = 2
MOST_OFFERS = 8
_FEW = 3  # from so many on, like names would only push the right one down
_SHORTEST_FUZZY = 4
_MOST_WORDS = 12
_MOST_KEPT = 4
_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Offer:
    """One listed body as it is offered. `country` is ISO 3166-1 alpha-3 or empty; `by` another name that was found."""

    name: str
    country: str
    list_key: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """One spelling of a body; `rank` orders those that fit equally: its name before other names, short before long."""

    offer: Offer
    text: str
    rank: tuple[bool, int, str]


class NameIndex:
    """All names that are offered for an event, by the beginnings of their words."""

    def __init__(self, lists: Sequence[tuple[EditionIndex, KnownNames]]) -> None:
        self._editions = tuple(edition for edition, _ in lists)
        self._forms: list[_Form] = [form for edition, names in lists for form in _forms(edition, names)]
        words = ((word, number) for number, form in enumerate(self._forms) for word in set(form.text.split()))
        self._words = sorted(words)

    def offers(self, typed: str) -> tuple[Offer, ...]:
        """At most eight bodies, the nearest first; none for fewer than two letters."""
        words = roman_words(readable(typed[:LONGEST_NAME]))[:_MOST_WORDS]
        if sum(map(len, words)) < FEWEST_LETTERS:
            return ()
        found = self._by_beginnings(words)
        if len(found) < _FEW and sum(map(len, words)) >= _SHORTEST_FUZZY:
            found += self._alike(typed)
        return tuple(_each_body_once(found))[:MOST_OFFERS]

    def _by_beginnings(self, words: Sequence[str]) -> list[Offer]:
        """The bodies with a name in which each typed word begins a word."""
        numbers: set[int] | None = None
        for word in sorted(set(words), key=len, reverse=True):
            begun = set(self._beginning_with(word))
            numbers = begun if numbers is None else numbers & begun
            if not numbers:
                return []
        text = " ".join(words)
        near = nsmallest(
            MOST_OFFERS * 2,
            (self._forms[number] for number in numbers or ()),
            key=lambda form: (form.text != text, not form.text.startswith(text), form.rank),
        )
        return _each_body_once(form.offer for form in near)

    def _beginning_with(self, word: str) -> Iterator[int]:
        start, end = (bisect_left(self._words, (one, -1)) for one in (word, word + _AFTER_ALL))
        return (number for _, number in self._words[start:end])

    def _alike(self, typed: str) -> list[Offer]:
        """The bodies that the matcher finds worth a look."""
        found = [
            (one.score, _offer(edition.by_id[one.entry_id], edition.list_key))
            for edition in self._editions
            for one in match(edition.names, typed, None).candidates
            if one.score >= REVIEW_FROM and edition.by_id[one.entry_id].in_force
        ]
        return [offer for _, offer in sorted(found, key=lambda pair: -pair[0])]


def _each_body_once(offers: Iterable[Offer]) -> list[Offer]:
    """In their order, each body by the first of its names."""
    best: dict[tuple[str, str, str], Offer] = {}
    for one in offers:
        best.setdefault((one.name, one.country, one.list_key), one)
    return list(best.values())


def _forms(edition: EditionIndex, names: KnownNames) -> Iterator[_Form]:
    for entry in edition.entries:
        if entry.in_force:
            yield _form(_offer(entry, edition.list_key), entry.name, is_other=False)
            for other in (*(one.name for one in entry.aliases), *(one.name for one in names.of(entry))):
                yield _form(_offer(entry, edition.list_key, by=other), other, is_other=True)


def _form(offer: Offer, name: str, *, is_other: bool) -> _Form:
    return _Form(offer, " ".join(roman_words(readable(name))), (is_other, len(name), offer.name))


def _offer(entry: IndexedEntry, list_key: str, by: str = "") -> Offer:
    return Offer(entry.name, entry.country, list_key, by)


_Stamp = tuple[object, ...]
_kept: OrderedDict[_Stamp, NameIndex] = OrderedDict()
_turn = Lock()


def name_index(session: Session, event: Event) -> NameIndex:
    """The index over the lists of this event that are in force now; built by the first who asks after a change."""
    editions = _in_force(session, event)
    number = last_change(session)
    stamp = (number, *((edition.id, edition.digest) for edition in editions))
    with _turn:
        held = _kept.get(stamp)
        if held is not None:
            _kept.move_to_end(stamp)
            return held
    learnt = load_known_names(session, [edition.list_key for edition in editions], number)
    made = NameIndex([(index_of(session, edition), learnt[edition.list_key]) for edition in editions])
    with _turn:
        _kept[stamp] = made
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made


def offered_lists(event: Event) -> tuple[str, ...]:
    """The lists of bodies, in the order of the event's categories. A list of invited people is nobody's to read."""
    listed = (key for one in event.categories if one.rule is not CategoryRule.INVITED for key in one.lists)
    return tuple(dict.fromkeys(listed))


def _in_force(session: Session, event: Event) -> list[Edition]:
    keys = offered_lists(event)
    wanted = select(Edition).where(Edition.list_key.in_(keys), Edition.as_of <= event.reference_on)
    latest = _last_of_each(session.scalars(wanted.order_by(Edition.as_of, Edition.revision)))
    return [latest[key] for key in keys if key in latest]


def _last_of_each(editions: Iterable[Edition]) -> dict[str, Edition]:
    return {edition.list_key: edition for edition in editions}
