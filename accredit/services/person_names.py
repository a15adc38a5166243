"""People's names as a key: the same person written in another order, script or case has the same words.

Only for finding the same name again (twice applied, invited). Whether a name agrees with a document is told by
`identity.names`, which looks closer.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from datetime import date
from typing import Protocol

from accredit.identity.mrz_layout import FILLER
from accredit.identity.transliteration import to_mrz_spelling, words_of

_TITLES = frozenset(
    {"MR", "MRS", "MS", "MISS", "MX", "DR", "PROF", "PROFESSOR", "HE", "SIR", "DAME", "AMBASSADOR", "MME", "MLLE", "M"}
)


class Named(Protocol):
    """A person as applied: the name in its own script, the Latin spelling where there is one, and the birth date."""

    @property
    def surname(self) -> str: ...

    @property
    def given_names(self) -> str: ...

    @property
    def latin_surname(self) -> str: ...

    @property
    def latin_given_names(self) -> str: ...

    @property
    def birth_date(self) -> date: ...


def person_words(surname: str, given_names: str, latin_surname: str, latin_given_names: str) -> tuple[str, ...]:
    """The words of a name in Latin capitals, in order of the alphabet: the applicant's Latin spelling, or that of ICAO."""
    return tuple(sorted([*_words(latin_surname or surname), *_words(latin_given_names or given_names)]))


def listed_person(name: str) -> tuple[str, ...]:
    """The same of a name that stands in one cell, titles in front left out."""
    words = [word for part in name.split() for word in _words(part)]
    while len(words) > 2 and words[0] in _TITLES:
        words = words[1:]
    return tuple(sorted(words))


def person_hash(pepper: bytes, event: int, words: tuple[str, ...], birth_date: date) -> bytes:
    """32 bytes by which the same name and birth date are recognised and nothing is read."""
    key = hmac.digest(pepper, f"accredit person of event {event}".encode(), hashlib.sha256)
    return hmac.digest(key, f"{' '.join(words)}|{birth_date.isoformat()}".encode(), hashlib.sha256)


def person_hashes(pepper: bytes, event: int, person: Named) -> tuple[bytes, bytes | None]:
    """The hash of the person's words, and that of the native spelling; None where it has the same words.

    Whoever applies again with another Latin spelling is known by the native one, and the other way round.
    """
    words = person_words(person.surname, person.given_names, person.latin_surname, person.latin_given_names)
    native = person_words(person.surname, person.given_names, "", "")
    of_native = None if native == words else person_hash(pepper, event, native, person.birth_date)
    return person_hash(pepper, event, words, person.birth_date), of_native


def _words(name: str) -> list[str]:
    spelt = to_mrz_spelling(name)
    if spelt:
        return spelt.split(FILLER)
    # A script without a table, with no Latin spelling given: its own letters are the key.
    return [word for word in words_of(unicodedata.normalize("NFKC", name).casefold()) if word]
