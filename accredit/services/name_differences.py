"""A typed and a listed name side by side, word by word: which words tell them apart.

Words that differ only in case, accents or points are the same. What is marked is for the eye of a reviewer; whether two
names are one body is said by `accredit.matching`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from accredit.matching.normalise import readable, roman_words


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was written, and whether the other name lacks it."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The two names in words."""

    typed: tuple[Word, ...]
    listed: tuple[Word, ...]

    @property
    def same(self) -> bool:
        """Whether nothing is marked."""
        return not any(word.differs for word in (*self.typed, *self.listed))


def side_by_side(typed: str, listed: str) -> SideBySide:
    """The words of both, marked where they differ."""
    here, there = typed.split(), listed.split()
    forms, others = [_form(word) for word in here], [_form(word) for word in there]
    matcher = SequenceMatcher(None, forms, others, autojunk=False)
    same = [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()]
    kept = {at + step for at, _, size in same for step in range(size)}
    kept_there = {at + step for _, at, size in same for step in range(size)}
    return SideBySide(_marked(here, forms, kept), _marked(there, others, kept_there))


def _marked(words: Sequence[str], forms: Sequence[str], kept: set[int]) -> tuple[Word, ...]:
    return tuple(Word(word, at not in kept and forms[at] != "") for at, word in enumerate(words))


def _form(word: str) -> str:
    return "".join(roman_words(readable(word)))
