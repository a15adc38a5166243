"""The life of an application, every pair of states."""

from __future__ import annotations

import itertools

import pytest

from accredit.domain.applications import UNDECIDED, ApplicationState, move
from accredit.domain.errors import IllegalTransition

# From → to, told once more and by hand: a changed table must be meant.
LEGAL = {
    "submitted": {"assessed", "withdrawn"},
    "assessed": {"assessed", "waiting", "approved", "refused", "withdrawn"},
    "waiting": {"assessed", "approved", "refused", "withdrawn"},
    "approved": {"assessed", "refused", "withdrawn"},
    "refused": {"assessed", "approved"},
    "withdrawn": {"assessed"},
}


@pytest.mark.parametrize(("current", "wanted"), [*itertools.product(ApplicationState, repeat=2)])
def test_every_pair_moves_or_raises(current: ApplicationState, wanted: ApplicationState) -> None:
    """A move along an arrow gives the new state; any other names reference and states."""
    if wanted.value in LEGAL[current.value]:
        assert move("K7QF-3M9P", current, wanted) is wanted
        return
    with pytest.raises(IllegalTransition, match=f"K7QF-3M9P is {current.value} and cannot become {wanted.value}"):
        move("K7QF-3M9P", current, wanted)


def test_nobody_is_decided_without_an_assessment() -> None:
    """No arrow leads from submitted to a decision, and none back to submitted."""
    assert not LEGAL["submitted"] & {"approved", "refused"}
    assert not any("submitted" in wanted for wanted in LEGAL.values())


def test_every_state_can_be_left() -> None:
    """Nothing is final: a reviewer can reopen whatever was closed."""
    assert {state.value for state in ApplicationState} == set(LEGAL)
    assert all(LEGAL.values())
    assert {state.value for state in UNDECIDED} == {"submitted", "assessed", "waiting"}
