"""What a person sees on a badge: nothing hides, touches or tears anything else."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from itertools import groupby

import pypdfium2
import pytest
from PIL import Image
from rendering_pages import pages_of

from accredit.rendering.badges import render
from accredit.rendering.codes import QR_QUIET_ZONE, qr_png
from accredit.rendering.facts import BadgeFacts
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import Template

Facts = Callable[..., BadgeFacts]


@pytest.mark.parametrize(("size", "left", "top", "dots"), [("a6", 31, 1325, 7), ("cr80", 666, 295, 6)])
def test_no_module_of_the_qr_is_hidden(
    template: Template, bare: FontBook, facts: Facts, size: str, left: int, top: int, dots: int
) -> None:
    """Every module stands on the page as it was drawn: the white around the bars covers none of them."""
    badge = facts(ahead=True, slot="1042")
    [page] = pages_of(render(template, [badge], size=size, fonts=bare).document)
    with Image.open(io.BytesIO(qr_png(badge.code))) as drawn:
        modules, side = drawn.convert("L"), drawn.width
    wrong = [
        (across, down)
        for across in range(QR_QUIET_ZONE, side - QR_QUIET_ZONE)
        for down in range(QR_QUIET_ZONE, side - QR_QUIET_ZONE)
        if page.getpixel((left + across * dots + dots // 2, top + down * dots + dots // 2))
        != modules.getpixel((across, down))
    ]
    assert wrong == []


@pytest.mark.parametrize("size", ["a6", "cr80"])
@pytest.mark.parametrize(
    ("given_names", "surname"),
    [
        ("Anna-Élodie Çağla Maria", "Müller-Lüdenscheidt-Weiß"),
        ("Екатерина Владимировна", "Кузнецова-Преображенская"),
    ],
    ids=["latin", "cyrillic"],
)
def test_a_name_is_broken_between_given_names_and_surname(
    template: Template, bare: FontBook, facts: Facts, size: str, given_names: str, surname: str
) -> None:
    """Where one line is too short, the surname has its own, and its hyphen tears it nowhere."""
    badge = facts(surname=surname, given_names=given_names)
    lines = _lines(render(template, [badge], size=size, fonts=bare).document)
    assert [line for line in lines if line in (given_names, surname)] == [given_names, surname]


@pytest.mark.parametrize(
    "name",
    ["စန်းစုကြည်", "ಕೃಷ್ಣ ಲಕ್ಷ್ಮಿ", "స్త్రీ లక్ష్మి", "ស្រីស្រស់", "لِإبراهيم ےج", "ஸ்ரீலட்சுமி", "സ്ത്രീ ലക്ഷ്മി", "THẾ ẨN"],
    ids=["Myanmar", "Kannada", "Telugu", "Khmer", "Arabic", "Tamil", "Malayalam", "Vietnamese"],
)
def test_letters_that_hang_low_touch_no_other_line(
    template: Template, installed: FontBook, facts: Facts, name: str
) -> None:
    """Between a name in its own script and the Latin spelling below there is white, on the small card too."""
    if installed.missing(name):
        pytest.skip("no installed font writes this script")
    badge = facts(surname=name, given_names="", latin_name="HHHH")
    [page] = pages_of(render(template, [badge], size="cr80", fonts=installed).document)
    between = page.crop((_dots(21.5), _dots(13.6), _dots(60), _dots(25)))
    rows = ((between.crop((0, row, between.width, row + 1)).getextrema()[0] < 128) for row in range(between.height))
    assert [inked for inked, _ in groupby(rows)][-4:] == [True, False, True, False]


def test_days_drawn_together_have_a_wider_box(template: Template, bare: FontBook, facts: Facts) -> None:
    """ "2–8" has the room of three figures beside "10": its figures stay as large as those of other days."""
    opens = tuple(date(2017, 10, day) for day in (2, 3, 4, 5, 6, 7, 8, 10))
    document = render(template, [facts(opens=opens)], size="a6", fonts=bare).document
    assert _height_of(document, "2–8") == pytest.approx(_height_of(document, "10"), rel=0.06)
    assert _height_of(document, "10") >= 9 * 72 / 25.4


def _dots(millimetres: float) -> int:
    return round(millimetres * 300 / 25.4)


def _lines(document: bytes) -> list[str]:
    with pypdfium2.PdfDocument(document) as pdf:
        return [line.strip() for line in pdf[0].get_textpage().get_text_range().splitlines()]


def _height_of(document: bytes, words: str) -> float:
    with pypdfium2.PdfDocument(document) as pdf:
        page = pdf[0].get_textpage()
        found = page.search(words, match_whole_word=True).get_next()
        assert found is not None
        _, bottom, _, top = page.get_charbox(found[0])
        return float(top - bottom)
