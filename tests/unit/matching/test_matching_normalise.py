"""The comparable form: what it makes equal, and what it must keep apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accredit.matching.normalise import is_acronym, key_of, romanised, says_nothing


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("International Organisation of Employers", "INTERNATIONAL ORGANIZATION OF EMPLOYERS"),
        ("Women’s Refugee Centre", "Women's refugee center"),
        ("Médecins du Monde", "Medecins du Monde"),
        ("The Carter Fund", "Carter Fund"),
        ("Peace & Bread", "Peace and Bread"),
        ("Brot für alle e.V.", "Brot fur alle"),
        ("J.P. Foundation", "JP Foundation"),
        ("Sporting Anglers Association of Arcadia (SAAA)", "Sporting Anglers' Association of Arcadia"),
        ("AFL–CIO", "AFL-CIO"),
        ("Ａｓｙｌｕｍ Ｈｅｌｐ", "Asylum Help"),
        ("Улица", "УЛИЦА"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    """Case, accents, quotes, articles, legal forms and the bracketed own acronym don't tell two bodies apart."""
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Avocats sans frontières (France)", "Avocats sans frontières"),
        ("Асylum Access", "Asylum Access"),
        ("王小明基金会", "汪晓鸣基金会"),
        ("National Society for Rights", "International Society for Rights"),
        ("Council for Human Rights", "Human Rights Council"),
        ("राजेश", "रजश"),
    ],
)
def test_names_of_two_bodies_keep_two_keys(one: str, other: str) -> None:
    """A branch in brackets, a look-alike letter, a homophone, another order or a lost vowel sign makes another name."""
    assert key_of(one) != key_of(other)


def test_every_script_is_romanised_for_suggestions() -> None:
    """A Cyrillic spelling comes near its Latin one in the romanised form, and only there."""
    assert romanised("Мемориал") == "memorial"
    assert key_of("Мемориал") == "мемориал"


@pytest.mark.parametrize("name", ["", "  ", "...", "‏", "of the and", "The", "L'"])
def test_a_name_without_a_telling_word_says_nothing(name: str) -> None:
    """Blank text and stop words alone are nobody's name."""
    assert says_nothing(key_of(name))


@pytest.mark.parametrize(("name", "expected"), [("ITUC", True), ("AFL-CIO", True), ("Oxfam", False), ("A", False)])
def test_an_acronym_is_one_word_of_capitals(name: str, expected: bool) -> None:
    """The spelling tells an acronym, since lists seldom do."""
    assert is_acronym(name) is expected


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_key_that_is_its_own_key(text: str) -> None:
    """No text raises, and normalising twice changes nothing more."""
    key = key_of(text)
    assert key_of(key) == key
    assert romanised(text).isascii()


@settings(deadline=None)
@given(st.text(st.characters(codec="ascii", categories=["L", "N", "Zs"]), max_size=80))
def test_case_and_outer_blanks_never_matter(text: str) -> None:
    """The same words in capitals, with blanks around, have the same key."""
    assert key_of(f"  {text.upper()} ") == key_of(text)
