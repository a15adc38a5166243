"""The comparable form of an organisation's name.

Two forms. The *key* decides: Latin letters lose their accents, every other script keeps its own letters, because
romanising loses what tells two names apart (two Chinese names may share one pinyin) and would make a Cyrillic look-alike
equal to the Latin original. The *romanised* form only suggests: there anyascii turns every script into Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from anyascii import anyascii

from accredit.matching.families import (
    ENDINGS,
    LEADING_ARTICLES,
    PHRASES,
    SHORTEST_FOR_ENDINGS,
    SPELLINGS,
    STOP_WORDS,
)
from accredit.matching.legal_forms import without_legal_form

LONGEST_NAME = 300
"""Characters of a name that are compared; no body on the real lists has a longer one."""

_KEPT_LETTERS = 20_000
_KEPT_WORDS = 20_000
_WORDS_SPELT = 12
_SHORTEST_FREE = 4
_APOSTROPHES = re.compile("[\u2018\u2019\u201a\u201b\u2032\u02bc\u02bb`\u00b4\uff07]")
_DOTTED_LETTERS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])\.?")
_ACCENTS_AND_SELECTORS = re.compile("[\u0300-\u036f\ufe00-\ufe0f]")
_DOTTED_USA = re.compile(r"(?<![^\W_])u\.\s?s\.(?:\s?a(?:\.|(?![^\W_])))?")
_PHRASE_STARTS = frozenset(phrase[0] for phrase in PHRASES)
_SINGLE_LETTER_WORDS = frozenset(word for word in STOP_WORDS if len(word) == 1)
_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


class _Letters(dict[int, str]):
    """A table for str.translate, filled as characters are met; bounded, since anybody may type anything."""

    def __init__(self, letter: Callable[[str], str]) -> None:
        super().__init__()
        self._letter = letter

    def __missing__(self, code: int) -> str:
        instead = self._letter(chr(code))
        if len(self) < _KEPT_LETTERS:
            self[code] = instead
        return instead


def _key_letter(character: str) -> str:
    """The key's spelling of one character: nothing for unseen ones and accents, a blank for what parts words."""
    if character == "'" or (character.isascii() and character.isalnum()):
        return character.lower()
    category = unicodedata.category(character)
    if category == "Cf" or _ACCENTS_AND_SELECTORS.match(character):
        return ""
    if category[0] not in "LMN":
        return " "
    return _latin(character) if unicodedata.name(character, "").startswith("LATIN ") else character


def _roman_letter(character: str) -> str:
    """As the key's, with every letter and figure in Latin."""
    own = _key_letter(character)
    return own if own.isascii() else _latin(own)


def _latin(character: str) -> str:
    return "".join(filter(str.isalnum, anyascii(character))).lower()


_KEY_LETTERS = _Letters(_key_letter)
_ROMAN_LETTERS = _Letters(_roman_letter)


def key_of(name: str) -> str:
    """The form by which two names are the same; empty where a name holds no letter and no figure."""
    return " ".join(without_legal_form(full_words(name)))


def full_words(name: str) -> list[str]:
    """The words of the key with the legal forms in their places."""
    return _words(_without_own_acronym(readable(name)), _KEY_LETTERS)


def plain_of(name: str) -> str:
    """The key with everything left in: articles, legal forms, brackets. Case, accents and points do not count."""
    return " ".join(_words(readable(name), _KEY_LETTERS, articles=True))


def romanised(name: str) -> str:
    """The form for suggestions: like the key, with every script written in Latin letters."""
    return " ".join(without_legal_form(_words(_without_own_acronym(readable(name)), _ROMAN_LETTERS)))


def roman_words(text: str) -> list[str]:
    """The words of a part of a readable text, written in Latin letters; nothing is taken away."""
    return _words(text, _ROMAN_LETTERS, articles=True)


def says_nothing(key: str) -> bool:
    """Whether nothing but stop words is left, so that the name could be anybody's."""
    return all(word in STOP_WORDS for word in key.split())


def is_acronym(name: str) -> bool:
    """Whether a spelling is one word of 2 to 12 capitals, dots, hyphens, ampersands and figures aside."""
    letters = [character for character in name if character not in ".-&" and not character.isdigit()]
    return 2 <= len(letters) <= 12 and all(letter.isupper() for letter in letters)


def readable(name: str) -> str:
    """One way of writing quotes, capitals, compatibility forms, "&" and dotted initials ("e.V." is "ev")."""
    text = _APOSTROPHES.sub("'", name[:LONGEST_NAME])
    if text.isascii():
        text = text.lower()  # what the next lines would make of it
    else:
        text = unicodedata.normalize("NFKC", text)[:LONGEST_NAME]
        text = _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", text.casefold()))
    text = text.replace("&", " and ").replace(" + ", " and ")
    if "." not in text:
        return text
    if "u." in text:
        text = _DOTTED_USA.sub("usa", text)
    return _DOTTED_LETTERS.sub(lambda dotted: dotted.group().replace(".", ""), text)


