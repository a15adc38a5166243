"""Names in the letters of a machine readable zone, by ICAO Doc 9303-3 section 6 (Latin, Cyrillic, Arabic).

A name with a letter outside the tables, as in Chinese, Devanagari or Greek, has no spelling here and gets the empty
one: half a name is worse than none. Its bearer gives the Latin spelling of the document.
"""

from __future__ import annotations

import unicodedata
from itertools import islice, product

from accredit.identity.letters import (
    ARABIC,
    SHADDA,
    SILENT,
    SPELLINGS,
    TEH_MARBUTA,
    TEH_MARBUTA_AT_END,
    TEH_MARBUTA_WITHIN,
)
from accredit.identity.mrz_layout import FILLER

Spellings = tuple[tuple[str, ...], ...]
"""One word, letter by letter: the spellings that each letter may have, the recommended one first."""

# A name of a dozen umlauts has half a million spellings; nobody reads more than this many, and comparing needs none.
_MOST_ALTERNATIVES = 256

# Between words; everything else that is not a letter is left out (9303-3 section 4.6: an apostrophe joins, a hyphen
# and a comma part).
_PARTING = frozenset({"Zs", "Zl", "Zp", "Pd"})
_PARTING_CHARACTERS = frozenset(",;/_<\t\n\r")


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as the zone parts them: at spaces, hyphens and commas, not at apostrophes."""
    folded = unicodedata.normalize("NFKC", name)
    return tuple("".join(" " if _parts(character) else character for character in folded).split())


def spellings_of(word: str) -> Spellings | None:
    """Every letter's spellings for one word; None where a letter has no table, empty where no letter is left."""
    letters = [character for character in unicodedata.normalize("NFKC", word) if _counts(character)]
    spelled: list[tuple[str, ...]] = []
    for place, letter in enumerate(letters):
        if letter == SHADDA:
            spelled.extend(spelled[-1:])
            continue
        options = _letter(letter, is_last=place == len(letters) - 1)
        if options is None:
            return None
        spelled.append(options)
    return tuple(spelled)


def to_mrz_spelling(name: str) -> str:
    """The recommended spelling of a name in a zone, A to Z with a filler between words.

    Empty where one letter of the name is outside the tables of 9303-3 section 6.
    """
    words = _spelled_words(name)
    return "" if words is None else FILLER.join("".join(options[0] for options in word) for word in words)


def alternatives(name: str) -> frozenset[str]:
    """The spellings that section 6 allows for a name, the recommended one among them; at most 256.

    To ask whether a zone may spell a name, compare letter by letter (`spells`): that has no limit.
    """
    words = _spelled_words(name)
    if not words:
        return frozenset()
    flat = [options for word in words for options in (*word, (FILLER,))][:-1]
    return frozenset("".join(choice) for choice in islice(product(*flat), _MOST_ALTERNATIVES))


def spells(letters: Spellings, text: str) -> bool:
    """Whether `text` is one of the spellings of these letters; the time grows with its length, not with their number."""
    return len(text) in _reached(letters, text)[0]


def begins(letters: Spellings, text: str) -> bool:
    """Whether one of the spellings of these letters starts with `text`, as where a zone cut the name."""
    reached, is_inside = _reached(letters, text)
    return is_inside or len(text) in reached


def is_arabic(name: str) -> bool:
    """Whether the name has Arabic letters: documents mostly carry a transcription by ear, not table C."""
    return any(character in ARABIC or character == TEH_MARBUTA for character in unicodedata.normalize("NFKC", name))


def latin_name(surname: str, given_names: str, *, width: int) -> str:
    """SURNAME GIVEN NAMES in A to Z and spaces, for the credential: cut to `width` characters, which are bytes.

    A part that has no spelling is left out; a name that ends in a space after the cut loses it.
    """
    parts = (to_mrz_spelling(surname), to_mrz_spelling(given_names))
    return " ".join(part.replace(FILLER, " ") for part in parts if part)[:width].rstrip()


def _spelled_words(name: str) -> tuple[Spellings, ...] | None:
    words = []
    for word in words_of(name):
        spelled = spellings_of(word)
        if spelled is None:
            return None
        if spelled:
            words.append(spelled)
    return tuple(words)


def _letter(letter: str, *, is_last: bool) -> tuple[str, ...] | None:
    if letter == TEH_MARBUTA:
        return TEH_MARBUTA_AT_END if is_last else TEH_MARBUTA_WITHIN
    upper = letter.upper() if len(letter.upper()) == 1 else letter
    for form in (letter, upper):
        if form in SPELLINGS:
            return SPELLINGS[form]
    bare = unicodedata.normalize("NFD", upper)[0]
    return (bare,) if "A" <= bare <= "Z" else None


def _parts(character: str) -> bool:
    return character in _PARTING_CHARACTERS or unicodedata.category(character) in _PARTING


def _counts(character: str) -> bool:
    if character == SHADDA:
        return True
    if "\u02b0" <= character <= "\u02ff":
        # Spacing modifiers: letters to Unicode, apostrophes to the people who write them (Hawaiian, Ukrainian).
        return False
    return unicodedata.category(character)[0] in "LN" and character.upper() not in SILENT


def _reached(letters: Spellings, text: str) -> tuple[set[int], bool]:
    """The places in `text` where some spelling of all letters ends, and whether the text ended within one."""
    places, is_inside = {0}, False
    for options in letters:
        following: set[int] = set()
        for place in places:
            rest = text[place:]
            is_inside = is_inside or any(len(rest) < len(option) and option.startswith(rest) for option in options)
            following.update(place + len(option) for option in options if rest.startswith(option))
        places = following
        if not places:
            break
    return places, is_inside
