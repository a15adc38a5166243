"""Desks by surname: who goes to which, so that each has about as many, and a sign can say so.

A sign reads “A–F”. A cut therefore falls where the first letter changes if such a place is near enough; else where the
first two do, else the first three; only people of one and the same name are never parted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_NEAR = (0.2, 0.35, 0.5)
"""How far a cut may be from the even one, in shares of a desk, by the number of letters on the sign."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one desk gets: the names from `start` to before `end`, and what its sign says."""

    start: int
    end: int
    first: str
    last: str

    @property
    def count(self) -> int:
        """How many people."""
        return self.end - self.start


def split(names: Sequence[str], desks: int) -> tuple[Stretch, ...]:
    """At most `desks` stretches of `names`, which are sorted and in capitals of one script; none is empty."""
    cuts = [0]
    for number in range(1, desks):
        cut = _cut(names, len(names) * number / desks, len(names) / desks)
        if cuts[-1] < cut < len(names):
            cuts.append(cut)
    ends = (*cuts[1:], len(names))
    lengths = [1, *(_letters(names, cut) for cut in cuts[1:]), 1]
    return tuple(
        Stretch(start, end, names[start][: lengths[at]], names[end - 1][: lengths[at + 1]])
        for at, (start, end) in enumerate(zip(cuts, ends, strict=True))
        if start < end
    )


def _cut(names: Sequence[str], even: float, share: float) -> int:
    for letters, near in enumerate(_NEAR, start=1):
        places = [at for at in range(1, len(names)) if names[at][:letters] != names[at - 1][:letters]]
        nearest = min(places, key=lambda at: abs(at - even), default=None)
        if nearest is not None and abs(nearest - even) <= near * share:
            return nearest
    different = [at for at in range(1, len(names)) if names[at] != names[at - 1]]
    return min(different, key=lambda at: abs(at - even), default=len(names))


def _letters(names: Sequence[str], cut: int) -> int:
    """How many letters tell the name before the cut from the one behind it."""
    before, behind = names[cut - 1], names[cut]
    longest = max(len(before), len(behind))
    return next((count for count in range(1, longest) if before[:count] != behind[:count]), longest)
