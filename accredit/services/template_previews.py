"""Badge templates as the administrators see them: checked, with their fields, and printed with their made-up people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from accredit.rendering.badges import BadgeNote, Format, NoteCode, check, render, sample_facts
from accredit.rendering.fonts import FontBook, ScriptCoverage, system_font_folders
from accredit.rendering.template_values import TemplateInvalid
from accredit.rendering.templates import Template, load_template, templates_in

PREVIEW_PPI = 110.0


@dataclass(frozen=True, slots=True)
class SizeLine:
    """One paper size of a template."""

    key: str
    width_mm: float
    height_mm: float
    dpi: int
    printer: str


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template. `broken` says what is wrong with it, or is empty; the rest is then empty too."""

    key: str
    title: str = ""
    fields: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    sizes: tuple[SizeLine, ...] = ()
    samples: int = 0
    missing_fonts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    broken: str = ""


def template_lines(folder: Path, fonts: FontBook) -> tuple[TemplateLine, ...]:
    """Every template in the folder, loaded and checked; one that cannot be used says why."""
    return tuple(_line(folder / key, fonts) for key in templates_in(folder))


def _line(folder: Path, fonts: FontBook) -> TemplateLine:
    try:
        template = load_template(folder)
        notes = _notes(template, fonts)
    except TemplateInvalid as fault:
        return TemplateLine(folder.name, broken=str(fault))
    return TemplateLine(
        key=template.key,
        title=template.title,
        fields=tuple(sorted(template.fields)),
        bands=tuple(template.bands),
        sizes=tuple(
            SizeLine(one.key, one.width_mm, one.height_mm, one.dpi, one.printer) for one in template.sizes.values()
        ),
        samples=len(template.samples),
        missing_fonts=tuple(dict.fromkeys(note.message for note in notes if note.code is NoteCode.SCRIPT_WITHOUT_FONT)),
        notes=tuple(f"{note.reference}: {note.message}" for note in notes if note.stops),
    )


def _notes(template: Template, fonts: FontBook) -> list[BadgeNote]:
    facts = sample_facts(template.samples)
    return [note for size in template.sizes for note in check(template, facts, size=size, fonts=fonts)]


def scripts_without_font(fonts: FontBook) -> tuple[ScriptCoverage, ...]:
    """The scripts in which names come and that no font of this machine writes, each with its cure."""
    return tuple(one for one in fonts.coverage() if one.family is None)


def preview(folder: Path, fonts: FontBook, key: str, size: str, number: int) -> bytes | None:
    """A picture (PNG) of one sample on paper of this size; None where there is no such template, size or sample."""
    if key not in templates_in(folder):
        return None
    stamps = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in (folder / key).iterdir()))
    return _preview(folder / key, fonts, size, number, stamps)


@lru_cache(maxsize=32)
def _preview(
    folder: Path, fonts: FontBook, size: str, number: int, _stamps: tuple[tuple[str, int], ...]
) -> bytes | None:
    """Kept while the files of the template stay the same."""
    try:
        template = load_template(folder)
    except TemplateInvalid:
        return None
    facts = sample_facts(template.samples)
    if size not in template.sizes or not 0 <= number < len(facts):
        return None
    images = render(
        template, facts[number : number + 1], size=size, fonts=fonts, fmt=Format.PNG, ppi=PREVIEW_PPI
    ).images
    return images[0] if images else None


@cache
def system_fonts() -> FontBook:
    """The fonts of this machine; looked up once in a process."""
    return FontBook(system_font_folders())
