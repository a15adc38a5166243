"""Several badges on one sheet, and where it is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
import zxingcpp
from PIL import Image
from rendering_pages import pages_of, texts_of

from accredit.rendering.badges import render
from accredit.rendering.facts import BadgeFacts, NoteCode
from accredit.rendering.fonts import FontBook
from accredit.rendering.sheets import SheetTooSmall, impose
from accredit.rendering.templates import Size, Template

Facts = Callable[..., BadgeFacts]
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def _paper(template: Template, size: str, **changes: float) -> Size:
    return replace(template.sizes[size], **changes)


@pytest.mark.parametrize(("size", "count"), [("a6", 4), ("cr80", 10)])
def test_a_sheet_holds_as_many_as_fit(template: Template, size: str, count: int) -> None:
    """Four of A6, ten cards; none touches the edge of another, or leaves the sheet."""
    laid = impose(template.sizes[size], "a4")
    assert len(laid.places) == count
    covered: set[tuple[int, int]] = set()
    for left, top in laid.places:
        assert 0 <= left <= laid.width - laid.badge_width
        assert 0 <= top <= laid.height - laid.badge_height
        corners = {(x // 10, y // 10) for x in range(left + 10, left + laid.badge_width - 10, 10)
                   for y in range(top + 10, top + laid.badge_height - 10, 10)}  # fmt: skip
        assert not covered & corners
        covered |= corners


def test_a_badge_keeps_its_size_on_the_sheet(template: Template) -> None:
    """To the dot: what was measured for the codes holds here, too."""
    laid = impose(template.sizes["a6"], "a4")
    assert (laid.width, laid.height, laid.badge_width, laid.badge_height) == (2480, 3508, 1240, 1748)


def test_bleed_is_kept_where_it_costs_no_badge(template: Template) -> None:
    """Two millimetres around each card, none around A6, which fills the sheet."""
    assert impose(template.sizes["cr80"], "a4").bleed == round(2 * 300 / 25.4)
    assert impose(template.sizes["a6"], "a4").bleed == 0
    assert impose(_paper(template, "cr80", bleed_mm=0), "a4").bleed == 0


def test_wide_badges_turn_the_sheet(template: Template) -> None:
    """Two of A5 lie side by side on A4 across."""
    laid = impose(_paper(template, "a6", width_mm=148, height_mm=200), "a4")
    assert laid.width > laid.height
    assert len(laid.places) == 2


def test_what_is_larger_than_the_sheet_is_refused(template: Template) -> None:
    """A3 does not fit A4, and nobody knows a sheet of another name."""
    with pytest.raises(SheetTooSmall, match="larger than a4"):
        impose(_paper(template, "a6", width_mm=297, height_mm=420), "a4")
    with pytest.raises(KeyError):
        impose(template.sizes["a6"], "a5")


def test_marks_stand_at_every_edge_that_is_cut(template: Template, bare: FontBook, facts: Facts) -> None:
    """Where badges touch, a line at the edge of the sheet and a cross in the middle, both on white."""
    [page] = pages_of(render(template, [facts()] * 4, size="a6", fonts=bare, sheet="a4").document)
    middle = (page.width // 2, page.height // 2)
    for x, y in ((middle[0], 30), (middle[0], page.height - 30), (30, middle[1]), (page.width - 30, middle[1]), middle):
        around = page.crop((x - 6, y - 6, x + 7, y + 7))
        assert around.getextrema()[0] < 128, (x, y)
        assert around.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)) > 128, (x, y)


def test_a_text_too_long_is_told_of_the_right_badge(template: Template, bare: FontBook, facts: Facts) -> None:
    """Of seven on two sheets the sixth is left out, and the others move up."""
    badges = [facts(reference=f"R{number}") for number in range(7)]
    badges[5] = facts(reference="R5", organisation="Office " * 430)
    rendered = render(template, badges, size="a6", fonts=bare, sheet="a4")
    assert [(note.reference, note.code) for note in rendered.notes] == [("R5", NoteCode.TEXT_TOO_LONG)]
    assert rendered.references == ("R0", "R1", "R2", "R3", "R4", "R6")
    first, second = texts_of(rendered.document)
    assert [f"R{number}" in first.split() for number in range(7)] == [True] * 4 + [False] * 3
    assert "R4" in second.split()
    assert "R6" in second.split()


@pytest.mark.parametrize("count", [22, pytest.param(500, marks=pytest.mark.soak)])
@pytest.mark.parametrize("size", ["a6", "cr80"])
def test_every_code_of_every_sheet_decodes(
    template: Template, installed: FontBook, facts: Facts, size: str, count: int
) -> None:
    """At 300 dots an inch, all of them, and in the order of the badges from page to page."""
    badges = [
        facts(reference=f"R{number}", code="SEP1:" + _letters(number, 216, 45), short_code=_letters(number, 9, 32))
        for number in range(count)
    ]
    rendered = render(template, badges, size=size, fonts=installed, sheet="a4")
    a_page = len(impose(template.sizes[size], "a4").places)
    pages = pages_of(rendered.document)
    assert len(pages) == -(-count // a_page)
    for number, page in enumerate(pages):
        there = badges[number * a_page : (number + 1) * a_page]
        assert _codes(page) == sorted([badge.code for badge in there] + [badge.short_code for badge in there])


def _codes(page: Image.Image) -> list[str]:
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
    return sorted(found.text for found in zxingcpp.read_barcodes(page, formats=formats))


def _letters(number: int, length: int, base: int) -> str:
    blocks = b"".join(sha256(f"{number}/{block}".encode()).digest() for block in range(length // 32 + 1))
    return "".join(LETTERS[byte % base] for byte in blocks[:length])
