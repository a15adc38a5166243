"""Badges: from facts to a PDF with one page a badge, or to pictures for a label printer.

The order of things: every badge is prepared and inspected on its own (fonts, photo, codes, band, days); those that
would come out wrong are left out with a note that stops; the rest is laid out in one go by typst, which reports texts
that do not fit even at their smallest size; those badges are left out too. Facts reach the layout as data, never as
source. The same facts, template and fonts give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from accredit.rendering.codes import code128_png, code128_side, qr_png, qr_side, qr_version
from accredit.rendering.facts import BadgeFacts, BadgeNote, NoteCode, sample_facts
from accredit.rendering.fonts import FIXED_WIDTH_FAMILY, FontBook
from accredit.rendering.photos import looks_printable
from accredit.rendering.template_values import TemplateInvalid
from accredit.rendering.templates import Size, Template
from accredit.rendering.wording import Wording, days_line, days_of, grouped, worded

__all__ = ["BadgeFacts", "BadgeNote", "Format", "NoteCode", "Rendered", "check", "prove", "render", "sample_facts"]

_PARTS = Path(__file__).with_name("parts.typ")
_MAIN = "main.typ"
_PLACE = re.compile(r"┌─ .*?([^/\\\s]+\.typ):(\d+):\d+")
_DENSEST_QR = 12
_USUAL_QR = 8


class Format(StrEnum):
    """What comes off the press."""

    PDF = "pdf"
    PNG = "png"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was printed: `document` is the PDF (empty for PNG or when nothing could be printed), `images` one PNG a badge;
    `references` says whose badges they are, in order; `notes` what is remarkable, those that stopped a badge included.
    """

    document: bytes
    images: tuple[bytes, ...]
    references: tuple[str, ...]
    notes: tuple[BadgeNote, ...]


@dataclass(frozen=True, slots=True)
class _Prepared:
    reference: str
    entry: dict[str, Any]
    pictures: dict[str, bytes]
    notes: tuple[BadgeNote, ...]

    @property
    def stopped(self) -> bool:
        return any(note.stops for note in self.notes)


def render(
    template: Template,
    facts: Sequence[BadgeFacts],
    *,
    size: str,
    fonts: FontBook,
    fmt: Format | str = Format.PDF,
    ppi: float = 300.0,
) -> Rendered:
    """The badges of `facts`, in their order, on paper of `size` (a key of the template's sizes).

    A badge with a note that stops is left out, the others are printed. `ppi` counts for PNG only. Raises TemplateInvalid when the
    layout itself fails, KeyError for a size that the template does not have. Photos lie in a private temporary folder meanwhile.
    """
    paper = template.sizes[size]
    prepared = [_prepare(template, badge, fonts) for badge in facts]
    with TemporaryDirectory(prefix="badges-") as folder:
        press = _Press(Path(folder), template, paper, fonts)
        good = [badge for badge in prepared if not badge.stopped]
        too_long = press.set_up(good)
        if any(too_long):
            good = [badge for badge, notes in zip(good, too_long, strict=True) if not notes]
            press.set_up(good)
        pages = press.printed(Format(fmt), ppi) if good else []
    notes = [note for badge in prepared for note in badge.notes] + [note for notes in too_long for note in notes]
    references = tuple(badge.reference for badge in good)
    if fmt == Format.PDF:
        return Rendered(b"".join(pages), (), references, tuple(notes))
    return Rendered(b"", tuple(pages), references, tuple(notes))


def check(template: Template, facts: Sequence[BadgeFacts], *, size: str, fonts: FontBook) -> tuple[BadgeNote, ...]:
    """All notes that `render` would return, before paper is spent: laid out, but not printed."""
    prepared = [_prepare(template, badge, fonts) for badge in facts]
    good = [badge for badge in prepared if not badge.stopped]
    with TemporaryDirectory(prefix="badges-") as folder:
        too_long = _Press(Path(folder), template, template.sizes[size], fonts).set_up(good)
    return tuple([note for badge in prepared for note in badge.notes] + [note for notes in too_long for note in notes])


