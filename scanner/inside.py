"""Who is inside, told honestly: in, out, unknown. For an evacuation, from any scanner, with or without a network.

What the service last told of all gates, and what this machine has read since. Who was read at a door is on the site,
whatever the gates missed. Unknown is who has a collected pass and was read nowhere today: at home, or in by a way that
nobody read. People without a pass are counted and cannot be told apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from accredit.credential.reasons import CheckpointKind, Direction
from accredit.credential.sealing import RosterLine, open_row
from scanner import acts, all_gates, journal
from scanner.acts import Act, Deed
from scanner.all_gates import AllGates, ToldPlace
from scanner.clock import to_ms
from scanner.journal import Entry
from scanner.roster import Roster

SITE = "site"


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """One place: the site, or a door by its key. `unknown` is told of the site alone; `counted` is a head count of today."""

    place: str
    inside: int
    out: int
    unknown: int | None
    unnamed: int
    counted: Act | None
    serials: frozenset[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inside:
    """All places, the site first. `told_at`: until when the other gates are known; None: this scanner's readings alone."""

    at: datetime
    told_at: datetime | None
    places: tuple[PlaceCount, ...]


def who_is_inside(roster: Roster, scans: sqlite3.Connection, at: datetime) -> Inside | None:
    """The count as of now, since the day of presence began; None without a list."""
    held = roster.held()
    if held is None:
        return None
    _, began = roster.gate_day(at)
    told = all_gates.load(roster.connection)
    told = told if told is not None and told.at >= began else None
    since = began if told is None else told.at
    read = list(journal.let_through(scans, to_ms(began)))
    collected = {row[0] for row in roster.connection.execute("SELECT serial FROM passes WHERE state = 'collected'")}
    doors = [entry.key for entry in held.head.checkpoints if entry.kind is CheckpointKind.DOOR]
    gates = [entry.key for entry in held.head.checkpoints if entry.kind is CheckpointKind.SITE]
    places = []
    for place, keys in ((SITE, gates), *((door, [door]) for door in doors)):
        known = ToldPlace() if told is None else told.places.get(place, ToldPlace())
        inside, out = _followed(place, known, read, to_ms(since))
        unnamed = max(0, known.unnamed + sum(_step(one) for one in _of(place, read, to_ms(since)) if not one.serial))
        unknown = len(collected - inside - out) if place == SITE else None
        counted = _head_count(scans, keys, began)
        places.append(PlaceCount(place, len(inside), len(out), unknown, unnamed, counted, frozenset(inside)))
    return Inside(at, _told_at(told), tuple(places))


def names(roster: Roster, serials: frozenset[bytes], roster_key: bytes) -> list[RosterLine]:
    """Who these are, by name; a pass that the list has no line for is told by none."""
    held = roster.held()
    assert held is not None, "who was counted was counted by a list"
    found = []
    for serial in serials:
        row = roster.connection.execute("SELECT sealed FROM passes WHERE serial = ?", (serial,)).fetchone()
        line = None if row is None or row[0] is None else open_row(roster_key, held.trust.event, serial, row[0])
        found += [] if line is None else [line]
    return sorted(found, key=lambda line: (line.name, line.organisation))


def _told_at(told: AllGates | None) -> datetime | None:
    return None if told is None else told.at


def _of(place: str, read: list[Entry], since_ms: int) -> Iterator[Entry]:
    """The readings since then that say something of a place; a door's are of the site as well."""
    return (one for one in read if one.at_ms >= since_ms and place in (SITE, one.place))


def _followed(place: str, known: ToldPlace, read: list[Entry], since_ms: int) -> tuple[set[bytes], set[bytes]]:
    """In and out: what all gates told, moved on by what this machine read since, and by what only it has read."""
    inside, out = set(known.inside), set(known.out)
    told = known.inside | known.out
    for one in _of(place, read, 0):
        if one.serial is None or (one.at_ms < since_ms and one.serial in told):
            continue
        leaves = one.direction is Direction.EXIT and (place != SITE or one.place == SITE)
        inside.discard(one.serial)
        out.discard(one.serial)
        (out if leaves else inside).add(one.serial)
    return inside, out


def _step(one: Entry) -> int:
    return 1 if one.direction is Direction.ENTRY else -1


def _head_count(scans: sqlite3.Connection, checkpoints: list[str], began: datetime) -> Act | None:
    found = [acts.latest(scans, Deed.HEAD_COUNT, key) for key in checkpoints]
    today = [act for act in found if act is not None and act.at >= began]
    return max(today, key=lambda act: act.at, default=None)
