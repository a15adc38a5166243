"""What a scanner downloads: small, exact, readable only where it should be, and never half believed."""

from __future__ import annotations

import random
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential import cbor
from accredit.credential.admission_facts import Checkpoint, PassRecord, Policy
from accredit.credential.bundle import (
    Bundle,
    BundleInvalid,
    CheckpointEntry,
    Fit,
    decode_bundle,
    encode_bundle,
    fit,
    keyset_in,
)
from accredit.credential.pass_list import GroundsEntry, PassEntry
from accredit.credential.reasons import CheckpointKind, PassState
from accredit.credential.sealing import RosterLine, open_photo, open_row, seal_photo, seal_row
from accredit.credential.split_alerts import ApartScan, SplitAlert

NOW = datetime(2017, 10, 11, 6, 0, tzinfo=UTC)
KEY = bytes(range(32))
DOOR = CheckpointEntry(
    "xix-am",
    "Room XIX, morning",
    "Salle XIX, matin",
    CheckpointKind.DOOR,
    2,
    ((NOW + timedelta(hours=2), NOW + timedelta(hours=5)),),
    1800,
    700,
    ("delegate", "staff"),
)
GATE = CheckpointEntry("pregny", "Pregny gate", "Portail de Pregny", CheckpointKind.SITE, 1)
FIRST = PassEntry(b"\x01\x02\x03\x04\x05", PassState.COLLECTED, 3, 7, (b"abc", b"xyz"), b"sealed", b"mark")
SECOND = PassEntry(b"\x00\x02\x03\x04\x05", PassState.PREPARED, 1, 1)
BUNDLE = Bundle(
    event=17,
    event_key="hearing-2017",
    title="Second informal interactive multi-stakeholder hearing",
    number=5,
    issued_at=NOW,
    next_update=NOW + timedelta(hours=1),
    keyset=b"signed keys",
    revocations=b"signed list",
    time_zone="Europe/Zurich",
    checkpoints=(GATE, DOOR),
    passes=(FIRST, SECOND),
    grounds=(GroundsEntry(b"h" * 16, 6), GroundsEntry(b"g" * 16, 2)),
    policy=Policy(exits_scanned=True, old_at_doors_s=7200),
    categories={1: "Observer", 2: "Parlementaire"},
    alerts=(
        SplitAlert(
            UUID(int=5),
            b"\x01\x02\x03\x04\x05",
            ApartScan(UUID(int=1), "gate-1", UUID(int=2), "pregny", "1", NOW),
            ApartScan(UUID(int=3), "gate-2", UUID(int=4), "pregny", "2", NOW + timedelta(seconds=70)),
        ),
    ),
)
DELTA = replace(BUNDLE, base=4, removed=(b"zzzzz", b"aaaaa"))

_APART = [bytes(16), "gate-1", bytes(16), "pregny", "1", 1_500_000_000]


def changed(**fields: Any) -> bytes:
    """The wire form of BUNDLE with single fields (`f12` is key 12) put in by force."""
    entries = cbor.decode(encode_bundle(BUNDLE))
    assert isinstance(entries, dict)
    return cbor.encode(entries | {int(name[1:]): value for name, value in fields.items()})


@pytest.mark.parametrize("bundle", [BUNDLE, DELTA, replace(BUNDLE, passes=(), grounds=(), categories={})])
def test_what_is_encoded_is_decoded(bundle: Bundle) -> None:
    """A bundle comes back as it went, its lists in ascending order."""
    decoded = decode_bundle(encode_bundle(bundle))

    assert decoded == bundle
    assert [entry.serial for entry in decoded.passes] == sorted(entry.serial for entry in bundle.passes)


def test_equal_bundles_have_equal_bytes() -> None:
    """The order in which the server's rows came, and the zone of its times, leave no trace."""
    east = timezone(timedelta(hours=2))
    shuffled = replace(BUNDLE, passes=(SECOND, FIRST), grounds=BUNDLE.grounds[::-1], issued_at=NOW.astimezone(east))

    assert encode_bundle(shuffled) == encode_bundle(BUNDLE)


