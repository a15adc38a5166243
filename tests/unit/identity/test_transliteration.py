"""Names in the letters of a zone, by ICAO Doc 9303-3 section 6."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accredit.identity.transliteration import (
    alternatives,
    begins,
    latin_name,
    spellings_of,
    spells,
    to_mrz_spelling,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Müller-Østergård", "MUELLER<OESTERGAARD"),
        ("Gößinger", "GOESSINGER"),
        ("GÖẞINGER", "GOESSINGER"),
        ("Þórdís Æsa", "THORDIS<AESA"),
        ("Łukasz Żółć", "LUKASZ<ZOLC"),
        ("İnci Işık", "INCI<ISIK"),
        ("Ștefan", "STEFAN"),
        ("Nguyễn Thị Ánh", "NGUYEN<THI<ANH"),
        ("Cañón", "CANON"),
        ("O'Connor", "OCONNOR"),
        ("O’Connor", "OCONNOR"),
        ("Kealiʻi", "KEALII"),
        ("'t Hooft", "T<HOOFT"),
        ("Smith, J.R.", "SMITH<JR"),
        ("Jean–Luc", "JEAN<LUC"),
        ("  van   der  Berg ", "VAN<DER<BERG"),
        ("Mu\u0308ller", "MUELLER"),
        ("Ｗｅｉ", "WEI"),
        ("Əliyev", "ALIYEV"),
        ("-", ""),
        ("", ""),
    ],
)
def test_latin_letters(name: str, expected: str) -> None:
    """The recommended spelling; hyphens part, apostrophes join, marks that no row names fall away."""
    assert to_mrz_spelling(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Юлия Щеглова", "IULIIA<SHCHEGLOVA"),
        ("Объедков", "OBIEEDKOV"),
        ("Игорь", "IGOR"),
        ("Ткаченко", "TKACHENKO"),
        ("Їжак Є", "IZHAK<IE"),
        ("Ђорђевић Љиљана", "DORDEVIC<LJILJANA"),
        ("Рáдость", "RADOST"),
        ("Наталʼя", "NATALIA"),
    ],
)
def test_cyrillic_letters(name: str, expected: str) -> None:
    """The recommended spelling; the soft sign, the accent and the apostrophe have none."""
    assert to_mrz_spelling(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("محمد", "MXHMD"),
        ("محمّد", "MXHMMD"),
        ("عبد الرحمن", "EBD<ALRXHMN"),
        ("فاطمة", "FAXTTMXAH"),
        ("فاطمة الزهراء", "FAXTTMXAH<ALZHRAXE"),
        ("مُحَمَّد", "MXHMMD"),
        ("محمـــد", "MXHMD"),
        ("حمیدة", "XHMXYADXAH"),
    ],
)
def test_arabic_letters(name: str, expected: str) -> None:
    """Vowel marks and the stretching stroke have no spelling, a shadda doubles, teh marbuta ends a word as XAH."""
    assert to_mrz_spelling(name) == expected


@pytest.mark.parametrize("name", ["王小明", "प्रिया शर्मा", "Μάριος", "ვაჟა", "דוד", "Wang 小明", "李 Wei", "Anna 2nd"])
def test_a_name_outside_the_tables_has_no_spelling(name: str) -> None:
    """Half a name is worse than none."""
    assert to_mrz_spelling(name) == ""
    assert alternatives(name) == frozenset()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lund", {"LUND"}),
        ("Jäger", {"JAEGER", "JAGER"}),
        ("Güner", {"GUENER", "GUXXNER", "GUNER"}),
        ("Peña Å", {"PENA<AA", "PENA<A", "PENXXA<AA", "PENXXA<A"}),
        ("Гора", {"GORA", "HORA"}),
    ],
)
def test_alternatives_are_those_of_the_table(name: str, expected: set[str]) -> None:
    """Ä is AE or A, Ü is UE, UXX or U, Ñ is N or NXX; Г is H in three languages."""
    assert alternatives(name) == expected


def test_the_number_of_alternatives_is_limited() -> None:
    """A row of umlauts does not fill the memory; the recommended spelling is always among them."""
    name = "Ü" * 60
    assert len(alternatives(name)) == 256
    assert to_mrz_spelling(name) in alternatives(name)


def test_spelling_is_asked_in_a_time_that_grows_with_the_length() -> None:
    """Letters with several spellings in a row are no trap (a naive search would take longer than the event)."""
    letters = spellings_of("Å" * 200)
    assert letters is not None
    assert spells(letters, "A" * 300)
    assert not spells(letters, "A" * 300 + "B")
    assert begins(letters, "A" * 100)


def test_the_beginning_of_a_spelling_may_end_within_a_letter() -> None:
    """A zone is cut at a character, not at a letter of the name."""
    letters = spellings_of("Щука")
    assert letters is not None
    for text in ("", "S", "SH", "SHC", "SHTU", "SHCHUKA"):
        assert begins(letters, text)
    assert not begins(letters, "SHU")
    assert not begins(letters, "SHCHUKAA")


@pytest.mark.parametrize(
    ("surname", "given_names", "width", "expected"),
    [
        ("Müller-Lüdenscheidt", "Änne", 27, "MUELLER LUEDENSCHEIDT AENNE"),
        ("Müller-Lüdenscheidt", "Änne", 22, "MUELLER LUEDENSCHEIDT"),
        ("Иванова", "Ольга", 27, "IVANOVA OLGA"),
        ("Suharto", "", 27, "SUHARTO"),
        ("王", "Wei", 27, "WEI"),
        ("王", "伟", 27, ""),
    ],
)
def test_the_name_for_the_credential_is_cut_at_a_character(
    surname: str, given_names: str, width: int, expected: str
) -> None:
    """Surname first, A to Z and single spaces, never longer than the width in bytes."""
    assert latin_name(surname, given_names, width=width) == expected


@settings(max_examples=300, deadline=None)
@given(name=st.text(max_size=40))
def test_a_spelling_has_letters_and_single_fillers_only(name: str) -> None:
    """Whatever is typed, the zone gets A to Z, with one filler between words and none around."""
    spelling = to_mrz_spelling(name)
    assert set(spelling) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
    assert "<<" not in spelling
    assert spelling == spelling.strip("<")
    assert to_mrz_spelling(spelling) == spelling


@settings(max_examples=300, deadline=None)
@given(name=st.text(max_size=30), width=st.integers(0, 40))
def test_the_name_for_the_credential_fits_in_bytes(name: str, width: int) -> None:
    """ASCII, so that characters are bytes."""
    assert len(latin_name(name, name, width=width).encode("ascii")) <= width
