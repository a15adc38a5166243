"""What a job hands to the press: from one badge to the next only its data changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst

from accredit.rendering import press
from accredit.rendering.badges import render
from accredit.rendering.facts import BadgeFacts
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import Template

Facts = Callable[..., BadgeFacts]


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, str], dict[str, bytes]]]:
    """The inputs and the files of each layout, as the compiler got them."""
    seen: list[tuple[dict[str, str], dict[str, bytes]]] = []
    compiler = typst.Compiler

    def watched(main: Path, *, root: Path, sys_inputs: dict[str, str], **options: Any) -> typst.Compiler:
        seen.append((sys_inputs, {path.name: path.read_bytes() for path in root.iterdir()}))
        return compiler(main, root=root, sys_inputs=sys_inputs, **options)

    monkeypatch.setattr(press.typst, "Compiler", watched)
    return seen


def test_two_badges_differ_in_their_data_alone(
    template: Template, bare: FontBook, facts: Facts, jobs: list[tuple[dict[str, str], dict[str, bytes]]]
) -> None:
    """Inputs and sources stay the same, so that the press evaluates them once: a third of the time of a badge at the desk."""
    for name in ("Specimen", "Образцова"):
        render(template, [facts(surname=name)], size="a6", fonts=bare)
    (inputs, files), (other_inputs, other_files) = jobs
    assert inputs == other_inputs
    assert {name for name in files if files[name] != other_files[name]} == {"badges.json"}


def test_a_badge_is_laid_out_once(
    template: Template, bare: FontBook, facts: Facts, jobs: list[tuple[dict[str, str], dict[str, bytes]]]
) -> None:
    """Only where a text does not fit is the rest laid out again."""
    render(template, [facts(), facts(reference="B")], size="a6", fonts=bare)
    assert len(jobs) == 1
    render(template, [facts(), facts(reference="B", organisation="Office " * 430)], size="a6", fonts=bare)
    assert len(jobs) == 3


def test_what_lies_in_the_folder_is_the_owners_alone(
    template: Template, bare: FontBook, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Photos and names are readable for nobody else while they lie there."""
    modes: set[int] = set()
    compiler = typst.Compiler

    def watched(main: Path, *, root: Path, **options: Any) -> typst.Compiler:
        modes.update(path.stat().st_mode & 0o777 for path in root.iterdir())
        return compiler(main, root=root, **options)

    monkeypatch.setattr(press.typst, "Compiler", watched)
    render(template, [facts()], size="a6", fonts=bare, room=tmp_path)
    assert modes == {0o600}
