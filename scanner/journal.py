"""The journal: every scan of this machine, good or bad, on the disk before its verdict is shown.

Rows are added and never removed; a correction is a row of its own that names the one it supersedes. What the server
has confirmed is marked, id by id, and stays: the machine still knows its scans after it uploaded them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from accredit.credential.admission_facts import EarlierScan
from accredit.credential.reasons import CheckpointKind, Direction, Reason, Source, Verdict
from accredit.credential.scans import ScanRecord
from scanner.clock import from_ms, to_ms

# More scans of one pass in one day than this say nothing new about where its holder is.
_LONGEST_HISTORY = 64
# Where a lane's last scans are looked for, so that a lane without any costs no walk through the whole day.
_NEWEST = 2_000


class Upload(StrEnum):
    """What the server has said of a scan: nothing yet, taken, known already, or that it cannot take it."""

    WAITING = "waiting"
    TAKEN = "taken"
    KNOWN = "known"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Entry:
    """One scan as the journal has it. Times in ms since 1970: `at_ms` the estimate that was decided by, `scanned_at_ms`
    the device's own clock, `offset_ms` what that was ahead of the server's.

    `subject` is what was presented, so that it is known again: a pass by its serial, a grounds pass by its hash, any
    other code by its digest, None for people admitted by sight. `note` is the supervisor's reason. `counted` is what the
    scan changed in the head count; `shown` the rest of the answer, for an exact retry. No name is in it.
    """

    id: UUID
    subject: bytes | None
    checkpoint: str
    kind: CheckpointKind
    lane: str
    officer: str
    direction: Direction
    source: Source
    verdict: Verdict
    reason: Reason
    serial: bytes | None
    kid: int | None
    digest: bytes | None
    sight_class: str | None
    note: str | None
    at_ms: int
    scanned_at_ms: int
    offset_ms: int | None
    roster_number: int
    supersedes: UUID | None
    counted: int
    shown: str

    @property
    def place(self) -> str:
        """Whose head count it belongs to: all gates of the site are one place, a door is its own."""
        return place_of(self.kind, self.checkpoint)

    @property
    def earlier(self) -> EarlierScan:
        """The scan as the rule of admission sees it."""
        at = from_ms(self.at_ms)
        return EarlierScan(self.checkpoint, self.kind, self.lane, at, self.verdict, self.direction, self.reason)

    @property
    def record(self) -> ScanRecord:
        """The scan as it travels to the server."""
        return ScanRecord(
            id=self.id,
            checkpoint=self.checkpoint,
            lane=self.lane,
            officer=self.officer,
            direction=self.direction,
            source=self.source,
            verdict=self.verdict,
            reason=self.reason,
            serial=self.serial,
            kid=self.kid,
            digest=self.digest,
            scanned_at=from_ms(self.scanned_at_ms),
            server_offset_ms=self.offset_ms,
            roster_number=self.roster_number,
            sight_class=self.sight_class,
            supersedes=self.supersedes,
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """The server's word on one scan; `cause` says why it was set aside."""

    id: UUID
    upload: Upload
    cause: str | None = None


def place_of(kind: CheckpointKind, checkpoint: str) -> str:
    """The place whose head count a checkpoint belongs to."""
    return "site" if kind is CheckpointKind.SITE else checkpoint


_COLUMNS = ", ".join(field.name for field in fields(Entry))
_PLACES = ", ".join("?" for _ in fields(Entry))
_INSERT = f"INSERT INTO scans ({_COLUMNS}) VALUES ({_PLACES})"  # noqa: S608  names of our own
_SELECT = f"SELECT {_COLUMNS} FROM scans"  # noqa: S608  names of our own


def find(connection: sqlite3.Connection, scan_id: UUID) -> Entry | None:
    """The scan with this id."""
    row = connection.execute(f"{_SELECT} WHERE id = ?", (scan_id.bytes,)).fetchone()
    return None if row is None else _entry(row)


def standing(connection: sqlite3.Connection, subject: bytes | None, since_ms: int) -> list[Entry]:
    """The scans of one subject since then as they stand now, latest first: without superseded and undone ones."""
    if subject is None:
        return []
    rows = connection.execute(
        f"{_SELECT} WHERE subject = ? AND at_ms >= ? AND NOT is_superseded AND reason <> 'undone'"
        f" ORDER BY at_ms DESC, seq DESC LIMIT {_LONGEST_HISTORY}",
        (subject, since_ms),
    )
    return [_entry(row) for row in rows]


def inside(connection: sqlite3.Connection, place: str, day: str) -> int:
    """The head count of a place, as far as this machine counted it on this day."""
    row = connection.execute("SELECT inside FROM occupancy WHERE place = ? AND day = ?", (place, day)).fetchone()
    return 0 if row is None else int(row[0])