def outside_and_brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """A readable text without its brackets, and what each of them held."""
    if "(" not in text and "[" not in text:
        return text, ()
    held = tuple((found.group(1) or found.group(2) or "").strip() for found in _BRACKETED.finditer(text))
    return _BRACKETED.sub(" ", text), held


def _without_own_acronym(text: str) -> str:
    """Drop a bracket that only repeats the initials of the name; any other ("(France)") is part of who it is."""
    outside, brackets = outside_and_brackets(text)
    if not brackets:
        return text
    words = [word for word in re.split(r"[\W_]+", outside) if word]

    def kept(bracket: re.Match[str]) -> str:
        inside = (bracket.group(1) or bracket.group(2) or "").strip()
        return " " if shortens(inside, words) else f" {inside} "

    return _BRACKETED.sub(kept, text)


def shortens(text: str, words: Sequence[str]) -> bool:
    """Whether a text is one word made of these words: their initials, or the beginnings of each that tells something."""
    letters = "".join(filter(str.isalnum, text))
    if len(letters) < 2 or len(letters) != len(text.replace(".", "").replace("-", "")):
        return False
    return letters in initials(words) or (len(letters) > 3 and spells(letters, words))


def spells(letters: str, words: Sequence[str]) -> bool:
    """Whether letters are beginnings of the words in their order, at least one of each that is no small word."""
    reached = {0}
    for word in words[:_WORDS_SPELT]:
        ahead = {at + length for at in reached for length in _shared_beginnings(letters, at, word)}
        reached = ahead | reached if word in STOP_WORDS else ahead
    return len(words) > 1 and len(words) <= _WORDS_SPELT and len(letters) in reached


def is_made_of(acronym: str, words: Sequence[str]) -> bool:
    """Whether an acronym begins as the name does and takes its letters from it in order, as freely made ones do."""
    telling = [word for word in words if word not in STOP_WORDS]
    if len(acronym) < _SHORTEST_FREE or not telling or telling[0][0] != acronym[0]:
        return False
    letters = iter("".join(words))
    return all(letter in letters for letter in acronym)


def _shared_beginnings(letters: str, at: int, word: str) -> range:
    shared = 0
    while shared < len(word) and at + shared < len(letters) and word[shared] == letters[at + shared]:
        shared += 1
    return range(1, shared + 1)


def initials(words: Sequence[str]) -> frozenset[str]:
    """The two ways of making initials: of all words, and without the small ones."""
    telling = [word for word in words if word not in STOP_WORDS]
    return frozenset({"".join(word[0] for word in words), "".join(word[0] for word in telling)} - {""})


def _words(text: str, letters: Mapping[int, str], *, articles: bool = False) -> list[str]:
    words = " ".join(map(_one_spelling, text.translate(letters).split())).split()
    words = _with_phrases(_with_initials_joined(words))
    return words if articles else without_articles(words)


def without_articles(words: list[str]) -> list[str]:
    """Words without the article in front, or at the end where a catalogue put it. At least one word stays."""
    while len(words) > 1 and words[0] in LEADING_ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] == "the":
        words = words[:-1]
    return words


def _with_initials_joined(words: list[str]) -> list[str]:
    """ "J. P. Roe" is "JP Roe": single letters in a row are one word. Small words of one letter end a row."""
    if all(len(word) > 1 for word in words):
        return words
    joined: list[str] = []
    row = False
    for word in words:
        single = len(word) == 1 and word.isalpha() and word not in _SINGLE_LETTER_WORDS
        if single and row:
            joined[-1] += word
        else:
            joined.append(word)
        row = single
    return joined


def _with_phrases(words: list[str]) -> list[str]:
    if _PHRASE_STARTS.isdisjoint(words):
        return words
    found: list[str] = []
    start = 0
    while start < len(words):
        phrase = next((one for one in PHRASES if tuple(words[start : start + len(one)]) == one), None)
        found.extend(PHRASES[phrase] if phrase else words[start : start + 1])
        start += len(phrase) if phrase else 1
    return found


@lru_cache(maxsize=_KEPT_WORDS)
def _one_spelling(word: str) -> str:
    """One of the spellings of a word. The possessive s is joined to it; any other apostrophe parts two words.

    The names of a list are made of few words that come again and again.
    """
    bare = word.strip("'")
    if bare.endswith("'s"):
        bare = bare[:-2] + "s"
    spelt = SPELLINGS.get(bare, bare)
    if len(spelt) >= SHORTEST_FOR_ENDINGS:
        spelt = next((spelt.removesuffix(old) + new for old, new in ENDINGS if spelt.endswith(old)), spelt)
    return spelt.replace("'", " ")
