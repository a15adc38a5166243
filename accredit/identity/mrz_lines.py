"""From what a reader or a person typed to the lines of a zone, and to the layout that they fill."""

from __future__ import annotations

import string

from accredit.identity.mrz_facts import MrzFault, MrzProblem
from accredit.identity.mrz_layout import LAYOUTS, MRV_A, MRV_B, TD1, TD2, TD3, Layout, MrzField

# Readers put marks of their own around what they send: byte order mark, STX, ETX.
_EDGES = string.whitespace + "\ufeff\x00\x02\x03"

# ASCII alone: str.upper() would turn a German sharp s into two letters and a dotless i into a valid one.
_FOLD_CASE = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)

_WIDTH_BY_TOTAL = {layout.line_count * layout.width: layout.width for layout in LAYOUTS.values()}


def read_lines(text: str) -> tuple[str, ...]:
    """The lines of a zone, upper case, without blank lines and without spaces around.

    A zone sent in one run, or with spaces where lines end, is cut into its lines where its length fits a layout.
    """
    lines = tuple(line.strip(_EDGES).translate(_FOLD_CASE) for line in text.splitlines() if line.strip(_EDGES))
    if len(lines) != 1:
        return lines
    pieces = tuple(lines[0].split())
    if len(pieces) > 1 and len({len(piece) for piece in pieces}) == 1:
        return pieces
    width = _WIDTH_BY_TOTAL.get(len(lines[0]))
    return lines if width is None else tuple(lines[0][at : at + width] for at in range(0, len(lines[0]), width))


def find_layout(lines: tuple[str, ...]) -> Layout | tuple[MrzProblem, ...]:
    """The layout whose lines these are, by their number and length; a V in the first place makes it a visa."""
    if not lines:
        return (_whole(MrzFault.EMPTY, "Nothing was read. Put the document on the reader again, or type its zone."),)
    if len(lines) not in (2, 3):
        cure = "A zone has 2 lines (passport, visa, larger card) or 3 (card). Read the whole zone again."
        return (_whole(MrzFault.BAD_LENGTH, f"This has {len(lines)} line{'s' * (len(lines) > 1)}. {cure}"),)
    layout = _nearest(lines)
    wrong = tuple(
        _bad_length(layout, number, line) for number, line in enumerate(lines, 1) if len(line) != layout.width
    )
    return wrong or layout


def _nearest(lines: tuple[str, ...]) -> Layout:
    if len(lines) == TD1.line_count:
        return TD1
    is_wide = sum(map(len, lines)) > TD2.width + TD3.width
    if lines[0].startswith("V"):
        return MRV_A if is_wide else MRV_B
    return TD3 if is_wide else TD2


def _bad_length(layout: Layout, number: int, line: str) -> MrzProblem:
    message = (
        f"Line {number} has {len(line)} characters instead of {layout.width}. "
        f"Compare it with the document; every < counts, also those at the end."
    )
    return MrzProblem(MrzFault.BAD_LENGTH, f"line {number}", number, message)


def _whole(code: MrzFault, message: str) -> MrzProblem:
    return MrzProblem(code, MrzField.WHOLE, 0, message)
