"""How often a PIN may be tried: the pauses grow for each address, and at last for all."""

from __future__ import annotations

import pytest

from scanner.kiosk.lane_tries import ALARM_AT, ALARM_WAIT_S, LONGEST_WAIT_S, Tries


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def test_the_pause_grows_with_every_wrong_pin(seconds: Seconds) -> None:
    """Two are free; then 5 s, 10 s, 20 s, and never more than a quarter of an hour."""
    tries = Tries(seconds)
    waits = []
    for _ in range(13):
        waits.append(tries.failed("10.0.0.9"))
        assert tries.wait_s("10.0.0.9") == (waits[-1] + 1 if waits[-1] else 0)
        seconds.at += waits[-1] + 1
        assert tries.wait_s("10.0.0.9") == 0
    assert waits == [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, LONGEST_WAIT_S]


def test_one_address_does_not_shut_out_another(seconds: Seconds) -> None:
    """Whoever guesses waits; the lane beside does not."""
    tries = Tries(seconds)
    for _ in range(5):
        tries.failed("10.0.0.9")
    assert tries.wait_s("10.0.0.9") > 0
    assert tries.wait_s("10.0.0.10") == 0


def test_the_right_pin_begins_anew(seconds: Seconds) -> None:
    """For that address, and for the count of all."""
    tries = Tries(seconds)
    for _ in range(5):
        tries.failed("10.0.0.9")
    tries.succeeded("10.0.0.9")
    assert (tries.wait_s("10.0.0.9"), tries.wrong) == (0, 0)
    assert tries.failed("10.0.0.9") == 0


def test_many_addresses_together_slow_all(seconds: Seconds) -> None:
    """A hundred wrong PINs from anywhere, and there is one try a minute."""
    tries = Tries(seconds)
    for number in range(ALARM_AT - 1):
        assert tries.failed(f"10.0.{number}.9") == 0
    assert tries.wait_s("10.1.1.1") == 0
    assert tries.failed("10.1.1.1") == ALARM_WAIT_S
    assert tries.wait_s("10.2.2.2") == ALARM_WAIT_S + 1
    seconds.at += ALARM_WAIT_S
    assert tries.wait_s("10.2.2.2") == 0


def test_of_the_sixth_kind_the_network_counts(seconds: Seconds) -> None:
    """One machine has billions of such addresses; one of the fourth kind written as one of the sixth is itself."""
    tries = Tries(seconds)
    for number in range(1, 6):
        tries.failed(f"fd00::{number}%eth0")
        tries.failed(f"::ffff:10.0.0.{number}")
    assert tries.wait_s("fd00::99") > 0
    assert tries.wait_s("fd00:0:0:1::1") == 0
    assert tries.wait_s("10.0.0.1") == 0


def test_addresses_are_forgotten_before_they_fill_the_memory(seconds: Seconds) -> None:
    """The oldest goes."""
    tries = Tries(seconds)
    for _ in range(4):
        tries.failed("10.0.0.9")
    for number in range(1000):
        tries.failed(f"10.{number // 250}.{number % 250}.7")
    tries.succeeded("10.3.3.3")
    assert tries.wait_s("10.0.0.9") == 0
