"""What is wrong with the file of a list is known to the catalog of the staff."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import accredit
from accredit.web.list_sentences import SENTENCES

_ROOMS = Path(accredit.__file__).parent


def _patterns(source: str) -> set[str]:
    """What each `Told(...)` of a module begins with, and each text that is given a name before."""
    tree = ast.parse(source)
    named = {one.targets[0].id: one.value for one in ast.walk(tree) if _names_a_text(one)}
    told = [
        one.args[0] for one in ast.walk(tree) if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "Told"
    ]
    return {ast.literal_eval(named[one.id] if isinstance(one, ast.Name) else one) for one in told}


def _names_a_text(one: ast.AST) -> bool:
    return isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and isinstance(one.value, ast.Constant)


@pytest.mark.parametrize("speaker", ["list_rows", "list_aliases", "listing"])
def test_every_sentence_about_a_list_can_be_translated(speaker: str) -> None:
    """A sentence that an administrator may read stands in the list that the catalog is made from, word by word."""
    known = {one._args[0] for one in SENTENCES}
    spoken = _patterns((_ROOMS / "services" / f"{speaker}.py").read_text("utf-8"))
    assert spoken
    assert spoken - known == set()
