"""The serial of a pass, and the short code that a person can read aloud and an officer can type.

A serial is 40 random bits, so that it tells neither how many passes there are nor their order. The short code is
Crockford's base32 of it (8 characters) and one check character (the number modulo 37). It is unsigned: it names a
pass and proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from accredit.credential.claims import SERIAL_BYTES

SHORT_CODE_LENGTH = 9
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKS = _DIGITS + "*~$=U"
# Letters that the alphabet leaves out because people read them as digits.
_AS_READ = str.maketrans("OIL", "011", " -\u00a0\u2010\u2011\u2012\u2013\t\r\n")


def new_serial(entropy: Callable[[int], bytes]) -> bytes:
    """Five bytes of `entropy`; the caller draws again if the event has this serial already."""
    return entropy(SERIAL_BYTES)


def short_code(serial: bytes) -> str:
    """The nine characters for a 5-byte serial. Raises ValueError for another length."""
    if len(serial) != SERIAL_BYTES:
        raise ValueError("a serial is 5 bytes")
    number = int.from_bytes(serial)
    return "".join(_DIGITS[number >> shift & 31] for shift in range(35, -1, -5)) + _CHECKS[number % 37]


def parse_short_code(text: str) -> bytes | None:
    """The serial that a typed short code names, or None where it is no short code or its check character says it was mistyped.

    Forgives lower case, O for 0, I and L for 1, and spaces and dashes anywhere.
    """
    plain = text.upper().translate(_AS_READ)
    if len(plain) != SHORT_CODE_LENGTH or any(character not in _DIGITS for character in plain[:-1]):
        return None
    number = 0
    for character in plain[:-1]:
        number = number << 5 | _DIGITS.index(character)
    return number.to_bytes(SERIAL_BYTES) if plain[-1] == _CHECKS[number % 37] else None
