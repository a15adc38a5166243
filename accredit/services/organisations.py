"""Which listed body does an application mean? The lists of its category, the matcher, and what several lists say together.

The matcher answers for one list. Here its answers are joined with care: a body is accepted only where no other list of the
category knows another body of that name. A State or its parliament is also recognised by its country, where the words
that were typed say no more than that ("Permanent Mission of Kenya").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.lists import Edition
from accredit.domain.application_facts import Band, ListedBody, OrganisationAnswer
from accredit.domain.events import Category, CategoryRule, Event
from accredit.domain.sentences import Told
from accredit.identity.states import canonical
from accredit.matching.answer import Band as MatchBand
from accredit.matching.answer import Candidate, Flag, Match
from accredit.matching.families import STOP_WORDS
from accredit.matching.match import MOST_CANDIDATES
from accredit.matching.normalise import key_of, romanised
from accredit.services.editions import EditionIndex, IndexedEntry, index_of
from accredit.services.flag_sentences import told_of
from accredit.services.known_names import NO_NAMES, KnownNames, alias_used, last_change, load_known_names, match_name

# What a State's own bodies are called, beside its name. Words of parliaments are not among them: whoever applies as a
# delegate of the government must not be taken for one by the name of the parliament.
_STATE_WORDS = frozenset(
    {
        *("permanent", "mission", "embassy", "consulate", "government", "ministry", "foreign", "affairs", "delegation"),
        *(
            "representation",
            "office",
            "observer",
            "united",
            "nations",
            "un",
            "unog",
            "geneva",
            "other",
            "international",
        ),
        *("organizations", "republic", "kingdom", "state", "federal", "his", "her", "majesty", "s"),
        *("permanente", "ambassade", "gouvernement", "ministere", "affaires", "etrangeres", "representation", "aupres"),
        *("onu", "onug", "nations", "unies", "office", "geneve", "suisse", "republique", "royaume", "etat"),
    }
)

_OF_STATES = frozenset({CategoryRule.REPRESENTED, CategoryRule.GRADED})


@dataclass(frozen=True, slots=True)
class BodyKey:
    """A body across editions: the list, and its number there."""

    list_key: str
    external_id: str


@dataclass(frozen=True, slots=True)
class BodyFound:
    """The answer for the rules, and which entry of which list it rests on."""

    answer: OrganisationAnswer
    entry_id: UUID | None = None
    body: BodyKey | None = None
    invited_as: str | None = None
    alias_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A body that may be meant: by which of its names it was found, and what tells that from what was typed."""

    list_key: str
    entry: IndexedEntry
    by: str = ""
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class _Register:
    """One list as it stood on the two days that count, and the names of its bodies that we learnt ourselves."""

    key: str
    now: EditionIndex | None
    on_deadline: EditionIndex | None
    names: KnownNames = NO_NAMES

    def body(self, entry: IndexedEntry) -> ListedBody:
        assert self.now is not None
        before = self.on_deadline.by_external_id.get(entry.external_id.casefold()) if self.on_deadline else None
        return ListedBody(
            entry_id=entry.external_id,
            list_key=self.key,
            edition_on=self.now.as_of,
            name=entry.name,
            status=entry.status,
            in_force=entry.in_force,
            in_force_on_deadline=None if self.on_deadline is None else before is not None and before.in_force,
            status_on_deadline=None if before is None else before.status,
        )


@dataclass(frozen=True, slots=True)
class _Hit:
    """An entry of one register, with the matcher's candidate where it came by name."""

    register: _Register
    entry: IndexedEntry
    how: str


