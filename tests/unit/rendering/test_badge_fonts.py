"""Which texts the fonts can write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from accredit.rendering.fonts import FIXED_WIDTH_FAMILY, FontBook, is_inked, scripts_of, system_font_folders

Builder = Callable[[Path, str, str], None]


def test_without_any_font_latin_greek_and_cyrillic_can_be_printed(bare: FontBook) -> None:
    """The fonts inside typst are the floor that no machine falls below."""
    assert bare.missing("Ærøskøbing Łódź Şişli Ếch Αθήνα Кузнєцова 2017 – · “№”") == ()
    assert bare.families_for("Anna", "Кузнєцова") == ("Libertinus Serif",)


@pytest.mark.parametrize(
    ("text", "script"),
    [("محمد", "Arabic"), ("王小明", "Han"), ("राजेश", "Devanagari"), ("สมชาย", "Thai"), ("김민준", "Hangul")],
)
def test_without_any_font_other_scripts_are_missing_by_name(bare: FontBook, text: str, script: str) -> None:
    """The note on a badge can say which script to install."""
    assert bare.missing_scripts(f"Anna {text}") == (script,)


def test_missing_names_each_letter_once_and_in_order(bare: FontBook) -> None:
    """An officer can see which letters it is about."""
    assert bare.missing("王小王 Anna 明") == ("王", "小", "明")


def test_spaces_joiners_and_variation_marks_need_no_font(bare: FontBook) -> None:
    """A zero-width joiner in a name is no missing letter."""
    assert bare.missing("A\u00a0B\u200c\u200dC\ufe0f\t") == ()
    assert not is_inked("\u200d")
    assert is_inked("\u0301")


def test_a_font_in_a_folder_is_found_and_used(tmp_path: Path, font_with: Builder) -> None:
    """A family nobody has heard of serves, if it has the letters."""
    (tmp_path / "deep").mkdir()
    font_with(tmp_path / "deep" / "boxes.ttf", "Test Boxes", "王小明")
    book = FontBook([tmp_path])
    assert book.missing("王小明 Anna") == ()
    assert book.families_for("Anna", "王小明") == ("Libertinus Serif", "Test Boxes")
    assert book.missing("張") == ("張",)


def test_a_font_without_rules_is_not_trusted_with_joining_scripts(tmp_path: Path, font_with: Builder) -> None:
    """Letters of Arabic or Devanagari set side by side unjoined are worse than the Latin spelling."""
    font_with(tmp_path / "boxes.ttf", "Test Boxes", "محدराजेश")
    assert FontBook([tmp_path]).missing_scripts("محمد राजेश") == ("Arabic", "Devanagari")


def test_a_broken_font_file_does_not_stop_the_press(tmp_path: Path, font_with: Builder) -> None:
    """A font that nobody can read counts as not there."""
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00 no font")
    font_with(tmp_path / "cut.ttf", "Test Cut", "王")
    cut = (tmp_path / "cut.ttf").read_bytes()
    (tmp_path / "cut.ttf").write_bytes(cut[: len(cut) // 2])
    assert FontBook([tmp_path]).missing("Anna") == ()


def test_doctor_names_a_package_for_each_script_that_cannot_be_written(bare: FontBook) -> None:
    """Each gap comes with its cure, each covered script with its family."""
    coverage = {one.script: one for one in bare.coverage()}
    assert coverage["Latin"].family == "Libertinus Serif"
    assert coverage["Latin"].cure == ""
    assert coverage["Chinese"].family is None
    assert "fonts-noto-cjk" in coverage["Chinese"].cure
    assert "fonts-noto-core" in coverage["Arabic"].cure


def test_the_fixed_width_family_is_always_there(bare: FontBook) -> None:
    """Short codes are never set in a font where O and 0 look alike."""
    assert FIXED_WIDTH_FAMILY in bare.typst_fonts.families()


def test_installed_noto_fonts_write_the_names_of_the_world(installed: FontBook) -> None:
    """With Debian's Noto fonts the badge needs no Latin stand-in."""
    if not {"Noto Sans Arabic", "Noto Sans CJK SC", "Noto Sans Devanagari"} <= set(installed.typst_fonts.families()):
        pytest.skip("needs the Debian packages fonts-noto-core and fonts-noto-cjk")
    assert installed.missing("محمد Кузнєцова 王小明 राजेश Αθήνα สมชาย") == ()
    assert installed.families_for("محمد", "王")[0] == "Noto Sans"


def test_scripts_leave_digits_and_punctuation_aside() -> None:
    """A name's script is that of its letters."""
    assert scripts_of("Anna-王, 3") == {"Latin", "Han"}


def test_only_existing_folders_are_searched() -> None:
    """A machine without one of the usual places is no error."""
    assert all(folder.is_dir() for folder in system_font_folders())
