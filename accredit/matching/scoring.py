"""The score of two names: weighted agreement of their words, capped by every guard that holds between them."""

from __future__ import annotations

from dataclasses import dataclass

from accredit.matching.alignment import Alignment, align
from accredit.matching.answer import Flag
from accredit.matching.guards import CAPS, guards_between
from accredit.matching.reading import Reading
from accredit.matching.weights import Weights

_IN_BRACKETS = 0.3
_EACH_FURTHER = 0.95
_BEGINNING = 0.72
_TELLING_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Scored:
    """How alike two names are, from 0 to 1, and what speaks against their being one."""

    score: float
    flags: tuple[Flag, ...]


def score(typed: Reading, listed: Reading, weights: Weights, *, worth: float = 0.0) -> Scored:
    """Compare two names. Where the words agree less than `worth`, the guards are not asked: nobody will see the pair."""
    alignment = align(typed, listed, weights.is_common)
    agreement = _agreement(typed, listed, alignment, weights)
    agreement = max(agreement, _as_beginning(typed, listed))
    if agreement < worth:
        return Scored(agreement, ())
    flags = tuple(guards_between(typed, listed, alignment, weights))
    if flags:
        capped = min(agreement, *(CAPS[flag.guard] for flag in flags))
        agreement = capped * _EACH_FURTHER ** (len(flags) - 1)
    return Scored(agreement, flags)


def _agreement(typed: Reading, listed: Reading, alignment: Alignment, weights: Weights) -> float:
    """The share of weight that found a partner, both names counted; one word may stand for two."""
    matched = 0.0
    for one, other, alike, _ in alignment.pairs:
        matched += alike * (_weight(typed, one, weights) + _weight(listed, other, weights))
    alone = sum(_weight(typed, one, weights) for one in alignment.typed_left)
    alone += sum(_weight(listed, one, weights) for one in alignment.listed_left)
    whole = alone + sum(
        _weight(typed, one, weights) + _weight(listed, other, weights) for one, other, _, _ in alignment.pairs
    )
    return matched / whole if whole else 0.0


def _as_beginning(typed: Reading, listed: Reading) -> float:
    """A name cut after its first part agrees in few of its words and is worth a look all the same."""
    shorter, longer = sorted((typed.words, listed.words), key=len)
    told = min(typed.content, listed.content) >= _TELLING_BEGINNING
    return _BEGINNING if told and shorter == longer[: len(shorter)] else 0.0


def _weight(reading: Reading, position: int, weights: Weights) -> float:
    weight = weights.of(reading.words[position])
    return weight if position < reading.brackets_from else weight * _IN_BRACKETS
