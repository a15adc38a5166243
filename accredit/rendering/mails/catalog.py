"""The translations of mails. English stands in the code; the other languages in `texts/LANGUAGE.po`.

The files are read as they are, once a process; there is no compiled copy that could tell something else. They are drafts
until a native reader has signed them, and say so in their heads.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from accredit.domain.events import Text
from accredit.domain.messages import LANGUAGES

TEXTS = Path(__file__).resolve().parent / "texts"
RIGHT_TO_LEFT = frozenset({"ar"})
_ENGLISH = "en"
# Dates of English mails are those of the United Nations: 4 September 2017.
_LOCALES = {_ENGLISH: "en_GB"}


@cache
def _translations(language: str) -> NullTranslations:
    if language == _ENGLISH or language not in LANGUAGES:
        return NullTranslations()
    with (TEXTS / f"{language}.po").open("rb") as file:
        told = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, told)
    return Translations(BytesIO(compiled.getvalue()))


class Tongue:
    """One language: its words, and how it writes days and hours."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else _ENGLISH
        self._locale = _LOCALES.get(self.language, self.language)

    @property
    def direction(self) -> str:
        """rtl or ltr, as HTML wants it."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def say(self, sentence: str, **named: object) -> str:
        """The sentence in this language, with what it names put in."""
        told: str = _translations(self.language).ugettext(sentence)
        return told % named if named else told

    def of(self, text: Text) -> str:
        """A name of the event file, which speaks English and French."""
        return text.fr if self.language == "fr" else text.en

    def day(self, on: date, zone: ZoneInfo | None = None) -> str:
        """Wednesday, 11 October 2017."""
        there: Any = on.astimezone(zone) if isinstance(on, datetime) and zone is not None else on
        return format_date(there, "full", locale=self._locale)

    def hour(self, at: datetime, zone: ZoneInfo) -> str:
        """08:30."""
        return format_time(at.astimezone(zone), "HH:mm", locale=self._locale)

    def span(self, opens_at: datetime, closes_at: datetime, zone: ZoneInfo) -> str:
        """08:00–17:00."""
        return f"{self.hour(opens_at, zone)}–{self.hour(closes_at, zone)}"
