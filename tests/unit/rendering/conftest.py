"""What the tests of the rendering room share: the real template, books of fonts, made-up facts, and an eye for pages."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from rendering_pages import TEMPLATES

from accredit.rendering.facts import BadgeFacts
from accredit.rendering.fonts import FontBook, system_font_folders
from accredit.rendering.photos import stand_in_portrait
from accredit.rendering.templates import Template, load_template

PLAIN = BadgeFacts(
    reference="SEP-7K3M-9QXZ",
    surname="Specimen",
    given_names="Anna",
    latin_name="SPECIMEN ANNA",
    organisation="Example Institute",
    category_label="Academic",
    band="stakeholder",
    code="SEP1:" + "0A9Z $%*+-./:" * 16 + "12345678",
    short_code="7K3M9QXZ0",
    opens=(date(2017, 10, 11), date(2017, 10, 12), date(2017, 10, 13)),
    event_title="Second informal hearing",
    event_place="Palais des Nations, Geneva",
    photo=stand_in_portrait(1),
)


@pytest.fixture(scope="session")
def template() -> Template:
    """The special event pass."""
    return load_template(TEMPLATES / "special-event-pass")


@pytest.fixture(scope="session")
def bare() -> FontBook:
    """A machine without any font: only those inside typst."""
    return FontBook()


@pytest.fixture(scope="session")
def installed() -> FontBook:
    """The fonts of this machine, whatever they are."""
    return FontBook(system_font_folders())


@pytest.fixture
def facts() -> Callable[..., BadgeFacts]:
    """A valid badge of a made-up person; a test names only what matters to it."""
    return lambda **changes: replace(PLAIN, **changes)


@pytest.fixture(scope="session")
def font_with() -> Callable[[Path, str, str], None]:
    """Builds a font file of boxes that has exactly these letters, and no rules of substitution."""

    def build(path: Path, family: str, letters: str) -> None:
        names = [".notdef", "space", *(f"u{ord(letter):X}" for letter in letters)]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder(names)
        builder.setupCharacterMap({32: "space", **{ord(letter): f"u{ord(letter):X}" for letter in letters}})
        pen = TTGlyphPen(None)
        pen.moveTo((100, 0))
        for corner in ((100, 700), (800, 700), (800, 0)):
            pen.lineTo(corner)
        pen.closePath()
        box = pen.glyph()
        builder.setupGlyf(dict.fromkeys(names, box))
        builder.setupHorizontalMetrics(dict.fromkeys(names, (900, 0)))
        builder.setupHorizontalHeader(ascent=900, descent=-200)
        builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
        builder.setupOS2()
        builder.setupPost()
        builder.save(path)

    return build


@pytest.fixture(scope="session")
def template_bands(template: Template) -> frozenset[str]:
    """The keys of the bands that the special event pass can print."""
    return frozenset(template.bands)


@pytest.fixture(scope="session")
def event_bands() -> frozenset[str]:
    """The bands that the categories of all shipped events name."""
    files = sorted((TEMPLATES.parent / "accredit" / "data" / "events").glob("*.toml"))
    events = [tomllib.loads(path.read_text("utf-8")) for path in files]
    return frozenset(category["band"] for event in events for category in event["categories"])
