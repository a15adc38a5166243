"""Which names of a list are worth comparing with a typed one: those that share rare pieces of words, or initials.

Plain dictionaries of postings. The pieces are looked at from the rarest on and only until enough names were touched, so
that the cost of a query grows far slower than the list: "ing" says nothing on a long list and is never looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nsmallest

from accredit.matching.families import KINDS, STOP_WORDS
from accredit.matching.normalise import initials
from accredit.matching.reading import Reading

MOST_TOUCHED = 4_000
"""Postings that one query may read. A query of usual length on 6,500 names needs a third of it."""

_BY_GRAMS = 14
_BY_WORDS = 8
_FIRST_LOOK = 0.4
_SHORTEST_ACRONYM = 3
_LONGEST_ACRONYM = 12


class Candidates:
    """Postings of the names of one list, by the number that the index gives each name."""

    def __init__(self) -> None:
        self._grams: dict[str, list[int]] = {}
        self._words: dict[str, list[int]] = {}
        self._acronyms: dict[str, list[int]] = {}
        self._lengths: list[float] = []

    def add(self, reading: Reading) -> None:
        """Take in the next name; the first has number 0."""
        number = len(self._lengths)
        grams = _grams_of(reading.words)
        self._lengths.append((len(grams) + 4) ** 0.5)
        for gram in grams:
            self._grams.setdefault(gram, []).append(number)
        for word in _telling(reading.words):
            self._words.setdefault(word, []).append(number)
        for acronym in _acronyms_of(reading):
            self._acronyms.setdefault(acronym, []).append(number)

    def near(self, reading: Reading) -> list[int]:
        """Names that share the rarest groups of three letters or the rarest words with this one."""
        by_grams = self._ranked(self._grams, _grams_of(reading.words), _BY_GRAMS)
        by_words = self._ranked(self._words, _telling(reading.words), _BY_WORDS)
        return list(dict.fromkeys([*by_grams, *by_words]))

    def by_acronym(self, acronym: str) -> list[int]:
        """Names that these initials stand for, or that give them in brackets."""
        return self._acronyms.get(acronym, [])

    def _ranked(self, postings: dict[str, list[int]], pieces: Iterable[str], most: int) -> list[int]:
        shared: Counter[int] = Counter()
        touched = 0
        for holders in sorted(filter(None, map(postings.get, pieces)), key=len):
            touched += len(holders)
            if touched > MOST_TOUCHED and shared:
                break
            shared.update(holders[:MOST_TOUCHED])
        return self._nearest(shared, most)

    def _nearest(self, shared: Counter[int], most: int) -> list[int]:
        """Those that share most, measured against their own length; of equal ones the first on the list."""
        least = max(shared.values(), default=0) * _FIRST_LOOK
        lengths = self._lengths
        near = [(-count / lengths[number], number) for number, count in shared.items() if count >= least]
        return [number for _, number in nsmallest(most, near)]


def _grams_of(words: Sequence[str]) -> set[str]:
    text = f" {' '.join(word for word in words if word not in STOP_WORDS) or ' '.join(words)} "
    return {text[start : start + 3] for start in range(len(text) - 2)}


def _telling(words: Sequence[str]) -> set[str]:
    return {KINDS.get(word, word) for word in words if word not in STOP_WORDS}


def _acronyms_of(reading: Reading) -> frozenset[str]:
    single = [word for place in reading.words[: reading.brackets_from] for word in place.split()]
    made = {one for one in initials(single) if _SHORTEST_ACRONYM <= len(one) <= _LONGEST_ACRONYM}
    return frozenset(made | reading.own_acronyms | reading.other_acronyms)
