"""Which letters the fonts inside typst have.

They lie in no file that could be read, so typst itself is asked: a letter that a font lacks is drawn as the same box as
a code point which no font ever has.
"""

from __future__ import annotations

import re
from functools import cache

import typst

_BLOCK = 128
_NEVER_ASSIGNED = 0x0378
_GLYPH = re.compile(rb'<use xlink:href="#(g[0-9A-F]+)"')
_PAGES = """#set page(width: 9pt, height: 9pt, margin: 0pt)
#set text(font: sys.inputs.family, fallback: false)
#for point in range(int(sys.inputs.first), int(sys.inputs.last)) { page(str.from-unicode(point)) }
#page(str.from-unicode(int(sys.inputs.never)))
"""


def embedded_covers(family: str, character: str) -> bool:
    """Whether `family`, one of the fonts inside typst, has a glyph for `character`; asked in blocks and remembered."""
    return character in _covered(family, ord(character) // _BLOCK)


@cache
def _covered(family: str, block: int) -> frozenset[str]:
    points = range(block * _BLOCK, (block + 1) * _BLOCK)
    if points.start in range(0xD800, 0xE000):
        return frozenset()
    inputs = {"family": family, "first": points.start, "last": points.stop, "never": _NEVER_ASSIGNED}
    compiler = typst.Compiler(_PAGES.encode(), font_paths=_fonts())
    pages = compiler.compile(format="svg", sys_inputs={key: str(value) for key, value in inputs.items()})
    assert isinstance(pages, list)
    *drawn, unknown = (set(_GLYPH.findall(page)) for page in pages)
    return frozenset(chr(point) for point, glyphs in zip(points, drawn, strict=True) if glyphs and not glyphs & unknown)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[])