def prove(template: Template, fonts: FontBook) -> tuple[BadgeNote, ...]:
    """Prints the template's own samples in all its sizes; raises TemplateInvalid when the layout fails or drops one."""
    try:
        samples = sample_facts(template.samples)
    except (TypeError, KeyError, ValueError) as error:
        raise TemplateInvalid(
            template.key, "sample.json", f"an entry is not a badge ({error}); compare BadgeFacts"
        ) from None
    notes: list[BadgeNote] = []
    for size in template.sizes:
        rendered = render(template, samples, size=size, fonts=fonts)
        for note in rendered.notes:
            if note.stops:
                raise TemplateInvalid(template.key, f"sizes.{size}", f"sample {note.reference}: {note.message}")
        notes += rendered.notes
    return tuple(dict.fromkeys(notes))


def _prepare(template: Template, facts: BadgeFacts, fonts: FontBook) -> _Prepared:
    """One badge made ready for the layout, with all notes that need no layout."""
    words = Wording(fonts, facts.reference)
    parts, latin = words.name(facts)
    organisation = words.line(facts.organisation, "organisation")
    entry: dict[str, Any] = {
        "reference": facts.reference,
        "name": {"parts": parts, "right_to_left": worded("".join(part["text"] for part in parts))["right_to_left"]},
        "latin_name": latin,
        "organisation": worded(organisation),
        "category": words.line(facts.category_label, "category_label"),
        "event_title": words.line(facts.event_title, "event_title"),
        "event_place": words.line(facts.event_place, "event_place"),
        "slot": facts.slot or "",
        "ahead": facts.ahead,
        "short_code": grouped(facts.short_code),
        "band": _band(template, facts, words),
        "photo": None,
        **_days(template, facts, words),
    }
    codes, pictures = _codes(facts, words)
    pictures |= _printable_photo(facts, words)
    return _Prepared(facts.reference, {**entry, **codes, "fonts": words.families()}, pictures, tuple(words.notes))


def _band(template: Template, facts: BadgeFacts, words: Wording) -> dict[str, str]:
    if facts.band not in template.bands:
        known = ", ".join(template.bands)
        words.note(
            NoteCode.UNKNOWN_BAND,
            "band",
            f"the template has no band {facts.band!r}, only {known}; the neutral one is printed",
        )
    band = template.band(facts.band)
    return {"colour": band.colour, "ink": band.ink, "letter": band.letter, "shape": band.shape}


def _printable_photo(facts: BadgeFacts, words: Wording) -> dict[str, bytes]:
    if facts.photo is None:
        words.note(NoteCode.NO_PHOTO, "photo", "there is none; the badge asks the officer to check the document")
        return {}
    if not looks_printable(facts.photo):
        words.note(
            NoteCode.PHOTO_UNREADABLE, "photo", "it is not a whole JPEG; take it again. The badge is printed without"
        )
        return {}
    return {"photo": facts.photo}


def _days(template: Template, facts: BadgeFacts, words: Wording) -> dict[str, Any]:
    days = days_of(facts.opens, template.texts["months"])
    if not days:
        words.note(NoteCode.NO_DAYS, "opens", "the pass opens no day; give it a grant before it is printed")
    return {"days": days, "days_line": days_line(days)}


def _codes(facts: BadgeFacts, words: Wording) -> tuple[dict[str, Any], dict[str, bytes]]:
    version = qr_version(facts.code, largest=_DENSEST_QR) if facts.code else None
    if version is None:
        words.note(
            NoteCode.CODE_IMPOSSIBLE,
            "code",
            f"the text of the QR code is empty or too long ({len(facts.code)} characters)",
        )
    elif version > _USUAL_QR:
        words.note(NoteCode.CODE_DENSER, "code", f"the QR code is of version {version}; it is read from less far away")
    if not facts.short_code or not facts.short_code.isascii() or not facts.short_code.isprintable():
        words.note(NoteCode.CODE_IMPOSSIBLE, "short_code", "it is empty or has letters that Code 128 does not know")
        return {}, {}
    if version is None:
        return {}, {}
    return (
        {"qr": {"columns": qr_side(version)}, "bars": {"columns": code128_side(facts.short_code)}},
        {"qr": qr_png(facts.code, version=version), "bars": code128_png(facts.short_code)},
    )


