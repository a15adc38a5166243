"""Badges: from facts to a PDF with one page a badge, or to pictures for a label printer.

The order of things: every badge is prepared and inspected on its own (fonts, photo, codes, band, days); those that
would come out wrong are left out with a note that stops; the rest is laid out in one go by typst, which reports texts
that do not fit even at their smallest size; those badges are left out too. Facts reach the layout as data, never as
source. The same facts, template and fonts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from accredit.rendering.facts import BadgeFacts, BadgeNote, NoteCode, sample_facts
from accredit.rendering.fonts import FontBook
from accredit.rendering.preparation import prepare
from accredit.rendering.press import Press
from accredit.rendering.sheets import impose
from accredit.rendering.template_values import TemplateInvalid
from accredit.rendering.templates import Template
from accredit.rendering.workplace import workplace

__all__ = ["BadgeFacts", "BadgeNote", "Format", "NoteCode", "Rendered", "check", "prove", "render", "sample_facts"]


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


def render(
    template: Template,
    facts: Sequence[BadgeFacts],
    *,
    size: str,
    fonts: FontBook,
    fmt: Format | str = Format.PDF,
    ppi: float = 300.0,
    room: Path | None = None,
    sheet: str = "",
) -> Rendered:
    """The badges of `facts`, in their order, on paper of `size` (a key of the template's sizes), one a page.

    With `sheet` (a key of `sheets.SHEETS`) as many a page as it holds, row by row, with marks to cut along.

    A badge with a note that stops is left out, the others are printed. `ppi` counts for PNG only. Raises TemplateInvalid
    when the layout itself fails, KeyError for a size that the template does not have or a sheet that nobody knows, and
    SheetTooSmall. Photos lie in a private folder meanwhile, in `room` or among the system's temporary files; what a killed
    printing left there is removed (`workplace`).
    """
    fmt, paper = Format(fmt), template.sizes[size]
    prepared = [prepare(template, badge, fonts) for badge in facts]
    with workplace(room) as folder:
        press = Press(folder, template, paper, fonts, impose(paper, sheet) if sheet else None)
        good = [badge for badge in prepared if not badge.stopped]
        too_long = press.set_up(good)
        if any(too_long):
            good = [badge for badge, notes in zip(good, too_long, strict=True) if not notes]
            press.set_up(good)
        pages = press.printed("pdf" if fmt == Format.PDF else "png", ppi) if good else []
    notes = [note for badge in prepared for note in badge.notes] + [note for notes in too_long for note in notes]
    references = tuple(badge.reference for badge in good)
    if fmt == Format.PDF:
        return Rendered(b"".join(pages), (), references, tuple(notes))
    return Rendered(b"", tuple(pages), references, tuple(notes))


def check(
    template: Template, facts: Sequence[BadgeFacts], *, size: str, fonts: FontBook, room: Path | None = None
) -> tuple[BadgeNote, ...]:
    """All notes that `render` would return, before paper is spent: laid out, but not printed."""
    prepared = [prepare(template, badge, fonts) for badge in facts]
    good = [badge for badge in prepared if not badge.stopped]
    with workplace(room) as folder:
        too_long = Press(folder, template, template.sizes[size], fonts).set_up(good)
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