def test_entries_speak_to_the_rule_of_admission() -> None:
    """Pass, grounds pass and checkpoint turn into the very facts that `admit` takes."""
    until = NOW + timedelta(hours=6)

    assert FIRST.record == PassRecord(PassState.COLLECTED, 7, 3, (b"abc", b"xyz"))
    assert GroundsEntry(b"g" * 16, 2).record == PassRecord(PassState.COLLECTED, 2)
    assert DOOR.as_checkpoint(until) == Checkpoint(
        "xix-am", CheckpointKind.DOOR, 2, DOOR.opens, 1800, 700, until, ("delegate", "staff")
    )


@pytest.mark.parametrize(
    ("bundle", "held", "expected"),
    [
        (BUNDLE, None, Fit.APPLY),
        (BUNDLE, 4, Fit.APPLY),
        (BUNDLE, 5, Fit.KNOWN),
        (BUNDLE, 6, Fit.OLDER),
        (DELTA, 4, Fit.APPLY),
        (DELTA, 3, Fit.NEEDS_FULL),
        (DELTA, None, Fit.NEEDS_FULL),
        (DELTA, 5, Fit.KNOWN),
        (DELTA, 9, Fit.OLDER),
        (replace(BUNDLE, event=18), None, Fit.WRONG_EVENT),
    ],
)
def test_a_list_never_goes_back_and_a_delta_fits_one_number(bundle: Bundle, held: int | None, expected: Fit) -> None:
    """An older number is refused, and a delta applies onto exactly its base."""
    assert fit(bundle, event=17, held=held) is expected


@pytest.mark.parametrize(
    "fields",
    [
        {"f1": 2},
        {"f1": True},
        {"f2": True},
        {"f2": -1},
        {"f2": 65536},
        {"f5": 0},
        {"f6": 5},
        {"f7": -1},
        {"f7": "now"},
        {"f9": "text"},
        {"f12": [["pregny"]]},
        {"f12": [["k", "n", "n", "window", 1, [], 0, None, []]]},
        {"f12": [["k", "n", "n", "site", 1, [[5, 5]], 0, None, []]]},
        {"f12": [["k", "n", "n", "site", 1, [[5]], 0, None, []]]},
        {"f12": [["k", "n", "n", "site", 1, [], -1, None, []]]},
        {"f12": [["k", "n", "n", "site", 1, [], 0, None, []]] * 2},
        {"f13": [b""] * 8},
        {"f13": [b"12345", b"\x02", b"\x01", b"\x00" * 4, b"\x00", b"", b"\x00", b"", b"\x00" * 3]},
        {"f13": [b"12345", b"\x09", b"\x01", b"\x00" * 4, b"\x00", b"", b"\x00", b"", b"\x00" * 4]},
        {"f13": [b"12345", b"\x02", b"\x80", b"\x00" * 4, b"\x00", b"", b"\x00", b"", b"\x00" * 4]},
        {"f13": [b"12345", b"\x02", b"\x01", b"\x00" * 4, b"\x02", b"abc", b"\x00", b"", b"\x00" * 4]},
        {"f13": [b"12345", b"\x02", b"\x01", b"\x00" * 4, b"\x00", b"", b"\x00", b"left over", b"\x00" * 4]},
        {"f13": [b"12345", b"", b"", b"", b"", b"", b"", b"", b""]},
        {"f13": [b"12345" * 2, b"\x02" * 2, b"\x01" * 2, b"\x00" * 8, b"\x00" * 2, b"", b"\x00" * 2, b"", b"\x00" * 8]},
        {"f14": [b"g" * 16 + b"f" * 16, b"\x00" * 8]},
        {"f14": [b"g" * 16]},
        {"f15": b"aaaaa"},
        {"f16": [60, 1, 1, 1, 1]},
        {"f16": [-1, 1, 1, 1, True]},
        {"f17": {"one": "x"}},
        {"f17": [1]},
        {"f18": 1},
        {"f18": [b"alert"]},
        {"f18": [[bytes(15), b"12345", _APART, _APART]]},
        {"f18": [[bytes(16), b"1234", _APART, _APART]]},
        {"f18": [[bytes(16), b"12345", _APART, _APART[:-1]]]},
        {"f18": [[bytes(16), b"12345", _APART, [*_APART[:-1], -1]]]},
        {"f18": [[bytes(16), b"12345", [*_APART[:1], 7, *_APART[2:]], _APART]]},
        {"f19": 1},
    ],
)
def test_a_bundle_that_is_none_is_refused_by_name(fields: dict[str, Any]) -> None:
    """Signed or not, a field that breaks its rule refuses the whole with one named error."""
    with pytest.raises(BundleInvalid, match="bundle: "):
        decode_bundle(changed(**fields))


