"""What the service last said of who is inside, by all gates together; kept for the hour without it. No name is in it."""

from __future__ import annotations

import base64
import binascii
import json
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from accredit.credential.claims import SERIAL_BYTES
from scanner.clock import aware, from_ms, to_ms
from scanner.store import writing


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """One place as the service told it: serials that are in and out, and how many people came in without a pass."""

    inside: frozenset[bytes] = field(repr=False, default=frozenset())
    out: frozenset[bytes] = field(repr=False, default=frozenset())
    unnamed: int = 0


@dataclass(frozen=True, slots=True)
class AllGates:
    """What holds at `at`, the service's time."""

    at: datetime
    places: dict[str, ToldPlace]


def save(connection: sqlite3.Connection, body: bytes) -> bool:
    """Keep an answer of the service; False, and nothing is changed, where it is none."""
    read = _read(body)
    if read is None:
        return False
    at, places = read
    with writing(connection):
        connection.execute(
            "INSERT OR REPLACE INTO all_gates (one, at_ms, places) VALUES (1, ?, ?)", (to_ms(at), json.dumps(places))
        )
    return True


def load(connection: sqlite3.Connection) -> AllGates | None:
    """What was told last."""
    row = connection.execute("SELECT at_ms, places FROM all_gates").fetchone()
    if row is None:
        return None
    places = {one["place"]: _place(one) for one in json.loads(row[1])}
    return AllGates(from_ms(row[0]), {name: place for name, place in places.items() if place is not None})


def _read(body: bytes) -> tuple[datetime, list[dict[str, object]]] | None:
    try:
        told = json.loads(body)
        at, places = aware(str(told["at"])), list(told["places"])
        is_whole = all(isinstance(one["place"], str) and _place(one) is not None for one in places)
    except (ValueError, KeyError, TypeError):
        return None
    return (at, places) if is_whole else None


def _place(told: dict[str, object]) -> ToldPlace | None:
    inside, out, unnamed = _serials(told.get("serials_inside")), _serials(told.get("serials_out")), told.get("unnamed")
    if inside is None or out is None or not isinstance(unnamed, int):
        return None
    return ToldPlace(inside, out, max(0, unnamed))


def _serials(told: object) -> frozenset[bytes] | None:
    try:
        joined = base64.b64decode(told, validate=True) if isinstance(told, str) else b"?"
    except binascii.Error:
        return None
    if len(joined) % SERIAL_BYTES:
        return None
    return frozenset(joined[at : at + SERIAL_BYTES] for at in range(0, len(joined), SERIAL_BYTES))
