"""Uploads of scanners: once each, none dropped, nobody moved by an impossible clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from factories.contexts import HEARING_MORNING, at, make_context
from factories.devices import FakeScanner, make_scan, make_scanner
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass
from factories.threads import at_once
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from accredit.credential import cbor
from accredit.credential.device_keys import DeviceKey
from accredit.credential.reasons import Direction, Reason, Source, Verdict
from accredit.credential.scans import ScanRecord, encode_record
from accredit.db.models.gate import Device, Presence, Scan, SetAsideScan
from accredit.db.session import writing
from accredit.services.devices import switch_off
from accredit.services.event_loading import LoadedEvent
from accredit.services.scans import BatchAnswer, BatchRefused, Result, take_batch

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())
LATER = HEARING_MORNING + timedelta(minutes=30)
NOW = at(CONTEXT, LATER)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


def _minute(number: int) -> Any:
    return HEARING_MORNING + timedelta(minutes=number)


def _take(session: Session, event: LoadedEvent, scanner: FakeScanner, *records: ScanRecord) -> list[Result]:
    answer = take_batch(session, NOW, event, scanner.device, scanner.batch(records, LATER))
    assert isinstance(answer, BatchAnswer), answer
    assert answer.server_time == LATER
    assert [one.id for one in answer.results] == [str(record.id) for record in records]
    return [one.result for one in answer.results]


def test_a_batch_is_taken_with_all_its_facts(session: Session) -> None:
    """Every field of the journal stands in the row, with both clocks."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    held = collected_pass(session, CONTEXT, event)
    seen = make_scan(_minute(5), held.serial, server_offset_ms=-1500, kid=7)
    by_sight = make_scan(
        _minute(6),
        None,
        source=Source.SIGHT,
        reason=Reason.BY_SIGHT,
        sight_class="delegate",
        digest=None,
        kid=None,
        server_offset_ms=None,
    )
    assert _take(session, event, scanner, seen, by_sight) == [Result.TAKEN, Result.TAKEN]
    session.commit()
    rows = {row.id: row for row in session.scalars(select(Scan))}
    row = rows[seen.id]
    assert (row.serial, row.kid, row.lane, row.officer, row.server_offset_ms) == (held.serial, 7, "1", "4711", -1500)
    assert (row.scanned_at, row.received_at, row.clock_suspect) == (_minute(5), LATER, False)
    assert (rows[by_sight.id].sight_class, rows[by_sight.id].digest) == ("delegate", None)
    session.refresh(scanner.device)
    assert (scanner.device.last_seen_at, scanner.device.clock_offset_ms) == (LATER, 0)


def test_a_batch_uploaded_twice_stays_once(session: Session) -> None:
    """A retry after a lost answer is told that each scan is known; so is a scan that stands twice in one batch."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    scans = [make_scan(_minute(number)) for number in range(3)]
    assert _take(session, event, scanner, *scans, scans[0]) == [*[Result.TAKEN] * 3, Result.KNOWN]
    session.commit()
    assert _take(session, event, scanner, *scans) == [Result.KNOWN] * 3
    assert session.scalar(select(func.count()).select_from(Scan)) == 3


def test_the_same_batch_by_two_threads_stays_once(engine: Engine) -> None:
    """Of uploads in the same moment one takes the scans, the others find them known."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        scanner = make_scanner(session, CONTEXT, event)
        held = collected_pass(session, CONTEXT, event)
        session.commit()
    data = scanner.batch([make_scan(_minute(number), held.serial) for number in range(40)], LATER)

    def upload(session: Session, event: LoadedEvent) -> set[Result]:
        device = session.get_one(Device, scanner.device.id)
        answer = take_batch(session, NOW, event, device, data)
        assert isinstance(answer, BatchAnswer)
        return {one.result for one in answer.results}

    answers = at_once(engine, upload, 4)
    assert sorted(answers, key=str) == sorted([{Result.TAKEN}, *[{Result.KNOWN}] * 3], key=str)
    with writing(engine) as session:
        assert session.scalar(select(func.count()).select_from(Scan)) == 40