def test_a_newer_version_asks_for_an_update() -> None:
    """A scanner that is too old is told so, and takes nothing from what it does not understand."""
    with pytest.raises(BundleInvalid, match="updated"):
        decode_bundle(changed(f1=2))


def test_the_key_set_can_be_found_before_anything_is_believed() -> None:
    """The signed key set is handed out alone, or there is a named error."""
    assert keyset_in(encode_bundle(BUNDLE)) == b"signed keys"
    for payload in (b"", b"\xa0", b"\xf6", changed(f9=1), changed(f1=3)):
        with pytest.raises(BundleInvalid):
            keyset_in(payload)


@pytest.mark.parametrize(
    "make",
    [
        lambda: replace(FIRST, serial=b"1234"),
        lambda: replace(FIRST, category=128),
        lambda: replace(FIRST, grants=1 << 32),
        lambda: replace(FIRST, tags=(b"ab",)),
        lambda: replace(FIRST, sealed=b""),
        lambda: replace(FIRST, sealed=b"x" * 256),
        lambda: replace(FIRST, photo=b"\x00" * 4),
        lambda: replace(FIRST, photo=b"12345678"),
        lambda: GroundsEntry(b"short", 1),
        lambda: GroundsEntry(b"g" * 16, -1),
        lambda: replace(BUNDLE, passes=(FIRST, replace(SECOND, serial=FIRST.serial))),
        lambda: replace(BUNDLE, checkpoints=(GATE, GATE)),
        lambda: replace(BUNDLE, removed=(b"aaaaa",)),
        lambda: replace(DELTA, removed=(b"aaaa",)),
        lambda: replace(DELTA, removed=(b"aaaaa", b"aaaaa")),
        lambda: replace(DOOR, opens=((NOW, NOW),)),
        lambda: replace(DOOR, key=""),
        lambda: replace(BUNDLE, issued_at=NOW.replace(tzinfo=None)),
    ],
)
def test_what_could_not_be_read_back_cannot_be_made(make: Any) -> None:
    """The server stops at a broken fact instead of sending it to every gate."""
    with pytest.raises(ValueError, match=r"\w"):
        make()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_bundle_or_a_named_error(data: bytes) -> None:
    """Nothing that arrives raises anything else."""
    with pytest.raises(BundleInvalid):
        decode_bundle(data)


@given(st.integers(0, len(encode_bundle(DELTA)) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_read_as_it_stands(at: int, flip: int) -> None:
    """What is accepted encodes to the same bytes: no second spelling slips in."""
    payload = bytearray(encode_bundle(DELTA))
    payload[at] ^= flip
    try:
        decoded = decode_bundle(bytes(payload))
    except BundleInvalid:
        return
    assert encode_bundle(decoded) == bytes(payload)


entries = st.builds(
    PassEntry,
    serial=st.binary(min_size=5, max_size=5),
    state=st.sampled_from(PassState),
    category=st.integers(0, 127),
    grants=st.integers(0, 2**32 - 1),
    tags=st.lists(st.binary(min_size=3, max_size=3), max_size=3).map(tuple),
    sealed=st.none() | st.binary(min_size=1, max_size=99),
    photo=st.none() | st.binary(min_size=4, max_size=4).filter(any),
)


@given(st.lists(entries, max_size=9, unique_by=lambda entry: entry.serial))
def test_any_pass_list_survives_its_columns(passes: list[PassEntry]) -> None:
    """Encode then decode is identity, whatever the passes hold."""
    bundle = replace(BUNDLE, passes=tuple(passes))

    assert decode_bundle(encode_bundle(bundle)) == bundle


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (RosterLine("Jane Doe", "Caritas"), RosterLine("Jane Doe", "Caritas")),
        (RosterLine("محمد الراشد", ""), RosterLine("محمد الراشد", "")),
        (RosterLine("Jane\nDoe  ", "Two\nlines"), RosterLine("Jane Doe", "Two lines")),
        (RosterLine("X" * 50, "Y" * 50), RosterLine("X" * 40, "Y" * 20)),
        (RosterLine("李" * 14, "ü" * 11), RosterLine("李" * 13, "ü" * 10)),
        (RosterLine("", ""), RosterLine("", "")),
    ],
)
def test_a_sealed_line_opens_with_its_key(line: RosterLine, read: RosterLine) -> None:
    """Name and organisation come back, cut at a character to their room."""
    sealed = seal_row(KEY, 17, FIRST.serial, line)

    assert open_row(KEY, 17, FIRST.serial, sealed) == read
    assert sealed == seal_row(KEY, 17, FIRST.serial, line)
    assert not line.name or line.name.encode() not in sealed


