"""The passes as a scanner holds them, and their compact form: one byte string a column instead of one array a pass.

In columns the few values that repeat (state, category, grants) stand beside their like and compress to almost
nothing, no byte goes into heads, and a million rows are read by slicing. Serials stand in ascending order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from accredit.credential.admission_facts import PassRecord
from accredit.credential.claims import MAX_CATEGORY, MAX_GRANTS, SERIAL_BYTES, TAG_BYTES
from accredit.credential.document_tags import GROUNDS_TAG_BYTES
from accredit.credential.reasons import PassState

PHOTO_MARK_BYTES = 4
_GRANT_BYTES = 4
_NO_PHOTO = b"\x00" * PHOTO_MARK_BYTES
# Written into signed bundles: a number never changes its meaning, a new state gets the next one.
_STATE_NUMBERS = {
    PassState.PREPARED: 1,
    PassState.COLLECTED: 2,
    PassState.SUSPENDED: 3,
    PassState.REVOKED: 4,
    PassState.REPLACED: 5,
    PassState.EXPIRED: 6,
}
_STATES = {number: state for state, number in _STATE_NUMBERS.items()}


@dataclass(frozen=True, slots=True)
class PassEntry:
    """One pass of the list.

    `tags`: the documents (3 bytes each, at most 255) that it was collected with. `sealed`: the sealed line (1 to 255
    bytes), or None where the scanner shall show none. `photo`: 4 bytes that change with the photo (the start of its
    hash, not all zero), or None where there is none. Raises ValueError where a field breaks its rule.
    """

    serial: bytes
    state: PassState
    category: int
    grants: int
    tags: tuple[bytes, ...] = ()
    sealed: bytes | None = None
    photo: bytes | None = None

    def __post_init__(self) -> None:
        if len(self.serial) != SERIAL_BYTES:
            raise ValueError("pass: a serial is 5 bytes")
        if not 0 <= self.category <= MAX_CATEGORY or not 0 <= self.grants <= MAX_GRANTS:
            raise ValueError("pass: category or grants out of range")
        if len(self.tags) > 255 or any(len(tag) != TAG_BYTES for tag in self.tags):
            raise ValueError("pass: a document tag is 3 bytes")
        if self.sealed is not None and not 0 < len(self.sealed) < 256:
            raise ValueError("pass: a sealed line has 1 to 255 bytes")
        if self.photo is not None and (len(self.photo) != PHOTO_MARK_BYTES or self.photo == _NO_PHOTO):
            raise ValueError("pass: the mark of a photo is 4 bytes, not all zero")

    @property
    def record(self) -> PassRecord:
        """What the rule of admission needs to know of it."""
        return PassRecord(self.state, self.grants, self.category, self.tags)


@dataclass(frozen=True, slots=True)
class GroundsEntry:
    """An approved holder of a grounds pass: the keyed hash of its number (16 bytes) and the grants; none: forget it."""

    tag: bytes
    grants: int

    def __post_init__(self) -> None:
        if len(self.tag) != GROUNDS_TAG_BYTES:
            raise ValueError("grounds pass: a tag is 16 bytes")
        if not 0 <= self.grants <= MAX_GRANTS:
            raise ValueError("grounds pass: grants out of range")

    @property
    def record(self) -> PassRecord:
        """What the rule of admission needs to know of it: collected elsewhere, opened by the written grants."""
        return PassRecord(PassState.COLLECTED, self.grants)


def passes_to_columns(passes: Iterable[PassEntry]) -> list[bytes]:
    """Serials, states, categories, grants, counts of tags, tags, lengths of sealed lines, sealed lines, photos."""
    rows = sorted(passes, key=lambda entry: entry.serial)
    return [
        b"".join(entry.serial for entry in rows),
        bytes(_STATE_NUMBERS[entry.state] for entry in rows),
        bytes(entry.category for entry in rows),
        b"".join(entry.grants.to_bytes(_GRANT_BYTES) for entry in rows),
        bytes(len(entry.tags) for entry in rows),
        b"".join(tag for entry in rows for tag in entry.tags),
        bytes(len(entry.sealed or b"") for entry in rows),
        b"".join(entry.sealed or b"" for entry in rows),
        b"".join(entry.photo or _NO_PHOTO for entry in rows),
    ]


def passes_from_columns(columns: list[bytes]) -> tuple[PassEntry, ...]:
    """The passes in columns that a list key signed. Raises ValueError where they do not fit one another."""
    if len(columns) != 9:
        raise ValueError("passes: there are nine columns")
    serials, states, categories, grants, counts, tags, lengths, sealed, photos = columns
    rows = zip(
        ascending(serials, SERIAL_BYTES),
        states,
        categories,
        _numbers(grants),
        _runs(tags, counts, TAG_BYTES),
        _runs(sealed, lengths, 1),
        _cells(photos, PHOTO_MARK_BYTES),
        strict=True,
    )
    return tuple(
        PassEntry(serial, _state(state), category, held, tuple(_cells(tagged, TAG_BYTES)), line or None, _photo(mark))
        for serial, state, category, held, tagged, line, mark in rows
    )


def grounds_to_columns(grounds: Iterable[GroundsEntry]) -> list[bytes]:
    """Tags, grants."""
    rows = sorted(grounds, key=lambda entry: entry.tag)
    return [b"".join(entry.tag for entry in rows), b"".join(entry.grants.to_bytes(_GRANT_BYTES) for entry in rows)]


def grounds_from_columns(columns: list[bytes]) -> tuple[GroundsEntry, ...]:
    """The grounds passes in columns that a list key signed. Raises ValueError where they do not fit one another."""
    if len(columns) != 2:
        raise ValueError("grounds passes: there are two columns")
    rows = zip(ascending(columns[0], GROUNDS_TAG_BYTES), _numbers(columns[1]), strict=True)
    return tuple(GroundsEntry(tag, grants) for tag, grants in rows)


def ascending(joined: bytes, width: int) -> list[bytes]:
    """The cells of a column in which each stands once and in order. Raises ValueError if it is not such a column."""
    cells = list(_cells(joined, width))
    if any(left >= right for left, right in pairwise(cells)):
        raise ValueError("a column is out of order, or an entry stands twice")
    return cells


def _cells(joined: bytes, width: int) -> Iterator[bytes]:
    if len(joined) % width:
        raise ValueError("a column ends inside an entry")
    return (joined[at : at + width] for at in range(0, len(joined), width))


def _numbers(joined: bytes) -> Iterator[int]:
    return (int.from_bytes(cell) for cell in _cells(joined, _GRANT_BYTES))


def _runs(joined: bytes, counts: bytes, width: int) -> Iterator[bytes]:
    if sum(counts) * width != len(joined):
        raise ValueError("a column does not fit its counts")
    at = 0
    for count in counts:
        end = at + count * width
        yield joined[at:end]
        at = end


def _state(number: int) -> PassState:
    if number not in _STATES:
        raise ValueError(f"pass: unknown state {number}")
    return _STATES[number]


def _photo(mark: bytes) -> bytes | None:
    return None if mark == _NO_PHOTO else mark