class Registers:
    """The lists of an event as they stand on its reference day and stood on its deadline day."""

    def __init__(self, event: Event, registers: dict[str, _Register], aliases_number: int = 0) -> None:
        self._event = event
        self._registers = registers
        self.aliases_number = aliases_number
        self._answers: dict[tuple[str, str, str], BodyFound] = {}

    def editions_of(self, category: Category) -> list[str]:
        """The ids of the editions that are read for this category."""
        read = [edition for one in self._of(category) for edition in (one.now, one.on_deadline) if edition is not None]
        return [str(one) for one in dict.fromkeys(edition.id for edition in read)]

    def answer(self, category: Category, name: str, country: str) -> BodyFound:
        """Which body of the category's lists is meant. Answers are kept: many people apply for one body."""
        asked = (category.key, name, country)
        if asked not in self._answers:
            self._answers[asked] = self._answer(category, name, canonical(country))
        return self._answers[asked]

    def suggestions(self, category: Category, name: str, country: str) -> tuple[Suggestion, ...]:
        """The bodies that a person chooses from, as `answer` names them: those of a State's country first, then the like."""
        here = canonical(country)
        loaded = [one for one in self._of(category) if one.now is not None]
        matches = [(one, match_name(one.now, one.names, name, here)) for one in loaded if one.now is not None]
        shown = {
            hit.entry.id: Suggestion(hit.register.key, hit.entry)
            for one in (loaded if category.rule in _OF_STATES else ())
            for hit in _of_country(one, here)
        }
        for register, one in _similar(matches):
            entry = _entry(register, one)
            shown[entry.id] = Suggestion(register.key, entry, one.by, one.flags)
        return tuple(shown.values())[:MOST_CANDIDATES]

    def confirmed(self, category: Category, external_id: str) -> BodyFound | None:
        """The body that a reviewer says is meant, by its number or, where two lists use that number, by LIST/NUMBER."""
        wanted = external_id.strip().casefold()
        hits = [
            _Hit(register, entry, "confirmed")
            for register in self._of(category)
            if register.now is not None
            for entry in [register.now.by_external_id.get(wanted.removeprefix(f"{register.key}/"))]
            if entry is not None
        ]
        return _accepted(hits[0], "") if len(hits) == 1 else None

    def may_learn(self, body: BodyKey, typed: str) -> bool:
        """Whether a name is news for this list: no body of the edition bears it, and this one is not known by it yet."""
        register = self._registers.get(body.list_key)
        if register is None or register.now is None or key_of(typed) in register.now.by_key:
            return False
        known = register.names.by_body.get(body.external_id.casefold(), ())
        return key_of(typed) not in {key_of(one.name) for one in known}

    def invited(self, category: Category, words: tuple[str, ...]) -> BodyFound:
        """Whether the person is on the invitation list, by exactly these words and nobody else by them.

        A category that names grades asks for one of them: a guest of a side event is no panellist.
        """
        hits = [
            (register, entry)
            for register in self._of(category)
            if register.now is not None
            for entry in register.now.people.get(words, ())
            if entry.in_force and entry.status in (category.clear_grades or {entry.status})
        ]
        answer = OrganisationAnswer(Band.NONE, lists_loaded=any(one.now for one in self._of(category)))
        if len(hits) != 1:
            return BodyFound(answer)
        register, entry = hits[0]
        named = (entry.details.get(name, "") for name in ("role", "organisation", "note"))
        told = ", ".join(part for part in (entry.status, *named) if part)
        return BodyFound(answer, entry.id, BodyKey(register.key, entry.external_id), told or "invited")

    def _of(self, category: Category) -> list[_Register]:
        return [self._registers[key] for key in category.lists if key in self._registers]

    def _answer(self, category: Category, name: str, country: str) -> BodyFound:
        loaded = [one for one in self._of(category) if one.now is not None]
        if not loaded:
            return BodyFound(OrganisationAnswer(Band.NONE, lists_loaded=False))
        matches = [(one, match_name(one.now, one.names, name, country)) for one in loaded if one.now is not None]
        hits = [hit for one, found in matches for hit in _bearers(one, found)]
        doubts = [*(doubt for _, found in matches for doubt in found.doubts), *_conflicts(hits)]
        if hits and not doubts:
            return _accepted(max(hits, key=lambda hit: hit.entry.in_force), name)
        by_country = [hit for one in loaded for hit in _of_country(one, country)]
        may_be_a_state = category.rule is CategoryRule.REPRESENTED and not hits and not doubts and len(by_country) == 1
        if may_be_a_state and _names_only_the_state(name, by_country[0].entry):
            return _accepted(by_country[0], "")
        near = by_country if category.rule in _OF_STATES else []
        flags = [flag for _, found in matches for flag in found.flags]
        return _unsettled(matches, near, [*doubts, *flags, *self._not_loaded(category)])

    def _not_loaded(self, category: Category) -> Iterator[str]:
        for key in category.lists:
            register = self._registers.get(key)
            if register is None or register.now is None:
                words = "no edition of %(list)s is in force on %(day)s: it was not looked at"
                yield Told(words, list=key, day=self._event.reference_on)


