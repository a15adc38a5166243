"""Two names laid side by side, word by word: the ground on which `names` states its rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accredit.identity.likeness import are_alike, is_initial
from accredit.identity.mrz_layout import FILLER
from accredit.identity.transliteration import Spellings, begins, spellings_of, spells, to_mrz_spelling, words_of


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the name applied with: as written, and the spellings of its letters."""

    written: str
    letters: Spellings

    @property
    def recommended(self) -> str:
        return "".join(options[0] for options in self.letters)


Words = tuple[Word, ...]
Shown = tuple[str, ...]
Match = Callable[[Word, str], bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """Both names in words. The applied side keeps its spellings, the document's is plain text of A to Z."""

    surname: Words
    given: Words
    document_surname: Shown
    document_given: Shown


def words_with_spellings(name: str) -> Words | None:
    """The words of a name that have letters; None where one letter has no table."""
    words = []
    for written in words_of(name):
        letters = spellings_of(written)
        if letters is None:
            return None
        if letters:
            words.append(Word(written, letters))
    return tuple(words)


def shown_words(name: str) -> Shown:
    """The words of a document's name."""
    return tuple(to_mrz_spelling(name).replace(FILLER, " ").split())


def joined(words: Words) -> Spellings:
    return tuple(options for word in words for options in word.letters)


def spelled(word: Word, text: str) -> bool:
    """Whether ICAO's tables allow this spelling of the word."""
    return spells(word.letters, text)


def alike(word: Word, text: str) -> bool:
    """Whether the word is spelled so, or much like it."""
    return spelled(word, text) or are_alike(word.recommended, text)


def alike_or_initial(word: Word, text: str) -> bool:
    """The same for a given name, which people shorten to its initial."""
    return alike(word, text) or is_initial(word.recommended, text)


def are_same(words: Words, shown: Shown) -> bool:
    """Whether one side spells the other, letter by letter, wherever either parts its words."""
    return spells(joined(words), "".join(shown))


def are_alike_as_one(words: Words, shown: Shown) -> bool:
    return alike(Word("", joined(words)), "".join(shown))


def open_words(words: Words, shown: Shown) -> bool:
    """Whether each word shown begins its word, in order; words at the end may be missing."""
    if len(shown) > len(words):
        return False
    return all(begins(word.letters, text) for word, text in zip(words, shown, strict=False))


def unmatched(words: Words, shown: Shown, match: Match) -> tuple[Words, Shown]:
    """What is left of both sides once each word took its match; exact spellings are taken before likenesses."""
    left, right = list(words), list(shown)
    for rule in (spelled, match):
        for word in tuple(left):
            found = next((text for text in right if rule(word, text)), None)
            if found is not None:
                left.remove(word)
                right.remove(found)
    return tuple(left), tuple(right)


def match_all(words: Words, shown: Shown, match: Match) -> bool:
    """Whether every word of either side has its match on the other, in any order."""
    left, right = unmatched(words, shown, match)
    return bool(words) and not left and not right


def match_shorter(words: Words, shown: Shown, match: Match) -> bool:
    """Whether every word of the shorter side has its match on the longer one; an empty side has."""
    left, right = unmatched(words, shown, match)
    return not left or not right
