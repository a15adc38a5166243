"""Serials and the short codes that people read aloud and type."""

from __future__ import annotations

import pytest
from credential_issuer import FEW
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential.serials import new_serial, parse_short_code, short_code

serials = st.binary(min_size=5, max_size=5)


def test_a_serial_is_five_bytes_of_the_entropy_given() -> None:
    """Randomness is handed in, so that a test or a ceremony can tell what comes out."""
    assert new_serial(lambda size: bytes(range(size))) == b"\x00\x01\x02\x03\x04"


@FEW
@given(serials)
def test_a_short_code_names_its_serial(serial: bytes) -> None:
    """Nine characters, read back to the same serial."""
    code = short_code(serial)

    assert len(code) == 9
    assert parse_short_code(code) == serial


@FEW
@given(serials, st.integers(0, 8), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"))
def test_one_wrong_character_is_always_noticed(serial: bytes, at: int, other: str) -> None:
    """The check character catches every single slip, and slips name no other pass."""
    code = short_code(serial)
    typed = code[:at] + other + code[at + 1 :]

    assert parse_short_code(typed) == (serial if typed == code else None)


@FEW
@given(serials, st.integers(0, 7))
def test_two_neighbours_exchanged_are_noticed(serial: bytes, at: int) -> None:
    """The commonest slip after a wrong key is two keys in the wrong order."""
    code = short_code(serial)
    typed = code[:at] + code[at + 1] + code[at] + code[at + 2 :]

    assert typed == code or parse_short_code(typed) is None


@pytest.mark.parametrize(
    "typed", ["0123-4567-x", " 0123 4567 X ", "o123-4567-X", "0i23-4567-x", "0l23-4567-x", "OI23\u20134567\u2013X"]
)
def test_what_people_do_to_a_code_is_forgiven(typed: str) -> None:
    """Small letters, O for 0, I or L for 1, spaces and dashes name the same pass."""
    exact = "01234567" + short_code(parse_digits("01234567"))[-1]
    assert parse_short_code(typed.replace("x", exact[-1].lower()).replace("X", exact[-1])) == parse_digits("01234567")


def parse_digits(digits: str) -> bytes:
    """The serial behind eight base32 digits."""
    number = 0
    for digit in digits:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(digit)
    return number.to_bytes(5)


@pytest.mark.parametrize(
    "typed", ["", "0", "00000000", "0000000000", "U0000000U", "SEP1:ABC", "00000000\u0661", "ß" * 9, "-" * 9]
)
def test_anything_else_is_no_short_code(typed: str) -> None:
    """A text of another length or alphabet names nothing."""
    assert parse_short_code(typed) is None


@FEW
@given(st.text(max_size=14))
def test_no_text_makes_the_reading_fail(typed: str) -> None:
    """Whatever is typed, the answer is a serial or none."""
    serial = parse_short_code(typed)
    assert serial is None or len(serial) == 5


def test_a_serial_of_another_length_has_no_short_code() -> None:
    """A wrong length is a broken promise of the caller."""
    with pytest.raises(ValueError, match="5 bytes"):
        short_code(b"1234")
