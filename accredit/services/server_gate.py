"""The server as a gate: what it needs of the event to decide by itself, kept from scan to scan while it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from accredit.credential.admission_facts import Checkpoint, Policy
from accredit.credential.document_tags import grounds_key, tag_key
from accredit.credential.revocation import RevocationList
from accredit.credential.scans import digest_key
from accredit.credential.trust import TrustBundle
from accredit.services.admission_rows import AdmissionRows, AskingDevice
from accredit.services.context import Context, KeyRing
from accredit.services.event_loading import event_of_id
from accredit.services.gate_facts import checkpoint_entries, policy_of

_KEPT = 16
_DEVICES_KEPT = 1024


@dataclass(frozen=True, slots=True)
class ServerGate:
    """Checkpoints by key, settings and trust of one event. Whole keys may be void; the life of a pass is its own row's."""

    event: int
    zone: ZoneInfo
    checkpoints: Mapping[str, Checkpoint]
    policy: Policy
    trust: TrustBundle
    digest_key: bytes = field(repr=False)
    grounds_key: bytes = field(repr=False)


class GateMemory:
    """The gates of the events that this process decided for; a change of event, keys or list makes a new one.

    And who asked, by the hash of the token: what is remembered of a device says nothing until its row was read again.
    """

    def __init__(self) -> None:
        self._gates: dict[tuple[object, ...], ServerGate] = {}
        self._devices: dict[bytes, AskingDevice] = {}
        self._lock = Lock()

    def device(self, token_hash: bytes) -> AskingDevice | None:
        """The device of this token as it was when it asked last."""
        return self._devices.get(token_hash)

    def remember(self, token_hash: bytes, device: AskingDevice) -> None:
        """Keeps what was just read."""
        with self._lock:
            if len(self._devices) >= _DEVICES_KEPT:
                self._devices.clear()
            self._devices[token_hash] = device

    def gate(
        self, connection: Connection, context: Context, rows: AdmissionRows, device: AskingDevice
    ) -> ServerGate | None:
        """The gate of this device's event; None where no key of this server signs for it."""
        ring = context.keyring
        if ring is None:
            return None
        # A change that was rolled back must not stay: the moment of loading tells it from the one that was not.
        known_by = (
            device.event_id,
            device.settings_number,
            device.loaded_at,
            device.roster_number,
            ring.keyset.number,
        )
        found = self._gates.get(known_by)
        if found is None:
            with Session(connection) as session:
                found = _made(session, context, ring, rows, device)
            with self._lock:
                if len(self._gates) >= _KEPT:
                    self._gates.clear()
                self._gates[known_by] = found
        return found if found.event == ring.keyset.event else None


def _made(session: Session, context: Context, ring: KeyRing, rows: AdmissionRows, device: AskingDevice) -> ServerGate:
    event = event_of_id(session, device.event_id).event
    return ServerGate(
        event=event.number,
        zone=event.zone,
        checkpoints={one.key: one.as_checkpoint() for one in checkpoint_entries(event)},
        policy=policy_of(event),
        trust=_trust(ring, rows.revoked_kids(device.event_id), device.roster_number, context.now()),
        digest_key=digest_key(tag_key(context.secrets.pepper, event.number)),
        grounds_key=grounds_key(context.secrets.pepper, event.number),
    )


def _trust(ring: KeyRing, kids: Sequence[int], number: int, now: datetime) -> TrustBundle:
    event = ring.keyset.event
    listed = RevocationList(event, number, 0, now, now, frozenset(), kids=frozenset(kids)) if number else None
    return TrustBundle(event, ring.keyset, listed)
