"""What a scanner may hold but a thief of it may not read: names and photos, sealed row by row under the roster key.

AES-GCM-SIV (RFC 8452): the same row sealed again gives the same bytes, so that an unchanged bundle stays unchanged,
and two texts under one serial (a corrected name) do no more harm than to show that they differ. The nonce is the
serial, filled up with zeros; event and kind of content are bound to it as associated data.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from accredit.credential.claims import SERIAL_BYTES, cut_name

ROSTER_KEY_BYTES = 32
NAME_ROOM = 40
# Sealed bytes do not compress, and a pass has 75 bytes in all in a bundle of 2,000: 17 go to the seal and the line
# break, 17 to serial, tag, photo mark and the rest. Measured with every fifth name in a script of two or three bytes a
# letter, 40 and 20 leave room for the grounds passes too. The name is what the officer compares; a cut organisation
# still tells.
ORGANISATION_ROOM = 20
_NONCE_FILL = b"\x00" * (12 - SERIAL_BYTES)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """What an officer reads beside the verdict: name (any script) and organisation, cut to fit; neither is signed."""

    name: str
    organisation: str = ""


def seal_row(roster_key: bytes, event: int, serial: bytes, line: RosterLine) -> bytes:
    """The sealed bytes of one line, for `PassEntry.sealed`: its UTF-8 and 17 more.

    The name is cut at a character to 40 bytes, the organisation to 20. `roster_key` has 32 bytes and belongs to one
    event; `serial` has 5. Raises ValueError for another length.
    """
    text = f"{cut_name(line.name, NAME_ROOM)}\n{cut_name(line.organisation, ORGANISATION_ROOM)}"
    return _cipher(roster_key).encrypt(_nonce(serial), text.encode(), _bound_to(event, "row"))


def open_row(roster_key: bytes, event: int, serial: bytes, sealed: bytes) -> RosterLine | None:
    """The line that `seal_row` sealed; None for another key, event or serial, or for changed bytes."""
    text = _open(roster_key, serial, sealed, _bound_to(event, "row"))
    if text is None:
        return None
    name, _, organisation = text.decode(errors="replace").partition("\n")
    return RosterLine(name, organisation)


def seal_photo(roster_key: bytes, event: int, serial: bytes, photo: bytes) -> bytes:
    """The sealed bytes of the photo of one pass (16 more than `photo`). Raises ValueError for a wrong length of key or serial."""
    return _cipher(roster_key).encrypt(_nonce(serial), photo, _bound_to(event, "photo"))


def open_photo(roster_key: bytes, event: int, serial: bytes, sealed: bytes) -> bytes | None:
    """The photo that `seal_photo` sealed; None for another key, event or serial, or for changed bytes."""
    return _open(roster_key, serial, sealed, _bound_to(event, "photo"))


def _open(roster_key: bytes, serial: bytes, sealed: bytes, bound_to: bytes) -> bytes | None:
    try:
        return _cipher(roster_key).decrypt(_nonce(serial), sealed, bound_to)
    except InvalidTag:
        return None


def _cipher(roster_key: bytes) -> AESGCMSIV:
    if len(roster_key) != ROSTER_KEY_BYTES:
        raise ValueError("a roster key has 32 bytes")
    return AESGCMSIV(roster_key)


def _nonce(serial: bytes) -> bytes:
    if len(serial) != SERIAL_BYTES:
        raise ValueError("a serial is 5 bytes")
    return serial + _NONCE_FILL


def _bound_to(event: int, kind: str) -> bytes:
    return f"accredit {kind} of event {event}".encode()
