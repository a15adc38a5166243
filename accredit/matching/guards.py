"""The guards: classes of errors in which near names are two bodies. Each caps the score and keeps a name from acceptance.

None knows an organisation. A guard is told by what the two names do not share: a country, a word, an order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from types import MappingProxyType

from accredit.matching.alignment import Alignment
from accredit.matching.answer import Flag, Guard
from accredit.matching.families import AND_WORDS, BRANCH_WORDS, PARTICLES, STOP_WORDS
from accredit.matching.legal_forms import LEGAL_WORDS
from accredit.matching.likeness import Difference, edits
from accredit.matching.reading import Reading
from accredit.matching.weights import Weights

_SAY_NOTHING = STOP_WORDS | LEGAL_WORDS

_SHORTEST_SLIP = 5
_LONG = 9
_MOST_INFLECTED = 2
_EQUAL_WORDS = 2
_EQUAL_WEIGHT = 1.0

CAPS = MappingProxyType(
    {
        Guard.COUNTRY_CONFLICT: 0.60,
        Guard.COUNTRY_ON_ONE_SIDE: 0.80,
        Guard.WORDS_CONFLICT: 0.82,
        Guard.BRANCH_OR_PARENT: 0.84,
        Guard.WORD_ON_ONE_SIDE: 0.90,
        Guard.BRACKET_CONFLICT: 0.82,
        Guard.BRACKET_ON_ONE_SIDE: 0.90,
        Guard.COUNTRY_IN_BRACKETS: 0.86,
        Guard.WORD_ORDER: 0.91,
        Guard.ONE_WORD: 0.90,
        Guard.LINK_WORD: 0.91,
        Guard.SPELLING: 0.91,
        Guard.TRANSLATION: 0.86,
        Guard.ONE_OF_TWO_NAMES: 0.91,
        Guard.OTHER_LETTERS: 0.91,
        Guard.ACRONYM_ONLY: 0.75,
    }
)


def guards_between(typed: Reading, listed: Reading, alignment: Alignment, weights: Weights) -> Iterator[Flag]:
    """Every guard that holds between a typed and a listed name."""
    yield from _places(typed, listed, alignment)
    yield from _words(typed, listed, alignment)
    yield from _brackets(typed, listed, alignment)
    yield from _links(typed, listed, alignment)
    yield from _spelling(typed, listed, alignment, weights)
    if not _in_order(alignment.pairs, typed):
        yield Flag(Guard.WORD_ORDER)
    if min(typed.content, listed.content) == 1 and typed.words != listed.words and not _only_joined(alignment):
        yield Flag(Guard.ONE_WORD)
    if not (typed.is_latin and listed.is_latin):
        yield Flag(Guard.OTHER_LETTERS)


def _places(typed: Reading, listed: Reading, alignment: Alignment) -> Iterator[Flag]:
    """Another country is another body; a country that one name alone gives may be a branch."""
    own = tuple(typed.words[one] for one in alignment.typed_left if typed.places[one])
    theirs = tuple(listed.words[one] for one in alignment.listed_left if listed.places[one])
    if own and theirs:
        yield Flag(Guard.COUNTRY_CONFLICT, own, theirs)
    elif own or theirs:
        bracketed = all(one >= typed.brackets_from for one in alignment.typed_left if typed.places[one]) and all(
            one >= listed.brackets_from for one in alignment.listed_left if listed.places[one]
        )
        yield Flag(Guard.COUNTRY_IN_BRACKETS if bracketed else Guard.COUNTRY_ON_ONE_SIDE, own, theirs)


def _words(typed: Reading, listed: Reading, alignment: Alignment) -> Iterator[Flag]:
    """A word more is a branch, a parent or a namesake; different words on both sides are two bodies."""
    own, theirs = _content(typed, alignment.typed_left), _content(listed, alignment.listed_left)
    if own and theirs:
        yield Flag(Guard.WORDS_CONFLICT, own, theirs)
    elif own or theirs:
        branch = not BRANCH_WORDS.isdisjoint((*own, *theirs))
        yield Flag(Guard.BRANCH_OR_PARENT if branch else Guard.WORD_ON_ONE_SIDE, own, theirs)


def _content(reading: Reading, left: Sequence[int]) -> tuple[str, ...]:
    words = (
        reading.words[one]
        for one in left
        if one < reading.brackets_from and not reading.places[one] and reading.words[one] not in _SAY_NOTHING
    )
    return tuple(words)


def _brackets(typed: Reading, listed: Reading, alignment: Alignment) -> Iterator[Flag]:
    own = _bracketed(typed, alignment.typed_left) + _foreign(typed, listed)
    theirs = _bracketed(listed, alignment.listed_left) + _foreign(listed, typed)
    if own and theirs:
        yield Flag(Guard.BRACKET_CONFLICT, own, theirs)
    elif own or theirs:
        yield Flag(Guard.BRACKET_ON_ONE_SIDE, own, theirs)


def _foreign(reading: Reading, other: Reading) -> tuple[str, ...]:
    """Bracketed acronyms of one name that the other neither gives nor holds as a word."""
    return tuple(one for one in sorted(reading.other_acronyms - other.acronyms) if one not in other.words)


def _bracketed(reading: Reading, left: Sequence[int]) -> tuple[str, ...]:
    return tuple(
        reading.words[one]
        for one in left
        if one >= reading.brackets_from and not reading.places[one] and reading.words[one] not in _SAY_NOTHING
    )


def _links(typed: Reading, listed: Reading, alignment: Alignment) -> Iterator[Flag]:
    """ "Women in", "women for" and "women and development" are three things; an article more or less is none."""
    own, theirs = _small(typed, alignment.typed_left), _small(listed, alignment.listed_left)
    if own != theirs:
        yield Flag(Guard.LINK_WORD, own, theirs)


def _small(reading: Reading, left: Sequence[int]) -> tuple[str, ...]:
    words = (reading.words[one] for one in left)
    return tuple("and" if word in AND_WORDS else word for word in words if word in STOP_WORDS and word not in PARTICLES)


def _spelling(typed: Reading, listed: Reading, alignment: Alignment, weights: Weights) -> Iterator[Flag]:
    """One word spelt a little differently is a slip only where the rest of the name says enough by itself."""
    different = [pair for pair in alignment.pairs if pair[3] > Difference.JOINED]
    if not different:
        return
    own = tuple(typed.words[one] for one, _, _, _ in different)
    theirs = tuple(listed.words[other] for _, other, _, _ in different)
    if any(kind == Difference.TRANSLATED for _, _, _, kind in different):
        yield Flag(Guard.TRANSLATION, own, theirs)
    elif not (_are_slips(different, typed, listed, weights) and _rest_tells(typed, alignment, weights)):
        yield Flag(Guard.SPELLING, own, theirs)


def _are_slips(
    different: Sequence[tuple[int, int, float, Difference]], typed: Reading, listed: Reading, weights: Weights
) -> bool:
    """Two words in another number, or one that is misspelt."""
    if all(kind == Difference.INFLECTED for _, _, _, kind in different):
        return len(different) <= _MOST_INFLECTED
    one, other, _, kind = different[0]
    return len(different) == 1 and kind == Difference.SPELT and _is_slip(typed.words[one], listed.words[other], weights)


def _is_slip(word: str, listed: str, weights: Weights) -> bool:
    """A letter or, in a long word, two; the first one right, and no word that another name of the list holds."""
    if min(len(word), len(listed)) < _SHORTEST_SLIP or word[0] != listed[0]:
        return False
    allowed = 2 if min(len(word), len(listed)) >= _LONG else 1
    return edits(word, listed) <= allowed and not weights.is_known(word)


def _rest_tells(typed: Reading, alignment: Alignment, weights: Weights) -> bool:
    """Whether enough words that say something are equal to overlook a slip in another."""
    equal = [
        weights.of(typed.words[one])
        for one, _, _, kind in alignment.pairs
        if kind <= Difference.JOINED and typed.words[one] not in _SAY_NOTHING
    ]
    return len(equal) >= _EQUAL_WORDS and sum(equal) >= _EQUAL_WEIGHT


def _in_order(pairs: Sequence[tuple[int, int, float, Difference]], typed: Reading) -> bool:
    listed = [other for one, other, _, _ in sorted(pairs) if typed.words[one] not in STOP_WORDS]
    return all(before <= after for before, after in pairwise(listed))


def _only_joined(alignment: Alignment) -> bool:
    return not (alignment.typed_left or alignment.listed_left) and all(
        kind <= Difference.JOINED for _, _, _, kind in alignment.pairs
    )
