"""How much a word tells: seldom on the list, much; on many names, little; a small word, next to nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log

from accredit.matching.families import GENERIC, STOP_WORDS
from accredit.matching.legal_forms import LEGAL_WORDS
from accredit.matching.reading import Reading

STOP_WEIGHT = 0.05
_MOST_OF_GENERIC = 0.5
_LEAST = 0.15
_COMMON_FROM = 3
# A short list knows little about words: it is weighed as if it were this long.
_SHORTEST_LIST = 2000


class Weights:
    """Inverse document frequency over the names of a list, from 0.15 to 1 for words that say something."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        readings = list(readings)
        self._count = Counter(word for reading in readings for word in set(reading.words))
        self._size = max(len(readings), _SHORTEST_LIST)
        self._rarest = log(1 + self._size)
        self._known: dict[str, float] = {word: self._weigh(word) for word in self._count}
        self._unknown = self._weigh("\0")

    def of(self, word: str) -> float:
        """The weight of a word, on the list or not."""
        known = self._known.get(word)
        if known is not None:
            return known
        return self._weigh(word) if word in STOP_WORDS or word in GENERIC else self._unknown

    def together(self, reading: Reading) -> float:
        """The weight of all words of a name."""
        return sum(map(self.of, reading.words))

    def is_common(self, word: str) -> bool:
        """Whether several names of the list hold this word, so that it isn't another one misspelt."""
        return self._count.get(word, 0) >= _COMMON_FROM or word in GENERIC

    def is_known(self, word: str) -> bool:
        """Whether any name of the list holds this word."""
        return word in self._count or word in GENERIC

    def _weigh(self, word: str) -> float:
        if word in STOP_WORDS or word in LEGAL_WORDS:
            return STOP_WEIGHT
        weight = max(log((1 + self._size) / (1 + self._count.get(word, 0))) / self._rarest, _LEAST)
        return min(weight, _MOST_OF_GENERIC) if word in GENERIC else weight
