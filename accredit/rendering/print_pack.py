"""The list that lies at a desk without server, network or power: one row a person, sorted, with room to write and to sign."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

from accredit.rendering.fonts import FIXED_WIDTH_FAMILY, FontBook
from accredit.rendering.wording import clean, is_right_to_left
from accredit.rendering.workplace import put, workplace

_MAIN = "pack.typ"
_SOURCES = {
    _MAIN: Path(__file__).with_name("print_pack.typ"),
    "accredit_lines.typ": Path(__file__).with_name("lines.typ"),
}
HEADS = (
    "Reference",
    "Name",
    "Organisation",
    "Born",
    "Slot",
    "Document: kind, State, number, valid until",
    "Time, officer",
    "Signature",
)


@dataclass(frozen=True, slots=True)
class PackRow:
    """One person. `name` in any script, `latin` its Latin spelling; `note` what the officer is told instead of a document."""

    reference: str
    name: str
    latin: str
    organisation: str
    born: str
    slot: str
    note: str = ""


def render_pack(
    rows: Sequence[PackRow], fonts: FontBook, *, title: str, made: str, rule: str, room: Path | None = None
) -> bytes:
    """The list as a PDF on A4 across, the heads on every page. A name that no font here writes stands in Latin letters alone."""
    told = {
        "title": title,
        "made": made,
        "rule": rule,
        "heads": HEADS,
        "fonts": fonts.families_for(title, made, rule),
        "fixed_width": FIXED_WIDTH_FAMILY,
        "rows": [_row(row, fonts) for row in rows],
    }
    with workplace(room) as folder:
        for name, source in _SOURCES.items():
            put(folder / name, source.read_bytes())
        compiler = typst.Compiler(
            folder / _MAIN,
            root=folder,
            font_paths=fonts.typst_fonts,
            sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        )
        document = compiler.compile(format="pdf", timestamp=0, pdf_tags=False)
    assert isinstance(document, bytes), "one document comes out"
    return document


def _row(row: PackRow, fonts: FontBook) -> dict[str, object]:
    words = {name: clean(value) for name, value in asdict(row).items()}
    if fonts.missing(words["name"]):
        words["name"], words["latin"] = words["latin"] or words["reference"], ""
    if fonts.missing(words["organisation"]):
        words["organisation"] = "".join("" if fonts.missing(sign) else sign for sign in words["organisation"])
    turned = {"name_rtl": is_right_to_left(words["name"]), "organisation_rtl": is_right_to_left(words["organisation"])}
    return {**words, **turned, "fonts": fonts.families_for(words["name"], words["latin"], words["organisation"])}
