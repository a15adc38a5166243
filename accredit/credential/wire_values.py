"""One decoded CBOR value of the kind that a form expects, or a ValueError that names the field and never the value."""

from __future__ import annotations

from accredit.credential.cbor import CborValue


def number(value: CborValue, field: str, *, least: int = 0, most: int = 2**63 - 1) -> int:
    """An integer within these bounds; true and false, which Python takes for 1 and 0, are none."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{field}: not a number that may stand here")
    return value


def text(value: CborValue, field: str, *, most: int = 10_000) -> str:
    """Text of at most `most` characters."""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"{field}: not text that may stand here")
    return value


def octets(value: CborValue, field: str) -> bytes:
    """A byte string."""
    if not isinstance(value, bytes):
        raise ValueError(f"{field}: not bytes")
    return value


def items(value: CborValue, field: str) -> list[CborValue]:
    """An array."""
    if not isinstance(value, list):
        raise ValueError(f"{field}: not a list")
    return value
