"""What a scanner knows of itself: whose it is, which root it trusts, and its own secrets, sealed.

Written once by `enrol`. A device that the server switched off forgets everything but its name, its journal and the key
that signs it: scans that never reached the server can still be handed over.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from dataclasses import dataclass, field, replace
from datetime import datetime

from accredit.credential.trust import fingerprint
from scanner.clock import from_ms, to_ms
from scanner.sealing import Entropy, PinCost, PinSealed, seal, unseal
from scanner.store import writing

_LABEL = "device secrets"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The facts of an enrolment, none of them secret."""

    device_id: str
    name: str
    server: str
    event: int
    event_key: str
    root_public: bytes
    is_demo: bool
    checkpoints: tuple[str, ...]
    enrolled_at: datetime
    switched_off_at: datetime | None = None

    @property
    def root_fingerprint(self) -> str:
        """The root's fingerprint, to be compared aloud with the one of the server."""
        return fingerprint(self.root_public)

    @property
    def title(self) -> str:
        """By what people know this scanner among others."""
        return f"{self.name} {self.event_key}"


@dataclass(frozen=True, slots=True)
class DeviceSecrets:
    """What an unattended scanner needs: its signing key, its token, and the keys of document and grounds tags."""

    device_key: bytes = field(repr=False)
    token: str = field(repr=False)
    tag_key: bytes = field(repr=False)
    grounds_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolment as it is kept: facts, sealed device secrets, and the roster key under the PIN (None once forgotten)."""

    facts: Enrolment
    secrets: bytes = field(repr=False)
    roster: PinSealed | None = field(repr=False)


def seal_secrets(secrets: DeviceSecrets, device_secret: bytes, entropy: Entropy) -> bytes:
    """The device's secrets under its secret file."""
    fields = (secrets.device_key, secrets.token.encode(), secrets.tag_key, secrets.grounds_key)
    plain = json.dumps([base64.b64encode(part).decode() for part in fields]).encode()
    return seal(device_secret, _LABEL, plain, entropy)


def open_secrets(sealed: bytes, device_secret: bytes) -> DeviceSecrets | None:
    """The device's secrets; None where the secret file is not the one they were sealed with."""
    plain = unseal(device_secret, _LABEL, sealed)
    if plain is None:
        return None
    key, token, tags, grounds = (base64.b64decode(part) for part in json.loads(plain))
    return DeviceSecrets(key, token.decode(), tags, grounds)


def save_enrolment(connection: sqlite3.Connection, enrolled: Enrolled) -> None:
    """Keep an enrolment; there is one a folder."""
    facts, roster = enrolled.facts, enrolled.roster
    assert roster is not None, "an enrolment begins with its roster key"
    with writing(connection):
        connection.execute(
            "INSERT INTO enrolment (one, device_id, name, server, event, event_key, root_public, is_demo, checkpoints,"
            " enrolled_at_ms, secrets, pin_salt, pin_passes, pin_memory_kib, pin_sealed)"
            " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                facts.device_id, facts.name, facts.server, facts.event, facts.event_key, facts.root_public,
                facts.is_demo, json.dumps(facts.checkpoints), to_ms(facts.enrolled_at), enrolled.secrets,
                roster.salt, roster.cost.passes, roster.cost.memory_kib, roster.sealed,
            ),
        )  # fmt: skip


def load_enrolment(connection: sqlite3.Connection) -> Enrolled | None:
    """The enrolment of this folder, if there is one."""
    row = connection.execute(
        "SELECT device_id, name, server, event, event_key, root_public, is_demo, checkpoints, enrolled_at_ms,"
        " switched_off_at_ms, secrets, pin_salt, pin_passes, pin_memory_kib, pin_sealed FROM enrolment"
    ).fetchone()
    if row is None:
        return None
    device_id, name, server, event, event_key, root, is_demo, checkpoints, enrolled_at, off = row[:10]
    facts = Enrolment(
        device_id=device_id,
        name=name,
        server=server,
        event=event,
        event_key=event_key,
        root_public=root,
        is_demo=bool(is_demo),
        checkpoints=tuple(json.loads(checkpoints)),
        enrolled_at=from_ms(enrolled_at),
        switched_off_at=None if off is None else from_ms(off),
    )
    roster = None if row[11] is None else PinSealed(row[11], PinCost(row[12], row[13]), row[14])
    return Enrolled(facts, row[10], roster)


def is_switched_off(connection: sqlite3.Connection) -> bool:
    """Whether the server has switched this scanner off."""
    return connection.execute("SELECT switched_off_at_ms FROM enrolment").fetchone() not in (None, (None,))


def forget(connection: sqlite3.Connection, device_secret: bytes, entropy: Entropy, at: datetime) -> None:
    """Drop the list, the photos and every key but the signing key, out of the file itself, and note when."""
    enrolled = load_enrolment(connection)
    secrets = None if enrolled is None else open_secrets(enrolled.secrets, device_secret)
    kept = (
        b""
        if secrets is None
        else seal_secrets(replace(secrets, token="", tag_key=b"", grounds_key=b""), device_secret, entropy)
    )
    with writing(connection):
        for table in ("passes", "grounds", "photos", "standing", "all_gates", "gate_ca"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608  names of our own
        connection.execute(
            "UPDATE enrolment SET secrets = ?, pin_salt = NULL, pin_passes = NULL, pin_memory_kib = NULL,"
            " pin_sealed = NULL, switched_off_at_ms = ?",
            (kept, to_ms(at)),
        )
    # Deleted rows live on in free pages and in the write-ahead log until both are written anew.
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
