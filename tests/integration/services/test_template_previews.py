"""Badge templates as the administrators see them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from accredit.rendering.fonts import FontBook
from accredit.services.template_previews import preview, scripts_without_font, template_lines

TEMPLATES = Path(__file__).resolve().parents[3] / "badge_templates"
WITHOUT_FONTS = FontBook(())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good template and one that is broken."""
    shutil.copytree(TEMPLATES / "special-event-pass", tmp_path / "good")
    shutil.copytree(TEMPLATES / "special-event-pass", tmp_path / "broken")
    (tmp_path / "broken" / "template.toml").write_text("title = \n", "utf-8")
    return tmp_path


def test_every_template_is_listed_with_what_it_has(folder: Path) -> None:
    """Its fields, sizes and bands; a broken one with the key and the cure."""
    broken, good = template_lines(folder, WITHOUT_FONTS)
    assert good.broken == ""
    assert {"name", "photo", "qr"} <= set(good.fields)
    assert {size.key for size in good.sizes} == {"a6", "cr80"}
    assert good.samples > 1
    assert "template.toml" in broken.broken


def test_scripts_that_no_font_writes_are_named(folder: Path) -> None:
    """With the fonts inside the layout program alone there is no Arabic and no Chinese, and the cure is told."""
    [_, good] = template_lines(folder, WITHOUT_FONTS)
    assert any("Arabic" in words for words in good.missing_fonts)
    missing = {one.script: one.cure for one in scripts_without_font(WITHOUT_FONTS)}
    assert "fonts-noto-cjk" in missing["Chinese"]
    assert "Cyrillic" not in missing


def test_a_sample_is_printed_as_a_picture(folder: Path) -> None:
    """In each size; what does not exist is none, nor is anything outside the folder."""
    picture = preview(folder, WITHOUT_FONTS, "good", "a6", 0)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    for key, size, number in (("good", "a6", 999), ("good", "a0", 0), ("broken", "a6", 0), ("../good", "a6", 0)):
        assert preview(folder, WITHOUT_FONTS, key, size, number) is None
