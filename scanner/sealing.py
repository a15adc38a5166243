"""How a scanner keeps its secrets: small ones under a secret file of the device, the key to names under the PIN as well.

A stolen database file alone opens nothing: it needs the device secret. Device and all together open the keys that an
unattended restart needs (upload, document tags), but no name: the roster key needs the PIN too, and argon2id makes each
guess at it expensive.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PIN_DIGITS = 8
_SECRET_BYTES, _NONCE_BYTES, _SALT_BYTES = 32, 12, 16

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class PinCost:
    """What one guess at the PIN costs: argon2id passes over so much memory (KiB). Stored beside what it sealed."""

    passes: int = 3
    memory_kib: int = 65_536


@dataclass(frozen=True, slots=True)
class PinSealed:
    """The roster key as it is kept, and how its wrapping key is made again from PIN and device secret."""

    salt: bytes
    cost: PinCost
    sealed: bytes


def pin_problem(pin: str) -> str | None:
    """Why this is no PIN, or None."""
    if len(pin) >= PIN_DIGITS and pin.isascii() and pin.isdecimal():
        return None
    return f"A PIN has {PIN_DIGITS} digits or more, and nothing but digits."


def make_device_secret(path: Path, entropy: Entropy) -> bytes:
    """The secret in the file at `path`, mode 0600; made now where there is none. Raises OSError where it cannot be."""
    if path.exists():
        return load_device_secret(path)
    secret = entropy(_SECRET_BYTES)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return secret


def load_device_secret(path: Path) -> bytes:
    """The secret in the file. Raises OSError where it cannot be read, or is not a device secret."""
    secret = path.read_bytes()
    if len(secret) != _SECRET_BYTES:
        raise OSError(f"{path} is not a device secret")
    return secret


def seal(secret: bytes, label: str, plain: bytes, entropy: Entropy) -> bytes:
    """`plain` under a key of its own for `label`: nonce and AES-GCM. The label is bound to it."""
    nonce = entropy(_NONCE_BYTES)
    return nonce + AESGCM(_derive(secret, label)).encrypt(nonce, plain, label.encode())


def unseal(secret: bytes, label: str, sealed: bytes) -> bytes | None:
    """What `seal` was given; None where secret or label is another one, or a byte was changed."""
    try:
        return AESGCM(_derive(secret, label)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], label.encode())
    except (InvalidTag, ValueError):
        return None


def seal_with_pin(key: bytes, pin: str, secret: bytes, entropy: Entropy, cost: PinCost) -> PinSealed:
    """The roster key sealed under PIN and device secret together."""
    salt = entropy(_SALT_BYTES)
    return PinSealed(salt, cost, seal(_stretched(pin, secret, salt, cost), "roster key", key, entropy))


def unseal_with_pin(kept: PinSealed, pin: str, secret: bytes) -> bytes | None:
    """The roster key, or None: the PIN is wrong, or the device secret is another one."""
    return unseal(_stretched(pin, secret, kept.salt, kept.cost), "roster key", kept.sealed)


def _stretched(pin: str, secret: bytes, salt: bytes, cost: PinCost) -> bytes:
    # Late, because only who has a PIN at hand needs it.
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415

    slow = hash_secret_raw(pin.encode(), salt, cost.passes, cost.memory_kib, 1, _SECRET_BYTES, Type.ID)
    return slow + secret


def _derive(secret: bytes, label: str) -> bytes:
    return HKDF(SHA256(), _SECRET_BYTES, None, f"accredit scanner: {label}".encode()).derive(secret)
