"""Scans that a person brings as a file, for a scanner that never comes back: believed as far as its signature goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from accredit.credential.device_keys import open_batch
from accredit.credential.scan_files import ScanFile, ScanFileInvalid, read_scan_file
from accredit.credential.scans import BatchInvalid, decode_batch
from accredit.db.models.gate import Device
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.roster import lock
from accredit.services.scans import BatchRefused, Result, ScanResult, take_handed_over
from accredit.services.splits import announce


class FileObstacle(StrEnum):
    """Why a file is not taken; of a refused one, nothing is."""

    NO_SCAN_FILE = "no_scan_file"
    SCANNER_UNKNOWN = "scanner_unknown"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class FileRefused:
    """The code (that of an upload where a batch of it was refused), and a sentence with the cure."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportedScans:
    """An answer for each scan of the file, in its order, and how many scans a cut-off end has taken along."""

    device: str
    results: tuple[ScanResult, ...]
    missing: int

    @property
    def counts(self) -> dict[str, int]:
        """How many were taken, known, and set aside."""
        counted = Counter(one.result for one in self.results)
        return {result.value: counted[result] for result in Result}


def import_scans(session: Session, context: Context, event: LoadedEvent, data: bytes) -> ImportedScans | FileRefused:
    """Takes a file that a scanner of this event wrote and signed, whole or not at all. The same file again changes nothing."""
    context.require(Permission.DEVICES_MANAGE)
    try:
        file = read_scan_file(data)
    except ScanFileInvalid as fault:
        return FileRefused(FileObstacle.NO_SCAN_FILE, f"Nothing was imported: {fault}.")
    device = session.get(Device, file.device_id)
    if device is None or device.event_id != event.record.id or device.public_key is None:
        words = "Nothing was imported: the file is of a scanner that was never enrolled for this event."
        return FileRefused(FileObstacle.SCANNER_UNKNOWN, words)
    if not file.batches:
        return FileRefused(FileObstacle.EMPTY, "Nothing was imported: no whole batch is in the file. Export it anew.")
    return _taken(session, context, event, device, file)


def _taken(
    session: Session, context: Context, event: LoadedEvent, device: Device, file: ScanFile
) -> ImportedScans | FileRefused:
    # All signatures before the first row: of a file with one forged batch, nothing is written.
    for number, batch in enumerate(file.batches, start=2):
        if not isinstance(open_batch(batch, device.public_key or b""), bytes):
            words = f"Nothing was imported: “{device.name}” did not sign line {number} of the file."
            return FileRefused("bad_signature", words)
    # In the order of an upload, device before event; and all uploads wait until this is done, because an alert raises the
    # roster's number while the passes are held.
    session.refresh(device, with_for_update=True)
    lock(session, event.record)
    results: list[ScanResult] = []
    has_alerts = False
    with session.begin_nested() as point:
        for number, batch in enumerate(file.batches, start=2):
            answer = take_handed_over(session, context, event, device, batch)
            if isinstance(answer, BatchRefused):
                point.rollback()
                return FileRefused(answer.code, f"Nothing was imported, because of line {number}: {answer.message}")
            results += answer.results
            has_alerts |= answer.has_alerts
    if has_alerts:
        announce(session, event)
    record(session, context, Action.SCANS_IMPORTED, Subject("device", device.name))
    return ImportedScans(device.name, tuple(results), _missing(file.batches, device))


def _missing(batches: Iterable[bytes], device: Device) -> int:
    """What the last whole batch says was still to come."""
    last = open_batch([*batches][-1], device.public_key or b"")
    try:
        return decode_batch(last).waiting if isinstance(last, bytes) else 0
    except BatchInvalid:
        return 0
