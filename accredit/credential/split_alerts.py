"""One pass admitted by two gates that did not know of each other: what a scanner is told of it, inside the bundle.

A row is an array: id, serial, then twice (device, its name, scan, checkpoint, lane, time). No person is named; a gate
that knows the serial finds the name where its officer may.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accredit.credential.cbor import CborValue
from accredit.credential.claims import SERIAL_BYTES
from accredit.credential.instants import from_seconds, to_seconds, whole_second
from accredit.credential.wire_values import items, octets, text


@dataclass(frozen=True, slots=True)
class ApartScan:
    """One of the two scans. `at` is the device's time less what its clock was off, to the second."""

    device_id: UUID
    device: str
    scan_id: UUID
    checkpoint: str
    lane: str
    at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", whole_second(self.at))


@dataclass(frozen=True, slots=True)
class SplitAlert:
    """Both scans, the earlier one first."""

    id: UUID
    serial: bytes
    first: ApartScan
    second: ApartScan

    def __post_init__(self) -> None:
        if len(self.serial) != SERIAL_BYTES:
            raise ValueError("alert: a serial is 5 bytes")

    def concerns(self, device_id: UUID) -> bool:
        """Whether this device made one of the two."""
        return device_id in (self.first.device_id, self.second.device_id)

    def to_wire(self) -> list[object]:
        """The row in a bundle."""
        return [self.id.bytes, self.serial, _scan_to_wire(self.first), _scan_to_wire(self.second)]


def alert_from_wire(wire: CborValue) -> SplitAlert:
    """One row. Raises ValueError where it has another shape."""
    match wire:
        case [id_, serial, first, second]:
            found = UUID(bytes=octets(id_, "alert")), octets(serial, "alert")
            return SplitAlert(*found, _scan_from_wire(first), _scan_from_wire(second))
    raise ValueError("alert: has another shape")


def _scan_to_wire(scan: ApartScan) -> list[object]:
    ids = scan.device_id.bytes, scan.scan_id.bytes
    return [ids[0], scan.device, ids[1], scan.checkpoint, scan.lane, to_seconds(scan.at)]


def _scan_from_wire(wire: CborValue) -> ApartScan:
    match items(wire, "alert"):
        case [device_id, device, scan_id, checkpoint, lane, at]:
            return ApartScan(
                UUID(bytes=octets(device_id, "alert")),
                text(device, "alert"),
                UUID(bytes=octets(scan_id, "alert")),
                text(checkpoint, "alert"),
                text(lane, "alert"),
                from_seconds(at),
            )
    raise ValueError("alert: has another shape")