@pytest.mark.parametrize(
    ("key", "event", "serial"),
    [(bytes(32), 17, FIRST.serial), (KEY, 18, FIRST.serial), (KEY, 17, SECOND.serial)],
)
def test_a_sealed_line_opens_nowhere_else(key: bytes, event: int, serial: bytes) -> None:
    """Another key, event or pass opens neither line nor photo, and says so without an error."""
    sealed = seal_row(KEY, 17, FIRST.serial, RosterLine("Jane Doe"))
    photo = seal_photo(KEY, 17, FIRST.serial, b"JPEG")

    assert open_row(key, event, serial, sealed) is None
    assert open_photo(key, event, serial, photo) is None


def test_a_photo_is_no_line() -> None:
    """What was sealed as one kind does not open as the other, nor after a change or when cut short."""
    photo = seal_photo(KEY, 17, FIRST.serial, b"JPEG")

    assert open_photo(KEY, 17, FIRST.serial, photo) == b"JPEG"
    assert open_row(KEY, 17, FIRST.serial, photo) is None
    assert open_photo(KEY, 17, FIRST.serial, photo[:-1] + bytes([photo[-1] ^ 1])) is None
    assert open_photo(KEY, 17, FIRST.serial, b"short") is None


@pytest.mark.parametrize(("key", "serial"), [(KEY[:16], FIRST.serial), (KEY, b"1234")])
def test_a_key_or_serial_of_another_length_is_a_broken_promise(key: bytes, serial: bytes) -> None:
    """Only a mistake in the program seals with such a thing."""
    with pytest.raises(ValueError, match=r"has|is"):
        seal_row(key, 17, serial, RosterLine("Jane Doe"))


NAMES = [
    "Maria Fernandez",
    "John Smith",
    "Anne-Sophie de la Cruz",
    "Kofi Okonkwo",
    "Olga Nikolaevna Ivanova",
    "Li Wei",
    "Jean-Baptiste Ouedraogo",
    "محمد عبد الرحمن الراشد",
    "Ольга Иванова",
    "प्रिया शर्मा",
]


def test_two_thousand_passes_fit_the_budget() -> None:
    """2,000 passes with sealed names, tags and photo marks take at most 150 kB compressed, ten changes at most 2 kB."""
    draw = random.Random(2017)

    def entry() -> PassEntry:
        serial = draw.randbytes(5)
        line = RosterLine(draw.choice(NAMES), "International Council of Voluntary Agencies")
        sealed = seal_row(KEY, 17, serial, line)
        state = draw.choice([PassState.COLLECTED, PassState.COLLECTED, PassState.PREPARED])
        tags = (draw.randbytes(3),) if state is PassState.COLLECTED else ()
        return PassEntry(serial, state, draw.randint(1, 9), draw.choice([1, 3, 7]), tags, sealed, draw.randbytes(4))

    checkpoints = tuple(replace(DOOR, key=f"door-{number}") for number in range(6))
    full = replace(
        BUNDLE,
        keyset=draw.randbytes(400),
        revocations=draw.randbytes(600),
        checkpoints=checkpoints,
        passes=tuple(entry() for _ in range(2000)),
    )
    delta = replace(full, base=4, revocations=draw.randbytes(160), passes=full.passes[:10])

    assert len(zlib.compress(encode_bundle(full))) <= 150_000
    assert len(zlib.compress(encode_bundle(delta))) <= 2_000
