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
    Sight,
    UndoLast,
    read_code,
)

LONGEST_CODE = 4096
_LONGEST_WORD = 64
Decidable = Presented | RevocationCode | RefuseLast | UndoLast


@dataclass(frozen=True, slots=True)
class Field:
    """The field that was missing or wrong, and the key of the sentence."""

    name: str
    key: str = "field_wrong"


@dataclass(frozen=True, slots=True)
class Offered:
    """What the page offers, and the id under which it may be offered again."""

    offer: Decidable = field(repr=False)
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


def offered(told: object) -> Offered | Field:
    """The offer in a request: its kind, what was read or chosen, and its id (a UUID of version 7) where it has one."""
    if not isinstance(told, dict):
        return Field("kind")
    make = _KINDS.get(str(told.get("kind")))
    if make is None:
        return Field("kind")
    scan_id = _scan_id(told.get("id"))
    if isinstance(scan_id, Field):
        return scan_id
    text = told.get("text", "")
    if not isinstance(text, str) or len(text) > LONGEST_CODE:
        return Field("text", "too_long")
    made = make(text.strip())
    return Field("text") if made is None else Offered(made, scan_id)


def code_of(texts: list[str]) -> Decidable:
    """What a reader or a hand typed, understood in one of several ways; the first that makes sense, else the first."""
    read = [read_code(text) for text in texts]
    return next((each for each in read if not isinstance(each, Code)), read[0])


def _code(text: str) -> Decidable | None:
    # A line typed with keys that carry other signs on this machine comes in both readings, one a line.
    readings = [line for line in text.splitlines() if line.strip()]
    return code_of(readings[:2]) if readings else None


def _short(make: Callable[[str], Decidable]) -> Callable[[str], Decidable | None]:
    return lambda text: make(text) if text and len(text) <= _LONGEST_WORD and text.isprintable() else None


_KINDS: dict[str, Callable[[str], Decidable | None]] = {
    "code": _code,
    "grounds": _short(Grounds),
    "sight": _short(Sight),
    "document": lambda text: Document(text) if text else None,
    "no_document": lambda _: NoDocument(),
    "undo": lambda _: UndoLast(),
    "refuse": lambda _: RefuseLast(),
}


def _scan_id(value: object) -> UUID | Field | None:
    if value is None:
        return None
    try:
        found = UUID(str(value))
    except ValueError:
        return Field("id")
    return found if found.version == 7 else Field("id")
