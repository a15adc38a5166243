"""What a scanner makes of its clock."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanner.clock import (
    ClockRefused,
    aware,
    choose_clock,
    file_clock,
    from_ms,
    read_clock,
    rfc3339,
    system_clock,
    to_ms,
)

NOW = datetime(2017, 10, 11, 8, 0, tzinfo=UTC)


def test_without_a_server_the_machines_own_clock_counts() -> None:
    """Before the first sync there is nothing to compare with."""
    got = read_clock(NOW, offset_ms=None, last_server_ms=None)

    assert (got.at, got.is_right) == (NOW, True)


@pytest.mark.parametrize(("offset_s", "is_right"), [(0, True), (120, True), (121, False), (-120, True), (-121, False)])
def test_an_offset_is_taken_off_and_told_above_the_tolerance(offset_s: int, is_right: bool) -> None:
    """Two minutes are what a code allows; more is a wrong clock, decided by the server's time all the same."""
    got = read_clock(NOW, offset_ms=offset_s * 1000, last_server_ms=to_ms(NOW - timedelta(hours=1)))

    assert (got.at, got.is_right) == (NOW - timedelta(seconds=offset_s), is_right)
    assert got.device_at == NOW


@pytest.mark.parametrize(("back_s", "is_right"), [(-5, True), (60, True), (121, False), (86_400, False)])
def test_the_last_server_time_is_the_lower_bound(back_s: int, is_right: bool) -> None:
    """A clock that was set back stands still at the last server time, and is said to be wrong."""
    heard = NOW + timedelta(seconds=back_s)

    got = read_clock(NOW, offset_ms=0, last_server_ms=to_ms(heard))

    assert (got.at, got.is_right) == (max(NOW, heard), is_right)


def test_milliseconds_go_there_and_back() -> None:
    """Also before 1970, where a machine without battery may stand."""
    for moment in (NOW, datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)):
        assert from_ms(to_ms(moment)) == moment
        assert aware(rfc3339(moment)) == moment


def test_a_time_without_a_zone_is_none() -> None:
    """Whose local time it is would be a guess."""
    with pytest.raises(ValueError, match="zone"):
        aware("2017-10-11T08:00:00")


def test_no_variable_moves_a_real_scanner(tmp_path: Path) -> None:
    """The demonstration's clock is refused outside its folder, with a sentence."""
    refused = choose_clock({"ACCREDIT_DEMO_CLOCK": str(tmp_path / "clock.json")}, tmp_path)

    assert isinstance(refused, ClockRefused)
    assert "ACCREDIT_DEMO_CLOCK" in refused.sentence
    assert choose_clock({}, tmp_path) is system_clock


@pytest.mark.parametrize(
    "content", ["", "{}", '{"shows": "2017-10-11T08:00:00", "set_at": 1}', '{"shows": 1, "set_at": 1}']
)
def test_a_file_that_is_no_clock_is_refused(tmp_path: Path, content: str) -> None:
    """A demonstration without its clock would run in another year."""
    (tmp_path / "demo").touch()
    (tmp_path / "clock.json").write_text(content)

    assert isinstance(choose_clock({"ACCREDIT_DEMO_CLOCK": str(tmp_path / "clock.json")}, tmp_path), ClockRefused)


def test_the_demo_clock_goes_on_from_what_it_shows_and_follows_its_file(tmp_path: Path) -> None:
    """It moves with the real seconds, jumps with the file, and survives a half-written one."""
    path = tmp_path / "clock.json"
    path.write_text(json.dumps({"shows": "2017-10-11T08:00:00Z", "set_at": time.time() - 60}))
    clock = file_clock(path)
    assert timedelta(seconds=60) <= clock() - NOW < timedelta(seconds=70)

    path.write_text(json.dumps({"shows": "2017-10-12T10:00:00+02:00", "set_at": time.time()}))
    assert timedelta(0) <= clock() - (NOW + timedelta(days=1)) < timedelta(seconds=10)
    path.write_text('{"shows": "2017-')
    assert clock() > NOW + timedelta(days=1)
