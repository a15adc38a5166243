"""Column types: aware UTC times, text enums with a named CHECK, and values sealed at rest.

A sealed column is AES-GCM-SIV (RFC 8452) under the data key that `db.session` hangs on the engine's dialect, bound to its
table and column, so that a value moved elsewhere no longer opens. The first byte is the number of the key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from sqlalchemy import DateTime, Dialect, Enum, LargeBinary
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, stored in UTC. A naive one is refused at the door."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored; hand in an aware one")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        # SQLite keeps no zone; what was stored is UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def text_enum(members: type[StrEnum], name: str) -> Enum:
    """Text by value with a CHECK of this name, so that a new member is a small reviewed migration."""
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda kind: [member.value for member in kind],
    )


class Sealer:
    """Seals and opens values under one data key of 32 bytes."""

    NUMBER = 1

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCMSIV(key)
        self._digest_key = hmac.digest(key, b"accredit digests of values at rest", hashlib.sha256)

    def seal(self, value: bytes, place: str) -> bytes:
        """Key number, 12 bytes of nonce, ciphertext with its tag."""
        nonce = os.urandom(12)  # a nonce is never an argument: a repeated one would be the caller's gravest mistake
        return bytes([self.NUMBER]) + nonce + self._cipher.encrypt(nonce, value, place.encode())

    def digest(self, value: bytes, place: str) -> bytes:
        """32 bytes by which the same value of the same place is found again, and from which nothing is read (HMAC)."""
        return hmac.digest(self._digest_key, place.encode() + b"|" + value, hashlib.sha256)

    def open(self, sealed: bytes, place: str) -> bytes:
        """The value; raises ValueError if it was sealed by another key number, InvalidTag if it was altered or moved."""
        if sealed[:1] != bytes([self.NUMBER]):
            raise ValueError(f"{place} was sealed under data key {sealed[0]}, which is not here")
        return self._cipher.decrypt(sealed[1:13], sealed[13:], place.encode())


class _Carries(Protocol):
    accredit_sealer: Sealer


def sealer_of(dialect: Any) -> Sealer:
    """The sealer of this engine."""
    carrier: _Carries = dialect
    return carrier.accredit_sealer


class SealedBytes(TypeDecorator[bytes]):
    """Bytes that cannot be read without the data key. `place` is "table.column"."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else sealer_of(dialect).seal(value, self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else sealer_of(dialect).open(value, self.place)


class SealedText(TypeDecorator[str]):
    """Text that cannot be read without the data key."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else sealer_of(dialect).seal(value.encode(), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else sealer_of(dialect).open(value, self.place).decode()


class SealedDate(TypeDecorator[date]):
    """A date that cannot be read without the data key."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: date | None, dialect: Dialect) -> bytes | None:
        return None if value is None else sealer_of(dialect).seal(value.isoformat().encode(), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(sealer_of(dialect).open(value, self.place).decode())
