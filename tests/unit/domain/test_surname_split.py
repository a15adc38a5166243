"""Desks by surname."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.domain.surname_split import split

_names = st.lists(st.text("ABCDEFGH", min_size=1, max_size=4), min_size=1, max_size=200).map(sorted)


@given(names=_names, desks=st.integers(1, 8))
def test_everybody_goes_to_one_desk(names: list[str], desks: int) -> None:
    """In order, no desk is empty, nobody is left over, and people of one name are never parted."""
    stretches = split(names, desks)
    assert [name for one in stretches for name in names[one.start : one.end]] == names
    assert 1 <= len(stretches) <= desks
    assert all(one.count > 0 for one in stretches)
    for left, right in pairwise(stretches):
        assert names[left.end - 1] != names[right.start]


@given(names=_names, desks=st.integers(1, 8))
def test_a_sign_sends_nobody_to_two_desks(names: list[str], desks: int) -> None:
    """What a sign ends with comes before what the next one begins with."""
    stretches = split(names, desks)
    for left, right in pairwise(stretches):
        assert left.last < right.first
        assert all(not name.startswith(right.first) for name in names[left.start : left.end])


def test_signs_are_short_where_letters_allow() -> None:
    """One letter where it divides evenly enough, two where one letter has too many people."""
    spread = sorted(f"{letter}X{number}" for letter in "ABCDEFGHIJKLMNOPQRST" for number in range(5))
    assert [(one.first, one.last, one.count) for one in split(spread, 4)] == [
        ("A", "E", 25),
        ("F", "J", 25),
        ("K", "O", 25),
        ("P", "T", 25),
    ]
    crowded = sorted([f"M{second}{number}" for second in "AEIOU" for number in range(20)] + ["Z"])
    assert [(one.first, one.last) for one in split(crowded, 2)] == [("M", "MI"), ("MO", "Z")]


def test_fewer_people_than_desks_leave_desks_without_a_sign() -> None:
    """Nobody is made up."""
    assert [one.count for one in split(["A", "B"], 5)] == [1, 1]
    assert split(["A", "A", "A"], 3)[0].count == 3
    assert split([], 0) == split([], 3) == ()


@pytest.mark.parametrize("desks", [1, 3])
def test_nobody_is_no_desk(desks: int) -> None:
    """An empty list has no stretch."""
    assert split([], desks) == ()
