"""The JSON of the page's requests, read strictly: known fields, of the right kind, and not too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from scanner.offers import (
    Code,
    Document,
    Grounds,
    NoDocument,
    Presented,
    RefuseLast,
    RevocationCode,
    ShortCode,
    Sight,
    UndoLast,
    read_code,
)

LONGEST_CODE = 4096
_LONGEST_WORD = 64
_MOST_READINGS = 2
Decidable = Presented | RevocationCode | RefuseLast | UndoLast


@dataclass(frozen=True, slots=True)
class Field:
    """The field that was missing or wrong, and the key of the sentence."""

    name: str
    key: str = "field_wrong"


@dataclass(frozen=True, slots=True)
class Offered:
    """What the page offers, in the order in which it is tried, and the id under which it may be offered again."""

    offers: tuple[Decidable, ...] = field(repr=False)
    scan_id: UUID | None


def read_fields(told: object, *names: str) -> dict[str, str] | Field:
    """The named texts, without space around; none may be missing, empty, too long or unprintable."""
    if not isinstance(told, dict):
        return Field(names[0])
    read = {}
    for name in names:
        value = told.get(name)
        if not isinstance(value, str) or not value.strip():
            return Field(name)
        if len(value) > _LONGEST_WORD or not value.isprintable():
            return Field(name, "too_long")
        read[name] = value.strip()
    return read


def read_number(told: object, name: str, most: int) -> int | Field:
    """A whole number from 0 to `most`, as a number or as its digits."""
    value = told.get(name) if isinstance(told, dict) else None
    digits = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(most))):
        return Field(name)
    return int(digits) if int(digits) <= most else Field(name)


def read_id(told: object) -> UUID | Field | None:
    """The id of an offer, a UUID of version 7; None where it has none."""
    value = told.get("id") if isinstance(told, dict) else None
    if value is None:
        return None
    try:
        found = UUID(str(value))
    except ValueError:
        return Field("id")
    return found if found.version == 7 else Field("id")


def offered(told: object) -> Offered | Field:
    """The offer in a request: its kind, what was read (in one or two readings) or chosen, and its id."""
    scan_id = read_id(told)
    if isinstance(scan_id, Field):
        return scan_id
    match told:
        case {"kind": "undo" | "refuse" | "no_document" as kind}:
            return Offered((_WORDS[kind],), scan_id)
        case {"kind": "grounds" | "sight" as kind}:
            read = read_fields(told, "text")
            return read if isinstance(read, Field) else Offered((_CHOSEN[kind](read["text"]),), scan_id)
        case {"kind": "code" | "document" as kind, "readings": list() as readings}:
            return _read(kind, readings, scan_id)
        case {"kind": "code" | "document"}:
            return Field("readings")
    return Field("kind")


def code_of(readings: list[str]) -> Code | ShortCode | RevocationCode:
    """A code that was read in one or two ways: the first that makes sense, else the first."""
    read = [read_code(text) for text in readings]
    return next((each for each in read if not isinstance(each, Code)), read[0])


def _read(kind: str, readings: list[object], scan_id: UUID | None) -> Offered | Field:
    texts = [text.strip() for text in readings if isinstance(text, str)]
    if not 1 <= len(texts) == len(readings) <= _MOST_READINGS or not all(texts):
        return Field("readings")
    if max(map(len, texts)) > LONGEST_CODE:
        return Field("readings", "too_long")
    if kind == "document":
        return Offered(tuple(Document(text) for text in texts), scan_id)
    return Offered((code_of(texts),), scan_id)


_WORDS: dict[str, Decidable] = {"undo": UndoLast(), "refuse": RefuseLast(), "no_document": NoDocument()}
_CHOSEN: dict[str, Callable[[str], Decidable]] = {"grounds": Grounds, "sight": Sight}
