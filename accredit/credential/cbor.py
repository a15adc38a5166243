"""A strict, deterministic subset of CBOR (RFC 8949, 4.2.1): one value has one spelling, and any other is refused.

Integers of 64 bits, byte strings, text, arrays, maps with integer or text keys, true, false and null. No tags,
floats, indefinite lengths or other simple values: a code that a stranger wrote can then build nothing but plain
values, and no second spelling of the same content exists that could pass as another code.
"""

from __future__ import annotations

from typing import TypeAlias

CborValue: TypeAlias = "int | bytes | str | bool | list[CborValue] | dict[int | str, CborValue] | None"

MAX_DEPTH = 6
_ARGUMENT_WIDTH = {24: 1, 25: 2, 26: 4, 27: 8}
# An argument that would have fitted one size down (or into the first byte) is a second spelling.
_SMALLEST = {24: 24, 25: 0x100, 26: 0x1_0000, 27: 0x1_0000_0000}
_SIMPLE: dict[int, bool | None] = {20: False, 21: True, 22: None}


class CborError(ValueError):
    """Not the one right spelling of a value of this subset, or a value that has none. Never leaves the room."""


def encode(value: object, *, max_depth: int = MAX_DEPTH) -> bytes:
    """Write `value` in its one right spelling: shortest heads, map keys in the order of their encoded bytes.

    Lists and tuples become arrays. Raises CborError for any other type, an integer beyond 64 bits, or more than
    `max_depth` containers inside one another.
    """
    out = bytearray()
    _write(value, out, max_depth)
    return bytes(out)


def decode(data: bytes, *, max_depth: int = MAX_DEPTH) -> CborValue:
    """Read exactly one value from `data`.

    Raises CborError on trailing or missing bytes, longer-than-needed integers and lengths, unsorted or repeated map
    keys, tags, floats, indefinite lengths, invalid UTF-8, and more than `max_depth` containers inside one another.
    What it accepts encodes to the same bytes.
    """
    value, end = _read(data, 0, max_depth)
    if end != len(data):
        raise CborError("bytes after the value")
    return value


def as_integer(value: CborValue) -> int:
    """A decoded `value` as the integer that it must be. Raises CborError; true and false are no numbers here."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise CborError("not a whole number")
    return value


def _write(value: object, out: bytearray, depth: int) -> None:
    # bool before int: True is an int to Python, and must not become 1.
    if value is None or isinstance(value, bool):
        out.append(0xF6 if value is None else 0xF5 if value else 0xF4)
    elif isinstance(value, int):
        _write_head(out, *((0, value) if value >= 0 else (1, -1 - value)))
    elif isinstance(value, bytes):
        _write_head(out, 2, len(value))
        out += value
    elif isinstance(value, str):
        text = _utf8(value)
        _write_head(out, 3, len(text))
        out += text
    else:
        _write_container(value, out, depth)


def _write_container(value: object, out: bytearray, depth: int) -> None:
    if not isinstance(value, list | tuple | dict):
        raise CborError(f"no spelling for {type(value).__name__}")
    if depth < 1:
        raise CborError("too many levels")
    if isinstance(value, dict):
        _write_head(out, 5, len(value))
        for key, item in sorted((_encoded_key(key), item) for key, item in value.items()):
            out += key
            _write(item, out, depth - 1)
    else:
        _write_head(out, 4, len(value))
        for item in value:
            _write(item, out, depth - 1)


def _write_head(out: bytearray, major: int, argument: int) -> None:
    if argument < 24:
        out.append(major << 5 | argument)
        return
    for code, width in _ARGUMENT_WIDTH.items():
        if argument < 1 << 8 * width:
            out.append(major << 5 | code)
            out += argument.to_bytes(width)
            return
    raise CborError("integer beyond 64 bits")


def _encoded_key(key: object) -> bytes:
    if isinstance(key, bool) or not isinstance(key, int | str):
        raise CborError("a map key is an integer or text")
    return encode(key)


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise CborError("text that UTF-8 cannot write") from None


def _read(data: bytes, at: int, depth: int) -> tuple[CborValue, int]:
    major, argument, at = _read_head(data, at)
    if major == 0:
        return argument, at
    if major == 1:
        return -1 - argument, at
    if major in (2, 3):
        return _read_string(data, at, argument, is_text=major == 3)
    if major in (4, 5):
        return _read_container(data, at, argument, depth, is_map=major == 5)
    if major == 7 and argument in _SIMPLE:
        return _SIMPLE[argument], at
    raise CborError("tags, floats and other simple values have no place here")


def _read_head(data: bytes, at: int) -> tuple[int, int, int]:
    if at >= len(data):
        raise CborError("ends too early")
    major, code = data[at] >> 5, data[at] & 0x1F
    at += 1
    if code < 24:
        return major, code, at
    width = _ARGUMENT_WIDTH.get(code)
    if width is None or major == 7:
        raise CborError("indefinite length, float or reserved form")
    if at + width > len(data):
        raise CborError("ends too early")
    argument = int.from_bytes(data[at : at + width])
    if argument < _SMALLEST[code]:
        raise CborError("longer than needed")
    return major, argument, at + width


def _read_string(data: bytes, at: int, length: int, *, is_text: bool) -> tuple[bytes | str, int]:
    end = at + length
    if end > len(data):
        raise CborError("ends too early")
    if not is_text:
        return data[at:end], end
    try:
        return data[at:end].decode(), end
    except UnicodeDecodeError:
        raise CborError("text is not UTF-8") from None


def _read_container(data: bytes, at: int, count: int, depth: int, *, is_map: bool) -> tuple[CborValue, int]:
    if depth < 1:
        raise CborError("too many levels")
    # Every item takes a byte at least: a count beyond that is a lie, and is refused before anything is built.
    if count > len(data) - at:
        raise CborError("ends too early")
    return (_read_map if is_map else _read_array)(data, at, count, depth - 1)


def _read_array(data: bytes, at: int, count: int, depth: int) -> tuple[CborValue, int]:
    items: list[CborValue] = []
    for _ in range(count):
        item, at = _read(data, at, depth)
        items.append(item)
    return items, at


def _read_map(data: bytes, at: int, count: int, depth: int) -> tuple[CborValue, int]:
    entries: dict[int | str, CborValue] = {}
    previous = b""
    for _ in range(count):
        key, end = _read(data, at, depth)
        if isinstance(key, bool) or not isinstance(key, int | str):
            raise CborError("a map key is an integer or text")
        spelling = data[at:end]
        if spelling <= previous:
            raise CborError("map keys out of order or repeated")
        entries[key], at = _read(data, end, depth)
        previous = spelling
    return entries, at
