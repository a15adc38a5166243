"""The hours of the desk as commands."""

from __future__ import annotations

from factories.commands import Commands


def test_the_desk_is_opened_longer_in_one_act(office: Commands) -> None:
    """Shown beside the hours of the event, with who and why; what cannot be meant is refused with the cure."""
    assert "2017-10-11 08:00 to 17:00  by the event" in office.well("desk", "hours")
    told = office.well("desk", "open", "2017-10-11T17:00", "2017-10-11T19:00", "--reason", "two late aircraft")
    assert told == "the desk is open from 2017-10-11 17:00 until 2017-10-11 19:00, too\n"
    assert "2017-10-11 17:00 to 2017-10-11 19:00  cli:" in office.well("desk", "hours")
    assert "two late aircraft" in office.well("desk", "hours")
    backwards = office("desk", "open", "2017-10-11T19:00", "2017-10-11T17:00", "--reason", "x")
    assert (backwards.code, backwards.out) == (1, "")
    assert "after the one at which the desk opens" in backwards.err
    assert office("desk", "open", "2017-10-11T17:00", "2017-10-11T19:00").code == 2
    assert office("desk", "open", "five", "seven", "--reason", "x").code == 2
