"""Text that may be compared but never accepted, because a person reads something else in it than we compare."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What nearly every name is written with: nothing in it is strange or of another script, so that nobody need look further.
_PLAIN_LATIN = re.compile("[ -~À-ÖØ-öø-ɏ‘’“”–—]*")
_PLAIN_SYMBOLS = frozenset("®©°")
# Letters and marks by category, and yet nothing is seen of them: Hangul fillers, variation selectors.
_UNSEEN = frozenset("\u115f\u1160\u3164") | frozenset(map(chr, range(0xFE00, 0xFE10)))
_LOOK_ALIKES = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_STRANGE = {
    "Cc": "a control character",
    "Cf": "an invisible mark",
    "Cs": "half a character",
    "Me": "a picture or symbol",
    "Co": "a character without a meaning",
    "Cn": "a character without a meaning",
    "So": "a picture or symbol",
    "Sk": "a picture or symbol",
}


def strange_character(name: str) -> str | None:
    """In words, a kind of character that no name needs (control, direction mark, emoji); None where there is none."""
    if _PLAIN_LATIN.fullmatch(name):
        return None
    return min((kind for kind in map(_strangeness, unicodedata.normalize("NFKC", name)) if kind), default=None)


def mixes_scripts(name: str) -> bool:
    """Whether one word holds letters of two of the scripts whose letters look alike (Latin, Cyrillic, Greek)."""
    if name.isascii() or _PLAIN_LATIN.fullmatch(name):
        return False
    return any(len({_script(letter) for letter in word} & _LOOK_ALIKES) > 1 for word in name.split())


@lru_cache(maxsize=4_096)
def _strangeness(character: str) -> str | None:
    if character in _PLAIN_SYMBOLS or character.isascii():
        return None if character.isprintable() else _STRANGE["Cc"]
    if character in _UNSEEN:
        return _STRANGE["Cf"]
    return _STRANGE.get(unicodedata.category(character))


@lru_cache(maxsize=4_096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else ""
