"""Scans that come by hand: the answers of an upload, once each, and nothing from a file that is not its scanner's."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from factories.contexts import HEARING_MORNING, at, make_context
from factories.devices import FakeScanner, make_scan, make_scanner
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass
from factories.threads import at_once
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from accredit.credential.device_keys import DeviceKey
from accredit.credential.scan_files import MARK, lines_of
from accredit.credential.scans import ScanRecord, encode_batch
from accredit.db.models.audit import AuditEntry
from accredit.db.models.gate import Device, Presence, Scan
from accredit.db.session import writing
from accredit.services.devices import switch_off
from accredit.services.scan_files import FileRefused, ImportedScans, import_scans
from accredit.services.scans import BatchAnswer, Result, take_batch
from accredit.services.splits import open_alerts

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())
LATER = HEARING_MORNING + timedelta(hours=30)
NOW = at(CONTEXT, LATER)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


def _scans(number: int, serial: bytes | None = None) -> list[ScanRecord]:
    return [make_scan(HEARING_MORNING + timedelta(minutes=minute), serial) for minute in range(number)]


def _file(scanner: FakeScanner, *batches: Sequence[ScanRecord]) -> bytes:
    left, signed = sum(map(len, batches)), []
    for records in batches:
        left -= len(records)
        told = encode_batch(records, device_id=scanner.device.id, sent_at=LATER, client="test 1", waiting=left)
        signed.append(scanner.key.sign_batch(told))
    return "".join(lines_of(scanner.device.id, signed)).encode()


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Scan)) or 0


def test_a_file_gets_the_answers_of_an_upload_and_counts_once(session: Session) -> None:
    """What was uploaded before is known; a scan that no row can hold is set aside; the file again changes nothing."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    serial = collected_pass(session, CONTEXT, event).serial
    first, second = _scans(2, serial), [*_scans(2), make_scan(HEARING_MORNING, checkpoint="no-such-door")]
    take_batch(session, CONTEXT, event, scanner.device, scanner.batch(first[:1], HEARING_MORNING))
    heard_of = scanner.device.last_seen_at
    session.commit()
    data = _file(scanner, first, second)
    done = import_scans(session, NOW, event, data)
    session.commit()
    assert isinstance(done, ImportedScans), done
    assert [one.result for one in done.results] == [
        Result.KNOWN,
        *[Result.TAKEN] * 3,
        Result.SET_ASIDE,
    ]
    assert [one.id for one in done.results] == [str(scan.id) for scan in (*first, *second)]
    assert (done.device, done.missing, done.results[-1].cause) == ("gate 1", 0, "the event has no such checkpoint")
    again = import_scans(session, NOW, event, data)
    assert isinstance(again, ImportedScans)
    assert again.counts == {"taken": 0, "known": 4, "set_aside": 1}
    assert (_count(session), session.scalar(select(func.count()).select_from(Presence))) == (4, 1)
    session.refresh(scanner.device)
    assert scanner.device.last_seen_at == heard_of
    trail = session.scalars(select(AuditEntry).where(AuditEntry.action == "scans.imported")).all()
    assert [entry.subject_id for entry in trail] == ["gate 1", "gate 1"]


def test_a_scanner_that_was_switched_off_may_still_hand_in_its_scans(session: Session) -> None:
    """Lost and switched off, found again: what it did at the gate is not lost with it."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    assert isinstance(switch_off(session, CONTEXT, event, "gate 1"), Device)
    done = import_scans(session, NOW, event, _file(scanner, _scans(3)))
    assert isinstance(done, ImportedScans)
    assert done.counts["taken"] == 3


def test_of_a_file_that_was_cut_off_what_is_whole_is_taken(session: Session) -> None:
    """And how many scans are missing is told."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    done = import_scans(session, NOW, event, _file(scanner, _scans(3), _scans(2))[:-9])
    assert isinstance(done, ImportedScans)
    assert (done.counts["taken"], done.missing) == (3, 2)


def test_a_forged_or_foreign_file_changes_nothing(session: Session) -> None:
    """Another key, another scanner's name on it, a changed batch at the end, another event, no such file: each by name."""
    event = loaded_event(session, CONTEXT)
    scanner, other = make_scanner(session, CONTEXT, event), make_scanner(session, CONTEXT, event, "gate 2")
    whole = _file(scanner, _scans(2), _scans(2))
    lines = whole.splitlines(keepends=True)
    spoiled = bytearray(base64.b64decode(lines[2]))
    spoiled[-1] ^= 1
    forger = FakeScanner(scanner.device, DeviceKey.generate(os.urandom), "")
    other_claimed = FakeScanner(other.device, scanner.key, "")
    files = {
        _file(forger, _scans(1)): ("bad_signature", "“gate 1” did not sign line 2"),
        b"".join([lines[0], lines[1], base64.b64encode(spoiled), b"\n"]): ("bad_signature", "line 3"),
        whole.replace(str(scanner.device.id).encode(), str(other.device.id).encode()): ("bad_signature", "“gate 2”"),
        lines[0] + _file(other_claimed, _scans(1)).splitlines(keepends=True)[1]: ("other_device", "line 2"),
        f"{MARK} {uuid4()}\n".encode() + lines[1]: ("scanner_unknown", "never enrolled"),
        lines[0]: ("empty", "no whole batch"),
        lines[0] + b"what is this?\n": ("no_scan_file", "line 2 is spoiled"),
        b"name,verdict\n": ("no_scan_file", "accredit-scanner export"),
        b"\xff\x00": ("no_scan_file", "accredit-scanner export"),
    }
    for data, (code, words) in files.items():
        refused = import_scans(session, NOW, event, data)
        assert isinstance(refused, FileRefused), data
        assert (refused.code, words in refused.message) == (code, True), refused
    assert _count(session) == 0


def test_a_file_and_uploads_at_once_wait_for_each_other_and_count_once(engine: Engine) -> None:
    """The scanner came back while its file was imported, and another gate saw the same people: nobody is stopped."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        scanner, other = make_scanner(session, CONTEXT, event), make_scanner(session, CONTEXT, event, "gate 2")
        serials = [collected_pass(session, CONTEXT, event).serial for _ in range(10)]
        session.commit()
    scans = [make_scan(HEARING_MORNING + timedelta(seconds=number), serial) for number, serial in enumerate(serials)]
    theirs = [make_scan(HEARING_MORNING + timedelta(seconds=60), serial) for serial in reversed(serials)]
    file = _file(scanner, scans[:5], scans[5:])
    left = iter(
        [
            lambda s, e: import_scans(s, NOW, e, file),
            lambda s, e: take_batch(s, NOW, e, s.get_one(Device, scanner.device.id), scanner.batch(scans, LATER)),
            lambda s, e: take_batch(s, NOW, e, s.get_one(Device, other.device.id), other.batch(theirs, LATER)),
        ]
    )
    done = at_once(engine, lambda session, event: next(left)(session, event), 3)
    assert {type(one) for one in done} == {ImportedScans, BatchAnswer}
    with writing(engine) as session:
        assert _count(session) == 20
        assert len(open_alerts(session, event, LATER)) == 10
