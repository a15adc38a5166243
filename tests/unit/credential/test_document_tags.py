"""Keyed hashes of documents: equal for one document however it is written, unequal for all else, and each with its own key."""

from __future__ import annotations

import pytest

from accredit.credential.document_tags import (
    document_hash,
    document_tag,
    grounds_key,
    grounds_tag,
    tag_key,
    tag_under,
)

PEPPER = bytes(range(32))
STATE, NUMBER = "UTO", "L898902C3"


@pytest.mark.parametrize(
    ("state", "number"), [("uto", "l898902c3"), ("UTO", "L898902C3<<<<"), (" UTO ", "L 898-902 C3")]
)
def test_one_document_has_one_hash_however_it_is_written(state: str, number: str) -> None:
    """Fillers, spaces, dashes and small letters are the writer's, not the document's."""
    assert document_hash(PEPPER, 26, state, number) == document_hash(PEPPER, 26, STATE, NUMBER)
    assert document_tag(PEPPER, 26, state, number) == document_tag(PEPPER, 26, STATE, NUMBER)


@pytest.mark.parametrize(
    ("pepper", "event", "state", "number"),
    [
        (bytes(32), 26, STATE, NUMBER),
        (PEPPER, 27, STATE, NUMBER),
        (PEPPER, 26, "UTP", NUMBER),
        (PEPPER, 26, STATE, "L898902C4"),
    ],
)
def test_another_document_event_or_pepper_has_another_hash(pepper: bytes, event: int, state: str, number: str) -> None:
    """Nothing is recognised across documents, events or installations."""
    assert document_hash(pepper, event, state, number) != document_hash(PEPPER, 26, STATE, NUMBER)
    assert document_tag(pepper, event, state, number) != document_tag(PEPPER, 26, STATE, NUMBER)


def test_state_and_number_do_not_run_into_each_other() -> None:
    """D with number E1 is not DE with number 1."""
    assert document_hash(PEPPER, 26, "D", "E1") != document_hash(PEPPER, 26, "DE", "1")


def test_a_scanner_makes_the_same_tag_from_its_own_key() -> None:
    """The gate gets a derived key, never the pepper, and its tags agree with the printed ones."""
    assert tag_under(tag_key(PEPPER, 26), STATE, NUMBER) == document_tag(PEPPER, 26, STATE, NUMBER)
    assert len(document_tag(PEPPER, 26, STATE, NUMBER)) == 3


def test_each_purpose_has_its_own_key() -> None:
    """Who holds a scanner's keys cannot compute what the database stores."""
    full = document_hash(PEPPER, 26, STATE, NUMBER)

    assert len(full) == 32
    assert full[:3] != document_tag(PEPPER, 26, STATE, NUMBER)
    assert tag_key(PEPPER, 26) != grounds_key(PEPPER, 26)
    assert grounds_tag(grounds_key(PEPPER, 26), "12 345")[:3] != tag_under(tag_key(PEPPER, 26), "", "12345")


def test_a_grounds_pass_is_recognised_by_sixteen_bytes() -> None:
    """The bundle names grounds passes so that no number can be read from it."""
    key = grounds_key(PEPPER, 26)

    assert len(grounds_tag(key, "12345")) == 16
    assert grounds_tag(key, "12 345") == grounds_tag(key, "12345")
    assert grounds_tag(key, "12346") != grounds_tag(key, "12345")


def test_a_short_pepper_is_refused() -> None:
    """An installation without its secret hashes nothing."""
    with pytest.raises(ValueError, match="pepper"):
        document_hash(b"", 26, STATE, NUMBER)
