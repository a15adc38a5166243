"""The bands: what is accepted, what a person sees, what is on no list."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accredit.matching.answer import Band, How
from accredit.matching.index import Alias, Index, Listed, build_index
from accredit.matching.match import MOST_CANDIDATES, match

NAMES = st.sampled_from(["Harbour Light Relief", "Migrant Voices of Arcadia", "Secours des Îles", "Общество помощи"])


@pytest.fixture(scope="module")
def index() -> Index:
    """Six bodies: two share an alias, two share a name, one names no country."""
    return build_index(
        [
            Listed(
                "1", "Harbour Light Relief", "GBR", (Alias("HLR", "acronym"), Alias("Lantern Relief", "former_name"))
            ),
            Listed("2", "Migrant Voices of Arcadia", None, (Alias("Voix des migrants", "translation"), Alias("MVA"))),
            Listed("3", "Secours des Îles", "FRA", (Alias("Island Aid"),)),
            Listed("4", "Общество помощи", "RUS", (Alias("Island Aid"),)),
            Listed("5", "Open Door Network", "KEN"),
            Listed("6", "Open Door Network", "IND"),
        ]
    )


@pytest.mark.parametrize(
    ("name", "country", "entry_id", "how"),
    [
        ("HARBOR LIGHT RELIEF", "GBR", "1", How.EXACT),
        ("Lantern relief", "gbr", "1", How.FORMER_NAME),
        ("Voix des Migrants", "CHE", "2", How.ALIAS),
        ("The Migrant Voices of Arcadia Inc.", None, "2", How.EXACT),
        ("Secours des Iles", "FRA", "3", How.EXACT),
        ("ОБЩЕСТВО ПОМОЩИ", "RUS", "4", How.EXACT),
    ],
)
def test_the_name_or_own_alias_of_one_body_is_accepted(
    index: Index, name: str, country: str | None, entry_id: str, how: How
) -> None:
    """An equal comparable form of one body, with no country against it, is accepted and says how."""
    answer = match(index, name, country)
    assert (answer.band, answer.entry_id, answer.how, answer.flags) == (Band.ACCEPT, entry_id, how, ())
    assert [candidate.entry_id for candidate in answer.candidates] == [entry_id]


@pytest.mark.parametrize(
    ("name", "country", "flag"),
    [
        (
            "Harbour Light Relief",
            "USA",
            "The listed body is of United Kingdom (GBR); the application says United States (USA).",
        ),
        ("Harbour Light Relief", None, "The listed body is of United Kingdom (GBR); the application names no country."),
        ("Island Aid", "FRA", "2 bodies on the list bear this name"),
        ("Open Door Network", "KEN", "2 bodies on the list bear this name"),
        ("HLR", "GBR", "Found by an acronym alone"),
        ("mva", "GBR", "Found by an acronym alone"),
        ("Harbour\u200f Light Relief", "GBR", "an invisible mark"),
        ("Harbour Light Relief\x07", "GBR", "a control character"),
        ("Harbour Light Relief 🕊", "GBR", "a picture or symbol"),
        ("Hаrbour Light Relief", "GBR", "mixes letters of two scripts"),
        ("Harbour Light Relief" + " " * 500, "GBR", "longer than 300 characters"),
    ],
)
def test_a_doubt_sends_the_name_to_review_with_the_body_first(
    index: Index, name: str, country: str | None, flag: str
) -> None:
    """Country, shared names, acronyms and unseen characters are named in words, and the right body leads."""
    answer = match(index, name, country)
    assert (answer.band, answer.entry_id) == (Band.REVIEW, None)
    assert any(flag in sentence for sentence in answer.flags)
    assert answer.candidates[0].score > 0.9


@pytest.mark.parametrize(
    "name",
    [
        "Light Harbour Relief",
        "Harbour Light Relief France",
        "Harbour Light Relief (Kenya)",
        "Harbour Light Releif Fund",
        "Obshchestvo pomoshchi",
    ],
)
def test_a_near_name_is_a_suggestion_and_no_more(index: Index, name: str) -> None:
    """Another order, a branch, a typing error or a romanised spelling goes to a person."""
    answer = match(index, name, "GBR")
    assert (answer.band, answer.entry_id, answer.how) == (Band.REVIEW, None, How.SIMILAR)
    assert answer.candidates[0].entry_id in {"1", "4"}
    assert answer.candidates[0].score < 1


@pytest.mark.parametrize("name", ["", "   ", "of the", "🕊🕊", "\u202e\u202c", "Quantum Zebra Ltd"])
def test_a_name_on_no_list_is_none(index: Index, name: str) -> None:
    """Nothing to compare and nothing near enough both answer none, without an entry."""
    answer = match(index, name, "GBR")
    assert (answer.band, answer.entry_id) == (Band.NONE, None)


def test_two_entries_of_one_id_are_a_broken_promise() -> None:
    """An index over a list that says an id twice would answer at random."""
    with pytest.raises(ValueError, match="id of its own"):
        build_index([Listed("1", "One"), Listed("1", "Other")])


def test_an_empty_list_answers_none() -> None:
    """No list loaded is an answer, not an error."""
    assert match(build_index([]), "Harbour Light Relief", "GBR").band is Band.NONE


@settings(deadline=None)
@given(name=st.text(max_size=600), country=st.none() | st.text(max_size=5))
def test_any_text_is_answered(name: str, country: str | None) -> None:
    """Whatever is typed, there is an answer: bounded candidates, a score of 0 to 1, an entry only where accepted."""
    answer = match(build_index([Listed("1", "Harbour Light Relief", "GBR")]), name, country)
    assert len(answer.candidates) <= MOST_CANDIDATES
    assert 0 <= answer.score <= 1
    assert (answer.entry_id is not None) == (answer.band is Band.ACCEPT)


@settings(deadline=None)
@given(name=NAMES, mark=st.sampled_from("\u200e\u200f\u202e\u2066\ufeff\x00\x1b\u00ad😀🏴"), place=st.integers(0, 30))
def test_unseen_or_pictured_characters_are_never_accepted(index: Index, name: str, mark: str, place: int) -> None:
    """A listed name with a mark, control or emoji anywhere in it is not accepted."""
    text = name[:place] + mark + name[place:]
    assert all(match(index, text, country).band is not Band.ACCEPT for country in ("GBR", "FRA", "RUS", None))


@settings(deadline=None)
@given(name=NAMES, word=st.sampled_from(["France", "Youth", "European", "2017", "Foundation"]), front=st.booleans())
def test_an_extra_word_is_never_accepted(index: Index, name: str, word: str, front: bool) -> None:
    """A country or a content word more is another body until a person says otherwise."""
    text = f"{word} {name}" if front else f"{name} {word}"
    assert all(match(index, text, country).band is not Band.ACCEPT for country in ("GBR", "FRA", "RUS", None))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=20))
def test_a_list_of_any_names_can_be_indexed(names: list[str]) -> None:
    """Every name of a list that can be accepted is found under its own entry or shared with a namesake."""
    index = build_index(Listed(str(number), name) for number, name in enumerate(names))
    for number, name in enumerate(names):
        answer = match(index, name, None)
        assert answer.band is not Band.ACCEPT or answer.entry_id == str(number)


@pytest.fixture(scope="module")
def register(shared_data: Path) -> Index:
    """The real register, without its alias column."""
    with (shared_data / "status_lists" / "ecosoc_register_2017_partial.csv").open(encoding="utf-8", newline="") as file:
        return build_index(Listed(row["org_id"], row["org_name"]) for row in csv.DictReader(file))


def test_no_organisation_without_status_is_accepted(register: Index, shared_data: Path) -> None:
    """Of the real bodies that held no status on the day, not one is taken for a listed body."""
    queries = shared_data / "matching" / "queries_vs_register_2017.csv"
    with queries.open(encoding="utf-8", newline="") as file:
        unlisted = [row["query"] for row in csv.DictReader(file) if row["expected_org_id"] == "NO_MATCH"]
    assert unlisted
    assert [name for name in unlisted if match(register, name, None).band is Band.ACCEPT] == []


def test_every_spelling_variant_of_the_register_leads_to_its_body(register: Index, shared_data: Path) -> None:
    """A true variant is accepted rightly or reviewed with its body among the five."""
    queries = shared_data / "matching" / "queries_vs_register_2017.csv"
    with queries.open(encoding="utf-8", newline="") as file:
        variants = [row for row in csv.DictReader(file) if "spelling seen" in row["kind"]]
    assert variants
    for row in variants:
        answer = match(register, row["query"], None)
        assert row["expected_org_id"] in [candidate.entry_id for candidate in answer.candidates]
        assert answer.band is not Band.NONE
        assert answer.entry_id in (None, row["expected_org_id"])


def test_an_answer_comes_at_once(register: Index) -> None:
    """An exact name costs about 0.1 ms and a search for the similar a few; the bounds leave room for a busy machine."""
    names = [entry.name for entry in register.listed[:500]]
    assert _cpu_ms_each(register, names) < 0.5
    assert _cpu_ms_each(register, [f"{name} Arcadia" for name in names[:50]]) < 30


def _cpu_ms_each(index: Index, names: list[str]) -> float:
    started = time.process_time()
    for name in names:
        match(index, name, None)
    return (time.process_time() - started) * 1000 / len(names)
