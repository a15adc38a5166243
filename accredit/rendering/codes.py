"""The two machine-readable codes of a badge: the QR with the credential, the Code 128 with the short code.

Both are drawn as 1-bit PNG with one pixel (or a whole number of pixels) a module, so that a layout which gives each
module a whole number of printer dots prints them without a single grey edge.
"""

from __future__ import annotations

import io

from barcode.codex import Code128
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.util import ALPHA_NUM, BIT_LIMIT_TABLE, MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from accredit.rendering.qr_symbols import qr_pixels

QR_VERSION = 8
"""The version that every credential fits at level M: 221 alphanumeric characters in 49 by 49 modules."""

QR_QUIET_ZONE = 4
"""Modules of white on each side that ISO/IEC 18004 demands; they are part of the picture."""

BAR_QUIET_ZONE = 10
"""Modules of white on each side that ISO/IEC 15417 demands for Code 128; they are part of the picture."""

# The first that the version has room for; below M a stripe of glare makes the symbol unreadable.
_LEVELS = {"H": ERROR_CORRECT_H, "Q": ERROR_CORRECT_Q, "M": ERROR_CORRECT_M}
_ALPHANUMERIC = frozenset(ALPHA_NUM.decode("ascii"))
_WHITE = b"\xff"
_TO_PIXELS = bytes.maketrans(b"01", b"\xff\x00")


class CodeImpossible(ValueError):
    """The text cannot be drawn as this code; the message says why and never repeats the text."""


def qr_version(text: str, *, smallest: int = QR_VERSION, largest: int = 40) -> int | None:
    """The lowest QR version from `smallest` on that holds `text` at level M, or None when `largest` is too small.

    Text of the alphanumeric set (0-9, A-Z, space, $%*+-./:) is counted at 11 bits a pair (ISO/IEC 18004, 7.4.4),
    any other as UTF-8.
    """
    for version in range(smallest, largest + 1):
        if _bits(text, version) <= BIT_LIMIT_TABLE[ERROR_CORRECT_M][version]:
            return version
    return None


def qr_level(text: str, *, version: int = QR_VERSION) -> str:
    """The error level to draw `text` at: the highest of H, Q and M that needs no higher version than M does.

    More modules cost more reading distance than a higher level wins, so the version is never raised for it. Raises
    CodeImpossible for a text beyond version 40.
    """
    needed = qr_version(text, smallest=version)
    if needed is None:
        raise CodeImpossible(f"the text has {len(text)} characters, more than a QR code holds at level M")
    return next(name for name, level in _LEVELS.items() if _bits(text, needed) <= BIT_LIMIT_TABLE[level][needed])


def qr_side(version: int) -> int:
    """Modules along one side of a symbol of `version`, both quiet zones included: 57 for version 8."""
    return 17 + 4 * version + 2 * QR_QUIET_ZONE


def qr_png(text: str, *, version: int = QR_VERSION, dots: int = 1) -> bytes:
    """A QR symbol of `text` at level M or better (`qr_level`), with its quiet zone, as a 1-bit PNG: `dots` pixels a module.

    `version` is raised only when the text needs it. Raises CodeImpossible for an empty text or one beyond version 40.
    The same text always gives the same bytes.
    """
    if not text:
        raise CodeImpossible("a QR code needs a text; this one is empty")
    level = _LEVELS[qr_level(text, version=version)]
    needed = qr_version(text, smallest=version)
    assert needed is not None, "a text without a version has no level"
    mode = MODE_ALPHA_NUM if _is_alphanumeric(text) else MODE_8BIT_BYTE
    # One segment: left to itself the encoder splits the text and may then need a higher version.
    pixels, side = qr_pixels(QRData(text.encode(), mode=mode, check_data=False), needed, level, QR_QUIET_ZONE)
    return _png(pixels, (side, side), dots)


def code128_bits(text: str) -> str:
    """The modules of `text` in Code 128 as "1" (bar) and "0" (space), check digit and stop included, quiet zones not.

    Raises CodeImpossible when the text is empty or has characters beyond printable ASCII.
    """
    if not text or not all(" " <= character <= "~" for character in text):
        raise CodeImpossible("a Code 128 needs one or more printable ASCII characters")
    code = Code128(text)
    # Started with digit pairs, as is its habit, the library loses a leading "99" (python-barcode 0.16.1, its issue 251).
    code._charset = "B"
    bits: str = code.build()[0]
    return bits


def code128_png(text: str, *, dots: int = 1, height: int = 1) -> bytes:
    """The Code 128 of `text` with its quiet zones, as a 1-bit PNG: `dots` pixels a module, `height` rows of modules.

    With the default height of one the layout stretches it to any height. Raises CodeImpossible like `code128_bits`.
    """
    margin = _WHITE * BAR_QUIET_ZONE
    row = margin + code128_bits(text).encode().translate(_TO_PIXELS) + margin
    return _png(row * height, (len(row), height), dots)


def code128_side(text: str) -> int:
    """Modules along the Code 128 of `text`, both quiet zones included."""
    return len(code128_bits(text)) + 2 * BAR_QUIET_ZONE


def _is_alphanumeric(text: str) -> bool:
    return _ALPHANUMERIC.issuperset(text)


def _bits(text: str, version: int) -> int:
    if _is_alphanumeric(text):
        length = 9 if version < 10 else 11 if version < 27 else 13
        return 4 + length + 11 * (len(text) // 2) + 6 * (len(text) % 2)
    return 4 + (8 if version < 10 else 16) + 8 * len(text.encode())


def _png(pixels: bytes, size: tuple[int, int], dots: int) -> bytes:
    picture = Image.frombytes("L", size, pixels).convert("1", dither=Image.Dither.NONE)
    if dots > 1:
        picture = picture.resize((picture.width * dots, picture.height * dots), Image.Resampling.NEAREST)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
