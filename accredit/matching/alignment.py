"""Which words of a typed name stand for which words of a listed one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from accredit.matching.likeness import Difference, likeness
from accredit.matching.reading import Reading

_SAME_PLACE = 0.95


@dataclass(slots=True)
class Alignment:
    """Pairs of positions (typed, listed) with their likeness, and the positions on each side that found no partner."""

    pairs: list[tuple[int, int, float, Difference]] = field(default_factory=list)
    typed_left: list[int] = field(default_factory=list)
    listed_left: list[int] = field(default_factory=list)


def align(typed: Reading, listed: Reading, is_common: Callable[[str], bool]) -> Alignment:
    """Pair equal words first, then those written apart or together, then the most alike.

    Two different words that are both common on the list are two words, however alike: "national", "international".
    """
    found = _equal_words(typed.words, listed.words)
    found.typed_left = [one for one in found.typed_left if typed.words[one] not in listed.acronyms]
    found.listed_left = [one for one in found.listed_left if listed.words[one] not in typed.acronyms]
    if found.typed_left and found.listed_left:
        _join(found, typed.words, listed.words)
        _pair_alike(found, typed, listed, is_common)
    return found


def _equal_words(typed: Sequence[str], listed: Sequence[str]) -> Alignment:
    """Each word takes the first free equal one, so that words which come twice keep their order."""
    found = Alignment()
    taken = [False] * len(listed)
    for position, word in enumerate(typed):
        start = 0
        while word in listed[start:]:
            start = listed.index(word, start)
            if not taken[start]:
                break
            start += 1
        else:
            found.typed_left.append(position)
            continue
        taken[start] = True
        found.pairs.append((position, start, 1.0, Difference.NONE))
    found.listed_left = [position for position, used in enumerate(taken) if not used]
    return found


def _join(found: Alignment, typed: Sequence[str], listed: Sequence[str]) -> None:
    """Two words of one name that the other writes as one: "Help Age" and "HelpAge"."""
    for first, whole in _joined(found.typed_left, typed, found.listed_left, listed):
        found.pairs += [(one, whole, 1.0, Difference.JOINED) for one in (first, first + 1)]
        found.typed_left = [one for one in found.typed_left if one not in (first, first + 1)]
        found.listed_left.remove(whole)
    for first, whole in _joined(found.listed_left, listed, found.typed_left, typed):
        found.pairs += [(whole, one, 1.0, Difference.JOINED) for one in (first, first + 1)]
        found.listed_left = [one for one in found.listed_left if one not in (first, first + 1)]
        found.typed_left.remove(whole)


def _joined(
    left: Sequence[int], words: Sequence[str], others_left: Sequence[int], others: Sequence[str]
) -> list[tuple[int, int]]:
    """(first of two neighbours, the one word of the other name), each word used once."""
    pairs: list[tuple[int, int]] = []
    whole_words = {others[one]: one for one in others_left}
    for first, second in pairwise(left):
        if second == first + 1 and (not pairs or pairs[-1][0] < first - 1):
            whole = whole_words.pop(words[first] + words[second], None)
            if whole is not None:
                pairs.append((first, whole))
    return pairs


def _pair_alike(found: Alignment, typed: Reading, listed: Reading, is_common: Callable[[str], bool]) -> None:
    alike = list(_same_places(found, typed, listed))
    others = [other for other in found.listed_left if other in listed.soft]
    for one in found.typed_left if others else ():
        if one in typed.soft:
            word = typed.words[one]
            common = is_common(word)
            for other in others:
                how_much, difference = likeness(word, listed.words[other])
                if how_much and not (common and difference >= Difference.CUT and is_common(listed.words[other])):
                    alike.append((how_much, -abs(one - other), one, other, difference))
    for how_much, _, one, other, difference in sorted(alike, reverse=True):
        if one in found.typed_left and other in found.listed_left:
            found.pairs.append((one, other, how_much, difference))
            found.typed_left.remove(one)
            found.listed_left.remove(other)


def _same_places(
    found: Alignment, typed: Reading, listed: Reading
) -> Iterator[tuple[float, int, int, int, Difference]]:
    """One country in two words: "Swiss" and "Suisse"."""
    for one in found.typed_left:
        if typed.places[one]:
            for other in found.listed_left:
                if typed.places[one] == listed.places[other]:
                    yield _SAME_PLACE, -abs(one - other), one, other, Difference.TRANSLATED
