"""Uploads of scanners. Every scan is taken once, known from before, or set aside with its cause; none is dropped.

The device's signature over the batch is believed; the codes behind the scans are not looked at here. The row of the device
is locked first, so that of two uploads of the same batch at once the second finds every scan known. A scan that claims to
be later than now, or earlier than the enrolment of its device, is taken and marked: it never moves anybody in or out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from accredit.credential.claims import Rejected
from accredit.credential.device_keys import open_batch
from accredit.credential.scans import Batch, BatchInvalid, ScanRecord, decode_batch, encode_record
from accredit.db.models.gate import Device, Scan, SetAsideScan
from accredit.domain.events import Event
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.presences import follow
from accredit.services.splits import notice

_CLOCKS_DIFFER_BY = timedelta(minutes=2)
_LARGEST_NUMBER = 2**53
_LONGEST = {"checkpoint": 40, "lane": 20, "officer": 20, "sight_class": 40}


class Result(StrEnum):
    """What became of one scan."""

    TAKEN = "taken"
    KNOWN = "known"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer for one scan, by the id that the device gave it, or by “#” and its place where that cannot be read."""

    id: str
    result: Result
    cause: str = ""


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The answers in the order of the batch, unreadable scans last.

    `has_alerts`: a pass was admitted apart, and scanners must be told (`splits.announce`) once this is committed.
    """

    results: tuple[ScanResult, ...]
    server_time: datetime
    has_alerts: bool = False


@dataclass(frozen=True, slots=True)
class BatchRefused:
    """A batch of which nothing can be believed; the device keeps its scans. The code is that of the API's problem."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class _Upload:
    """One upload by a device that is known to have made it."""

    event: LoadedEvent
    device: Device
    batch: Batch
    data: bytes
    received_at: datetime
    from_paper: bool = False


def take_batch(
    session: Session, context: Context, event: LoadedEvent, device: Device, data: bytes
) -> BatchAnswer | BatchRefused:
    """Takes an uploaded batch, signed by the device. The same batch again changes nothing."""
    upload = _opened(context, event, device, data)
    if isinstance(upload, BatchRefused):
        return upload
    if not _touch(session, upload):
        return BatchRefused("device_switched_off", "The office has switched this scanner off.")
    return _take(session, upload)


def take_handed_over(
    session: Session, context: Context, event: LoadedEvent, device: Device, data: bytes
) -> BatchAnswer | BatchRefused:
    """Takes a batch that a person brought, with the answers of an upload. The device may be switched off meanwhile.

    It was not heard of by this, and its clock is not compared: who knows how long the file lay about.
    """
    upload = _opened(context, event, device, data)
    if isinstance(upload, BatchRefused):
        return upload
    session.execute(select(Device.id).where(Device.id == device.id).with_for_update())
    return _take(session, upload)


def take_noted(session: Session, event: LoadedEvent, device: Device, scan: ScanRecord, now: datetime) -> BatchAnswer:
    """Takes one scan that a person noted on paper for this device, by the rules of an upload."""
    batch = Batch(device.id, now, "paper", 0, (scan,))
    session.execute(select(Device.id).where(Device.id == device.id).with_for_update())
    return _take(session, _Upload(event, device, batch, b"", now, from_paper=True))


def _opened(context: Context, event: LoadedEvent, device: Device, data: bytes) -> _Upload | BatchRefused:
    batch = _open(device, data)
    return batch if isinstance(batch, BatchRefused) else _Upload(event, device, batch, data, context.now())


def _take(session: Session, upload: _Upload) -> BatchAnswer:
    """Takes what is new; the device's row is locked by now."""
    known = _known(session, upload)
    fresh, spoiled = _sorted_out(upload, known)
    _insert(session, upload, fresh)
    believed = [scan for scan in fresh if not _is_suspect(upload, scan)]
    follow(session, upload.event, upload.device.id, believed)
    has_alerts = notice(session, upload.event, upload.device.id, believed, upload.received_at)
    causes = _set_aside(session, upload, spoiled)
    return BatchAnswer(_results(upload.batch, known, causes), upload.received_at, has_alerts)


def _open(device: Device, data: bytes) -> Batch | BatchRefused:
    if device.public_key is None:
        return BatchRefused("device_not_enrolled", "This scanner is not enrolled. Enrol it with a new code.")
    payload = open_batch(data, device.public_key)
    if isinstance(payload, Rejected):
        return BatchRefused(payload.reason.value, f"This scanner did not sign the batch ({payload.detail}).")
    try:
        batch = decode_batch(payload)
    except BatchInvalid as fault:
        return BatchRefused("malformed", f"The batch cannot be read ({fault}). Update the scanner's program.")
    if batch.device_id != device.id:
        return BatchRefused("other_device", "The batch is another scanner's. Upload it from that one.")
    return batch


def _touch(session: Session, upload: _Upload) -> bool:
    """Locks the device's row and notes that it was seen; False if it was switched off."""
    offset = upload.batch.sent_at - upload.received_at
    seen = (
        update(Device)
        .where(Device.id == upload.device.id, Device.switched_off_at.is_(None))
        .values(
            last_seen_at=upload.received_at,
            clock_offset_ms=offset // timedelta(milliseconds=1),
            unsent=upload.batch.waiting,
        )
        .returning(Device.id)
        .execution_options(synchronize_session=False)
    )
    return session.execute(seen).scalar_one_or_none() is not None


