"""The CBOR subset: one spelling for each value, and a refusal for everything else."""

from __future__ import annotations

import random

import pytest
from credential_issuer import FEW, any_value
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential.cbor import CborError, decode, encode

# RFC 8949 appendix A, the part of it that lies in the subset.
EXAMPLES = [
    (0, "00"),
    (10, "0a"),
    (23, "17"),
    (24, "1818"),
    (100, "1864"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (1000000000000, "1b000000e8d4a51000"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-18446744073709551616, "3bffffffffffffffff"),
    (-1, "20"),
    (-10, "29"),
    (-100, "3863"),
    (-1000, "3903e7"),
    (False, "f4"),
    (True, "f5"),
    (None, "f6"),
    (b"", "40"),
    (bytes.fromhex("01020304"), "4401020304"),
    ("", "60"),
    ("IETF", "6449455446"),
    ('"\\', "62225c"),
    ("\u00fc", "62c3bc"),
    ("\u6c34", "63e6b0b4"),
    ([], "80"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    (list(range(1, 26)), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
    ({}, "a0"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    ({10: 1, 100: 2, -1: 3, "z": 4, "aa": 5}, "a50a01186402200361 7a0462616105".replace(" ", "")),
]

REFUSED = {
    "nothing": "",
    "trailing byte": "0000",
    "24 would fit the first byte": "1817",
    "two bytes for one": "1900ff",
    "four bytes for two": "1a0000ffff",
    "eight bytes for four": "1b00000000ffffffff",
    "long length of bytes": "580100",
    "integer cut short": "1903",
    "bytes cut short": "4401",
    "text cut short": "6261",
    "text that is no UTF-8": "61ff",
    "a surrogate in text": "63eda080",
    "array cut short": "8201",
    "an array that lies about its length": "9affffffff00",
    "a map that lies about its length": "bbffffffffffffffff00",
    "map without its value": "a101",
    "repeated key": "a201000100",
    "unsorted keys": "a203000100",
    "text key before integer key": "a26161000100",
    "map as key": "a1a000",
    "array as key": "a18000",
    "bytes as key": "a14000",
    "truth value as key": "a1f500",
    "null as key": "a1f600",
    "tag 18": "d28440a04040",
    "tag 0": "c06161",
    "half float": "f93c00",
    "double": "fb3ff199999999999a",
    "undefined": "f7",
    "simple value 16": "f0",
    "simple value in two bytes": "f820",
    "reserved head": "1c",
    "indefinite bytes": "5f4100ff",
    "indefinite text": "7f6161ff",
    "indefinite array": "9fff",
    "indefinite map": "bfff",
    "a lone break": "ff",
    "seven levels": "81818181818180",
}


@pytest.mark.parametrize(("value", "spelling"), EXAMPLES, ids=[spelling[:20] for _, spelling in EXAMPLES])
def test_examples_of_the_rfc_are_written_and_read(value: object, spelling: str) -> None:
    """Each value of RFC 8949 appendix A that lies in the subset has exactly the spelling printed there."""
    assert encode(value).hex() == spelling
    assert decode(bytes.fromhex(spelling)) == value


@pytest.mark.parametrize("spelling", REFUSED.values(), ids=REFUSED.keys())
def test_any_other_spelling_is_refused(spelling: str) -> None:
    """What is not the one right spelling of a plain value is refused, whatever it would mean elsewhere."""
    with pytest.raises(CborError):
        decode(bytes.fromhex(spelling))


@pytest.mark.parametrize(
    "value", [1.5, 2**64, -(2**64) - 1, {True: 1}, {None: 1}, {b"k": 1}, {1, 2}, "\ud800", [[[[[[[]]]]]]], object()]
)
def test_values_outside_the_subset_are_not_written(value: object) -> None:
    """A float, a huge integer, an odd key, half a character or too many levels raise rather than become something else."""
    with pytest.raises(CborError):
        encode(value)


def test_true_is_not_one() -> None:
    """Python counts True as 1; the bytes keep them apart."""
    assert encode([True, 1, False, 0]).hex() == "84f501f400"


def test_six_levels_are_allowed_and_the_limit_can_be_set() -> None:
    """The depth counts containers inside one another."""
    six = bytes.fromhex("818181818180")

    assert decode(six) == [[[[[[]]]]]]
    with pytest.raises(CborError):
        decode(six, max_depth=5)


def _round_trip(value: object) -> None:
    spelling = encode(value)
    assert decode(spelling) == value
    assert encode(decode(spelling)) == spelling


def _one_spelling(data: bytes) -> None:
    try:
        value = decode(data)
    except CborError:
        return
    assert encode(value) == data


_mutations = st.tuples(any_value.map(encode), st.integers(0), st.integers(0, 255)).map(
    lambda drawn: drawn[0][: drawn[1] % len(drawn[0])] + bytes([drawn[2]]) + drawn[0][drawn[1] % len(drawn[0]) + 1 :]
)


@FEW
@given(any_value)
def test_every_value_survives_the_round_trip(value: object) -> None:
    """Decoding undoes encoding."""
    _round_trip(value)


@FEW
@given(st.binary(max_size=60) | _mutations)
def test_accepted_bytes_have_no_second_spelling(data: bytes) -> None:
    """Random and damaged bytes either raise CborError or encode again to the very same bytes."""
    _one_spelling(data)


@pytest.mark.soak
def test_damaged_bytes_have_no_second_spelling_in_a_hundred_thousand_cases() -> None:
    """The same for long, over seeded damage to every example: bytes changed, lost and put in."""
    chance = random.Random(8949)
    spellings = [bytes.fromhex(spelling) for _, spelling in EXAMPLES] + [bytes.fromhex(odd) for odd in REFUSED.values()]
    for _ in range(100_000):
        damaged = bytearray(chance.choice(spellings) + chance.choice(spellings))
        for _ in range(chance.randint(0, 3)):
            at = chance.randrange(len(damaged) + 1)
            damaged[at : at + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2))
        _one_spelling(bytes(damaged[: chance.randint(0, len(damaged))]))
