"""A name taken apart for comparison: its words in order, its brackets, its places, its own acronym."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from accredit.matching.families import STOP_WORDS
from accredit.matching.legal_forms import without_legal_form
from accredit.matching.normalise import (
    is_acronym,
    is_made_of,
    outside_and_brackets,
    readable,
    roman_words,
    shortens,
    spells,
    without_articles,
)
from accredit.matching.places import places_in

LONGEST_READING = 40
"""Words that are compared; the longest real name has 27. It bounds the work for whatever is pasted into a form."""

_PARTS = re.compile(r"\s+/\s+|/(?=\S{3})")


@dataclass(frozen=True, slots=True)
class Reading:
    """Words in Latin letters, a place of several words as one; those from `brackets_from` on stood in brackets.

    `places` gives the code of each word that is a place, and is empty for the others. `own_acronyms` are those that the
    name spells out itself, `other_acronyms` the bracketed capitals that it does not; neither are words of it. `content`
    counts the words that say something. `soft` are the positions of words that may be written a little differently.
    `is_latin` is false where a letter had to be put into Latin ones.
    """

    words: tuple[str, ...]
    places: tuple[str, ...]
    brackets_from: int
    own_acronyms: frozenset[str]
    other_acronyms: frozenset[str]
    content: int
    soft: tuple[int, ...]
    is_latin: bool

    @property
    def acronyms(self) -> frozenset[str]:
        """Every acronym that the name gives of itself."""
        return self.own_acronyms | self.other_acronyms


def read(name: str) -> Reading:
    """Take a name apart."""
    text = readable(name)
    outside, brackets = outside_and_brackets(text)
    words = without_legal_form(without_articles(roman_words(outside)))
    capitals = _capitals_in_brackets(name) if brackets else frozenset()
    own = {_joined(one) for one in brackets if shortens(one, words)}
    own |= {one for one in capitals if is_made_of(one, words)}
    other = capitals - own
    held = [roman_words(one) for one in brackets if _joined(one) not in own | other]
    words, leading = _without_acronym_at_an_end(words)
    inside = [word for one in held for word in _without_own_initials(without_legal_form(one), words)]
    return _reading(words, inside, (frozenset(own) | leading, frozenset(other)), _is_latin(text))


def parts_of(name: str) -> tuple[str, ...]:
    """The names in a name that a list writes in two languages with a stroke between; empty where there is one."""
    parts = tuple(part.strip() for part in _PARTS.split(name))
    return parts if len(parts) > 1 and all(len(part.split()) > 1 for part in parts) else ()


def _reading(
    words: list[str], inside: list[str], acronyms: tuple[frozenset[str], frozenset[str]], is_latin: bool
) -> Reading:
    outside_words, outside_places = _with_places(words[:LONGEST_READING])
    inside_words, inside_places = _with_places(inside[:LONGEST_READING])
    together = (*outside_words, *inside_words)
    codes = (*outside_places, *inside_places)
    return Reading(
        words=together,
        places=codes,
        brackets_from=len(outside_words),
        own_acronyms=acronyms[0],
        other_acronyms=acronyms[1],
        content=sum(word not in STOP_WORDS for word in together),
        soft=tuple(at for at, (word, code) in enumerate(zip(together, codes, strict=True)) if _is_soft(word, code)),
        is_latin=is_latin,
    )


def _is_soft(word: str, code: str) -> bool:
    return not code and word not in STOP_WORDS


def _with_places(words: Sequence[str]) -> tuple[list[str], list[str]]:
    joined: list[str] = []
    codes: list[str] = []
    start = 0
    for first, after, code in [*places_in(words), (len(words), len(words), "")]:
        joined.extend(words[start:first])
        codes.extend([""] * (first - start))
        if code:
            joined.append(" ".join(words[first:after]))
            codes.append(code)
        start = after
    return joined, codes


def _without_acronym_at_an_end(words: list[str]) -> tuple[list[str], frozenset[str]]:
    """ "ELA - Equipo Latinoamericano ..." names itself twice: the first or last word spells the others out."""
    if len(words) > 3:
        for word, others in ((words[0], words[1:]), (words[-1], words[:-1])):
            if len(word) > 2 and shortens(word, others):
                return others, frozenset({word})
    return words, frozenset()


def _without_own_initials(inside: list[str], words: list[str]) -> list[str]:
    """ "(YES Cameroon)" after "Youths Employment Service": the initials repeat the name, the rest adds to it."""
    return [word for word in inside if len(word) < 3 or not spells(word, words)]


def _capitals_in_brackets(name: str) -> frozenset[str]:
    """The acronyms in brackets, whatever they stand for. A country's ("UK") is a place and no acronym."""
    capitals = [one for one in outside_and_brackets(name)[1] if is_acronym(one) and not one.isdigit()]
    return frozenset(_joined(readable(one)) for one in capitals if not places_in(roman_words(readable(one))))


def _joined(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _is_latin(text: str) -> bool:
    return text.isascii() or all(ord(letter) < 0x250 or not letter.isalpha() or _late_latin(letter) for letter in text)


def _late_latin(letter: str) -> bool:
    return 0x1E00 <= ord(letter) <= 0x1EFF
