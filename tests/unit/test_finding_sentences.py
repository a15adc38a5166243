"""What the rules find can be told in another language: no sentence of a rule is left out."""

from __future__ import annotations

import ast
import copy
from datetime import date, timedelta
from pathlib import Path

import pytest

import accredit
from accredit.domain.sentences import Code, Told, as_data, joined, of_data
from accredit.matching.answer import Flag, Guard
from accredit.matching.sentences import Sentence, patterns, sentence
from accredit.matching.suspicion import _STRANGE
from accredit.services.flag_sentences import told_of
from accredit.web.evidence_words import NAMES
from accredit.web.finding_sentences import SENTENCES

_HOME = Path(accredit.__file__).parent
_RULES = ("domain/deadline_rule.py", "domain/body_rules.py", "domain/person_rules.py", "domain/eligibility.py")
_MATCHERS = ("matching/match.py", "matching/sentences.py", "services/known_names.py", "services/organisations.py")
_SPEAKERS = (*_RULES, "domain/aliases.py", "domain/sentences.py", *_MATCHERS)
# Patterns that stand in tables, which are compared as a whole; and where a sentence is made anew from its own pattern.
_FROM_TABLES = {
    "matching/match.py": frozenset({"strange_character(name)"}),
    "matching/sentences.py": frozenset({"_BOTH[flag.guard]", "_ONE[flag.guard].format(who=who)", "_BARE[flag.guard]"}),
    "domain/sentences.py": frozenset({"pattern"}),
}
_STAFF = 4  # where the text for the staff stands among the arguments of a finding


def _said(path: str) -> tuple[set[str], set[str]]:
    """The patterns that a module gives to its sentences, and what else it gives them; a name is followed home."""
    tree = list(ast.walk(ast.parse((_HOME / path).read_text("utf-8"))))
    named = {
        node.targets[0].id: node.value
        for node in tree
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    made = [
        node for node in tree if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Sentence", "Told"}
    ]
    firsts = [named.get(one.id, one) if isinstance(one, ast.Name) else one for one in (call.args[0] for call in made)]
    said = {one.value for one in firsts if isinstance(one, ast.Constant)}
    return said, {ast.unparse(one) for one in firsts if not isinstance(one, ast.Constant)}


def _calls(module: str, name: str) -> list[ast.Call]:
    tree = ast.walk(ast.parse((_HOME / module).read_text("utf-8")))
    return [node for node in tree if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name]


@pytest.mark.parametrize("speaker", _SPEAKERS)
def test_every_pattern_is_known_to_the_catalogs(speaker: str) -> None:
    """It stands in the list that the catalogs are made from, word by word; none is put together on the way."""
    said, unknown = _said(speaker)
    assert said
    assert said - {one._args[0] for one in SENTENCES} == set()
    assert unknown <= _FROM_TABLES.get(speaker, frozenset())


def test_no_pattern_of_the_catalogs_is_left_over() -> None:
    """A sentence that no rule says any more goes."""
    spoken = {*patterns(), *_STRANGE.values(), *(one for speaker in _SPEAKERS for one in _said(speaker)[0])}
    assert {one._args[0] for one in SENTENCES} - spoken == set()


@pytest.mark.parametrize("rule", _RULES)
def test_no_rule_tells_the_staff_a_text_without_its_pattern(rule: str) -> None:
    """The text for the staff is a sentence with its pattern, or a name for one; never a bare text."""
    texts = [call.args[_STAFF] for call in _calls(rule, "Finding")]
    assert texts
    assert [ast.unparse(one) for one in texts if isinstance(one, (ast.Constant, ast.JoinedStr, ast.BinOp))] == []


@pytest.mark.parametrize("rule", _RULES)
def test_every_member_of_the_evidence_has_a_name(rule: str) -> None:
    """Whatever a rule notes stands on the page under a name that is translated."""
    noted = set()
    for node in ast.walk(ast.parse((_HOME / rule).read_text("utf-8"))):
        if isinstance(node, ast.Dict):
            noted |= {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    noted |= {call.args[0].value for call in _calls(rule, "numbered") if isinstance(call.args[0], ast.Constant)}
    how = {"exact", "alias", "former_name", "acronym", "similar", "country", "confirmed"}
    assert noted - {*NAMES, *how, "spellings_disagree"} == set()


def test_a_sentence_outlives_its_record() -> None:
    """Kept as data it is the same one: its English, its pattern, and its values of every kind."""
    inner = Told("of %(day)s", day=date(2017, 10, 1))
    told = Told(
        "by %(kind)s, %(count)s%% %(inner)s, %(span)s", kind=Code("letter"), count=3, inner=inner, span=timedelta(1)
    )
    again = of_data(as_data(told))
    assert again == told == "by letter, 3% of 01 October 2017, 1 day, 0:00:00"
    assert (again.pattern, dict(again.values)) == (told.pattern, dict(told.values))
    assert isinstance(again.values["kind"], Code)
    assert again.values["inner"].pattern == "of %(day)s"


def test_a_sentence_with_a_percent_sign_can_be_copied() -> None:
    """It is made anew from its pattern, not from its English."""
    told = Told("“%(name)s”", name="100 % Diaspora")
    assert copy.deepcopy(told) == told == "“100 % Diaspora”"


def test_several_sentences_are_one() -> None:
    """In their order; a single one stays as it is."""
    one, two, three = Told("no hold"), "as it was typed", Told("no quota")
    assert joined([one]) is one
    assert joined([one, two, three]) == "no hold; as it was typed; no quota"


def test_every_flag_of_the_matcher_is_known_to_the_catalogs() -> None:
    """Whatever guard holds, with words on both sides, on one, or on none; and each kind of strange character."""
    known = {one._args[0] for one in SENTENCES}
    assert patterns() - known == set()
    assert set(_STRANGE.values()) - known == set()
    for guard in Guard:
        for flag in (Flag(guard, ("a",), ("b",)), Flag(guard, ("a",)), Flag(guard, (), ("b",)), Flag(guard)):
            try:
                told = told_of(sentence(flag))
            except KeyError:
                continue  # this guard is never raised so
            assert isinstance(told, Told)
            assert told.pattern in known


def test_a_flag_is_kept_with_its_pattern() -> None:
    """Also the sentence within a sentence."""
    flag = Sentence("The name holds %(strange)s; ask the applicant to type the name again.", strange=Sentence("half"))
    told = told_of(flag)
    assert isinstance(told, Told)
    assert (told.pattern, told) == (flag.pattern, str(flag))
    assert isinstance(told.values["strange"], Told)
    assert told_of("as it is") == "as it is"
