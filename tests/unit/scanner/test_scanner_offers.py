"""Which line is a word, which a short code, and which a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential.reasons import Direction
from accredit.credential.serials import short_code
from scanner.offers import (
    HELP,
    AskHelp,
    Code,
    Document,
    Grounds,
    NoDocument,
    Offer,
    RefuseLast,
    ShortCode,
    Sight,
    Supervisor,
    TakeOver,
    Turn,
    Unclear,
    UndoLast,
    read_line,
)

SERIAL = b"\x01\x02\x03\x04\x05"


@pytest.mark.parametrize(
    ("line", "offer"),
    [
        ("SEP1:ABC", Code("SEP1:ABC")),
        ("SEC1:ABC", Code("SEC1:ABC")),
        ("whatever", Code("whatever")),
        ("1234:5678", Code("1234:5678")),
        (short_code(SERIAL), ShortCode(short_code(SERIAL), SERIAL)),
        (f" {short_code(SERIAL).lower()} ", ShortCode(short_code(SERIAL).lower(), SERIAL)),
        ("sight:delegate", Sight("delegate")),
        ("SIGHT: delegate", Sight("delegate")),
        ("mrz:P<UTO", Document("P<UTO")),
        ("grounds:G 12", Grounds("G 12")),
        ("supervisor:escorted by protocol", Supervisor("escorted by protocol")),
        ("officer:417", TakeOver("417")),
        ("undo", UndoLast()),
        ("Undo ", UndoLast()),
        ("refuse", RefuseLast()),
        ("no-document", NoDocument()),
        ("direction:exit", Turn(Direction.EXIT)),
        ("direction:entry", Turn(Direction.ENTRY)),
        ("?", AskHelp()),
    ],
)
def test_a_line_is_what_it_looks_like(line: str, offer: Offer) -> None:
    """Words in any case, short codes in any spelling, all else is a code for the verifier."""
    assert read_line(line) == offer


@pytest.mark.parametrize(
    "line",
    [
        "sight:",
        "mrz: ",
        "supervisor:",
        "grounds:",
        "officer:",
        "direction:up",
        "sight:" + "x" * 41,
        "officer:" + "1" * 21,
        "officer:\x07",
    ],
)
def test_a_word_without_what_it_needs_says_so(line: str) -> None:
    """The sentence names the word."""
    offer = read_line(line)

    assert isinstance(offer, Unclear)
    assert line.partition(":")[0] in offer.sentence


@given(st.text())
def test_any_line_is_something(line: str) -> None:
    """Nothing that a reader sends raises."""
    read_line(line)


@pytest.mark.parametrize("offer", [Code("SECRET"), ShortCode("SECRET", SERIAL), Document("SECRET"), Grounds("SECRET")])
def test_no_code_and_no_number_stands_in_a_log(offer: Offer) -> None:
    """Their text form leaves them out."""
    assert "SECRET" not in repr(offer)


def test_the_help_names_every_word() -> None:
    """What can be typed can be looked up."""
    for word in (
        "grounds:",
        "sight:",
        "mrz:",
        "no-document",
        "supervisor:",
        "refuse",
        "undo",
        "direction:",
        "officer:",
    ):
        assert word in HELP
