"""A slip: somebody left the line with a number and waits for the supervisor."""

from __future__ import annotations

from enum import StrEnum


class SlipState(StrEnum):
    """Whether the supervisor has dealt with it."""

    OPEN = "open"
    SETTLED = "settled"


class SlipOutcome(StrEnum):
    """How a slip ended."""

    HANDED_OVER = "handed_over"
    BACK_TO_THE_DESK = "back_to_the_desk"
    TO_A_REVIEWER = "to_a_reviewer"
    SENT_AWAY = "sent_away"
