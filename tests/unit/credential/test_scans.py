"""Scans on their way to the server: exact, and one broken record costs no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential import cbor
from accredit.credential.reasons import Direction, Reason, Source, Verdict
from accredit.credential.scans import (
    MAX_RECORDS,
    Batch,
    BatchInvalid,
    BrokenScan,
    ScanRecord,
    code_digest,
    decode_batch,
    decode_record,
    encode_batch,
    encode_record,
    new_scan_id,
)

NOW = datetime(2017, 10, 11, 8, 30, 0, 123_000, tzinfo=UTC)
DEVICE = UUID("6f2d0f3c-8a39-4a4e-9d4c-2f6f2b7c8a10")


def counted() -> Callable[[int], bytes]:
    """An entropy that counts, so that ids differ and tests repeat."""
    drawn = 0

    def entropy(size: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return drawn.to_bytes(size)

    return entropy


ENTROPY = counted()
SCAN = ScanRecord(
    id=new_scan_id(NOW, ENTROPY),
    checkpoint="pregny",
    lane="1",
    officer="4711",
    direction=Direction.ENTRY,
    source=Source.CODE,
    verdict=Verdict.ADMIT,
    reason=Reason.OK,
    serial=b"\x01\x02\x03\x04\x05",
    kid=3,
    digest=b"d" * 16,
    scanned_at=NOW,
    server_offset_ms=-250,
    roster_number=12,
)
BY_SIGHT = replace(
    SCAN,
    id=new_scan_id(NOW, ENTROPY),
    source=Source.SIGHT,
    reason=Reason.BY_SIGHT,
    serial=None,
    kid=None,
    digest=None,
    server_offset_ms=None,
    roster_number=0,
    sight_class="interpreter",
)
UNDONE = replace(SCAN, id=new_scan_id(NOW, ENTROPY), verdict=Verdict.REFUSE, reason=Reason.UNDONE, supersedes=SCAN.id)
PLACE = {field.name: place for place, field in enumerate(fields(ScanRecord))}


def batch(*records: ScanRecord) -> bytes:
    return encode_batch(records, device_id=DEVICE, sent_at=NOW, client="accredit-scanner 0.1", waiting=3)


def spoiled(name: str, value: object) -> bytes:
    """The wire form of SCAN with one field put in by force."""
    wire = cbor.decode(encode_record(SCAN))
    assert isinstance(wire, list)
    forced: list[object] = [*wire]
    forced[PLACE[name]] = value
    return cbor.encode(forced)


def with_rows(*rows: object, **others: Any) -> bytes:
    """A batch of these raw rows; `f2` and the like put in other fields by force."""
    whole = cbor.decode(batch())
    assert isinstance(whole, dict)
    forced: dict[int | str, object] = {**whole, 6: list(rows)}
    return cbor.encode(forced | {int(name[1:]): value for name, value in others.items()})


def test_what_is_sent_is_received() -> None:
    """Every field of every record, and the head of the batch, come back as they went and in their order."""
    got = decode_batch(batch(UNDONE, SCAN, BY_SIGHT))

    assert got == Batch(DEVICE, NOW, "accredit-scanner 0.1", 3, (UNDONE, SCAN, BY_SIGHT))


def test_an_empty_batch_is_a_batch() -> None:
    """A device may tell that nothing waits."""
    assert decode_batch(batch()).records == ()


SPOILED: list[tuple[str, object]] = [
    ("id", b"short"),
    ("id", DEVICE.bytes),
    ("id", "text"),
    ("checkpoint", None),
    ("checkpoint", "x" * 65),
    ("lane", "one\ntwo"),
    ("officer", 4711),
    ("direction", "sideways"),
    ("source", "guess"),
    ("verdict", "maybe"),
    ("reason", "because"),
    ("reason", "Reason.OK"),
    ("serial", b"1234"),
    ("kid", 256),
    ("kid", True),
    ("digest", b"d" * 15),
    ("scanned_at", -1),
    ("scanned_at", 2**48 - 1),
    ("scanned_at", 2**60),
    ("scanned_at", None),
    ("server_offset_ms", "fast"),
    ("roster_number", -1),
    ("sight_class", b"bytes"),
    ("supersedes", DEVICE.bytes),
]


@pytest.mark.parametrize(("name", "value"), SPOILED)
def test_a_broken_record_is_set_aside_and_the_others_are_taken(name: str, value: object) -> None:
    """One field out of order costs that record alone, and the cause names the field without its content."""
    got = decode_batch(with_rows(encode_record(SCAN), spoiled(name, value), encode_record(BY_SIGHT)))

    assert got.records == (SCAN, BY_SIGHT)
    assert len(got.broken) == 1
    broken = got.broken[0]
    assert (broken.position, broken.id) == (1, None if name == "id" else SCAN.id)
    assert broken.cause.startswith(name.replace("_ms", "").replace("_", " ").replace("sight class", "class by sight"))
    assert not isinstance(value, str) or value not in broken.cause


@pytest.mark.parametrize(
    "row",
    [
        b"",
        b"\xff",
        cbor.encode({}),
        cbor.encode([]),
        cbor.encode([SCAN.id.bytes] * 15),
        encode_record(SCAN) + b"\x00",
        1,
    ],
)
def test_a_row_that_is_no_record_is_set_aside(row: object) -> None:
    """Bytes of any other shape are set aside in their place."""
    got = decode_batch(with_rows(row, encode_record(SCAN)))

    assert got.records == (SCAN,)
    uploaded = row if isinstance(row, bytes) else cbor.encode(1)
    assert [(broken.position, broken.data) for broken in got.broken] == [(0, uploaded)]


def test_a_broken_record_keeps_no_more_than_four_kilobytes() -> None:
    """However large what came in its place: neither bytes nor anything else fills the storage."""
    got = decode_batch(with_rows(b"x" * 100_000, ["y" * 60] * 2_000))

    assert [len(broken.data) for broken in got.broken] == [4096, 4096]
    assert got.broken[0].data == b"x" * 4096


def test_a_record_too_long_by_a_field_keeps_its_id() -> None:
    """What a newer client appended is not understood, but the device hears of its scan by id."""
    wire = cbor.decode(encode_record(SCAN))
    assert isinstance(wire, list)

    data = cbor.encode([*wire, None])
    got = decode_batch(with_rows(data))

    assert got.broken == (BrokenScan(0, SCAN.id, "record: fields are missing or unknown", data),)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xa0",
        cbor.encode([1, 2]),
        with_rows(f1=2),
        with_rows(f1=True),
        with_rows(f2=b"short"),
        with_rows(f3=-1),
        with_rows(f4="bad\x00client"),
        with_rows(f5=-1),
        with_rows(f6="rows"),
        with_rows(f7=1),
        cbor.encode({2: DEVICE.bytes, 3: 1, 4: "c", 5: 0, 6: []}),
        with_rows(*[encode_record(SCAN)] * (MAX_RECORDS + 1)),
        batch(SCAN) + b"\x00",
        b"\x00" * 600_000,
    ],
    ids=range(15),
)
def test_a_batch_without_its_outer_form_is_refused(payload: bytes) -> None:
    """Where no record can be told from another, there is one named error."""
    with pytest.raises(BatchInvalid, match="batch: "):
        decode_batch(payload)


@pytest.mark.parametrize(
    "change",
    [
        {"checkpoint": "x" * 65},
        {"serial": b"1234"},
        {"id": DEVICE},
        {"scanned_at": NOW.replace(tzinfo=None)},
        {"kid": 300},
    ],
)
def test_a_record_that_could_not_be_read_is_not_sent(change: dict[str, Any]) -> None:
    """The device learns of a broken fact while the officer is still there, not after the event."""
    with pytest.raises(ValueError, match=r"\w"):
        encode_batch([replace(SCAN, **change)], device_id=DEVICE, sent_at=NOW, client="c")


def test_a_batch_holds_at_most_five_hundred() -> None:
    """Five hundred records go in one batch and stay within its size, one more does not."""
    full = [replace(BY_SIGHT, checkpoint="é" * 64, lane="é" * 64, officer="é" * 64, supersedes=SCAN.id)] * MAX_RECORDS

    assert len(decode_batch(batch(*full)).records) == MAX_RECORDS
    with pytest.raises(ValueError, match="500"):
        batch(*full, SCAN)


def test_a_time_is_kept_to_the_millisecond_in_utc() -> None:
    """Whatever the zone of the device, the server reads the same moment, cut to the millisecond."""
    east = replace(SCAN, scanned_at=NOW.astimezone(timezone(timedelta(hours=2))) + timedelta(microseconds=999))

    assert decode_record(encode_record(east)).scanned_at == NOW


def test_scan_ids_are_version_seven_and_sort_by_time() -> None:
    """An id carries its millisecond first and the drawn bits after (RFC 9562)."""
    ids = [new_scan_id(NOW + timedelta(milliseconds=step), lambda size: b"\xff" * size) for step in range(9)]

    assert ids == sorted(ids)
    assert {(found.version, found.variant) for found in ids} == {(7, "specified in RFC 4122")}
    assert ids[0].int >> 80 == int(NOW.timestamp() * 1000)


def test_the_specification_s_own_id_comes_out() -> None:
    """The example of RFC 9562, appendix A.6, from its time and its random bits."""
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    drawn = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10)

    assert new_scan_id(moment, lambda _size: drawn) == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


def test_two_draws_give_two_ids() -> None:
    """In the same millisecond the drawn bits tell scans apart."""
    entropy = counted()

    assert len({new_scan_id(NOW, entropy) for _ in range(100)}) == 100


def test_a_digest_depends_on_key_and_text() -> None:
    """The same code gives the same 16 bytes under one key, and text of any kind has a digest."""
    assert code_digest(b"k" * 32, "SEP1:ABC") == code_digest(b"k" * 32, "SEP1:ABC")
    assert (
        len({code_digest(b"k" * 32, "SEP1:ABC"), code_digest(b"l" * 32, "SEP1:ABC"), code_digest(b"k", "\ud800")}) == 3
    )
    assert len(code_digest(b"k", "")) == 16


records = st.builds(
    ScanRecord,
    id=st.builds(new_scan_id, st.just(NOW), st.binary(min_size=10, max_size=10).map(lambda drawn: lambda _size: drawn)),
    checkpoint=st.text(st.characters(categories=["L", "N"]), max_size=64),
    lane=st.sampled_from(["1", "Spur 2"]),
    officer=st.just("4711"),
    direction=st.sampled_from(Direction),
    source=st.sampled_from(Source),
    verdict=st.sampled_from(Verdict),
    reason=st.sampled_from(Reason),
    serial=st.none() | st.binary(min_size=5, max_size=5),
    kid=st.none() | st.integers(0, 255),
    digest=st.none() | st.binary(min_size=16, max_size=16),
    scanned_at=st.integers(0, 10**12).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)),
    server_offset_ms=st.none() | st.integers(-(10**9), 10**9),
    roster_number=st.integers(0, 10**6),
    sight_class=st.none() | st.just("staff"),
    supersedes=st.none() | st.just(SCAN.id),
)


@given(st.lists(records, max_size=5))
def test_any_records_survive_the_way(sent: list[ScanRecord]) -> None:
    """Encode then decode is identity."""
    assert decode_batch(batch(*sent)).records == tuple(sent)


@given(st.binary(max_size=120))
def test_any_bytes_as_a_row_spoil_nothing_else(row: bytes) -> None:
    """Whatever stands in one row, the next is read."""
    assert decode_batch(with_rows(row, encode_record(SCAN))).records == (SCAN,)


@given(st.integers(0, len(batch(SCAN, BY_SIGHT)) - 1), st.integers(1, 255))
def test_a_changed_byte_never_raises_anything_else(at: int, flip: int) -> None:
    """A damaged batch is refused by name or read with what is broken set aside."""
    payload = bytearray(batch(SCAN, BY_SIGHT))
    payload[at] ^= flip
    try:
        got = decode_batch(bytes(payload))
    except BatchInvalid:
        return
    assert len(got.records) + len(got.broken) == 2
