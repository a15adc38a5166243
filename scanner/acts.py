"""What the people at a checkpoint did beside the scans: a door held open past its hours, a head count that was taken.

Rows are added and never removed; the latest of its kind holds. Every one says where, who and when.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scanner.clock import from_ms, to_ms


class Deed(StrEnum):
    """What was done."""

    HELD_OPEN = "held_open"
    HEAD_COUNT = "head_count"


@dataclass(frozen=True, slots=True)
class Act:
    """One deed. `value`: until when the door stays open, in ms since 1970 (0: no longer), or how many are inside."""

    deed: Deed
    checkpoint: str
    lane: str
    officer: str
    at: datetime
    value: int

    @property
    def until(self) -> datetime:
        """When a door that is held open closes by itself."""
        return from_ms(self.value)


def add(connection: sqlite3.Connection, act: Act) -> None:
    """Keep it, in the caller's transaction."""
    connection.execute(
        "INSERT INTO acts (deed, checkpoint, lane, officer, at_ms, value) VALUES (?, ?, ?, ?, ?, ?)",
        (act.deed.value, act.checkpoint, act.lane, act.officer, to_ms(act.at), act.value),
    )


def held_open_until(connection: sqlite3.Connection, checkpoint: str) -> datetime | None:
    """Until when the supervisor holds this checkpoint open; a time that is over says nothing any more."""
    found = latest(connection, Deed.HELD_OPEN, checkpoint)
    return None if found is None or not found.value else found.until


def latest(connection: sqlite3.Connection, deed: Deed, checkpoint: str) -> Act | None:
    """The last deed of this kind at this checkpoint."""
    row = connection.execute(
        "SELECT checkpoint, lane, officer, at_ms, value FROM acts WHERE deed = ? AND checkpoint = ?"
        " ORDER BY seq DESC LIMIT 1",
        (deed.value, checkpoint),
    ).fetchone()
    return None if row is None else Act(deed, row[0], row[1], row[2], from_ms(row[3]), row[4])


def set_head_count(connection: sqlite3.Connection, act: Act, place: str, day: str) -> None:
    """Write down what was counted, and let the counting go on from there, in the caller's transaction."""
    add(connection, act)
    connection.execute(
        "INSERT INTO occupancy (place, day, inside) VALUES (?, ?, ?)"
        " ON CONFLICT (place, day) DO UPDATE SET inside = excluded.inside",
        (place, day, act.value),
    )
