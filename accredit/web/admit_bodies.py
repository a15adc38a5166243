"""What goes over the wire when the server decides: the body of a presentation, checked by hand, and the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from accredit.services.admitting import DIRECTIONS, SOURCES, Asked, Told
from accredit.web.gate_api import stamp

LARGEST = 4096
"""Bytes of a body."""
JSON = "application/json"

_LONGEST = {"checkpoint": 40, "lane": 20, "officer": 20, "text": 512}
_GOODBYE = {"en": "Goodbye.", "fr": "Au revoir."}
_KNOWN = frozenset(("id", "checkpoint", "lane", "officer", "direction", "source", "text"))
_NOBODY_TYPES = re.compile("[\x00-\x1f\ud800-\udfff]")
_TEXT = {"type": "string"}
SCHEMA = {
    "type": "object",
    "required": ["id", "checkpoint", "lane", "source", "text"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "Made by the scanner; sent again, the same answer."},
        "checkpoint": {**_TEXT, "minLength": 1, "maxLength": _LONGEST["checkpoint"]},
        "lane": {**_TEXT, "minLength": 1, "maxLength": _LONGEST["lane"]},
        "officer": {**_TEXT, "maxLength": _LONGEST["officer"]},
        "direction": {**_TEXT, "enum": [one.value for one in DIRECTIONS]},
        "source": {**_TEXT, "enum": [one.value for one in SOURCES]},
        "text": {**_TEXT, "minLength": 1, "maxLength": _LONGEST["text"], "description": "What was read or typed."},
    },
}
"""The body, as the description of the API tells it."""

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a body cannot be taken: the field, and a sentence with the cure."""

    field: str
    sentence: str


class _Unreadable(Exception):
    """A field cannot be taken."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__()
        self.complaint = Complaint(field, sentence)


def read_asked(body: object) -> Asked | Complaint:
    """The presentation in a JSON value."""
    if not isinstance(body, dict):
        return Complaint("body", "Send one JSON object.")
    strange = next((name for name in body if name not in _KNOWN), None)
    if strange is not None:
        return Complaint("body", f"There is no field “{strange[:40]}” here; please leave it out.")
    try:
        return _asked(body)
    except _Unreadable as fault:
        return fault.complaint


def _asked(body: Mapping[str, Any]) -> Asked:
    return Asked(
        scan_id=_id(body.get("id")),
        checkpoint=_text(body, "checkpoint"),
        lane=_text(body, "lane"),
        officer=_text(body, "officer", required=False),
        direction=_word(body.get("direction", DIRECTIONS[0].value), "direction", DIRECTIONS),
        source=_word(body.get("source"), "source", SOURCES),
        text=_text(body, "text"),
    )


def _id(value: object) -> UUID:
    try:
        if isinstance(value, str) and len(value) == 36:
            return UUID(value)
    except ValueError:
        value = None
    raise _Unreadable("id", "id: make a UUID for each scan, such as 0199a3c2-6f00-7000-8000-000000000001.")


def _text(body: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST[name] or (required and not value):
        raise _Unreadable(name, f"{name}: write text of 1 to {_LONGEST[name]} characters.")
    if _NOBODY_TYPES.search(value):
        raise _Unreadable(name, f"{name}: holds a character that nobody can type.")
    return value


def _word(value: object, name: str, known: tuple[_Word, ...]) -> _Word:
    found = next((one for one in known if one.value == value), None)
    if found is None:
        raise _Unreadable(name, f"{name}: write one of {', '.join(known)}.")
    return found


def as_json(told: Told) -> bytes:
    """The answer: what the officer needs, in less than a kilobyte."""
    return json.dumps(_answer(told), separators=(",", ":"), sort_keys=True).encode() + b"\n"


def _answer(told: Told) -> dict[str, object]:
    judgement = told.judgement
    return {
        "id": str(told.scan_id),
        "verdict": told.verdict.value,
        "reason": told.reason.value,
        "sentence": _GOODBYE if told.goes_out else {"en": judgement.sentence_en, "fr": judgement.sentence_fr},
        "where": None if told.goes_in else {"en": judgement.where_en, "fr": judgement.where_fr},
        "name": told.name or None,
        "organisation": told.organisation or None,
        "serial": told.serial.hex() if told.serial else None,
        "unchecked": [one.value for one in told.unchecked],
        "warn": [one.value for one in told.warn],
        "last_scan": None if told.last_scan is None else _earlier(told.last_scan),
        "again": told.again,
        "server_time": stamp(told.at),
    }


def _earlier(scan: Any) -> dict[str, str]:
    return {
        "checkpoint": scan.checkpoint,
        "lane": scan.lane,
        "at": stamp(scan.at),
        "verdict": scan.verdict.value,
        "direction": scan.direction.value,
    }
