"""The state folder of one scanner: its files, and the two SQLite databases in it.

Two, so that a long bundle being written never makes a scan wait: `trust.db` holds what was verified (sync writes it, the
gate reads it), `journal.db` what happened at the checkpoint (the gate writes it, sync marks in it what the server has).
Everything is 0600 in a folder 0700; every commit is on the disk before it returns.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scanner.clock import DEMO_MARK

STATE_VARIABLE = "ACCREDIT_SCANNER_STATE"
DEFAULT_STATE = "scanner-state"
_SCHEMA_VERSION = 1
_BUSY_MS = 10_000
# The gate leaves the tidying of the write-ahead log to sync; at this many pages (32 MB) it does it after all.
_PAGES_BEFORE_TIDYING = 8_000

_TRUST = """
CREATE TABLE enrolment (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  device_id TEXT NOT NULL, name TEXT NOT NULL, server TEXT NOT NULL, event INTEGER NOT NULL, event_key TEXT NOT NULL,
  root_public BLOB NOT NULL, is_demo INTEGER NOT NULL, checkpoints TEXT NOT NULL, enrolled_at_ms INTEGER NOT NULL,
  secrets BLOB NOT NULL,
  pin_salt BLOB, pin_passes INTEGER, pin_memory_kib INTEGER, pin_sealed BLOB,
  switched_off_at_ms INTEGER
) STRICT;
CREATE TABLE contact (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  confirmed_at_ms INTEGER, server_at_ms INTEGER, synced_at_ms INTEGER, offset_ms INTEGER, trouble TEXT
) STRICT;
INSERT INTO contact (one) VALUES (1);
CREATE TABLE standing (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL, keyset BLOB NOT NULL, revocations BLOB, listed INTEGER NOT NULL, head BLOB NOT NULL
) STRICT;
CREATE TABLE passes (
  serial BLOB PRIMARY KEY, state TEXT NOT NULL, category INTEGER NOT NULL, grants INTEGER NOT NULL,
  tags BLOB NOT NULL, sealed BLOB, photo BLOB
) STRICT, WITHOUT ROWID;
CREATE TABLE grounds (tag BLOB PRIMARY KEY, grants INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE photos (serial BLOB PRIMARY KEY, etag BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE TABLE all_gates (one INTEGER PRIMARY KEY CHECK (one = 1), at_ms INTEGER NOT NULL, places TEXT NOT NULL) STRICT;
CREATE TABLE gate_ca (
  one INTEGER PRIMARY KEY CHECK (one = 1), certificate BLOB NOT NULL, sealed_key BLOB NOT NULL
) STRICT;
"""

_JOURNAL = """
CREATE TABLE scans (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE,
  subject BLOB, checkpoint TEXT NOT NULL, kind TEXT NOT NULL, lane TEXT NOT NULL, officer TEXT NOT NULL,
  direction TEXT NOT NULL, source TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL,
  serial BLOB, kid INTEGER, digest BLOB, sight_class TEXT, note TEXT,
  at_ms INTEGER NOT NULL, scanned_at_ms INTEGER NOT NULL, offset_ms INTEGER, roster_number INTEGER NOT NULL,
  supersedes BLOB, is_superseded INTEGER NOT NULL DEFAULT 0, counted INTEGER NOT NULL, shown TEXT NOT NULL,
  upload TEXT NOT NULL DEFAULT 'waiting' CHECK (upload IN ('waiting', 'taken', 'known', 'set_aside')),
  cause TEXT, settled_at_ms INTEGER
) STRICT;
CREATE INDEX scans_of_a_subject ON scans (subject, at_ms) WHERE subject IS NOT NULL;
CREATE INDEX scans_not_taken ON scans (upload, seq) WHERE upload IN ('waiting', 'set_aside');
CREATE TABLE acts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  deed TEXT NOT NULL CHECK (deed IN ('held_open', 'head_count')),
  checkpoint TEXT NOT NULL, lane TEXT NOT NULL, officer TEXT NOT NULL, at_ms INTEGER NOT NULL, value INTEGER NOT NULL
) STRICT;
CREATE INDEX acts_of_a_checkpoint ON acts (deed, checkpoint, seq);
CREATE TABLE alerts_seen (
  alert BLOB NOT NULL, lane TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (alert, lane)
) STRICT, WITHOUT ROWID;
CREATE TABLE occupancy (place TEXT, day TEXT, inside INTEGER NOT NULL, PRIMARY KEY (place, day)) STRICT, WITHOUT ROWID;
"""


class StoreUnusable(Exception):
    """The state folder cannot be used as it is; the text says why, and what to do."""


def has_database(state: Path) -> bool:
    """Whether a scanner was set up in this folder."""
    return (state / "trust.db").exists()


def make_folder(state: Path, *, is_demo: bool) -> None:
    """Make the state folder (0700) and mark it as a demonstration's where it is one."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    if is_demo:
        (state / DEMO_MARK).touch(mode=0o600)


def device_secret_path(state: Path) -> Path:
    """Where the device secret is."""
    return state / "device.secret"


def open_trust(state: Path) -> sqlite3.Connection:
    """What was verified. Raises StoreUnusable."""
    connection = _open(state / "trust.db", _TRUST)
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def open_journal(state: Path) -> sqlite3.Connection:
    """What happened. Raises StoreUnusable."""
    connection = _open(state / "journal.db", _JOURNAL)
    connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_BEFORE_TIDYING}")
    return connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction that holds the pen from its start: on the disk when it ends, undone when it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Several reads of one and the same state."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _open(path: Path, schema: str) -> sqlite3.Connection:
    try:
        # Made empty and private first: SQLite gives its side files the mode of the main one.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)
    except (OSError, sqlite3.Error) as fault:
        raise StoreUnusable(f"{path} cannot be opened ({fault}). Check the folder and its rights.") from None
    try:
        return _prepared(connection, path, schema)
    except sqlite3.Error as fault:
        connection.close()
        raise StoreUnusable(f"{path} cannot be used ({fault}). Keep the file and ask the supervisor.") from None
    except StoreUnusable:
        connection.close()
        raise


def _prepared(connection: sqlite3.Connection, path: Path, schema: str) -> sqlite3.Connection:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if _version(connection) == 0:
        with writing(connection):
            if _version(connection) == 0:  # another process may have come first
                for statement in filter(str.strip, schema.split(";")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
    if _version(connection) != _SCHEMA_VERSION:
        raise StoreUnusable(f"{path} was made by another version of this program. Use that one, or enrol anew.")
    return connection


def _version(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found
