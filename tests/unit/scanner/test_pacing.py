"""When the next round of sync comes: soon where the network is gone, later and later where the service says no."""

from __future__ import annotations

import random

import httpx
import pytest

from scanner.pacing import LONGEST_CONNECT_S, Pace, pause
from scanner.server import Problem, Server

USUAL_S = 2.5


def refused(times: int, asked_s: float = 0.0) -> Pace:
    """The pace after so many refusals in a row."""
    pace = Pace()
    for _ in range(times):
        pace = pace.after(cut_off=False, asked_s=asked_s)
    return pace


def test_the_usual_pace_is_spread_a_little() -> None:
    """A hundred scanners that were started together do not stay together."""
    assert 2.2 <= pause(USUAL_S, Pace(), 0.0) < pause(USUAL_S, Pace(), 1.0) <= 2.8


def test_after_an_outage_of_any_length_a_revocation_arrives_within_five_seconds() -> None:
    """The pause does not grow with the outage, and the last connection that failed is given up in time."""
    pace = Pace()
    for _ in range(1_000):
        pace = pace.after(cut_off=True, asked_s=0.0)

    assert pause(USUAL_S, pace, 0.0) == 2.0
    assert pause(USUAL_S, pace, 1.0) == 4.0
    # TCP asks at 0, 1 and 3 seconds: what comes back just after the third try waits for the rest, and for the pause.
    assert LONGEST_CONNECT_S - 3 + pause(USUAL_S, pace, 1.0) < 5


def test_a_service_that_says_no_is_asked_later_and_later() -> None:
    """Up to eight times the usual pause, and never all scanners at once."""
    longest = [pause(USUAL_S, refused(times), 1.0) for times in range(1, 12)]

    assert longest[:3] == [5.0, 10.0, 20.0]
    assert set(longest[3:]) == {20.0}
    draw = random.Random(1).random
    assert len({pause(USUAL_S, refused(3), draw()) for _ in range(20)}) == 20


@pytest.mark.parametrize(("asked_s", "soonest"), [(60.0, 60.0), (1.0, 2.5), (86_400.0, 300.0)])
def test_what_the_service_asks_for_is_honoured(asked_s: float, soonest: float) -> None:
    """Not before Retry-After; and a mistaken day does not keep a gate away for a day."""
    first, last = (pause(USUAL_S, refused(1, asked_s), drawn) for drawn in (0.0, 1.0))

    assert first == soonest
    assert first < last <= soonest + 2.5


def test_a_cut_network_does_not_make_a_busy_service_forgotten() -> None:
    """It goes on where it was; only a round that succeeds starts anew."""
    pace = refused(3).after(cut_off=True, asked_s=0.0)

    assert pause(USUAL_S, pace, 1.0) == 4.0
    assert pause(USUAL_S, pace.after(cut_off=False, asked_s=0.0), 1.0) == 20.0


@pytest.mark.parametrize(
    ("told", "asked_s"), [("60", 60.0), ("", 0.0), ("-1", 0.0), ("٣", 0.0), ("Wed, 11 Oct 2017 08:00:00 GMT", 0.0)]
)
def test_retry_after_is_read_from_the_answer(told: str, asked_s: float) -> None:
    """As seconds; the usual pause where it is a date, or nonsense."""
    headers = {"Retry-After": told.encode()}
    transport = httpx.MockTransport(lambda _: httpx.Response(429, headers=headers))

    answer = Server("http://127.0.0.1", transport=transport).bundle(1)

    assert answer == Problem(429, "", "The server answered with status 429.", asked_s)
