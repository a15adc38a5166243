"""A scanner as the server sees it: enrolled, with its key, writing and uploading scans."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from accredit.credential.device_keys import DeviceKey
from accredit.credential.reasons import Direction, Reason, Source, Verdict
from accredit.credential.scans import ScanRecord, encode_batch, new_scan_id
from accredit.db.models.gate import Device
from accredit.services.context import Context
from accredit.services.devices import Enrolment, PreparedDevice, enrol, prepare_device
from accredit.services.event_loading import LoadedEvent


@dataclass(frozen=True, slots=True)
class FakeScanner:
    """An enrolled device with its private key."""

    device: Device
    key: DeviceKey
    token: str

    def batch(self, records: Sequence[ScanRecord], sent_at: datetime) -> bytes:
        """The records as it uploads them, signed."""
        return self.key.sign_batch(encode_batch(records, device_id=self.device.id, sent_at=sent_at, client="test 1"))


def make_scanner(
    session: Session, context: Context, event: LoadedEvent, name: str = "gate 1", checkpoint: str = "pregny"
) -> FakeScanner:
    """A device that was prepared and enrolled at the context's time; the context has keys."""
    ready = prepare_device(session, context, event, name, checkpoint)
    assert isinstance(ready, PreparedDevice), ready
    key = DeviceKey.generate(os.urandom)
    enrolled = enrol(session, context, event, ready.code, key.public_bytes)
    assert isinstance(enrolled, Enrolment), enrolled
    return FakeScanner(enrolled.device, key, enrolled.token)


def make_scan(at: datetime, serial: bytes | None = None, **changes: Any) -> ScanRecord:
    """An admitted entry at the gate, by its code."""
    told = {
        "id": new_scan_id(at, os.urandom),
        "checkpoint": "pregny",
        "lane": "1",
        "officer": "4711",
        "direction": Direction.ENTRY,
        "source": Source.CODE,
        "verdict": Verdict.ADMIT,
        "reason": Reason.OK,
        "serial": serial,
        "kid": 1,
        "digest": bytes(16),
        "scanned_at": at,
        "server_offset_ms": 0,
        "roster_number": 3,
    }
    return ScanRecord(**{**told, **changes})
