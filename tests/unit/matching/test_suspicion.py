"""Text that is compared but never accepted by itself."""

from __future__ import annotations

import pytest

from accredit.matching.suspicion import mixes_scripts, strange_character

_LOOKED_AT_CLOSELY = "\u1e3f"  # a Latin letter that few names hold
_COMMON = [chr(code) for code in (*range(0x250), 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D)]


@pytest.mark.parametrize("character", _COMMON, ids=lambda character: f"U+{ord(character):04X}")
def test_the_short_way_says_what_the_long_one_does(character: str) -> None:
    """Names in common Latin letters are let through at a glance; the glance never misses what a look would find."""
    assert strange_character(character) == strange_character(character + _LOOKED_AT_CLOSELY)
    assert mixes_scripts(character) == mixes_scripts(character + _LOOKED_AT_CLOSELY)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Alpine\u202eForum", "invisible mark"),
        ("Alpine\u00adForum", "invisible mark"),
        ("Alpine\x07Forum", "control character"),
        ("Alpine 🏔 Forum", "picture"),
    ],
)
def test_what_no_name_needs_is_named(name: str, told: str) -> None:
    """In words, so that the applicant can be asked to type it anew."""
    assert told in (strange_character(name) or "")


@pytest.mark.parametrize(
    ("name", "mixed"), [("Аlpine Forum", True), ("Forum Мемориал", False), ("Ελλάς Forum", False), ("Forum", False)]
)
def test_one_word_in_two_scripts_is_seen(name: str, mixed: bool) -> None:
    """A Cyrillic А before Latin letters is a disguise; a name of two words in two scripts is none."""
    assert mixes_scripts(name) is mixed
