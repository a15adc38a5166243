"""PDFs in the layout of the series E/20xx/INF/5, set with typst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import typst


class Layout(StrEnum):
    """Where the years stand."""

    BRACKETS = "brackets"
    COMMA = "comma"
    YEARS_ABOVE = "top"
    YEARS_BELOW = "bottom"


Listed = Sequence[tuple[str, str]]
"""Names and years."""

_PAGE = """
#set page(width: 210mm, height: 297mm, margin: 25mm, header: [#h(1fr) E/2016/INF/5],
  footer: context [16-12345 #h(1fr) #counter(page).display("1/1", both: true)])
#set text(size: 10pt)
#set table.cell(breakable: false)
"""
_FOREWORD = "The present list is issued each year. It names every organization in status, by category.\n"


def pdf_of(categories: Mapping[str, Listed], layout: Layout = Layout.BRACKETS) -> bytes:
    """The document with these categories as headings."""
    parts = [f"#align(center)[*{heading}*]\n{_laid_out(listed, layout)}" for heading, listed in categories.items()]
    made: bytes = typst.compile((_PAGE + _FOREWORD + "\n".join(parts)).encode(), format="pdf")
    return made


def _laid_out(listed: Listed, layout: Layout) -> str:
    if layout in {Layout.YEARS_ABOVE, Layout.YEARS_BELOW}:
        cells = ",".join(f"[{name}],[{year}]" for name, year in listed)
        return f"#table(columns: (60mm, 14mm, 60mm, 14mm), stroke: none, align: {layout.value}, {cells})\n"
    shape = "{} ({})" if layout is Layout.BRACKETS else "{}, {}"
    told = "\n\n".join(shape.format(name, year) if year else name for name, year in listed)
    return f"#columns(2)[\n{told}\n]\n"