class _Press:
    """One job in its own folder: everything that the layout may read lies there and nothing else."""

    def __init__(self, folder: Path, template: Template, paper: Size, fonts: FontBook) -> None:
        self._folder, self._template = folder, template
        for name, source in {**template.sources, "accredit.typ": _PARTS.read_text("utf-8")}.items():
            (folder / name).write_text(source, "utf-8")
        (folder / _MAIN).write_text(f'#include "/{template.layout}"', "utf-8")
        self._frame = {
            "title": template.title,
            "texts": template.texts,
            "size": _as_data(paper),
            "fixed_width": FIXED_WIDTH_FAMILY,
        }
        self._fonts = fonts.typst_fonts

    def set_up(self, badges: Sequence[_Prepared]) -> list[list[BadgeNote]]:
        """Lays the badges out; for each the notes on its texts that do not fit even at the smallest size."""
        notes: list[list[BadgeNote]] = [[] for _ in badges]
        if not badges:
            return notes
        pictures = _Pictures()
        data = {**self._frame, "badges": [pictures.taken_from(badge) for badge in badges]}
        (self._folder / "pictures.bin").write_bytes(b"".join(pictures.contents))
        self._compiler = typst.Compiler(
            self._folder / _MAIN,
            root=self._folder,
            font_paths=self._fonts,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
        for found in self._overflows():
            badge = badges[found["page"] - 1]
            message = f"{found['box']}: the text does not fit even at its smallest size; shorten it"
            notes[found["page"] - 1].append(BadgeNote(badge.reference, NoteCode.TEXT_TOO_LONG, found["box"], message))
        return notes

    def printed(self, fmt: Format, ppi: float) -> list[bytes]:
        """The pages that were set up as PNG, or as one PDF."""
        try:
            # Untagged: paper has no reading order, and tags would add a third to the file.
            out = self._compiler.compile(format=fmt.value, ppi=ppi, timestamp=0, pdf_tags=False)
        except typst.TypstError as error:
            raise self._invalid(error) from None
        assert out is not None
        return out if isinstance(out, list) else [out]

    def _overflows(self) -> list[dict[str, Any]]:
        try:
            found = json.loads(self._compiler.query("<overflow>", field="value"))
        except RuntimeError as error:
            # A query says what is wrong, but not where; a compilation does.
            self.printed(Format.PDF, 72)
            raise self._invalid(error) from None
        assert isinstance(found, list)
        return found

    def _invalid(self, error: RuntimeError) -> TemplateInvalid:
        place = _PLACE.search(error.diagnostic) if isinstance(error, typst.TypstError) else None
        key = f"{place[1]} line {place[2]}" if place else self._template.layout
        what = error.message if isinstance(error, typst.TypstError) else str(error)
        return TemplateInvalid(self._template.key, key, f"typst cannot lay it out: {what}; mend that line")


@dataclass(slots=True)
class _Pictures:
    """All pictures of a job in one file, because making three files a badge took a fifth of the time."""

    contents: list[bytes] = field(default_factory=list)
    length: int = 0

    def taken_from(self, badge: _Prepared) -> dict[str, Any]:
        """The badge's entry for the layout, with [start, length] for each of its pictures."""
        entry = dict(badge.entry)
        for kind, content in badge.pictures.items():
            entry[kind] = {**(entry[kind] or {}), "span": [self.length, len(content)]}
            self.contents.append(content)
            self.length += len(content)
        return entry


def _as_data(paper: Size) -> dict[str, Any]:
    boxes = {
        key: {"largest_pt": box.largest_pt, "one_line_pt": box.one_line_pt, "smallest_pt": box.smallest_pt}
        for key, box in paper.boxes.items()
    }
    plain = {"key": paper.key, "width_mm": paper.width_mm, "height_mm": paper.height_mm, "dpi": paper.dpi}
    return {**plain, "boxes": boxes}
