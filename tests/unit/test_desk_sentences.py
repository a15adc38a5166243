"""What the rules of the pick-up say is known to the catalogs of the desk."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import accredit
from accredit.domain.sentences import Told
from accredit.identity.mrz_facts import MrzFault
from accredit.web.desk_sentences import SENTENCES, ZONES

_ROOMS = Path(accredit.__file__).parent
_SPEAKERS = (
    "domain/pickup.py",
    "services/desk_judging.py",
    "services/desk_undo.py",
    "services/desk_badges.py",
    "identity/documents.py",
    "identity/name_findings.py",
)


def _sentences(source: str) -> set[str]:
    """All whole sentences of a module, without its docstrings and without pieces of texts that are put together."""
    tree = ast.parse(source)
    left_out = {id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr):
            left_out.add(id(node.body[0].value))
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in left_out]
    return {one.value for one in texts if isinstance(one.value, str) and one.value.endswith(".") and " " in one.value}


@pytest.mark.parametrize("speaker", _SPEAKERS)
def test_every_sentence_of_the_rules_can_be_translated(speaker: str) -> None:
    """A sentence that an officer may read stands in the list that the catalogs are made from, word by word."""
    known = {one._args[0] for one in SENTENCES}
    spoken = _sentences((_ROOMS / speaker).read_text("utf-8"))
    assert spoken
    assert spoken - known == set()


def test_every_fault_of_a_zone_has_its_sentence() -> None:
    """No fault of the reader leaves the officer without a word."""
    assert set(ZONES) == {fault.value for fault in MrzFault}


def test_a_sentence_with_values_reads_in_english() -> None:
    """Commands print it as it is; a page translates its pattern."""
    told = Told("It was handed over by %(officer)s.", officer="amina")
    assert told == "It was handed over by amina."
    assert (told.pattern, dict(told.values)) == ("It was handed over by %(officer)s.", {"officer": "amina"})
