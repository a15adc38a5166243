"""The journal as a file, for a machine that will not reach the service any more: signed by the device, batch by batch.

Nothing is marked as confirmed by it: if the machine comes back after all, it uploads as ever and hears "known".
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from accredit.credential.device_keys import DeviceKey
from accredit.credential.scan_files import lines_of
from accredit.credential.scans import MAX_RECORDS, ScanRecord, encode_batch, encode_record
from scanner import journal
from scanner.opening import CannotRun, OpenScanner
from scanner.server import CLIENT


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many scans are in the file, and how many rows could not be put into words that travel."""

    scans: int
    unreadable: int


def export(scanner: OpenScanner, path: Path, *, everything: bool = False) -> HandedOver:
    """Write the scans that the service has not confirmed (or all) to `path`, on the disk when this returns.

    A file of that name is replaced at the end and not before. Raises CannotRun where it cannot be written.
    """
    if not scanner.secrets.device_key:
        raise CannotRun("The key of this scanner is gone, so nobody could believe its file. Keep the folder.")
    records, unreadable = _records(scanner, everything)
    draft = path.with_name(f".{path.name}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.writelines(lines_of(UUID(scanner.enrolled.facts.device_id), _batches(scanner, records)))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise CannotRun(f"{path} cannot be written ({fault.strerror}). Name another file.") from None
    return HandedOver(len(records), unreadable)


def _records(scanner: OpenScanner, everything: bool) -> tuple[list[ScanRecord], int]:
    told, unreadable = [], 0
    for entry in journal.in_order(scanner.journal, everything=everything):
        try:
            encode_record(entry.record)
        except ValueError:
            unreadable += 1
        else:
            told.append(entry.record)
    return told, unreadable


def _batches(scanner: OpenScanner, records: list[ScanRecord]) -> Iterator[bytes]:
    device, now = DeviceKey.from_bytes(scanner.secrets.device_key), scanner.clock()
    for start in range(0, len(records), MAX_RECORDS):
        part = records[start : start + MAX_RECORDS]
        payload = encode_batch(
            part,
            device_id=UUID(scanner.enrolled.facts.device_id),
            sent_at=now,
            client=CLIENT,
            waiting=len(records) - start - len(part),
        )
        yield device.sign_batch(payload)
