"""Base45: one text for some bytes, and one only."""

from __future__ import annotations

import pytest
from credential_issuer import FEW
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential.texts import from_base45, to_base45

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@FEW
@given(st.binary(max_size=200))
def test_bytes_come_back(data: bytes) -> None:
    """Of any length."""
    assert from_base45(to_base45(data)) == data


@FEW
@given(st.text(ALPHABET, max_size=60) | st.text(max_size=20))
def test_what_is_taken_is_written_again_in_the_same_characters(text: str) -> None:
    """No second spelling, whatever the text."""
    try:
        data = from_base45(text)
    except ValueError:
        return
    assert to_base45(data) == text


@pytest.mark.parametrize("text", ["QED8WEX0\n", "QED8WEX0\r", "qed8wex0", "A", "GGX", ":::", "::", "É00", "QED8WEX"])
def test_another_spelling_is_refused(text: str) -> None:
    """Line ends, small letters, half a group, and numbers beyond two bytes (RFC 9285, section 6) or one."""
    with pytest.raises(ValueError, match=r".+"):
        from_base45(text)


def test_every_group_of_three_and_of_two_has_its_own_bytes() -> None:
    """All 65,536 and all 256."""
    assert {from_base45(to_base45(number.to_bytes(2))) for number in range(65536)} == {
        number.to_bytes(2) for number in range(65536)
    }
    pairs = [first + second for first in ALPHABET for second in ALPHABET]
    taken = [pair for pair in pairs if _is_taken(pair)]
    assert len(taken) == 256
    assert {to_base45(from_base45(pair)) for pair in taken} == set(taken)


def _is_taken(text: str) -> bool:
    try:
        from_base45(text)
    except ValueError:
        return False
    return True
