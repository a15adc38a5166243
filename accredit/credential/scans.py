"""The journal on its way to the server: one record a scan, up to 500 in a batch. A device key signs the batch.

A batch is a CBOR map: 1 version, 2 device, 3 sent at, 4 client, 5 scans still waiting, 6 records. Each record is a
CBOR array inside a byte string of its own, so that a broken one is set aside and the others are taken. Times are
milliseconds since 1970 UTC by the device's clock. Fields are only ever appended.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from accredit.credential import cbor
from accredit.credential.cbor import CborValue
from accredit.credential.claims import SERIAL_BYTES
from accredit.credential.reasons import Direction, Reason, Source, Verdict
from accredit.credential.wire_values import items, number, octets, text

VERSION = 1
MAX_RECORDS = 500
MAX_BATCH_BYTES = 512 * 1024
MAX_BROKEN_BYTES = 4096
DIGEST_BYTES = 16
_MAX_TEXT = 64
_MAX_MS = 2**48 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ScanRecord:
    """One presentation at a checkpoint and what was answered, as the device wrote it down before it showed the verdict.

    `serial` (5 bytes) where the pass is known or the signature held; `kid` where a signature held. `digest`: 16 bytes,
    `code_digest` of a code's text, the keyed hash of a grounds pass; None where nothing was read. `scanned_at` by the
    device's clock, to the millisecond; `server_offset_ms` is device minus server at the last sync, None before the
    first. `roster_number`: the list it decided by, 0 for none. `supersedes`: the scan that this one corrects.
    """

    id: UUID
    checkpoint: str
    lane: str
    officer: str
    direction: Direction
    source: Source
    verdict: Verdict
    reason: Reason
    serial: bytes | None
    kid: int | None
    digest: bytes | None
    scanned_at: datetime
    server_offset_ms: int | None
    roster_number: int
    sight_class: str | None = None
    supersedes: UUID | None = None


@dataclass(frozen=True, slots=True)
class BrokenScan:
    """A record that could not be read: its place in the batch, its id if that much could be read, and the field.

    `data` is the record as it was uploaded, or the first 4 kB of it, which is ten times what a good one needs.
    """

    position: int
    id: UUID | None
    cause: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """One upload. `client`: name and version of the program; `waiting`: the scans still on the device afterwards."""

    device_id: UUID
    sent_at: datetime
    client: str
    waiting: int
    records: tuple[ScanRecord, ...]
    broken: tuple[BrokenScan, ...] = ()


class BatchInvalid(ValueError):
    """The outer form is broken, so that no record can be told from another. Names the field, never the content."""


def new_scan_id(now: datetime, entropy: Callable[[int], bytes]) -> UUID:
    """A UUID of version 7 (RFC 9562 section 5.7): the milliseconds of `now`, then 74 bits from 10 bytes of `entropy`."""
    drawn = int.from_bytes(entropy(10))
    return UUID(int=_to_ms(now) << 80 | 7 << 76 | (drawn >> 62 & 0xFFF) << 64 | 0b10 << 62 | drawn & (1 << 62) - 1)


def digest_key(tag_key: bytes) -> bytes:
    """The key for digests of codes: one for all gates of an event, and no digest is a document tag."""
    return hmac.digest(tag_key, b"accredit code digest", hashlib.sha256)


def code_digest(key: bytes, code: str) -> bytes:
    """The 16 bytes that stand for the text of a code in journal and database: HMAC-SHA-256, cut. The text is not kept."""
    return hmac.digest(key, code.encode(errors="surrogatepass"), hashlib.sha256)[:DIGEST_BYTES]


def encode_batch(
    records: Sequence[ScanRecord], *, device_id: UUID, sent_at: datetime, client: str, waiting: int = 0
) -> bytes:
    """The payload that the device key signs. Raises ValueError for more than 500 records, or one that could not be read."""
    if len(records) > MAX_RECORDS:
        raise ValueError(f"a batch holds at most {MAX_RECORDS} scans")
    head = {2: device_id.bytes, 3: _to_ms(sent_at), 4: _word(client, "client"), 5: number(waiting, "waiting")}
    return cbor.encode({1: VERSION, **head, 6: [encode_record(record) for record in records]})


def decode_batch(payload: bytes) -> Batch:
    """The batch in a payload whose signature held; a record that cannot be read is set aside in `broken`.

    Raises BatchInvalid where the outer form is broken, of another version, or holds more than 500 records.
    """
    if len(payload) > MAX_BATCH_BYTES:
        raise BatchInvalid("batch: larger than 512 kB")
    try:
        return _batch_from_wire(cbor.decode(payload))
    except ValueError as fault:
        raise BatchInvalid(f"batch: {fault}") from None


def encode_record(record: ScanRecord) -> bytes:
    """One record as it stands in a batch. Raises ValueError if it could not be read back, so that none is lost later."""
    wire = [
        record.id.bytes,
        record.checkpoint,
        record.lane,
        record.officer,
        record.direction.value,
        record.source.value,
        record.verdict.value,
        record.reason.value,
        record.serial,
        record.kid,
        record.digest,
        _to_ms(record.scanned_at),
        record.server_offset_ms,
        record.roster_number,
        record.sight_class,
        None if record.supersedes is None else record.supersedes.bytes,
    ]
    data = cbor.encode(wire)
    decode_record(data)
    return data


def decode_record(data: bytes) -> ScanRecord:
    """One record. Raises ValueError that names the field, never its content."""
    match cbor.decode(data):
        case [id_, checkpoint, lane, officer, direction, source, verdict, reason, serial, kid, digest, at, *rest]:
            offset, roster_number, sight_class, supersedes = _exactly_four(rest)
        case _:
            raise ValueError("record: fields are missing")
    return ScanRecord(
        id=_scan_id(id_, "id"),
        checkpoint=_word(checkpoint, "checkpoint"),
        lane=_word(lane, "lane"),
        officer=_word(officer, "officer"),
        direction=_member(Direction, direction, "direction"),
        source=_member(Source, source, "source"),
        verdict=_member(Verdict, verdict, "verdict"),
        reason=_member(Reason, reason, "reason"),
        serial=None if serial is None else _sized(serial, "serial", SERIAL_BYTES),
        kid=None if kid is None else number(kid, "kid", most=255),
        digest=None if digest is None else _sized(digest, "digest", DIGEST_BYTES),
        scanned_at=_moment(at, "scanned at"),
        server_offset_ms=None if offset is None else number(offset, "server offset", least=-_MAX_MS, most=_MAX_MS),
        roster_number=number(roster_number, "roster number"),
        sight_class=None if sight_class is None else _word(sight_class, "class by sight"),
        supersedes=None if supersedes is None else _scan_id(supersedes, "supersedes"),
    )


def _batch_from_wire(wire: CborValue) -> Batch:
    match wire:
        case {1: version} if version is True or version != VERSION:
            raise ValueError("of another version; the scanner and the service must be updated together")
        case {1: _, 2: device, 3: sent_at, 4: client, 5: waiting, 6: list() as rows, **others} if not others:
            pass
        case _:
            raise ValueError("fields are missing or unknown")
    if len(rows) > MAX_RECORDS:
        raise ValueError(f"records: more than {MAX_RECORDS}")
    read = [_read_or_set_aside(position, row) for position, row in enumerate(rows)]
    return Batch(
        UUID(bytes=_sized(device, "device", 16)),
        _moment(sent_at, "sent at"),
        _word(client, "client"),
        number(waiting, "waiting"),
        tuple(record for record in read if isinstance(record, ScanRecord)),
        tuple(record for record in read if isinstance(record, BrokenScan)),
    )


def _read_or_set_aside(position: int, row: CborValue) -> ScanRecord | BrokenScan:
    try:
        return decode_record(octets(row, "record"))
    except ValueError as fault:
        uploaded = row if isinstance(row, bytes) else cbor.encode(row)
        return BrokenScan(position, _id_of_broken(row), str(fault), uploaded[:MAX_BROKEN_BYTES])


def _id_of_broken(row: CborValue) -> UUID | None:
    # The device asks by id what became of a scan; the id is worth finding even where the rest is spoiled.
    try:
        return _scan_id(items(cbor.decode(octets(row, "record")), "record")[0], "id")
    except (ValueError, IndexError):
        return None


def _exactly_four(rest: list[CborValue]) -> list[CborValue]:
    if len(rest) != 4:
        raise ValueError("record: fields are missing or unknown")
    return rest


def _scan_id(value: CborValue, field: str) -> UUID:
    found = UUID(bytes=_sized(value, field, 16))
    if found.version != 7:
        raise ValueError(f"{field}: not a UUID of version 7")
    return found


def _sized(value: CborValue, field: str, size: int) -> bytes:
    found = octets(value, field)
    if len(found) != size:
        raise ValueError(f"{field}: not {size} bytes")
    return found


def _word(value: CborValue, field: str) -> str:
    found = text(value, field, most=_MAX_TEXT)
    if not found.isprintable():
        raise ValueError(f"{field}: has characters that cannot be shown")
    return found


def _member(words: type[_Word], value: CborValue, field: str) -> _Word:
    try:
        return words(text(value, field, most=_MAX_TEXT))
    except ValueError:
        raise ValueError(f"{field}: not one of the words known here") from None


def _to_ms(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return number((moment - _EPOCH) // _MILLISECOND, "time", most=_MAX_MS)


def _moment(value: CborValue, field: str) -> datetime:
    try:
        return _EPOCH + number(value, field, most=_MAX_MS) * _MILLISECOND
    except OverflowError:
        raise ValueError(f"{field}: beyond the year 9999") from None
