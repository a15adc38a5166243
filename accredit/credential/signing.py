"""The private keys of root and server, and everything that they sign. A scanner never imports this file.

A key is kept as four short lines of text: what it is, its role, its kid, and its 32 secret bytes in base64; the
demo's says so in a fifth. Who writes it to disk gives it mode 0600.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accredit.credential import cose
from accredit.credential.device_keys import DEVICE_KID
from accredit.credential.keysets import ROOT_KID, KeyRole, KeySet, keyset_to_payload
from accredit.credential.revocation import RevocationList
from accredit.credential.revocation import to_payload as revocations_to_payload

_TITLE = "accredit private key"
_FIELDS = ("role", "kid", "secret", "demo")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private Ed25519 key with its name and its one role; the root has kid 0, every other 1 to 254. Never shows its secret.

    `demo` marks a root whose key sets a real gate refuses. Raises ValueError where kid and role do not fit.
    """

    kid: int
    role: KeyRole
    private: Ed25519PrivateKey = field(repr=False, compare=False)
    demo: bool = False

    def __post_init__(self) -> None:
        if self.role is KeyRole.ROOT and self.kid != ROOT_KID:
            raise ValueError("the root has kid 0")
        if self.role is not KeyRole.ROOT and not ROOT_KID < self.kid < DEVICE_KID:
            raise ValueError("a kid is 1 to 254")

    @classmethod
    def generate(cls, kid: int, role: KeyRole, entropy: Callable[[int], bytes], *, demo: bool = False) -> SigningKey:
        """A new key from 32 bytes of `entropy`."""
        return cls(kid, role, Ed25519PrivateKey.from_private_bytes(entropy(32)), demo)

    @classmethod
    def from_text(cls, text: str) -> SigningKey:
        """The key in a kept text. Raises ValueError naming the line at fault, never quoting it."""
        title, *lines = text.strip().splitlines() or [""]
        if title.strip() != _TITLE:
            raise ValueError(f"the first line is not {_TITLE!r}")
        fields = dict(line.split(maxsplit=1) for line in lines if len(line.split()) == 2)
        if len(fields) != len(lines) or not {"role", "kid", "secret"} <= fields.keys() <= set(_FIELDS):
            raise ValueError("the lines of a key file are role, kid, secret, and demo for a demo key")
        return cls(_kid(fields["kid"]), _role(fields["role"]), _secret(fields["secret"]), fields.get("demo") == "yes")

    def to_text(self) -> str:
        """The text to keep, secret included."""
        secret = base64.b64encode(self.private.private_bytes_raw()).decode()
        lines = [_TITLE, f"role {self.role.value}", f"kid {self.kid}", f"secret {secret}"]
        return "\n".join([*lines, *(["demo yes"] if self.demo else []), ""])

    @property
    def public_bytes(self) -> bytes:
        """The 32 bytes that the root vouches for."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


def sign_keyset(keyset: KeySet, root_key: SigningKey) -> bytes:
    """The signed key set. Raises ValueError for a key that is no root, and where only one of root and set is a demo."""
    _require(root_key, KeyRole.ROOT)
    if keyset.demo != root_key.demo:
        raise ValueError("a demo root signs demo key sets, and nobody else does")
    return cose.sign1(keyset_to_payload(keyset), key=root_key, content_type="keyset")


def sign_revocations(listed: RevocationList, list_key: SigningKey) -> bytes:
    """The signed list, full or delta. Raises ValueError for a key that is no list key."""
    _require(list_key, KeyRole.LIST)
    return cose.sign1(revocations_to_payload(listed), key=list_key, content_type="revocations")


def sign_bundle(payload: bytes, list_key: SigningKey) -> bytes:
    """The signed bundle for the gates. Raises ValueError for a key that is no list key."""
    _require(list_key, KeyRole.LIST)
    return cose.sign1(payload, key=list_key, content_type="bundle")


def _require(key: SigningKey, role: KeyRole) -> None:
    if key.role is not role:
        raise ValueError(f"a {key.role.value} key cannot do what a {role.value} key does")


def _kid(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError("kid: not a number")
    return int(text)


def _role(text: str) -> KeyRole:
    try:
        return KeyRole(text)
    except ValueError:
        raise ValueError("role: not root, pass, list or device") from None


def _secret(text: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise ValueError("secret: not the base64 of 32 bytes") from None
