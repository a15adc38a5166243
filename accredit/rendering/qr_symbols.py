"""QR symbols of one library, drawn many times: what it computes anew for each symbol is asked of it once and kept.

Everything comes from qrcode: the stream of a segment, the generator polynomials, and, by drawing a few probes, where
each bit of the codewords stands and what surrounds them. What is left to do for a symbol is a division by table and one
reordering. The outcome is the library's own, module by module; a test compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from operator import itemgetter

from qrcode.base import Polynomial, gexp, glog, rs_blocks
from qrcode.LUT import rsPoly_LUT
from qrcode.main import QRCode
from qrcode.util import PAD0, PAD1, QRData, length_in_bits

# Searching the best of eight masks takes eight times as long and changes no measured read rate.
_MASK = 3
_TO_PIXELS = bytes.maketrans(b"01", b"\xff\x00")


class _Bits:
    """Takes the bits of a segment as the library's own buffer does, in one number."""

    def __init__(self) -> None:
        self.number = 0
        self.length = 0

    def put(self, number: int, length: int) -> None:
        self.number = self.number << length | number
        self.length += length


@dataclass(frozen=True, slots=True)
class _Plan:
    """One version and level: which bit each pixel shows, and what is turned over there ("1": dark without any bit)."""

    order: itemgetter[tuple[int, ...]]
    turned: int
    side: int


def qr_pixels(data: QRData, version: int, level: int, border: int) -> tuple[bytes, int]:
    """The symbol of one segment that fits `version` at `level`: a byte a pixel, 0 or 255, and the pixels on a side.

    White of `border` modules around it is part of the picture.
    """
    codewords = _codewords(data, version, level)
    plan = _plan(version, level, border)
    bits = f"{int.from_bytes(codewords):0{8 * len(codewords)}b}0".encode()
    shown = int.from_bytes(bytes(plan.order(bits))) ^ plan.turned
    return shown.to_bytes(plan.side * plan.side).translate(_TO_PIXELS), plan.side


def _codewords(data: QRData, version: int, level: int) -> bytes:
    """Data and error correction, interleaved by block (ISO/IEC 18004, 7.4 to 7.6)."""
    blocks = rs_blocks(version, level)
    stream = _padded(_stream(data, version), sum(block.data_count for block in blocks))
    parts, start = [], 0
    for block in blocks:
        parts.append(stream[start : start + block.data_count])
        start += block.data_count
    checks = [_check(part, block.total_count - block.data_count) for part, block in zip(parts, blocks, strict=True)]
    return bytes(_interleaved(parts) + _interleaved(checks))


def _interleaved(blocks: Sequence[bytes]) -> list[int]:
    return [word for word in chain.from_iterable(zip_longest(*blocks)) if word is not None]


def _stream(data: QRData, version: int) -> _Bits:
    bits = _Bits()
    bits.put(data.mode, 4)
    bits.put(len(data), length_in_bits(data.mode, version))
    data.write(bits)
    return bits


def _padded(bits: _Bits, count: int) -> bytes:
    """Up to four bits that end the stream, zeros to a whole byte, then the two pad words in turn."""
    room = 8 * count
    if bits.length > room:
        raise ValueError("the text does not fit this version and level")
    ended = min(bits.length + 4, room)
    length = -(-ended // 8)
    stream = (bits.number << 8 * length - bits.length).to_bytes(length)
    return (stream + bytes((PAD0, PAD1)) * count)[:count]


def _check(part: bytes, count: int) -> bytes:
    """The remainder of the division by the generator polynomial, a byte at a time like a checksum."""
    table, top, mask = _divisions(count), 8 * (count - 1), (1 << 8 * count) - 1
    rest = 0
    for word in part:
        rest = (rest << 8 & mask) ^ table[rest >> top ^ word]
    return rest.to_bytes(count)


@cache
def _divisions(count: int) -> tuple[int, ...]:
    """For each leading byte what it leaves: the generator without its first term, times the byte."""
    generator = [int(term) for term in _generator(count)][1:]
    return (0, *(int.from_bytes(bytes(gexp(glog(term) + glog(lead)) for term in generator)) for lead in range(1, 256)))


def _generator(count: int) -> Polynomial:
    if count in rsPoly_LUT:
        return Polynomial(rsPoly_LUT[count], 0)
    product = Polynomial([1], 0)
    for power in range(count):
        product = product * Polynomial([1, gexp(power)], 0)
    return product


@cache
def _plan(version: int, level: int, border: int) -> _Plan:
    """Drawn with codewords of zeros, of ones, and with the digits of each bit's own number: that tells which is where."""
    count = sum(block.total_count for block in rs_blocks(version, level))
    blank, full = _drawn(bytes(count), version, level, border), _drawn(b"\xff" * count, version, level, border)
    places = [0] * len(blank)
    for digit in range((8 * count).bit_length()):
        probe = int("".join(str(number >> digit & 1) for number in range(8 * count)), 2).to_bytes(count)
        for pixel, dark in enumerate(_drawn(probe, version, level, border)):
            places[pixel] |= (dark != blank[pixel]) << digit
    none = 8 * count
    order = [place if one != other else none for place, one, other in zip(places, blank, full, strict=True)]
    return _Plan(itemgetter(*order), int.from_bytes(bytes(blank)), 17 + 4 * version + 2 * border)


def _drawn(codewords: bytes, version: int, level: int, border: int) -> list[bool]:
    """The library's own picture of these codewords, row by row, the white around it included."""
    code = QRCode(version=version, error_correction=level, mask_pattern=_MASK, border=border)
    code.data_cache = list(codewords)
    code.makeImpl(False, _MASK)
    return [bool(dark) for row in code.get_matrix() for dark in row]
