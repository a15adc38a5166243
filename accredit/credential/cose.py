"""Untagged COSE_Sign1 (RFC 9052) in one narrow profile: Ed25519 (alg -19, RFC 9864), a one-byte kid, nothing unsigned.

The protected map holds exactly alg and kid, plus the content type (header 3) for everything that is not a pass. The
signature covers it, so that a signed pass can never be read as a list, nor a list as a key set. The unprotected map
is empty: nothing unsigned is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from accredit.credential import cbor

ED25519 = -19
SIGNATURE_BYTES = 64
PUBLIC_KEY_BYTES = 32
_ALG, _CONTENT_TYPE, _KID = 1, 3, 4
# None is a pass: its code has no room to say what the prefix says already.
CONTENT_TYPES = frozenset({None, "keyset", "bundle", "revocations", "device", "scans"})


class CoseError(ValueError):
    """The bytes are not a COSE_Sign1 of this profile. The text names the part, never the content."""


class Signer(Protocol):
    """Who can sign: a key with its one-byte name."""

    @property
    def kid(self) -> int: ...

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """A well-formed COSE_Sign1 whose signature nobody has checked yet; its payload is not to be read before `holds`."""

    kid: int
    content_type: str | None
    protected: bytes
    payload: bytes
    signature: bytes

    def holds(self, public_key: bytes) -> bool:
        """Whether the 32-byte Ed25519 `public_key` signed exactly this header and payload."""
        return signature_holds(public_key, self.signature, to_be_signed(self.protected, self.payload))


def sign1(payload: bytes, *, key: Signer, content_type: str | None = None) -> bytes:
    """Sign `payload` (bytes, opaque here). Raises ValueError for an unknown content type or a kid outside 0..255."""
    if content_type not in CONTENT_TYPES:
        raise ValueError(f"unknown content type {content_type!r}")
    header: dict[int, object] = {_ALG: ED25519, _KID: bytes([key.kid])}
    if content_type is not None:
        header[_CONTENT_TYPE] = content_type
    protected = cbor.encode(header)
    return cbor.encode([protected, {}, payload, key.sign(to_be_signed(protected, payload))])


def parse1(data: bytes, *, content_type: str | None = None) -> Envelope:
    """Read the outer form; the signature is not checked and the payload is not read.

    Raises CoseError unless `data` is strict CBOR of exactly four items, the unprotected map is empty, the protected
    map holds exactly alg -19, a one-byte kid and the expected content type (none for a pass), and the signature has
    64 bytes.
    """
    try:
        parts = cbor.decode(data)
    except cbor.CborError as fault:
        raise CoseError(str(fault)) from None
    match parts:
        case [bytes() as protected, dict() as unprotected, bytes() as payload, bytes() as signature]:
            pass
        case _:
            raise CoseError("not an array of header, empty map, payload and signature")
    if unprotected:
        raise CoseError("the unprotected header is not empty")
    if len(signature) != SIGNATURE_BYTES:
        raise CoseError("the signature has not 64 bytes")
    return Envelope(_read_header(protected, content_type), content_type, protected, payload, signature)


def open1(data: bytes, *, public_key: bytes, content_type: str | None = None) -> bytes | None:
    """The payload of `data` if it is well formed and signed by this one key, whatever its kid; else None.

    For a counterpart whose key is known beforehand: the root, or an enrolled device. Lists go through
    `trust.open_signed`.
    """
    try:
        envelope = parse1(data, content_type=content_type)
    except CoseError:
        return None
    return envelope.payload if envelope.holds(public_key) else None


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure of RFC 9052 section 4.4, without external data."""
    return cbor.encode(["Signature1", protected, b"", payload])


def signature_holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is the Ed25519 signature (RFC 8032) of `message`; False for parts of another length."""
    if len(signature) != SIGNATURE_BYTES or len(public_key) != PUBLIC_KEY_BYTES:
        return False
    try:
        _loaded(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read_header(protected: bytes, content_type: str | None) -> int:
    try:
        header = cbor.decode(protected)
    except cbor.CborError as fault:
        raise CoseError(f"protected header: {fault}") from None
    expected = {_ALG, _KID} if content_type is None else {_ALG, _KID, _CONTENT_TYPE}
    if not isinstance(header, dict) or header.keys() != expected:
        raise CoseError("the protected header holds other fields than it should")
    if header[_ALG] != ED25519 or header.get(_CONTENT_TYPE) != content_type:
        raise CoseError("another algorithm or content type")
    kid = header[_KID]
    if not isinstance(kid, bytes) or len(kid) != 1:
        raise CoseError("the kid is not one byte")
    return kid[0]


@lru_cache(maxsize=64)
def _loaded(public_key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public_key)
