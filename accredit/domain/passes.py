"""The life of a pass. A prepared pass opens nothing; only the pick-up with a verified document makes it collected."""

from __future__ import annotations

from datetime import datetime

from accredit.credential.reasons import PassState
from accredit.domain.errors import IllegalTransition

_P = PassState

MOVES: frozenset[tuple[PassState, PassState]] = frozenset(
    {
        (_P.PREPARED, _P.COLLECTED),
        (_P.PREPARED, _P.SUSPENDED),
        (_P.PREPARED, _P.REVOKED),
        (_P.PREPARED, _P.REPLACED),
        # A pick-up that is undone at once, as long as no code is out that is good by its signature alone.
        (_P.COLLECTED, _P.PREPARED),
        (_P.COLLECTED, _P.SUSPENDED),
        (_P.COLLECTED, _P.REVOKED),
        (_P.COLLECTED, _P.REPLACED),
        (_P.COLLECTED, _P.EXPIRED),
        # Suspension is the one reversible move: the pass goes back to what it was.
        (_P.SUSPENDED, _P.PREPARED),
        (_P.SUSPENDED, _P.COLLECTED),
        (_P.SUSPENDED, _P.REVOKED),
        (_P.SUSPENDED, _P.REPLACED),
    }
)

LIVE = frozenset({_P.PREPARED, _P.COLLECTED, _P.SUSPENDED})
"""States in which a pass counts as the one live pass of its application."""


def move(serial: str, current: PassState, wanted: PassState) -> PassState:
    """The state after the move; raises `IllegalTransition` where no arrow leads."""
    if (current, wanted) not in MOVES:
        raise IllegalTransition(f"pass {serial}", current, wanted)
    return wanted


def standing(state: PassState, valid_until: datetime, now: datetime) -> PassState:
    """The state as it counts now: a collected pass whose time is over has expired, whoever looked last."""
    if state is _P.COLLECTED and now >= valid_until:
        return _P.EXPIRED
    return state
