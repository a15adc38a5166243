"""Which listed body does a typed name mean?

Certain by an equal comparable form, or by a slip of the pen in a name that says enough without it. All else is for a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accredit.matching.answer import Band, Candidate, Flag, Guard, How, Match
from accredit.matching.families import STOP_WORDS
from accredit.matching.guards import CAPS
from accredit.matching.index import SHORTEST_LOOSE, Form, Index, loose_of
from accredit.matching.normalise import LONGEST_NAME, is_acronym, key_of, plain_of, readable, says_nothing
from accredit.matching.reading import Reading, read
from accredit.matching.scoring import score
from accredit.matching.sentences import Sentence, country_doubt, sentence
from accredit.matching.suspicion import mixes_scripts, strange_character

ACCEPT_FROM = 0.92
"""From this score a name is recognised, where no guard holds and no other body comes near."""

REVIEW_FROM = 0.55
"""From this score a candidate is worth a reviewer's look."""

MARGIN = 0.04
"""By so much the first body must be ahead of the second."""

MOST_CANDIDATES = 5
_LOOSE = 0.99
WORTH_A_LINE = 0.40
_LEAST_SHARE = 0.18
MOST_BY_ACRONYM = 20


def match(index: Index, name: str, country: str | None) -> Match:
    """Find the listed body that a name means.

    Accepted: the comparable form is the name, or an alias, of exactly one body, or differs from it by a slip; the country
    of the application is the list's, or the list gives none; the text holds nothing that a person cannot see.
    Review: anything else that comes near enough. Never raises, whatever the text.
    `country` is ISO 3166-1 alpha-3 of the body's seat as the applicant gave it.
    """
    key = key_of(name)
    if says_nothing(key):
        return Match(Band.NONE, None, None, 0.0, ("The name holds no word that says which body is meant.",), ())
    doubts = tuple(_doubts_of_text(name))
    bearers = _bearers(index, name, key)
    if len(bearers) == 1 and bearers[0].score == 1 and not doubts and not _against(bearers[0], country):
        found = bearers[0]
        return Match(Band.ACCEPT, found.entry_id, found.how, found.score, (), (found,))
    return _judged(doubts, bearers, _similar(index, name, bearers), country)


def _judged(doubts: tuple[str, ...], bearers: list[Candidate], similar: list[Candidate], country: str | None) -> Match:
    """The band of the first candidate, with everything that speaks against it."""
    candidates = tuple([*bearers, *similar][:MOST_CANDIDATES])
    if not candidates or candidates[0].score < REVIEW_FROM:
        return Match(Band.NONE, None, *_first(candidates), doubts, candidates, doubts)
    first = candidates[0]
    if bearers:
        doubts = (*doubts, *(_shared(bearers) if len(bearers) > 1 else _against(first, country)))
        doubts = doubts or tuple(_rivals(candidates))
    if bearers and doubts:
        return Match(Band.REVIEW, None, first.how, first.score, doubts, candidates, doubts)
    flags = (*doubts, *_against(first, country)) or (*_too_far(first), *_rivals(candidates))
    if flags:
        return Match(Band.REVIEW, None, first.how, first.score, flags, candidates, doubts)
    return Match(Band.ACCEPT, first.entry_id, first.how, first.score, (), (first,))


def _first(candidates: tuple[Candidate, ...]) -> tuple[How | None, float]:
    return (candidates[0].how, candidates[0].score) if candidates else (None, 0.0)


def _doubts_of_text(name: str) -> Iterator[str]:
    if len(name) > LONGEST_NAME:
        yield Sentence(
            "The name is longer than %(most)s characters; only the first %(most)s were compared.", most=LONGEST_NAME
        )
    strange = strange_character(name)
    if strange:
        strange_thing = Sentence(strange)
        yield Sentence("The name holds %(strange)s; ask the applicant to type the name again.", strange=strange_thing)
    if mixes_scripts(name):
        yield Sentence("One word of the name mixes letters of two scripts that look alike.")


def _shared(bearers: list[Candidate]) -> tuple[str, ...]:
    words = "%(count)s bodies on the list bear this name; the name alone does not say which is meant."
    return (Sentence(words, count=len(bearers)),)


def _against(candidate: Candidate, country: str | None) -> tuple[str, ...]:
    """What speaks against one candidate: its flags, in words, and the country."""
    doubt = country_doubt(candidate.country, country)
    return (*map(sentence, candidate.flags), doubt) if doubt else tuple(map(sentence, candidate.flags))


def _too_far(first: Candidate) -> Iterator[str]:
    if first.score < ACCEPT_FROM:
        yield Sentence("The words of the two names agree too little to take one for the other.")


def _rivals(candidates: tuple[Candidate, ...]) -> Iterator[str]:
    """Other bodies as near as the first, or of the same words in another order."""
    first = candidates[0]
    for other in candidates[1:]:
        if first.score - other.score < MARGIN or [flag.guard for flag in other.flags] == [Guard.WORD_ORDER]:
            yield Sentence("“%(other)s” on the list comes as near as “%(first)s”.", other=other.name, first=first.name)


