"""Badge templates: a folder with `template.toml`, a typst layout and `sample.json`, read and held against its own promises.

Everything that can be wrong with a template is found when it is loaded, and named by its key with the cure, so that no
desk learns of it from a printer.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accredit.rendering.codes import QR_VERSION, qr_side
from accredit.rendering.template_values import Reader, TemplateInvalid, contrast

__all__ = ["FIELDS", "SHAPES", "Band", "Box", "Size", "Template", "TemplateInvalid", "load_template", "templates_in"]

FIELDS = frozenset(
    ("ahead", "band", "bars", "category", "days", "days_line", "event_place", "event_title", "latin_name", "name",
     "organisation", "photo", "qr", "reference", "short_code", "slot")
)  # fmt: skip
"""What a layout may write as `badge.<field>`; `fonts` is set for it."""

SHAPES = frozenset(("circle", "square", "diamond", "triangle", "pentagon", "hexagon", "octagon", "shield"))
_SETTINGS = frozenset(("title", "layout", "default_band", "fields", "texts", "sizes", "bands"))
_BADGE_FIELD = re.compile(r"\bbadge\.([a-z_]+)")
_TEXT_KEY = re.compile(r"\btexts\.([a-z_]+)")
_BOX_KEY = re.compile(r"""\bfit\(\s*"([a-z_]+)\"""")
_COMMENT = re.compile(r"(?m)(?<!:)//.*$")
_PACKAGE = re.compile(r"""(?:import|include)\s*"@([^"]*)""")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_QR_DRAWN = re.compile(r"\bbadge\.qr\b")
_QR_DRAWN_IN_ITS_BOX = re.compile(r"\bmodules\(\s*badge\.qr\s*,\s*dots\(\s*size\.qr_dots\s*\)")
_READABLE_CONTRAST = 4.5
# Below it a hand-held camera must come nearer than people hold a badge; a printer's ink then closes the gaps as well.
_SMALLEST_MODULE_MM = 0.5
_MM_AN_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Box:
    """How a text is fitted: from `largest_pt` down to `one_line_pt` on one line, then over lines down to `smallest_pt`."""

    largest_pt: float
    one_line_pt: float
    smallest_pt: float


@dataclass(frozen=True, slots=True)
class Size:
    """One paper size of a template, in millimetres, for printers of `dpi` dots an inch; `printer` is their class.

    `qr_dots` is the side of the QR's box with its white, in dots of the printer; 0 where the template draws no QR.
    `bleed_mm` is how far the layout prints beyond the edges, so that a cut beside the line shows no white.
    """

    key: str
    width_mm: float
    height_mm: float
    dpi: int
    qr_dots: int
    printer: str
    boxes: Mapping[str, Box]
    bleed_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Band:
    """The look of one category: colours, and a letter in a shape for whoever does not see them."""

    key: str
    colour: str
    ink: str
    letter: str
    shape: str


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template; `samples` are the raw entries of sample.json, `sources` all .typ files of the folder by name."""

    key: str
    title: str
    default_band: str
    fields: frozenset[str]
    texts: Mapping[str, Any]
    sizes: Mapping[str, Size]
    bands: Mapping[str, Band]
    layout: str
    sources: Mapping[str, str]
    samples: tuple[Mapping[str, Any], ...]

    def band(self, key: str) -> Band:
        """The band of that key, or the default one."""
        return self.bands.get(key) or self.bands[self.default_band]


def load_template(folder: Path) -> Template:
    """The template in `folder`. Raises TemplateInvalid, which names the file or key at fault and the cure."""
    settings = _settings(folder)
    read = Reader(folder.name, settings)
    read.only(_SETTINGS)
    layout = read.text("layout")
    sources = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.typ"))}
    if layout not in sources:
        raise TemplateInvalid(folder.name, "layout", f"the folder has no file {layout}; write it or correct the name")
    fields = _fields(read)
    template = Template(
        key=folder.name,
        title=read.text("title"),
        default_band=read.text("default_band"),
        fields=fields,
        texts=_texts(read),
        sizes={key: _size(table, key, "qr" in fields) for key, table in read.tables("sizes")},
        bands={key: _band(table, key) for key, table in read.tables("bands")},
        layout=layout,
        sources=sources,
        samples=_samples(folder),
    )
    _bands_differ(template)
    _layout_keeps_its_word(template)
    return template


def templates_in(folder: Path) -> tuple[str, ...]:
    """The keys of the templates that lie in `folder`, sorted; not loaded yet."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/template.toml")))


