"""How alike two words are, and in what they differ: by number, spelling, language, or because one is cut short."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from accredit.matching.families import KINDS

SAME_WORD_FROM = 0.74
_SHORTEST_CUT = 3
_SHORTEST_STEM = 4


class Difference(IntEnum):
    """The kind of difference between two words that may be one."""

    NONE = 0
    JOINED = 1
    INFLECTED = 2
    TRANSLATED = 3
    CUT = 4
    SPELT = 5


@lru_cache(maxsize=65_536)
def likeness(one: str, other: str) -> tuple[float, Difference]:
    """From 0 (two words) to 1 (the same). Figures and short words are alike only where they are equal."""
    if _kind(one) == _kind(other):
        return _OF_ONE_KIND if one in KINDS or other in KINDS else _OF_ONE_STEM
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    if not (one.isalpha() and other.isalpha()):
        return _UNLIKE
    if len(shorter) >= _SHORTEST_CUT and longer.startswith(shorter):
        return _CUT_SHORT
    if len(shorter) < len(longer) * SAME_WORD_FROM:
        return _UNLIKE
    alike = OSA.normalized_similarity(one, other, score_cutoff=SAME_WORD_FROM)
    return (alike, Difference.SPELT) if alike else _UNLIKE


_UNLIKE = (0.0, Difference.SPELT)
_CUT_SHORT = (0.86, Difference.CUT)
_OF_ONE_STEM = (0.97, Difference.INFLECTED)
_OF_ONE_KIND = (0.95, Difference.TRANSLATED)


@lru_cache(maxsize=65_536)
def _kind(word: str) -> str:
    """What a word is compared by: its stem, or for a kind of body the one word for all languages."""
    kind = KINDS.get(word)
    return _stem(word) if kind is None else _stem(kind)


def edits(one: str, other: str) -> int:
    """How many letters are put in, left out, changed or swapped with their neighbour."""
    return OSA.distance(one, other)


_ODD_PLURALS = {
    "women": "woman",
    "womens": "woman",
    "men": "man",
    "mens": "man",
    "children": "child",
    "childrens": "child",
}


def _stem(word: str) -> str:
    """The word without the ending of the plural in English, French and Spanish."""
    if word in _ODD_PLURALS:
        return _ODD_PLURALS[word]
    if len(word) <= _SHORTEST_STEM or not word.endswith("s") or word.endswith("ss"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]
