"""The key of one enrolled scanner: it signs the scans that the device uploads, and nothing else.

It stands apart from `signing`, which a scanner must not import. The server knows the public half from the enrolment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accredit.credential import cose
from accredit.credential.claims import Rejected
from accredit.credential.reasons import Reason

# Which device signed is told by its access token; the kid only says "a device". No key of a key set may carry it.
DEVICE_KID = 255


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A device's Ed25519 private key. Its text form never shows the secret."""

    private_bytes: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.private_bytes) != cose.PUBLIC_KEY_BYTES:
            raise ValueError("a device key has 32 bytes")

    @classmethod
    def generate(cls, entropy: Callable[[int], bytes]) -> DeviceKey:
        """A new key from 32 bytes of `entropy`."""
        return cls(entropy(32))

    @classmethod
    def from_bytes(cls, private_bytes: bytes) -> DeviceKey:
        """The key whose 32 private bytes were kept. Raises ValueError for another length."""
        return cls(private_bytes)

    @property
    def kid(self) -> int:
        return DEVICE_KID

    @property
    def public_bytes(self) -> bytes:
        """The 32 bytes that the server keeps at the enrolment."""
        return self._private().public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private().sign(message)

    def sign_batch(self, payload: bytes) -> bytes:
        """`payload` (a batch of scans) signed, content type "scans"."""
        return cose.sign1(payload, key=self, content_type="scans")

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.private_bytes)


def open_batch(data: bytes, public_key: bytes) -> bytes | Rejected:
    """The payload of an uploaded batch if the device with `public_key` (32 bytes) signed it.

    Else malformed, unknown_key or bad_signature.
    """
    try:
        envelope = cose.parse1(data, content_type="scans")
    except cose.CoseError as fault:
        return Rejected(Reason.MALFORMED, f"batch: {fault}")
    if envelope.kid != DEVICE_KID:
        return Rejected(Reason.UNKNOWN_KEY, "batch: not signed as a device")
    if not envelope.holds(public_key):
        return Rejected(Reason.BAD_SIGNATURE, "batch: the signature does not hold")
    return envelope.payload