def test_two_scanners_with_the_same_people_do_not_wait_for_each_other(engine: Engine) -> None:
    """Uploads of two gates that saw the same passes in opposite order are both taken."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        scanners = [make_scanner(session, CONTEXT, event, name) for name in ("gate 1", "gate 2")]
        serials = [collected_pass(session, CONTEXT, event).serial for _ in range(20)]
        session.commit()
    batches = [
        (scanners[0], [make_scan(_minute(1), serial) for serial in serials]),
        (scanners[1], [make_scan(_minute(2), serial) for serial in reversed(serials)]),
    ]
    left = iter(batches)

    def upload(session: Session, event: LoadedEvent) -> int:
        scanner, scans = next(left)
        return len(_take(session, event, scanner, *scans))

    assert at_once(engine, upload, 2) == [20, 20]
    with writing(engine) as session:
        assert set(session.scalars(select(Presence.device_id))) == {scanners[1].device.id}


def test_a_scan_of_the_future_is_taken_and_moves_nobody(session: Session) -> None:
    """Beyond two minutes it is marked; so is one from before the device was enrolled."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    serials = [collected_pass(session, CONTEXT, event).serial for _ in range(3)]
    ahead = make_scan(LATER + timedelta(minutes=3), serials[0])
    ancient = make_scan(HEARING_MORNING - timedelta(days=400), serials[1])
    slightly = make_scan(LATER + timedelta(minutes=1), serials[2])
    assert _take(session, event, scanner, ahead, ancient, slightly) == [Result.TAKEN] * 3
    suspects = set(session.scalars(select(Scan.id).where(Scan.clock_suspect)))
    assert suspects == {ahead.id, ancient.id}
    assert session.scalar(select(func.count()).select_from(Presence)) == 1


def test_a_clock_of_1970_is_noted_and_stops_nothing(session: Session) -> None:
    """The offset of such a clock fits its column on both databases."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    epoch = HEARING_MORNING.replace(year=1970)
    data = scanner.batch([make_scan(epoch, server_offset_ms=-(2**47))], epoch)
    answer = take_batch(session, NOW, event, scanner.device, data)
    session.commit()
    assert isinstance(answer, BatchAnswer)
    session.refresh(scanner.device)
    assert scanner.device.clock_offset_ms is not None
    assert scanner.device.clock_offset_ms < -(10**12)


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"checkpoint": "no-such-door"}, "the event has no such checkpoint"),
        ({"lane": "x" * 21}, "lane is longer than 20 characters"),
        ({"officer": "x" * 21}, "officer is longer than 20 characters"),
        ({"sight_class": "x" * 41}, "sight_class is longer than 40 characters"),
        ({"roster_number": 2**53 + 1}, "roster number out of range"),
    ],
)
def test_a_scan_that_no_row_can_hold_is_set_aside(session: Session, changes: dict[str, Any], cause: str) -> None:
    """It is kept with its cause, once, and the others of its batch are taken."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    odd, good = make_scan(_minute(1), **changes), make_scan(_minute(2))
    for expected in (Result.TAKEN, Result.KNOWN):
        assert _take(session, event, scanner, odd, good) == [Result.SET_ASIDE, expected]
        session.commit()
    kept = session.scalars(select(SetAsideScan)).one()
    assert (kept.scan_id, kept.cause, kept.body) == (str(odd.id), cause, encode_record(odd))