def _bearers(index: Index, name: str, key: str) -> list[Candidate]:
    """The bodies whose name or alias is this one, by the key, or else without blanks and small words."""
    holders = index.by_key.get(key)
    if holders is not None:
        borne = [_bearer(index, form, 1.0, name, key) for form in _closest(holders, name)]
        return borne if len(borne) == 1 else sorted(borne, key=lambda one: one.how != How.EXACT)
    loose = loose_of(key)
    holders = index.by_loose.get(loose, {}) if len(loose) >= SHORTEST_LOOSE else {}
    return [_bearer(index, form, _LOOSE, name, key) for form in holders.values()]


def _closest(holders: Mapping[int, Form], name: str) -> list[Form]:
    """Of several bodies whose own names differ by a legal form or an article alone, the one written just so."""
    forms = list(holders.values())
    if len(forms) > 1 and all(form.how is How.EXACT for form in forms):
        same = [form for form in forms if plain_of(form.text) == plain_of(name)]
        return same or forms
    return forms


def _bearer(index: Index, form: Form, how_near: float, name: str, key: str) -> Candidate:
    flags: tuple[Flag, ...] = ()
    if form.how is How.ACRONYM:
        flags = (Flag(Guard.ACRONYM_ONLY),)
    elif name.casefold() != form.text.casefold():
        flags = tuple(_of_plain_words(plain_of(name).split(), plain_of(form.text).split(), _is_one_word(form, key)))
    how = How.SIMILAR if how_near < 1 and form.how is How.EXACT else form.how
    entry = index.listed[form.owner]
    return Candidate(entry.entry_id, entry.name, entry.country, how_near, how, form.text, flags)


def _of_plain_words(own: list[str], listed: list[str], one_word: bool) -> Iterator[Flag]:
    """What an equal comparable form hides: that articles or legal forms were moved, or all that a short name has."""
    if own != listed and sorted(own) == sorted(listed):
        yield Flag(Guard.WORD_ORDER)
    if one_word and "".join(own) != "".join(listed):
        yield Flag(Guard.ONE_WORD)


def _is_one_word(form: Form, key: str) -> bool:
    return form.reading.content < 2 or sum(word not in STOP_WORDS for word in key.split()) < 2


def _similar(index: Index, name: str, bearers: list[Candidate]) -> list[Candidate]:
    """The bodies most like a name, best first, each by its nearest spelling; those that bear it are left out."""
    reading = read(name)
    borne = {one.entry_id for one in bearers}
    best: dict[int, Candidate] = {}
    for number in _worth_comparing(index, reading):
        form = index.forms[number]
        if index.listed[form.owner].entry_id not in borne:
            _keep(best, form.owner, _compared(index, name, reading, form))
    for number in index.candidates.by_acronym(_as_acronym(name)):
        form = index.forms[number]
        if index.listed[form.owner].entry_id not in borne:
            _keep(
                best,
                form.owner,
                _candidate(index, form, CAPS[Guard.ACRONYM_ONLY], How.ACRONYM, (Flag(Guard.ACRONYM_ONLY),)),
            )
    worth = [one for one in best.values() if one.score >= WORTH_A_LINE]
    return sorted(worth, key=lambda one: (-one.score, one.name))


def _worth_comparing(index: Index, reading: Reading) -> Iterator[int]:
    """Names that share pieces with the typed one, but for those so much longer or shorter that nothing could come of it."""
    own = index.weights.together(reading)
    for number in index.candidates.near(reading):
        listed = index.weight_of[number]
        if min(own, listed) >= _LEAST_SHARE * (own + listed):
            yield number
    for acronym in reading.own_acronyms | reading.other_acronyms:
        yield from index.candidates.by_acronym(acronym)[:MOST_BY_ACRONYM]


def _as_acronym(name: str) -> str:
    return "".join(filter(str.isalnum, readable(name))) if is_acronym(name.strip()) else ""


def _keep(best: dict[int, Candidate], owner: int, found: Candidate) -> None:
    if owner not in best or found.score > best[owner].score:
        best[owner] = found


def _compared(index: Index, name: str, reading: Reading, form: Form) -> Candidate:
    found = score(reading, form.reading, index.weights, worth=WORTH_A_LINE)
    flags = found.flags
    if not flags and found.score >= ACCEPT_FROM:
        flags = tuple(_of_plain_words(plain_of(name).split(), plain_of(form.text).split(), one_word=False))
    if form.is_part:
        flags = (*flags, Flag(Guard.ONE_OF_TWO_NAMES))
    how_near = min((CAPS[flag.guard] for flag in flags), default=found.score)
    return _candidate(index, form, min(how_near, found.score), How.SIMILAR, flags)


def _candidate(index: Index, form: Form, how_near: float, how: How, flags: tuple[Flag, ...]) -> Candidate:
    entry = index.listed[form.owner]
    return Candidate(entry.entry_id, entry.name, entry.country, round(min(how_near, 0.99), 4), how, form.text, flags)


def compare(index: Index, one: str, other: str) -> float:
    """How alike two names are, from 0 to 1, with the words weighed by a list: 1.0 for one key, capped by the guards."""
    key = key_of(one)
    if key and key == key_of(other):
        return 1.0
    if len(loose_of(key)) >= SHORTEST_LOOSE and loose_of(key) == loose_of(key_of(other)):
        return _LOOSE
    return min(score(read(one), read(other), index.weights).score, _LOOSE)
