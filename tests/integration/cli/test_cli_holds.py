"""Security holds, and the word after a backup came back, as commands."""

from __future__ import annotations

from factories.commands import Commands


def test_a_hold_is_put_on_and_lifted_with_a_reason(office: Commands, references: list[str]) -> None:
    """The rule and the desk feel it; what is so already is told in a sentence, and without a reason nothing is done."""
    first = references[0]
    assert office("review", "hold", first).code == 2
    assert office.well("review", "hold", first, "--reason", "asked by security") == f"{first}: on hold\n"
    again = office("review", "hold", first, "--reason", "asked by security")
    assert (again.code, again.out) == (1, "")
    assert "on hold already" in again.err
    assert office("review", "hold", "ABCD-2345", "--reason", "x").code == 1
    assert office.well("review", "release", first, "--reason", "settled") == f"{first}: no longer on hold\n"


def test_after_a_restore_every_event_gets_whole_new_lists(office: Commands) -> None:
    """One line an event; the trail keeps it."""
    assert "gcm-hearing-2017" in office.well("db", "restored")
    assert "gcm-hearing-2017" in office.well("db", "restored")
    assert office("audit", "check").code == 0


def test_a_restore_without_an_event_says_so(empty: Commands) -> None:
    """Nothing to renew is no silence."""
    empty.well("init")
    said = empty("db", "restored")
    assert (said.code, said.out) == (0, "")
    assert "no event" in said.err
