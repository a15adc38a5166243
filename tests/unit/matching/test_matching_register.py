"""The matcher on the real lists: what it must reach, and what it must never accept by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from accredit.matching.answer import Band
from accredit.matching.families import STOP_WORDS
from accredit.matching.index import Index, Listed, build_index
from accredit.matching.match import match
from accredit.matching.normalise import key_of
from accredit.matching.places import PLACES, places_in
from benchmarks.made_lists import made_register
from benchmarks.matching import pair_quality, quality
from benchmarks.matching_files import read_pairs, read_queries, read_register

_MORE_WORDS = ("Youth", "Foundation", "International", "Women", "Trust", "Committee", "Arcadia", "Friends", "2")


@pytest.fixture(scope="module")
def register(shared_data: Path) -> Index:
    """The real register, without its alias column."""
    path = shared_data / "status_lists" / "ecosoc_register_2017_partial.csv"
    return build_index(read_register(path, aliases=False))


def test_the_register_is_matched_as_promised(register: Index, shared_data: Path) -> None:
    """Spelling variants are found first, precision and recall hold, and no body without status is accepted."""
    reached = quality(register, read_queries(shared_data / "matching" / "queries_vs_register_2017.csv"))
    assert reached["accepted_wrong"] == 0
    assert reached["recall_at_1"] >= 0.99
    assert reached["best_f1"] >= 0.96
    assert reached["recall_at_p99"] >= 0.85


def test_the_granted_list_is_matched_as_promised(shared_data: Path) -> None:
    """Four of five variants need no person, nearly all others come first, and no branch, parent or twin is accepted."""
    folder = shared_data / "matching"
    index = build_index(read_register(folder / "granted_list.csv", aliases=False))
    reached = quality(index, read_queries(folder / "queries_vs_granted_list.csv"))
    assert reached["accepted_wrong"] == 0
    assert reached["accepted_right"] >= 0.80 * reached["variants"]
    assert reached["review_first"] >= 0.95 * (reached["variants"] - reached["accepted_right"])


def test_pairs_labelled_by_hand_are_told_apart(register: Index, shared_data: Path) -> None:
    """Of pairs that were chosen to be near, the same and the different are parted by the score."""
    reached = pair_quality(register, read_pairs(shared_data / "matching" / "name_pairs_labelled.csv"))
    assert reached["pairs_best_f1"] >= 0.88


def test_no_changed_name_of_the_register_is_accepted(register: Index) -> None:
    """A country swapped or added, another order, a word more, one word alone: none is accepted as the body it came from."""
    _never_accepted(register, 400)


def test_no_changed_name_of_a_made_list_is_accepted() -> None:
    """The same holds where no real list is at hand."""
    _never_accepted(build_index(made_register(1500)), 300)


def _never_accepted(index: Index, how_many: int) -> None:
    draw = Random(7)
    by_id = {entry.entry_id: entry for entry in index.listed}
    for entry in draw.sample(index.listed, how_many):
        for changed in _changed(draw, entry):
            answer = match(index, changed, None)
            equal = answer.entry_id is not None and key_of(by_id[answer.entry_id].name) == key_of(changed)
            assert answer.band is not Band.ACCEPT or equal, (changed, answer)


def _changed(draw: Random, entry: Listed) -> Iterator[str]:
    words = entry.name.split()
    place = draw.choice(list(PLACES.values()))
    for moved in ([*words[1:], words[0]], [words[-1], *words[:-1]], words[::-1]):
        if [word.lower() for word in moved] != [word.lower() for word in words]:
            yield " ".join(moved)
    yield f"{entry.name} {place.name}"
    yield f"{place.adjective} {entry.name}"
    yield f"{entry.name} ({place.name})"
    yield f"{entry.name} {draw.choice(_MORE_WORDS)}"
    yield f"{draw.choice(_MORE_WORDS)} {entry.name}"
    for at, word in enumerate(words):
        found = places_in([word.lower()])
        if found and found[0][2] != place.code:
            yield " ".join([*words[:at], place.name, *words[at + 1 :]])
    telling = [at for at, word in enumerate(words) if word.isalpha() and word.lower() not in STOP_WORDS]
    if len(telling) > 2:
        one, other = telling[0], telling[1]
        swapped = list(words)
        swapped[one], swapped[other] = words[other], words[one]
        if [word.lower() for word in swapped] != [word.lower() for word in words]:
            yield " ".join(swapped)
        yield words[draw.choice(telling)]
