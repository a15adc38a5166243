"""A template made by following badge_templates/README.md, from nothing: a label for another printer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rendering_pages import codes_on, pages_of, texts_of

from accredit.rendering.badges import prove, render, sample_facts
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import TemplateInvalid, load_template

SETTINGS = """
title = "Visitor label"
layout = "label.typ"
default_band = "visitor"
fields = ["band", "bars", "category", "days_line", "name", "qr", "short_code", "slot"]

[texts]
heading = "Visitor"
months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

[sizes.label]
width_mm = 100
height_mm = 60
bleed_mm = 0
dpi = 203
qr_dots = 285
printer = "label"
boxes.name = { largest_pt = 20, one_line_pt = 12, smallest_pt = 6 }
boxes.category = { largest_pt = 16, one_line_pt = 10, smallest_pt = 6 }

[bands.visitor]
colour = "#ffffff"
ink = "#000000"
letter = "V"
shape = "circle"
"""
LAYOUT = """
#import "/accredit.typ": *
#badges(badge => {
  place(dx: 3mm, dy: 2mm, text(size: 14pt, weight: "bold", [#texts.heading #badge.slot]))
  let turned = badge.name.right_to_left
  place(dx: 3mm, dy: 9mm, fit("name", badge.name.parts, 60mm, 14mm, right-to-left: turned, position: left + horizon))
  place(dx: 3mm, dy: 24mm, mark(badge.band, 9mm))
  place(dx: 14mm, dy: 24mm, fit("category", plain(badge.category), 48mm, 9mm, position: left + horizon))
  place(dx: 3mm, dy: 35mm, text(size: 12pt, badge.days_line))
  place(dx: dots(510), dy: dots(40), modules(badge.qr, dots(size.qr_dots)))
  place(dx: 0mm, dy: 42mm, modules(badge.bars, dots(480), height: 11mm))
  place(dx: 3mm, dy: 54mm, text(size: 10pt, badge.short_code))
})
"""
SAMPLES = [
    {"reference": "VIS-0001", "surname": "Specimen", "given_names": "Zoë", "latin_name": "SPECIMEN ZOE",
     "organisation": "Example Institute", "band": "visitor", "category_label": "Visitor for a day", "short_code": "0A1B2C3D4",
     "opens": ["2017-10-11"], "event_title": "Hearing", "event_place": "Geneva", "slot": "7"}
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The new template, as its author leaves it."""
    made = tmp_path / "visitor-label"
    made.mkdir()
    (made / "template.toml").write_text(SETTINGS, "utf-8")
    (made / "label.typ").write_text(LAYOUT, "utf-8")
    (made / "sample.json").write_text(json.dumps(SAMPLES), "utf-8")
    return made


def test_a_new_template_prints_and_is_read(folder: Path, bare: FontBook) -> None:
    """On a label of 203 dots an inch, and four on a sheet; both codes are read from the page."""
    template = load_template(folder)
    assert not [note for note in prove(template, bare) if note.stops]
    samples = sample_facts(template.samples)
    [page] = pages_of(render(template, samples, size="label", fonts=bare).document, 203)
    assert {name: code.text for name, code in codes_on(page).items()} == {
        "QRCode": samples[0].code,
        "Code128": "0A1B2C3D4",
    }
    [sheet] = texts_of(render(template, samples * 4, size="label", fonts=bare, sheet="a4").document)
    assert sheet.count("Visitor 7") == 4


def test_a_slip_of_its_author_is_named(folder: Path) -> None:
    """A field that the layout uses and the settings forget."""
    text = (folder / "template.toml").read_text("utf-8").replace('"slot"', '"photo"')
    (folder / "template.toml").write_text(text, "utf-8")
    with pytest.raises(TemplateInvalid, match=r"badge\.slot, which is not declared"):
        load_template(folder)
