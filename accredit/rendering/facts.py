"""What a badge says, and what there is to say about it before it is printed: plain types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from accredit.rendering.photos import stand_in_portrait


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeFacts:
    """The facts of one badge.

    `surname` and `given_names` as applied, in any script, one of them may be empty; `latin_name` the spelling in the
    machine readable zone of the document, surname first. `band` is the key of a band in the template, `category_label`
    the word printed on it. `photo` is a JPEG from `photos.reencode`. `code` is the text of the QR, `short_code` the nine
    characters of the Code 128, without grouping. `opens` are the days; `slot` the place in the box of passes printed
    ahead; `ahead` whether it is one of those.
    """

    reference: str
    surname: str
    given_names: str
    latin_name: str
    organisation: str
    category_label: str
    band: str
    code: str
    short_code: str
    opens: tuple[date, ...]
    event_title: str
    event_place: str
    photo: bytes | None = None
    slot: str | None = None
    ahead: bool = False


class NoteCode(StrEnum):
    """What can be remarkable about a badge."""

    SCRIPT_WITHOUT_FONT = "script_without_font"
    NO_PHOTO = "no_photo"
    PHOTO_UNREADABLE = "photo_unreadable"
    UNKNOWN_BAND = "unknown_band"
    CODE_DENSER = "code_denser"
    CODE_IMPOSSIBLE = "code_impossible"
    NO_NAME = "no_name"
    NO_DAYS = "no_days"
    TEXT_TOO_LONG = "text_too_long"


STOPPING = frozenset((NoteCode.CODE_IMPOSSIBLE, NoteCode.NO_NAME, NoteCode.NO_DAYS, NoteCode.TEXT_TOO_LONG))
"""Notes with which a badge is not printed: it would be wrong, or nobody could use it."""


@dataclass(frozen=True, slots=True)
class BadgeNote:
    """A remark on the badge of `reference` about `field`; `message` names the cure and no name of a person."""

    reference: str
    code: NoteCode
    field: str
    message: str

    @property
    def stops(self) -> bool:
        """Whether the badge is left out until this is mended."""
        return self.code in STOPPING


def sample_facts(samples: tuple[Mapping[str, Any], ...]) -> tuple[BadgeFacts, ...]:
    """The made-up people of a template's sample.json; `photo: true` draws a stand-in, a missing `code` a full-length one."""
    return tuple(_sample(entry, number) for number, entry in enumerate(samples))


def _sample(entry: Mapping[str, Any], number: int) -> BadgeFacts:
    values = {
        **entry,
        "opens": tuple(date.fromisoformat(day) for day in entry["opens"]),
        "photo": stand_in_portrait(number) if entry.get("photo") else None,
        # As long as the longest credential, and no valid one: a sample must not open a gate.
        "code": entry.get("code") or f"SEP1:SAMPLE{number}".ljust(221, "%"),
    }
    return BadgeFacts(**values)
