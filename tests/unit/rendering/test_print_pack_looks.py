"""The list for a desk without server, as a person sees it."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pytest

from accredit.rendering.fonts import FontBook
from accredit.rendering.print_pack import PackRow, render_pack

MILLIMETRE = 72 / 25.4
NAME_ENDS = 9 + 24 + 62


def _pressed(fonts: FontBook, name: str, latin: str, organisation: str = "Office") -> bytes:
    row = PackRow("SEP-7K3M-9QXZ", name, latin, organisation, "1974", "12")
    return render_pack([row], fonts, title="Hearing", made="1 person", rule="Look at the document.")


def _boxes(document: bytes, words: str) -> Iterator[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each sign of `words`, in points."""
    with pypdfium2.PdfDocument(document) as pdf:
        page = pdf[0].get_textpage()
        found = page.search(words).get_next()
        assert found is not None, words
        yield from [page.get_charbox(found[0] + index) for index in range(found[1])]


def test_a_word_wider_than_its_column_breaks(bare: FontBook) -> None:
    """A surname of 60 letters goes on in the next line and over no other column; shorter words stay whole."""
    surname = "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaft"
    document = _pressed(bare, f"{surname}, Hubert Maximilian", surname.upper())
    with pypdfium2.PdfDocument(document) as pdf:
        page = pdf[0].get_textpage()
        beside = page.get_text_bounded(NAME_ENDS * MILLIMETRE, 0, 150 * MILLIMETRE, 595)
        name = page.get_text_bounded(33 * MILLIMETRE, 0, NAME_ENDS * MILLIMETRE, 180 * MILLIMETRE)
    assert "gewissenhaft" not in beside
    assert "GEWISSENHAFT" not in beside
    assert "Hubert" in name


@pytest.mark.parametrize("name", ["အောင် စန်းစုကြည်", "ರಾಷ್ಟ್ರಕೂಟ", "স্ত্রী"], ids=["Myanmar", "Kannada", "Bengali"])
def test_names_touch_no_latin_line(installed: FontBook, name: str) -> None:
    """The Latin spelling stands below whatever hangs from the name."""
    if installed.missing(name):
        pytest.skip("no installed font writes this script")
    document = _pressed(installed, name, "HHHH")
    top_of_latin = max(top for _, _, _, top in _boxes(document, "HHHH"))
    with pypdfium2.PdfDocument(document) as pdf:
        page = pdf[0].render(scale=300 / 72).to_pil().convert("L")
        high = pdf[0].get_height()
    row = round((high - top_of_latin) * 300 / 72) - 2
    above = page.crop((round(34 * 300 / 25.4), row, round(60 * 300 / 25.4), row + 1))
    assert above.getextrema()[0] > 200


def test_a_text_from_right_to_left_keeps_its_order(bare: FontBook) -> None:
    """What follows it in Latin letters stands at its left, where a reader goes on."""
    hebrew = "דוד"
    if bare.missing(hebrew):
        pytest.skip("the fonts inside the layout write no Hebrew")
    document = _pressed(bare, "Specimen", "", f"{hebrew} NGO")
    [(ngo, *_), *_] = _boxes(document, "NGO")
    with pypdfium2.PdfDocument(document) as pdf:
        page = pdf[0].get_textpage()
        letters = [
            page.get_charbox(index)[0] for index in range(page.count_chars()) if page.get_text_range(index, 1) in hebrew
        ]
    assert letters
    assert ngo < min(letters)