def _settings(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / "template.toml").read_text("utf-8"))
    except FileNotFoundError:
        raise TemplateInvalid(folder.name, "template.toml", f"there is no such file in {folder}; add it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateInvalid(folder.name, "template.toml", f"not readable as TOML ({error}); mend that line") from None


def _samples(folder: Path) -> tuple[Mapping[str, Any], ...]:
    try:
        samples = json.loads((folder / "sample.json").read_text("utf-8"))
    except FileNotFoundError:
        raise TemplateInvalid(folder.name, "sample.json", "add one with the facts of a few made-up people") from None
    except ValueError as error:
        raise TemplateInvalid(folder.name, "sample.json", f"not readable as JSON ({error}); mend that place") from None
    if not isinstance(samples, list) or not samples or not all(isinstance(sample, dict) for sample in samples):
        raise TemplateInvalid(folder.name, "sample.json", "write a list of one or more objects, one for each badge")
    return tuple(samples)


def _fields(read: Reader) -> frozenset[str]:
    fields = read.names("fields")
    for field in sorted(fields - FIELDS):
        read.refuse("fields", f"{field!r} is not a fact of a badge; choose from {', '.join(sorted(FIELDS))}")
    return fields


def _texts(read: Reader) -> Mapping[str, Any]:
    texts = read.table("texts").values
    months = texts.get("months")
    if not isinstance(months, list) or len(months) != 12 or not all(isinstance(month, str) for month in months):
        read.refuse("texts.months", "write a list of the twelve short names of the months, January first")
    return texts


def _size(read: Reader, key: str, has_qr: bool) -> Size:
    read.only(frozenset(("width_mm", "height_mm", "bleed_mm", "dpi", "qr_dots", "printer", "boxes")))
    dpi = int(read.number("dpi", 100, 2400))
    return Size(
        key,
        read.number("width_mm", 20, 1200),
        read.number("height_mm", 20, 1200),
        dpi,
        _qr_dots(read, dpi) if has_qr else 0,
        read.text("printer"),
        {name: _box(box) for name, box in read.tables("boxes")},
        read.number("bleed_mm", 0, 10) if "bleed_mm" in read.values else 0.0,
    )


def _qr_dots(read: Reader, dpi: int) -> int:
    """The side of the QR's box, large enough for modules of whole dots that a camera in a hand can read."""
    dots, modules = int(read.number("qr_dots", 1, 10_000)), qr_side(QR_VERSION)
    each = math.ceil(_SMALLEST_MODULE_MM * dpi / _MM_AN_INCH)
    if dots < modules * each:
        read.refuse(
            "qr_dots",
            f"{dots} dots are too few for a printer of {dpi} dpi: {modules} modules of at least {_SMALLEST_MODULE_MM} mm"
            f" in whole dots, the white around included, need {modules * each}; make the box of the QR larger",
        )
    return dots


def _box(read: Reader) -> Box:
    read.only(frozenset(("largest_pt", "one_line_pt", "smallest_pt")))
    box = Box(*(read.number(name, 3, 200) for name in ("largest_pt", "one_line_pt", "smallest_pt")))
    if not box.largest_pt >= box.one_line_pt >= box.smallest_pt:
        read.refuse("largest_pt", "make largest_pt the largest, one_line_pt the next and smallest_pt the smallest")
    return box


def _band(read: Reader, key: str) -> Band:
    read.only(frozenset(("colour", "ink", "letter", "shape")))
    band = Band(key, *(read.text(name) for name in ("colour", "ink", "letter", "shape")))
    for name in ("colour", "ink"):
        if not _COLOUR.fullmatch(getattr(band, name)):
            read.refuse(name, "write the colour as # and six hexadecimal digits, e.g. #00539b")
    if contrast(band.colour, band.ink) < _READABLE_CONTRAST:
        read.refuse("ink", f"its contrast with colour is below {_READABLE_CONTRAST}; take a lighter or a darker ink")
    if band.shape not in SHAPES:
        read.refuse("shape", f"choose one of {', '.join(sorted(SHAPES))}")
    if len(band.letter) != 1:
        read.refuse("letter", "write exactly one letter")
    return band


def _bands_differ(template: Template) -> None:
    if template.default_band not in template.bands:
        raise TemplateInvalid(
            template.key, "default_band", f"there is no band {template.default_band!r}; add it to bands"
        )
    seen: dict[tuple[str, str], str] = {}
    for band in template.bands.values():
        other = seen.setdefault((band.letter, band.shape), band.key)
        if other != band.key:
            raise TemplateInvalid(
                template.key, f"bands.{band.key}", f"{other!r} has the same letter and shape; change one of them"
            )


def _layout_keeps_its_word(template: Template) -> None:
    source = "\n".join(_COMMENT.sub("", text) for text in template.sources.values())
    package = _PACKAGE.search(source)
    if package:
        raise TemplateInvalid(
            template.key,
            template.layout,
            f"it would fetch the package @{package[1]} from the network; copy what it needs beside the layout",
        )
    used = set(_BADGE_FIELD.findall(source)) - {"fonts"}
    for field in sorted(used - template.fields):
        cure = "add it to fields" if field in FIELDS else f"choose from {', '.join(sorted(FIELDS))}"
        raise TemplateInvalid(template.key, "fields", f"the layout uses badge.{field}, which is not declared; {cure}")
    for field in sorted(template.fields - used):
        raise TemplateInvalid(
            template.key, "fields", f"the layout never uses badge.{field}; print it or take it out of fields"
        )
    for key in sorted(set(_TEXT_KEY.findall(source)) - set(template.texts)):
        raise TemplateInvalid(template.key, f"texts.{key}", "the layout uses this text; add it to texts")
    if len(_QR_DRAWN.findall(source)) != len(_QR_DRAWN_IN_ITS_BOX.findall(source)):
        cure = "draw the QR with modules(badge.qr, dots(size.qr_dots)), so that it has the room that qr_dots promises"
        raise TemplateInvalid(template.key, template.layout, cure)
    boxes = {key for size in template.sizes.values() for key in size.boxes}
    for key in sorted(set(_BOX_KEY.findall(source)) - boxes):
        raise TemplateInvalid(template.key, f"boxes.{key}", "the layout fits a text into this box; add it to a size")
