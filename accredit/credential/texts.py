"""Bytes as the text of a code: base45 (RFC 9285), which a QR holds in its alphanumeric mode, in exactly one spelling."""

from __future__ import annotations

import base45

AROUND = " \t\r\n"
"""What a reader may add before and after a code; it belongs to the reader."""


def to_base45(data: bytes) -> str:
    """The one text of `data`."""
    return str(base45.b45encode(data), "ascii")


def from_base45(text: str) -> bytes:
    """The bytes of `text`. Raises ValueError unless `to_base45` would write it in the same characters."""
    # As bytes: of a str the library drops line ends. Every group of characters is one number, and too large ones are
    # refused, so that two texts never give the same bytes; a test holds it to that.
    return bytes(base45.b45decode(text.encode("ascii")))