def _known(session: Session, upload: _Upload) -> frozenset[UUID]:
    ids = [scan.id for scan in upload.batch.records]
    found = session.scalars(select(Scan.id).where(Scan.device_id == upload.device.id, Scan.id.in_(ids)))
    return frozenset(found)


def _sorted_out(upload: _Upload, known: frozenset[UUID]) -> tuple[list[ScanRecord], dict[str, tuple[str, bytes]]]:
    """The scans to take, each once, and those to set aside: by id, with the cause and what was uploaded."""
    fresh: dict[UUID, ScanRecord] = {}
    spoiled: dict[str, tuple[str, bytes]] = {}
    for scan in upload.batch.records:
        if scan.id in known:
            continue
        cause = row_fault(upload.event.event, scan)
        if cause:
            spoiled[str(scan.id)] = (cause, encode_record(scan))
        else:
            fresh.setdefault(scan.id, scan)
    for broken in upload.batch.broken:
        spoiled[_name_of_broken(upload, broken.id, broken.position)] = (broken.cause, broken.data)
    return list(fresh.values()), spoiled


def row_fault(event: Event, scan: ScanRecord) -> str:
    """Why a well-formed scan cannot be kept as a row; empty if it can."""
    if event.checkpoint(scan.checkpoint) is None:
        return "the event has no such checkpoint"
    texts = {"lane": scan.lane, "officer": scan.officer, "sight_class": scan.sight_class or ""}
    long = next((name for name, text in texts.items() if len(text) > _LONGEST[name]), None)
    if long is not None:
        return f"{long} is longer than {_LONGEST[long]} characters"
    return "roster number out of range" if scan.roster_number > _LARGEST_NUMBER else ""


def _name_of_broken(upload: _Upload, id_: UUID | None, position: int) -> str:
    return str(id_) if id_ is not None else f"{hashlib.sha256(upload.data).hexdigest()[:32]}#{position}"


def _insert(session: Session, upload: _Upload, fresh: Sequence[ScanRecord]) -> None:
    if fresh:
        session.execute(insert(Scan.__table__), [_row(upload, scan) for scan in fresh])  # type: ignore[arg-type]


def _row(upload: _Upload, scan: ScanRecord) -> dict[str, Any]:
    return {
        "device_id": upload.device.id,
        "id": scan.id,
        "event_id": upload.event.record.id,
        "serial": scan.serial,
        "kid": scan.kid,
        "checkpoint": scan.checkpoint,
        "lane": scan.lane,
        "officer": scan.officer,
        "direction": scan.direction,
        "source": scan.source,
        "verdict": scan.verdict,
        "reason": scan.reason,
        "digest": scan.digest,
        "sight_class": scan.sight_class,
        "supersedes": scan.supersedes,
        "roster_number": scan.roster_number,
        "scanned_at": scan.scanned_at,
        "received_at": upload.received_at,
        "server_offset_ms": scan.server_offset_ms,
        "clock_suspect": _is_suspect(upload, scan),
        "from_paper": upload.from_paper,
    }


def _is_suspect(upload: _Upload, scan: ScanRecord) -> bool:
    return is_suspect(upload.device, scan.scanned_at, upload.received_at)


def is_suspect(device: Device, scanned_at: datetime, received_at: datetime) -> bool:
    """Whether a scan claims to be later than now, or earlier than the enrolment of its device."""
    enrolled = device.enrolled_at or received_at
    return not enrolled - _CLOCKS_DIFFER_BY <= scanned_at <= received_at + _CLOCKS_DIFFER_BY


def _set_aside(session: Session, upload: _Upload, spoiled: dict[str, tuple[str, bytes]]) -> dict[str, str]:
    """Keeps what is new among the spoiled; returns the cause of each by its name."""
    if not spoiled:
        return {}
    held = select(SetAsideScan.scan_id).where(
        SetAsideScan.device_id == upload.device.id, SetAsideScan.scan_id.in_(spoiled)
    )
    known = set(session.scalars(held))
    session.add_all(
        SetAsideScan(device_id=upload.device.id, scan_id=name, cause=cause, body=body, received_at=upload.received_at)
        for name, (cause, body) in spoiled.items()
        if name not in known
    )
    session.flush()
    return {name: cause for name, (cause, _) in spoiled.items()}


def _results(batch: Batch, known: frozenset[UUID], causes: dict[str, str]) -> tuple[ScanResult, ...]:
    results = []
    seen = set(known)
    for scan in batch.records:
        cause = causes.get(str(scan.id))
        if cause is not None:
            results.append(ScanResult(str(scan.id), Result.SET_ASIDE, cause))
        else:
            results.append(ScanResult(str(scan.id), Result.KNOWN if scan.id in seen else Result.TAKEN))
            seen.add(scan.id)
    for broken in batch.broken:
        name = str(broken.id) if broken.id is not None else f"#{broken.position}"
        results.append(ScanResult(name, Result.SET_ASIDE, broken.cause))
    return tuple(results)
