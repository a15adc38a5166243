"""Whatever the gate says to an officer, it says in French as well."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scanner
from scanner.gate_french import in_french
from scanner.pin_checks import PinChecks
from scanner.replies import span

ROOM = Path(scanner.__file__).parent
SAYERS = {"Unclear", "NotReady", "ShownList", "_say"}
# The list of words and what a mistyped word lacks, for the words themselves are English; and the log of two programs.
ENGLISH = {"offers.py", "sync.py", "frames.py"}


def _said(source: str) -> Iterator[tuple[str, ...]]:
    """Each sentence that is written where the gate says something, with samples in the place of what it fills in."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        if name in SAYERS and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
            yield tuple(_filled(node.args[0], sample) for sample in ("7", "entry", "none"))


def _filled(node: ast.Constant | ast.JoinedStr, sample: str) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else sample for part in node.values)


def test_every_sentence_of_the_gate_has_its_french() -> None:
    """A new one that nobody translated is found here, where it is written."""
    said = {
        each: path.name
        for path in sorted(ROOM.glob("*.py"))
        if path.name not in ENGLISH
        for each in _said(path.read_text("utf-8"))
    }

    assert len(said) >= 14
    assert [(where, each[0]) for each, where in said.items() if all(in_french(one) == one for one in each)] == []


@pytest.mark.parametrize("pins", [PinChecks(), PinChecks(ask=lambda: "")])
def test_what_is_said_about_the_pin_is_french_too(pins: PinChecks) -> None:
    """On a terminal and without one, with a PIN in the line and without."""
    for typed in ("", "12345678"):
        refusal = pins.refusal(typed)
        assert refusal is not None
        assert "PIN" in in_french(refusal) != refusal


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("door-xx is held open until 10:00.", "door-xx reste ouvert jusqu'à 10:00."),
        ("12 people are inside door-xx; the counting goes on from there.", "12 personnes sont présentes à door-xx"),
        ("Officer 417 has taken over.", "L'agent 417 a pris la relève."),
        ("No class by sight is called 'x'. The event has: none.", "La manifestation n'en a aucune."),
        (
            "List 7 of withdrawn passes is in force: 1 more passes withdrawn, 0 given back. It is 3 d old.",
            "Elle date de 3 jours.",
        ),
        (
            "List 7 of withdrawn passes is in force: 1 more passes withdrawn, 0 given back. It is 3 min old.",
            "Elle date de 3 min.",
        ),
    ],
)
def test_numbers_and_names_stand_where_they_belong(english: str, french: str) -> None:
    """What was filled in is kept."""
    assert french in in_french(english)


def test_a_day_is_a_day_in_french() -> None:
    """The other units are the same."""
    assert [span(seconds, "fr") for seconds in (12, 300, 3 * 3_600, 2 * 86_400)] == ["12 s", "5 min", "3 h", "2 j"]
    assert span(2 * 86_400) == "2 d"
