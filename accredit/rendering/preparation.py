"""One badge made ready for the layout: worded, its photo and codes looked at, everything remarkable noted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accredit.rendering.codes import code128_png, code128_side, qr_png, qr_side, qr_version
from accredit.rendering.facts import BadgeFacts, BadgeNote, NoteCode
from accredit.rendering.fonts import FontBook
from accredit.rendering.photos import looks_printable
from accredit.rendering.templates import Template
from accredit.rendering.wording import Wording, days_line, days_of, grouped, worded

_DENSEST_QR = 12
_USUAL_QR = 8


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the layout gets of one badge: words in `entry`, pictures by kind, and the notes so far."""

    reference: str
    entry: dict[str, Any]
    pictures: dict[str, bytes]
    notes: tuple[BadgeNote, ...]

    @property
    def stopped(self) -> bool:
        """Whether it must not be printed."""
        return any(note.stops for note in self.notes)


def prepare(template: Template, facts: BadgeFacts, fonts: FontBook) -> Prepared:
    """One badge made ready for the layout, with all notes that need no layout."""
    words = Wording(fonts, facts.reference)
    parts, latin = words.name(facts)
    organisation = words.line(facts.organisation, "organisation")
    entry: dict[str, Any] = {
        "reference": facts.reference,
        "name": {"parts": parts, "right_to_left": worded("".join(part["text"] for part in parts))["right_to_left"]},
        "latin_name": latin,
        "organisation": worded(organisation),
        "category": words.line(facts.category_label, "category_label"),
        "event_title": words.line(facts.event_title, "event_title"),
        "event_place": words.line(facts.event_place, "event_place"),
        "slot": facts.slot or "",
        "ahead": facts.ahead,
        "short_code": grouped(facts.short_code),
        "band": _band(template, facts, words),
        "photo": None,
        **_days(template, facts, words),
    }
    codes, pictures = _codes(facts, words)
    pictures |= _printable_photo(facts, words)
    return Prepared(facts.reference, {**entry, **codes, "fonts": words.families()}, pictures, tuple(words.notes))


def _band(template: Template, facts: BadgeFacts, words: Wording) -> dict[str, str]:
    if facts.band not in template.bands:
        known = ", ".join(template.bands)
        words.note(
            NoteCode.UNKNOWN_BAND,
            "band",
            f"the template has no band {facts.band!r}, only {known}; the neutral one is printed",
        )
    band = template.band(facts.band)
    return {"colour": band.colour, "ink": band.ink, "letter": band.letter, "shape": band.shape}


def _printable_photo(facts: BadgeFacts, words: Wording) -> dict[str, bytes]:
    if facts.photo is None:
        words.note(NoteCode.NO_PHOTO, "photo", "there is none; the badge asks the officer to check the document")
        return {}
    if not looks_printable(facts.photo):
        words.note(
            NoteCode.PHOTO_UNREADABLE, "photo", "it is not a whole JPEG; take it again. The badge is printed without"
        )
        return {}
    return {"photo": facts.photo}


def _days(template: Template, facts: BadgeFacts, words: Wording) -> dict[str, Any]:
    months = template.texts["months"]
    days = days_of(facts.opens, months)
    if not days:
        words.note(NoteCode.NO_DAYS, "opens", "the pass opens no day; give it a grant before it is printed")
    return {"days": days, "days_line": days_line(facts.opens, months)}


def _codes(facts: BadgeFacts, words: Wording) -> tuple[dict[str, Any], dict[str, bytes]]:
    version = qr_version(facts.code, largest=_DENSEST_QR) if facts.code else None
    if version is None:
        words.note(
            NoteCode.CODE_IMPOSSIBLE,
            "code",
            f"the text of the QR code is empty or too long ({len(facts.code)} characters)",
        )
    elif version > _USUAL_QR:
        words.note(NoteCode.CODE_DENSER, "code", f"the QR code is of version {version}; it is read from less far away")
    if not facts.short_code or not facts.short_code.isascii() or not facts.short_code.isprintable():
        words.note(NoteCode.CODE_IMPOSSIBLE, "short_code", "it is empty or has letters that Code 128 does not know")
        return {}, {}
    if version is None:
        return {}, {}
    return (
        {"qr": {"columns": qr_side(version)}, "bars": {"columns": code128_side(facts.short_code)}},
        {"qr": qr_png(facts.code, version=version), "bars": code128_png(facts.short_code)},
    )
