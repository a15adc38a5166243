"""What a pass says about itself, and how that is laid out inside the signature (a CWT, RFC 8392, of four claims).

    4  expires (NumericDate)      5  not before      7  cti: the serial
    -70001  [event, category * 2 + printed ahead, grants, document tag or null, name]

The private claim is one array because each claim of its own would cost five bytes. A later version appends to it
under a new prefix.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from accredit.credential import cbor
from accredit.credential.instants import from_seconds, to_seconds, whole_second
from accredit.credential.reasons import Reason

SERIAL_BYTES = 5
TAG_BYTES = 3
NAME_BYTES = 27
MAX_EVENT = 0xFFFF
MAX_CATEGORY = 0x7F
MAX_GRANTS = 0xFFFF_FFFF
_EXP, _NBF, _CTI, _ACCREDIT = 4, 5, 7, -70001


class ClaimsError(ValueError):
    """Signed, yet not the claims of a pass: an issuer's fault. The text names the claim, never its content."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The facts that one code carries.

    `serial` 5 random bytes, unique in the event. `event` 0..65535 and `category` 0..127 are the numbers of the event
    file. `grants`: one bit for the site or a class of meetings, at most 32. `document_tag` 3 bytes, or None where the
    pass was printed before a document was seen. `name`: the Latin spelling of the passport, surname first, at most 27
    bytes (`cut_name`). `not_before` and `expires` are aware; both are cut to the second and turned into UTC. Raises
    ValueError where a field breaks its rule.
    """

    serial: bytes
    event: int
    category: int
    printed_ahead: bool
    grants: int
    document_tag: bytes | None
    name: str
    not_before: datetime
    expires: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "not_before", whole_second(self.not_before))
        object.__setattr__(self, "expires", whole_second(self.expires))
        if self.not_before >= self.expires:
            raise ClaimsError("expires before it begins")
        if len(self.serial) != SERIAL_BYTES:
            raise ClaimsError("serial is not 5 bytes")
        if self.document_tag is not None and len(self.document_tag) != TAG_BYTES:
            raise ClaimsError("document tag is not 3 bytes")
        self._check_numbers()
        _check_name(self.name)

    def _check_numbers(self) -> None:
        limits = (("event", MAX_EVENT), ("category", MAX_CATEGORY), ("grants", MAX_GRANTS))
        for field, limit in limits:
            if not 0 <= getattr(self, field) <= limit:
                raise ClaimsError(f"{field} is outside 0 to {limit}")


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why something signed was not accepted: a pass, a key set, a list or a delta.

    `detail` is for logs and staff: the stage and the field, never a name or number of a person. `claims` is there
    only where the signature held, so that the scan can be written down under its serial.
    """

    reason: Reason
    detail: str
    claims: Claims | None = None


def cut_name(name: str, room: int = NAME_BYTES) -> str:
    """`name` in NFC, without invisible characters, cut at a character so that it takes at most `room` bytes of UTF-8."""
    # Once more at the end: what is invisible may have stood between two spaces.
    visible = "".join(character for character in " ".join(name.split()) if character.isprintable())
    return unicodedata.normalize("NFC", " ".join(visible.split())).encode()[:room].decode(errors="ignore").strip()


def shorten(claims: Claims, by: int) -> Claims:
    """The same claims, the name shorter by at least `by` bytes, cut at a character."""
    return replace(claims, name=cut_name(claims.name, max(0, len(claims.name.encode()) - by)))


def to_payload(claims: Claims) -> bytes:
    """The bytes that get signed; equal claims give equal bytes."""
    return cbor.encode(
        {
            _EXP: to_seconds(claims.expires),
            _NBF: to_seconds(claims.not_before),
            _CTI: claims.serial,
            _ACCREDIT: [
                claims.event,
                claims.category << 1 | claims.printed_ahead,
                claims.grants,
                claims.document_tag,
                claims.name,
            ],
        }
    )


def from_payload(payload: bytes) -> Claims:
    """The claims in `payload`; only to be called once the signature held.

    Raises ClaimsError for anything that `to_payload` never writes.
    """
    try:
        entries = cbor.decode(payload)
    except cbor.CborError as fault:
        raise ClaimsError(f"payload: {fault}") from None
    if not isinstance(entries, dict) or entries.keys() != {_EXP, _NBF, _CTI, _ACCREDIT}:
        raise ClaimsError("other claims than a pass has")
    serial = entries[_CTI]
    if not isinstance(serial, bytes):
        raise ClaimsError("serial is not bytes")
    try:
        claims = _claims(serial, entries[_ACCREDIT], from_seconds(entries[_NBF]), from_seconds(entries[_EXP]))
    except ValueError as fault:
        raise ClaimsError(str(fault)) from None
    if to_payload(claims) != payload:
        raise ClaimsError("not in its one right spelling")
    return claims


def _claims(serial: bytes, private: cbor.CborValue, not_before: datetime, expires: datetime) -> Claims:
    match private:
        case [event, packed, grants, bytes() | None as tag, str() as name]:
            event, packed, grants = map(cbor.as_integer, (event, packed, grants))
            return Claims(serial, event, packed >> 1, bool(packed & 1), grants, tag, name, not_before, expires)
    raise ClaimsError("the private claim has another shape")


def _check_name(name: str) -> None:
    # Printable only: the officer's screen must show what was signed, without marks that reorder or hide letters.
    if not name.isprintable() or not unicodedata.is_normalized("NFC", name):
        raise ClaimsError("name has characters that cannot be shown")
    if len(name.encode()) > NAME_BYTES:
        raise ClaimsError("name is longer than 27 bytes")
