"""Two Latin spellings of one name word: the same to the ear, or to a slip of the finger.

Loose on purpose. What is found alike here is shown to an officer beside the document, and is never taken by itself.
"""

from __future__ import annotations

from typing import Final

# A name longer than this is not told apart by its tail, and the comparison stays short whatever was typed.
_MOST_LETTERS = 60

# Ways of one sound, longer ones first: transcriptions of Arabic and Slavonic names, and doubled vowels of old spellings.
_SOUNDS: Final = (
    ("TCH", "CH"),
    ("SCH", "SH"),
    ("OU", "U"),
    ("OO", "U"),
    ("EE", "I"),
    ("AE", "A"),
    ("OE", "O"),
    ("UE", "U"),
    ("AA", "A"),
    ("PH", "F"),
    ("KH", "H"),
    ("CK", "K"),
    ("X", "KS"),
    ("Q", "K"),
    ("C", "K"),
    ("W", "V"),
    ("Y", "I"),
    ("J", "I"),
    ("Z", "S"),
)


def are_alike(one: str, other: str) -> bool:
    """Whether two words of A to Z sound the same, or differ by a slip or two, as written or as they sound."""
    one, other = one[:_MOST_LETTERS], other[:_MOST_LETTERS]
    if not one or not other:
        return False
    return _sound(one) == _sound(other) or _is_slip(one, other) or _is_slip(_sound(one), _sound(other))


def is_initial(one: str, other: str) -> bool:
    """Whether one word is the other's first letter alone."""
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _is_slip(left: str, right: str) -> bool:
    allowed = _allowance(min(len(left), len(right)))
    return abs(len(left) - len(right)) <= allowed and _distance(left, right) <= allowed


def _sound(word: str) -> str:
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    return "".join(letter for place, letter in enumerate(word) if word[place - 1 : place] != letter)


def _allowance(length: int) -> int:
    if length <= 3:
        return 0
    return 1 if length <= 6 else 2


def _distance(left: str, right: str) -> int:
    """Insertions, losses, changes and swaps of neighbours (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, above, row = row, before, [i]
        for j, b in enumerate(right, 1):
            step = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                step = min(step, above[j - 2] + 1)
            row.append(step)
    return row[-1]
