"""The words of one badge as the layout gets them: cleaned, in an order, each held against the fonts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from anyascii import anyascii

from accredit.rendering.facts import BadgeFacts, BadgeNote, NoteCode
from accredit.rendering.fonts import FontBook, scripts_of

_SURNAME_FIRST = frozenset(("Han", "Hangul", "Hiragana", "Katakana", "Bopomofo"))
# Embeddings, overrides and isolates could turn a name around; the marks that join or part letters stay.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF])
_JOINT = "\u00a0·\u00a0"
# More in a row would not fit a card at a size that is read.
_MOST_TOGETHER = 3
_MOST_SINGLE_DAYS = 6
_NEVER = 32


@dataclass(slots=True)
class Wording:
    """Collects the words of one badge, the families they need, and the notes on what could not be written."""

    fonts: FontBook
    reference: str
    notes: list[BadgeNote] = field(default_factory=list)
    used: list[str] = field(default_factory=list)

    def note(self, code: NoteCode, about: str, message: str) -> None:
        """Adds a remark on this badge."""
        self.notes.append(BadgeNote(self.reference, code, about, f"{about}: {message}"))

    def line(self, words: str, about: str) -> str:
        """`words` as they can be printed: themselves, or in Latin letters with a note when no font has their script."""
        words = clean(words)
        if self._writable(words, about, "it is printed in Latin letters"):
            return words
        latin = clean(anyascii(words))
        self.used.append(latin)
        return latin

    def name(self, facts: BadgeFacts) -> tuple[list[dict[str, str]], str]:
        """The parts of the name as applied with their weights, and the Latin spelling below, "" when it says the same.

        The surname is bold, so that it is known in any order.
        """
        surname, given, latin = clean(facts.surname), clean(facts.given_names), clean(facts.latin_name)
        if not (surname or given):
            surname = latin
        if not self._writable(f"{surname}{given}", "name", "the badge carries the Latin spelling alone"):
            surname, given = latin, ""
        if latin and not self._writable(latin, "latin_name", "it is left out"):
            latin = ""
        if not (surname or given) or self.fonts.missing(f"{surname}{given}"):
            self.note(
                NoteCode.NO_NAME, "name", "nothing of it can be printed; enter the Latin spelling of the passport"
            )
            return [], ""
        return _parts(surname, given), "" if _same_words(latin, f"{surname} {given}") else latin

    def families(self) -> tuple[str, ...]:
        """The font families for everything collected so far."""
        return self.fonts.families_for(*self.used)

    def _writable(self, words: str, about: str, remedy: str) -> bool:
        if not self.fonts.missing(words):
            self.used.append(words)
            return True
        scripts = " and ".join(self.fonts.missing_scripts(words)) or "some of its signs"
        package = "fonts-noto-cjk" if scripts_of(words) & _SURNAME_FIRST else "fonts-noto-core"
        self.note(
            NoteCode.SCRIPT_WITHOUT_FONT,
            about,
            f"no installed font writes {scripts}; {remedy}. Install {package}, print again",
        )
        return False


def clean(words: str) -> str:
    """`words` composed (NFC), on one line, without controls and without marks that turn the direction of writing."""
    kept = "".join(" " if unicodedata.category(c) == "Cc" else c for c in words.translate(_TURNING))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def is_right_to_left(words: str) -> bool:
    """Whether the first letter with a direction of its own is written from right to left (UAX 9, rules P2 and P3)."""
    directions = (unicodedata.bidirectional(character) for character in words)
    return next((direction in ("R", "AL") for direction in directions if direction in ("L", "R", "AL")), False)


def grouped(short_code: str) -> str:
    """The short code in groups that an officer can read aloud: 7K3M-9QXZ-P."""
    return "-".join(short_code[at : at + 4] for at in range(0, len(short_code), 4))


def days_of(opens: Sequence[date], months: Sequence[str]) -> list[dict[str, str]]:
    """The days as figures and month; when there are more than six, days in a row are drawn together as "11–20"."""
    days = sorted(set(opens))
    return _drawn(_together(days, 2 if len(days) > _MOST_SINGLE_DAYS else _NEVER), months)


def days_line(opens: Sequence[date], months: Sequence[str]) -> str:
    """The same on one line, each month once: "9–13 · 30 OCT, 1 NOV". Few days of a month are never parted from it.

    Four in a row are drawn together here already: a line has less room than boxes have.
    """
    days = sorted(set(opens))
    drawn = _drawn(_together(days, 2 if len(days) > _MOST_SINGLE_DAYS else _MOST_TOGETHER + 1), months)
    lines = []
    for month, same in groupby(drawn, key=lambda day: day["month"]):
        group = [day["day"] for day in same]
        joint = _JOINT if len(group) <= _MOST_TOGETHER else " · "
        lines.append(f"{joint.join(group)}\u00a0{month}")
    return ", ".join(lines)


def worded(words: str) -> dict[str, Any]:
    """A text with its direction, as the layout takes it."""
    return {"text": words, "right_to_left": is_right_to_left(words)}


def _together(days: Sequence[date], fewest: int) -> list[tuple[date, date]]:
    """The first and the last of each run of at least `fewest` days in a row, and all other days one by one."""
    pieces: list[tuple[date, date]] = []
    for run in _runs(days):
        pieces += [(run[0], run[-1])] if len(run) >= fewest else [(day, day) for day in run]
    return pieces


def _runs(days: Sequence[date]) -> list[list[date]]:
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1) and day.month == runs[-1][-1].month:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _drawn(pieces: Sequence[tuple[date, date]], months: Sequence[str]) -> list[dict[str, str]]:
    return [
        {"day": f"{first.day}" if first == last else f"{first.day}–{last.day}", "month": months[first.month - 1]}
        for first, last in pieces
    ]


def _parts(surname: str, given: str) -> list[dict[str, str]]:
    bold, regular = {"text": surname, "weight": "bold"}, {"text": given, "weight": "regular"}
    if not given:
        return [bold]
    if not surname:
        return [{**regular, "weight": "bold"}]
    if scripts_of(surname) & _SURNAME_FIRST:
        return [bold, regular]
    return [{**regular, "text": f"{given} "}, bold]


def _same_words(one: str, other: str) -> bool:
    return sorted(one.casefold().split()) == sorted(other.casefold().split())
