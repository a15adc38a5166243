"""By which words the desk finds a person: those of the name in its own script, in Latin letters, and as ICAO spells them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.desk import PersonWord
from accredit.identity.transliteration import to_mrz_spelling

LONGEST_WORD = 40
_MOST_WORDS = 40


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, each once: small letters of any script, without their accents."""
    # Not by \w: a vowel sign of Devanagari stands within a word and is no letter there.
    spaced = "".join(one if one.isalnum() or unicodedata.category(one)[0] == "M" else " " for one in folded(text))
    words = (word[:LONGEST_WORD] for word in spaced.split())
    return tuple(dict.fromkeys(words))[:_MOST_WORDS]


def folded(text: str) -> str:
    """Small letters without their accents; the same on each database, because it is done here."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of_person(application: Application) -> tuple[str, ...]:
    """Every word by which this person may be asked for."""
    return tuple(dict.fromkeys(_words(application)))[:_MOST_WORDS]


def _words(application: Application) -> Iterator[str]:
    names = (application.surname, application.given_names)
    for name in (*names, application.latin_surname, application.latin_given_names):
        yield from words_of(name)
    for name in names:
        yield from words_of(to_mrz_spelling(name).replace("<", " "))
    # Some scripts write both parts in one run, the surname first or last.
    if not any(letter in folded("".join(names)) for letter in "abcdefghijklmnopqrstuvwxyz"):
        yield from words_of("".join(names).replace(" ", ""))
        yield from words_of("".join(reversed(names)).replace(" ", ""))


def note_names(session: Session, application: Application) -> None:
    """After a name was typed, or typed anew; the application is in the session."""
    session.flush()  # the words are written past the unit of work, and point at it
    session.execute(delete(PersonWord).where(PersonWord.application_id == application.id))
    rows = word_rows(application)
    if rows:
        session.execute(insert(PersonWord), rows)


def word_rows(application: Application) -> list[dict[str, object]]:
    """The rows of one person, for whoever writes many at once."""
    return [
        {"application_id": application.id, "word": word, "event_id": application.event_id}
        for word in words_of_person(application)
    ]
