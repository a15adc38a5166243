"""The life of a pass, every pair of states."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from accredit.credential.reasons import PassState
from accredit.domain.errors import IllegalTransition
from accredit.domain.passes import LIVE, move, standing

LEGAL = {
    "prepared": {"collected", "suspended", "revoked", "replaced"},
    "collected": {"prepared", "suspended", "revoked", "replaced", "expired"},
    "suspended": {"prepared", "collected", "revoked", "replaced"},
}


@pytest.mark.parametrize(("current", "wanted"), [*itertools.product(PassState, repeat=2)])
def test_every_pair_moves_or_raises(current: PassState, wanted: PassState) -> None:
    """Revoked, replaced and expired are the end; a suspension and a pick-up are undone."""
    if wanted.value in LEGAL.get(current.value, set()):
        assert move("K7QF-3M9P", current, wanted) is wanted
        return
    with pytest.raises(IllegalTransition):
        move("K7QF-3M9P", current, wanted)


def test_a_pass_lives_as_long_as_something_can_become_of_it() -> None:
    """The states that can be left are those that count as the one live pass."""
    assert {state.value for state in LIVE} == set(LEGAL)


def test_a_collected_pass_expires_by_the_clock_alone() -> None:
    """Nobody has to write it down; a prepared one does not expire, it was never good."""
    until = datetime(2017, 10, 13, 18, tzinfo=UTC)
    assert standing(PassState.COLLECTED, until, until - timedelta(seconds=1)) is PassState.COLLECTED
    assert standing(PassState.COLLECTED, until, until) is PassState.EXPIRED
    assert standing(PassState.PREPARED, until, until) is PassState.PREPARED
