"""A scanner's journal as a file, for a machine that never comes back to a network: its signed batches, line by line.

The first line is the mark and the device; every other one a batch in base64, as the device would have uploaded it and
under the same signature. So a file is believed exactly as far as an upload is, and read twice it changes nothing. Only
whole lines count: of a file that was cut off, what is whole is taken, and its last batch says how many are missing.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

MARK = "accredit-scans 1"
MAX_FILE_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ScanFile:
    """What a file claims: whose scans it holds, and the batches, of which only the signatures tell the truth.

    `is_cut_off` where the last line has no end.
    """

    device_id: UUID
    batches: tuple[bytes, ...] = field(repr=False)
    is_cut_off: bool = False


class ScanFileInvalid(ValueError):
    """This is no file of scans, or a line in its middle is spoiled; the text names the line."""


def lines_of(device_id: UUID, batches: Iterable[bytes]) -> Iterator[str]:
    """The lines to write, each with its end."""
    yield f"{MARK} {device_id}\n"
    for batch in batches:
        yield base64.b64encode(batch).decode() + "\n"


def read_scan_file(data: bytes) -> ScanFile:
    """The batches in a file. Raises ScanFileInvalid."""
    if len(data) > MAX_FILE_BYTES:
        raise ScanFileInvalid("the file is larger than any scanner writes")
    head, *lines = data.split(b"\n")
    if not lines:
        raise ScanFileInvalid("the file is not one that accredit-scanner export wrote")
    rest = lines.pop()
    batches = tuple(_batch(line, number) for number, line in enumerate(lines, start=2))
    return ScanFile(_device(head), batches, is_cut_off=bool(rest))


def _device(head: bytes) -> UUID:
    mark, space, named = head.decode(errors="replace").rstrip("\r").rpartition(" ")
    try:
        if mark == MARK and space:
            return UUID(named)
    except ValueError:
        pass
    raise ScanFileInvalid("the file is not one that accredit-scanner export wrote")


def _batch(line: bytes, number: int) -> bytes:
    try:
        return base64.b64decode(line.rstrip(b"\r"), validate=True)
    except (binascii.Error, ValueError):
        raise ScanFileInvalid(f"line {number} is spoiled; copy the file once more") from None
