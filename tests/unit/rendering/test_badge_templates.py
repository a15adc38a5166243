"""Templates are held against their own promises when they are loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rendering_pages import TEMPLATES, codes_on, pages_of

from accredit.domain.errors import AccreditError
from accredit.rendering.badges import prove, render, sample_facts
from accredit.rendering.fonts import FontBook
from accredit.rendering.template_values import contrast
from accredit.rendering.templates import TemplateInvalid, load_template, templates_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the special event pass to break."""
    return Path(shutil.copytree(TEMPLATES / "special-event-pass", tmp_path / "copy"))


def _changed(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("key", templates_in(TEMPLATES))
def test_every_template_prints_its_samples_in_every_size(key: str, bare: FontBook, installed: FontBook) -> None:
    """With this machine's fonts and with none, every sample comes out and both its codes are read at the printer's dots."""
    template = load_template(TEMPLATES / key)
    samples = sample_facts(template.samples)
    for fonts in (bare, installed):
        assert not [note for note in prove(template, fonts) if note.stops]
        for size, paper in template.sizes.items():
            rendered = render(template, samples, size=size, fonts=fonts)
            pages = pages_of(rendered.document, paper.dpi)
            assert len(pages) == len(samples)
            for page, sample in zip(pages, samples, strict=True):
                found = {name: code.text for name, code in codes_on(page).items()}
                assert found == {"QRCode": sample.code, "Code128": sample.short_code}


def test_bands_serve_every_category_of_the_events(template_bands: frozenset[str], event_bands: frozenset[str]) -> None:
    """No category of a shipped event falls to the neutral band."""
    assert event_bands <= template_bands


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "cure"),
    [
        ("template.toml", 'title = "', 'titel = "', "titel", "unknown key"),
        ("template.toml", 'title = "Special event pass"', "title = 3", "title", "quotation marks"),
        ("template.toml", 'layout = "layout.typ"', 'layout = "other.typ"', "layout", "no file other.typ"),
        ("template.toml", "[texts]", "[texts", "template.toml", "not readable as TOML"),
        ("template.toml", '"ahead", ', '"ahead", "passport_number", ', "fields", "'passport_number' is not a fact"),
        ("template.toml", '"ahead", ', "", "fields", "badge.ahead, which is not declared"),
        ("template.toml", "width_mm = 105", 'width_mm = "105"', "sizes.a6.width_mm", "a number from 20 to 1200"),
        ("template.toml", "dpi = 300", "dpi = 9", "sizes.a6.dpi", "a number from 100 to 2400"),
        ("template.toml", "qr_dots = 399", "qr_dots = 341", "sizes.a6.qr_dots", "too few for a printer of 300 dpi"),
        ("template.toml", "dpi = 300\nqr_dots = 399", "dpi = 203\nqr_dots = 227", "sizes.a6.qr_dots", "need 228"),
        ("template.toml", "qr_dots = 399 ", "", "sizes.a6.qr_dots", "a number from"),
        ("layout.typ", "dots(size.qr_dots)", "dots(199)", "layout.typ", "modules(badge.qr, dots(size.qr_dots))"),
        (
            "template.toml",
            "smallest_pt = 6.5",
            "smallest_pt = 99",
            "sizes.a6.boxes.event_title.largest_pt",
            "the largest",
        ),
        ("template.toml", 'ink = "#ffffff"', 'ink = "white"', "bands.stakeholder.ink", "hexadecimal"),
        ("template.toml", 'ink = "#ffffff"', 'ink = "#0a5a9f"', "bands.stakeholder.ink", "contrast"),
        ("template.toml", 'shape = "circle"', 'shape = "star"', "bands.stakeholder.shape", "choose one of"),
        ("template.toml", 'letter = "S"', 'letter = "SX"', "bands.stakeholder.letter", "exactly one letter"),
        (
            "template.toml",
            'letter = "I", shape = "square"',
            'letter = "S", shape = "circle"',
            "bands.institution",
            "same letter",
        ),
        ("template.toml", 'default_band = "other"', 'default_band = "none"', "default_band", "no band 'none'"),
        ("template.toml", '"DEC"', '"DEC", "XXX"', "texts.months", "twelve"),
        ("template.toml", 'slot = "Slot"', 'slod = "Slot"', "texts.slot", "add it to texts"),
        ("template.toml", "boxes.days =", "boxes.dayz =", "boxes.days", "add it to a size"),
        ("layout.typ", "badge.reference", "badge.passport", "fields", "badge.passport"),
        (
            "layout.typ",
            '#import "/accredit.typ": *',
            '#import "@preview/tiaoma:0.3.0": *',
            "layout.typ",
            "from the network",
        ),
        ("sample.json", "[", "{", "sample.json", "not readable as JSON"),
    ],
)
def test_what_is_wrong_is_named_by_key_with_the_cure(
    folder: Path, file: str, old: str, new: str, key: str, cure: str
) -> None:
    """Whoever writes a template is told where and what, before anything is printed."""
    _changed(folder / file, old, new)
    with pytest.raises(TemplateInvalid) as caught:
        load_template(folder)
    assert caught.value.key == key
    assert cure in caught.value.cure
    assert str(caught.value).startswith("badge template copy, ")


def test_a_field_that_is_declared_and_never_printed_is_refused(folder: Path) -> None:
    """A template that promises a slot and prints none sends people searching."""
    text = (folder / "layout.typ").read_text("utf-8").replace("badge.ahead", "false")
    (folder / "layout.typ").write_text(text, "utf-8")
    with pytest.raises(TemplateInvalid, match=r"never uses badge\.ahead"):
        load_template(folder)


@pytest.mark.parametrize("file", ["template.toml", "sample.json", "layout.typ"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    """Half a template is refused, whichever half."""
    (folder / file).unlink()
    with pytest.raises(TemplateInvalid, match=file):
        load_template(folder)


def test_a_slip_in_the_layout_is_found_by_proving_with_its_line(folder: Path, bare: FontBook) -> None:
    """The line of the layout is named, not the innards of the engine."""
    _changed(folder / "layout.typ", "#let small(", "#let small = 1 + true\n#let smaller(")
    with pytest.raises(TemplateInvalid) as caught:
        prove(load_template(folder), bare)
    assert caught.value.key == "layout.typ line 3"
    assert "cannot add integer and boolean" in caught.value.cure


def test_a_sample_that_is_no_badge_is_found_by_proving(folder: Path, bare: FontBook) -> None:
    """A misspelt fact in sample.json is named."""
    _changed(folder / "sample.json", '"surname"', '"family_name"')
    with pytest.raises(TemplateInvalid, match="family_name"):
        prove(load_template(folder), bare)


def test_a_template_error_is_one_of_ours() -> None:
    """Commands and pages turn it into a sentence like every other broken promise."""
    assert issubclass(TemplateInvalid, AccreditError)


def test_contrast_follows_its_definition() -> None:
    """Black on white is 21 to 1, a colour on itself 1 to 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#336699", "#336699") == pytest.approx(1)