def write(connection: sqlite3.Connection, entry: Entry, day: str) -> None:
    """Add a scan, mark what it supersedes, and keep the head count; the caller's transaction makes it one step."""
    counted = entry.counted
    if entry.supersedes is not None:
        counted -= _take_back(connection, entry.supersedes)
    connection.execute(_INSERT, tuple(_plain(value) for value in astuple(entry)))
    if counted:
        connection.execute(
            "INSERT INTO occupancy (place, day, inside) VALUES (?, ?, max(0, ?))"
            " ON CONFLICT (place, day) DO UPDATE SET inside = max(0, inside + ?)",
            (entry.place, day, counted, counted),
        )


def waiting(connection: sqlite3.Connection, limit: int) -> list[Entry]:
    """The oldest scans that the server has not confirmed, in the order in which they were made."""
    rows = connection.execute(f"{_SELECT} WHERE upload = 'waiting' ORDER BY seq LIMIT ?", (limit,))
    return [_entry(row) for row in rows]


def latest(connection: sqlite3.Connection, checkpoint: str, lane: str, limit: int) -> list[Entry]:
    """The last scans of one lane as they stand now, latest first, looked for among the newest of all lanes."""
    rows = connection.execute(
        f"{_SELECT} WHERE seq > (SELECT coalesce(max(seq), 0) - {_NEWEST} FROM scans) AND checkpoint = ? AND lane = ?"  # noqa: S608  names of our own
        " AND NOT is_superseded ORDER BY seq DESC LIMIT ?",
        (checkpoint, lane, limit),
    )
    return [_entry(row) for row in rows]


def let_through(connection: sqlite3.Connection, since_ms: int) -> Iterator[Entry]:
    """The scans since then that let somebody through, as they stand now, in the order of their times."""
    rows = connection.execute(
        f"{_SELECT} WHERE at_ms >= ? AND verdict = 'admit' AND NOT is_superseded ORDER BY at_ms, seq", (since_ms,)
    )
    return (_entry(row) for row in rows)


def in_order(connection: sqlite3.Connection, *, everything: bool) -> list[Entry]:
    """All scans that the server has not taken (or all that were made), in the order in which they were made."""
    which = "" if everything else " WHERE upload IN ('waiting', 'set_aside')"
    return [_entry(row) for row in connection.execute(f"{_SELECT}{which} ORDER BY seq")]


def settle(connection: sqlite3.Connection, settled: Iterable[Settled], at: datetime) -> int:
    """Mark what the server said of waiting scans, in the caller's transaction; how many that were."""
    done = connection.executemany(
        "UPDATE scans SET upload = ?, cause = ?, settled_at_ms = ? WHERE id = ? AND upload = 'waiting'",
        [(each.upload.value, each.cause, to_ms(at), each.id.bytes) for each in settled],
    )
    return done.rowcount


def count(connection: sqlite3.Connection, upload: Upload) -> int:
    """How many scans are waiting, or were set aside."""
    row = connection.execute("SELECT count(*) FROM scans WHERE upload = ?", (upload.value,)).fetchone()
    return int(row[0])


def count_all(connection: sqlite3.Connection) -> int:
    """How many scans this machine has made."""
    return int(connection.execute("SELECT count(*) FROM scans").fetchone()[0])


def set_aside(connection: sqlite3.Connection, limit: int) -> list[tuple[Entry, str]]:
    """The latest scans that the server could not take, each with its cause."""
    rows = connection.execute(
        f"SELECT {_COLUMNS}, coalesce(cause, '') FROM scans WHERE upload = 'set_aside'"  # noqa: S608  names of our own
        " ORDER BY seq DESC LIMIT ?",
        (limit,),
    )
    return [(_entry(row[:-1]), row[-1]) for row in rows]


def _take_back(connection: sqlite3.Connection, scan_id: UUID) -> int:
    row = connection.execute(
        "UPDATE scans SET is_superseded = 1 WHERE id = ? AND NOT is_superseded RETURNING counted", (scan_id.bytes,)
    ).fetchone()
    return 0 if row is None else int(row[0])


def _plain(value: object) -> object:
    return value.bytes if isinstance(value, UUID) else value.value if isinstance(value, StrEnum) else value


def _entry(row: tuple[object, ...]) -> Entry:
    named = dict(zip((field.name for field in fields(Entry)), row, strict=True))
    for name, kind in _KINDS.items():
        if named[name] is not None:
            named[name] = kind(named[name])
    return Entry(**named)  # type: ignore[arg-type]


_KINDS: dict[str, Callable[..., object]] = {
    "id": lambda raw: UUID(bytes=raw),
    "kind": CheckpointKind,
    "direction": Direction,
    "source": Source,
    "verdict": Verdict,
    "reason": Reason,
    "supersedes": lambda raw: UUID(bytes=raw),
}