def test_a_broken_record_is_set_aside_as_it_came(session: Session) -> None:
    """What cannot be read at all is kept as it came, and named by its place."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    good = make_scan(_minute(2))
    rows = [b"\xff\xff", encode_record(good)]
    payload = cbor.encode({1: 1, 2: scanner.device.id.bytes, 3: int(LATER.timestamp() * 1000), 4: "t", 5: 0, 6: rows})
    answer = take_batch(session, NOW, event, scanner.device, scanner.key.sign_batch(payload))
    assert isinstance(answer, BatchAnswer)
    assert [(one.id, one.result) for one in answer.results] == [
        (str(good.id), Result.TAKEN),
        ("#0", Result.SET_ASIDE),
    ]
    assert session.scalars(select(SetAsideScan.body)).one() == b"\xff\xff"


def test_broken_records_take_no_more_room_than_their_upload(session: Session) -> None:
    """A hundred of them beside a large one do not keep the large one a hundred times."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    rows = [b"x" * 400_000, *(bytes([1, place]) for place in range(100))]
    payload = cbor.encode({1: 1, 2: scanner.device.id.bytes, 3: int(LATER.timestamp() * 1000), 4: "t", 5: 0, 6: rows})
    take_batch(session, NOW, event, scanner.device, scanner.key.sign_batch(payload))
    assert sum(map(len, session.scalars(select(SetAsideScan.body)))) == 4096 + 200


def test_a_forged_upload_changes_nothing(session: Session) -> None:
    """Another key, another device's batch, changed bytes, no batch at all: each refused with its code."""
    event = loaded_event(session, CONTEXT)
    scanner, other = make_scanner(session, CONTEXT, event), make_scanner(session, CONTEXT, event, "gate 2")
    scans = [make_scan(_minute(1))]
    forger = FakeScanner(scanner.device, DeviceKey.generate(os.urandom), "")
    data = scanner.batch(scans, LATER)
    uploads = {
        "bad_signature": forger.batch(scans, LATER),
        "malformed": b"no batch",
        "other_device": FakeScanner(other.device, scanner.key, "").batch(scans, LATER),
    }
    for code, forged in uploads.items():
        outcome = take_batch(session, NOW, event, scanner.device, forged)
        assert isinstance(outcome, BatchRefused)
        assert outcome.code == code
    assert isinstance(take_batch(session, NOW, event, scanner.device, data[:-1] + bytes([data[-1] ^ 1])), BatchRefused)
    assert session.scalar(select(func.count()).select_from(Scan)) == 0


def test_a_switched_off_device_uploads_nothing(session: Session) -> None:
    """Also when it was switched off after its token was looked at."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    switch_off(session, CONTEXT, event, "gate 1")
    outcome = take_batch(session, NOW, event, scanner.device, scanner.batch([make_scan(_minute(1))], LATER))
    assert isinstance(outcome, BatchRefused)
    assert outcome.code == "device_switched_off"


def test_presence_follows_the_latest_movement(session: Session) -> None:
    """In, out and in again, uploaded in any order; a refused scan moves nobody."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    serial = collected_pass(session, CONTEXT, event).serial
    back = make_scan(_minute(20), serial, lane="2")
    leaves = make_scan(_minute(10), serial, direction=Direction.EXIT)
    enters = make_scan(_minute(5), serial)
    refused = make_scan(_minute(25), serial, direction=Direction.EXIT, verdict=Verdict.REFUSE, reason=Reason.NO_GRANT)
    for scan, inside, lane in ((leaves, False, "1"), (enters, False, "1"), (back, True, "2"), (refused, True, "2")):
        _take(session, event, scanner, scan)
        session.expire_all()
        row = session.scalars(select(Presence)).one()
        assert (row.inside, row.lane) == (inside, lane)


def test_a_scan_taken_back_takes_its_presence_back(session: Session) -> None:
    """Undone, the person is where the scan before left him; with none before, nowhere."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    serial = collected_pass(session, CONTEXT, event).serial
    first, leaves = make_scan(_minute(1), serial), make_scan(_minute(2), serial, direction=Direction.EXIT)
    _take(session, event, scanner, first, leaves)
    undone = _undo(leaves)
    _take(session, event, scanner, undone)
    session.expire_all()
    assert session.scalars(select(Presence)).one().inside
    _take(session, event, scanner, _undo(first))
    session.expire_all()
    assert session.scalars(select(Presence)).all() == []


def _undo(scan: ScanRecord) -> ScanRecord:
    at = scan.scanned_at + timedelta(seconds=20)
    return make_scan(at, scan.serial, verdict=Verdict.REFUSE, reason=Reason.UNDONE, supersedes=scan.id)