def load_registers(
    session: Session,
    event: Event,
    categories: Iterable[Category],
    editions: Sequence[str] | None = None,
    aliases_number: int | None = None,
) -> Registers:
    """The lists that these categories read, and the names that we learnt for their bodies.

    With `editions` those alone, with `aliases_number` the names as known then: to compute again what was computed.
    """
    keys = {key for category in categories for key in category.lists}
    wanted = select(Edition).where(Edition.list_key.in_(keys), Edition.as_of <= event.reference_on)
    if editions is not None:
        wanted = wanted.where(Edition.id.in_([UUID(one) for one in editions]))
    found: dict[str, list[Edition]] = {key: [] for key in keys}
    for edition in session.scalars(wanted.order_by(Edition.as_of, Edition.revision)):
        found[edition.list_key].append(edition)
    number = last_change(session) if aliases_number is None else aliases_number
    names = load_known_names(session, keys, number)
    registers = {key: _register(session, event, key, known, names[key]) for key, known in found.items()}
    return Registers(event, registers, number)


def _register(session: Session, event: Event, key: str, known: list[Edition], names: KnownNames) -> _Register:
    before = [edition for edition in known if edition.as_of <= event.deadline_on]
    return _Register(
        key,
        index_of(session, known[-1]) if known else None,
        index_of(session, before[-1]) if before else None,
        names,
    )


def _accepted(hit: _Hit, typed: str) -> BodyFound:
    """`typed` where the name led to the body; empty where a reviewer or the country did."""
    used = alias_used(hit.entry, hit.register.names, typed) if typed else None
    alias, alias_id = used or (None, None)
    answer = OrganisationAnswer(Band.ACCEPT, hit.how, hit.register.body(hit.entry), alias=alias)
    return BodyFound(answer, hit.entry.id, BodyKey(hit.register.key, hit.entry.external_id), alias_id=alias_id)


def _bearers(register: _Register, found: Match) -> Iterator[_Hit]:
    """The one body that the matcher accepts on this list; or nothing, and its flags say why."""
    if found.band is MatchBand.ACCEPT and found.entry_id is not None and register.now is not None:
        yield _Hit(register, register.now.by_id[found.entry_id], str(found.how))


def _conflicts(hits: Sequence[_Hit]) -> Iterator[str]:
    """Two lists may hold the same body; two bodies of one name are for a person."""
    for hit in hits[1:]:
        first, other = hits[0], hit
        same_name = key_of(first.entry.name) == key_of(other.entry.name)
        countries = {first.entry.country, other.entry.country} - {""}
        if not same_name or len(countries) > 1:
            yield Told(
                "“%(first)s” on %(list)s and “%(other)s” on %(other_list)s both bear this name; "
                "the name alone does not say which is meant.",
                first=first.entry.name,
                list=first.register.key,
                other=other.entry.name,
                other_list=other.register.key,
            )


def _of_country(register: _Register, country: str) -> Iterator[_Hit]:
    if register.now is not None:
        for entry in register.now.by_country.get(country, ()):
            yield _Hit(register, entry, "country")


def _names_only_the_state(typed: str, entry: IndexedEntry) -> bool:
    """Whether the typed words are the State's name and words of its bodies, and nothing else."""
    words = set(romanised(typed).split())
    own = {word for name in (entry.name, *(one.name for one in entry.aliases)) for word in romanised(name).split()}
    telling = own - _STATE_WORDS - STOP_WORDS
    return bool(words & telling) and words <= own | _STATE_WORDS | STOP_WORDS


def _unsettled(matches: Sequence[tuple[_Register, Match]], near: Sequence[_Hit], flags: Sequence[str]) -> BodyFound:
    """What a reviewer is shown: the bodies of that country first, then those with a like name, best first."""
    similar = _similar(matches)
    shown: dict[UUID, str] = {}
    for register, one in similar:
        entry = _entry(register, one)
        shown[entry.id] = f"{_told(entry)}, {one.score:.2f}"
    near_first = {hit.entry.id: shown.get(hit.entry.id, _told(hit.entry)) for hit in near} | shown
    candidates = tuple(near_first.values())[:MOST_CANDIDATES]
    worth_a_look = bool(near) or any(found.band is not MatchBand.NONE for _, found in matches)
    band = Band.REVIEW if candidates and worth_a_look else Band.NONE
    how = "" if not similar else str(similar[0][1].how)
    return BodyFound(OrganisationAnswer(band, how, None, candidates, tuple(map(told_of, dict.fromkeys(flags)))))


def _similar(matches: Sequence[tuple[_Register, Match]]) -> list[tuple[_Register, Candidate]]:
    found = ((register, one) for register, found in matches for one in found.candidates)
    return sorted(found, key=lambda pair: -pair[1].score)


def _entry(register: _Register, candidate: Candidate) -> IndexedEntry:
    assert register.now is not None
    return register.now.by_id[candidate.entry_id]


def _told(entry: IndexedEntry) -> str:
    country = f" ({entry.country})" if entry.country else ""
    return f"{entry.external_id}: {entry.name}{country}, {entry.status}"
