"""The press: lays badges out with typst in a folder of its own, asks what did not fit, and prints."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import typst

from accredit.rendering.facts import BadgeNote, NoteCode
from accredit.rendering.fonts import FIXED_WIDTH_FAMILY, FontBook
from accredit.rendering.preparation import Prepared
from accredit.rendering.sheets import Imposition
from accredit.rendering.template_values import TemplateInvalid
from accredit.rendering.templates import Size, Template
from accredit.rendering.workplace import put

_OURS = {
    "accredit.typ": Path(__file__).with_name("parts.typ").read_bytes(),
    "accredit_lines.typ": Path(__file__).with_name("lines.typ").read_bytes(),
}
_PLACE = re.compile(r"┌─ .*?([^/\\\s]+\.typ):(\d+):\d+")


class Press:
    """One job in its own folder: everything that the layout may read lies there and nothing else."""

    def __init__(
        self, folder: Path, template: Template, paper: Size, fonts: FontBook, sheet: Imposition | None = None
    ) -> None:
        self._folder, self._template, self._sheet = folder, template, sheet
        theirs = {name: source.encode() for name, source in template.sources.items()}
        for name, source in {**theirs, **_OURS}.items():
            put(folder / name, source)
        frame = {
            "title": template.title,
            "texts": template.texts,
            "size": _as_data(paper),
            "sheet": asdict(sheet) if sheet is not None else None,
            "fixed_width": FIXED_WIDTH_FAMILY,
        }
        self._frame = json.dumps(frame, ensure_ascii=False)
        self._fonts = fonts.typst_fonts

    def set_up(self, badges: Sequence[Prepared]) -> list[list[BadgeNote]]:
        """Lays the badges out; for each the notes on its texts that do not fit even at the smallest size."""
        notes: list[list[BadgeNote]] = [[] for _ in badges]
        if not badges:
            return notes
        pictures = _Pictures()
        entries = [pictures.taken_from(badge) for badge in badges]
        put(self._folder / "badges.json", json.dumps(entries, ensure_ascii=False).encode())
        put(self._folder / "pictures.bin", b"".join(pictures.contents))
        self._compiler = typst.Compiler(
            self._folder / self._template.layout,
            root=self._folder,
            font_paths=self._fonts,
            sys_inputs={"data": self._frame},
        )
        for found in self._overflows():
            number = self._number_of(found)
            message = f"{found['box']}: the text does not fit even at its smallest size; shorten it"
            note = BadgeNote(badges[number].reference, NoteCode.TEXT_TOO_LONG, found["box"], message)
            notes[number].append(note)
        return notes

    def _number_of(self, found: Mapping[str, Any]) -> int:
        """Which badge stands where typst found something, from 0."""
        before = int(found["page"]) - 1
        if self._sheet is None:
            return before
        return before * len(self._sheet.places) + self._sheet.place_at(found["x"], found["y"])

    def printed(self, fmt: Literal["pdf", "png"], ppi: float) -> list[bytes]:
        """The pages that were set up as PNG, or as one PDF."""
        try:
            # Untagged: paper has no reading order, and tags would add a third to the file.
            out = self._compiler.compile(format=fmt, ppi=ppi, timestamp=0, pdf_tags=False)
        except typst.TypstError as error:
            raise self._invalid(error) from None
        assert out is not None
        return out if isinstance(out, list) else [out]

    def _overflows(self) -> list[dict[str, Any]]:
        try:
            found = json.loads(self._compiler.query("<overflow>", field="value"))
        except RuntimeError as error:
            # A query says what is wrong, but not where; a compilation does.
            self.printed("pdf", 72)
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

    def taken_from(self, badge: Prepared) -> dict[str, Any]:
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
    plain["qr_dots"] = paper.qr_dots
    return {**plain, "boxes": boxes}
