"""The comparable form of an organisation's name.

Two forms. The *key* decides: Latin letters lose their accents, every other script keeps its own letters, because
romanising loses what tells two names apart (two Chinese names may share one pinyin) and would make a Cyrillic look-alike
equal to the Latin original. The *romanised* form only suggests: there anyascii turns every script into Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from anyascii import anyascii

from accredit.matching.families import (
    ENDINGS,
    LEADING_ARTICLES,
    LEGAL_FORMS,
    SHORTEST_FOR_ENDINGS,
    SPELLINGS,
    STOP_WORDS,
)

LONGEST_NAME = 300
"""Characters of a name that are compared; no body on the real lists has a longer one."""

_KEPT_LETTERS = 20_000
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02bb`\u00b4\uff07", "'"))
_DOTTED_LETTERS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])\.?")
_ACCENTS_AND_SELECTORS = re.compile("[\u0300-\u036f\ufe00-\ufe0f]")
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
    return " ".join(_words(_without_own_acronym(_readable(name)), _KEY_LETTERS))


def romanised(name: str) -> str:
    """The form for suggestions: like the key, with every script written in Latin letters."""
    return " ".join(_words(_without_own_acronym(_readable(name)), _ROMAN_LETTERS))


def says_nothing(key: str) -> bool:
    """Whether nothing but stop words is left, so that the name could be anybody's."""
    return all(word in STOP_WORDS for word in key.split())


def is_acronym(name: str) -> bool:
    """Whether a spelling is one word of 2 to 12 capitals, dots, hyphens, ampersands and figures aside."""
    letters = [character for character in name if character not in ".-&" and not character.isdigit()]
    return 2 <= len(letters) <= 12 and all(letter.isupper() for letter in letters)


def _readable(name: str) -> str:
    """One way of writing quotes, capitals, compatibility forms, "&" and dotted initials ("e.V." is "ev")."""
    text = unicodedata.normalize("NFKC", name[:LONGEST_NAME].translate(_APOSTROPHES))
    text = unicodedata.normalize("NFKC", text.casefold()).translate(_APOSTROPHES).replace("&", " and ")
    return _DOTTED_LETTERS.sub(lambda dotted: dotted.group().replace(".", ""), text)


def _without_own_acronym(text: str) -> str:
    """Drop a bracket that only repeats the initials of the name; any other ("(France)") is part of who it is."""
    if "(" not in text and "[" not in text:
        return text
    own = _initials(_BRACKETED.sub(" ", text))

    def kept(bracket: re.Match[str]) -> str:
        inside = (bracket.group(1) or bracket.group(2) or "").strip()
        return " " if inside in own else f" {inside} "

    return _BRACKETED.sub(kept, text)


def _initials(text: str) -> frozenset[str]:
    words = [word for word in re.split(r"[\W_]+", text) if word]
    telling = [word for word in words if word not in STOP_WORDS]
    return frozenset({"".join(word[0] for word in words), "".join(word[0] for word in telling)} - {""})


def _words(text: str, letters: Mapping[int, str]) -> list[str]:
    words = " ".join(_one_spelling(word) for word in text.translate(letters).split()).split()
    while len(words) > 1 and words[0] in LEADING_ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words = words[:-1]
    return words


def _one_spelling(word: str) -> str:
    """One of the spellings of a word. The possessive s is joined to it; any other apostrophe parts two words."""
    bare = word.strip("'")
    if bare.endswith("'s"):
        bare = bare[:-2] + "s"
    spelt = SPELLINGS.get(bare, bare)
    if len(spelt) >= SHORTEST_FOR_ENDINGS:
        spelt = next((spelt.removesuffix(old) + new for old, new in ENDINGS if spelt.endswith(old)), spelt)
    return spelt.replace("'", " ")
