"""The slips that eyes, fingers and cameras make in a zone, undone to be suggested: 0 for O, 1 for I, missing fillers.

A suggestion is shown beside the document and confirmed by a person. Taken by itself it would let a mistaken character
through wherever one mended character makes the check digits hold again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from accredit.identity.mrz_layout import ALPHABETS, FILLER, LAYOUTS, Alphabet, Layout, MrzField
from accredit.identity.mrz_lines import find_layout

_TO_DIGIT = str.maketrans("OQDILZSBG", "000112586")
_TO_LETTER = str.maketrans("012586", "OIZSBG")
_SWAPPED = {"0": "OQD", "O": "0", "Q": "0", "D": "0", "1": "IL", "I": "1", "L": "1", "2": "Z", "Z": "2"} | {
    "5": "S",
    "S": "5",
    "6": "G",
    "G": "6",
    "8": "B",
    "B": "8",
}
_TO_FILLER = str.maketrans({"«": FILLER * 2, "‹": FILLER, " ": FILLER, "\t": FILLER})


def suggest(lines: tuple[str, ...], reads_well: Callable[[tuple[str, ...]], bool]) -> str | None:
    """A mended zone that reads well, or None where there is none, or more than one.

    First what the layout itself demands (fillers, letters, digits), then one more character of the fields where
    both letters and digits may stand.
    """
    for mended in _with_fillers(lines):
        layout = find_layout(mended)
        if not isinstance(layout, Layout):
            continue
        typed = _with_alphabets(layout, mended)
        if typed != lines and reads_well(typed):
            return "\n".join(typed)
        swapped = {candidate for candidate in _one_swap(layout, typed) if reads_well(candidate)}
        if len(swapped) == 1:
            return "\n".join(swapped.pop())
    return None


def _with_fillers(lines: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    filled = tuple(line.translate(_TO_FILLER) for line in lines)
    yield filled
    for layout in LAYOUTS.values():
        if layout.line_count != len(filled):
            continue
        at = layout.fields[MrzField.NAMES].line - 1
        stretched = (*filled[:at], filled[at].rstrip(FILLER).ljust(layout.width, FILLER), *filled[at + 1 :])
        if stretched != filled and all(len(line) == layout.width for line in stretched):
            yield stretched


def _with_alphabets(layout: Layout, lines: tuple[str, ...]) -> tuple[str, ...]:
    characters = [list(line) for line in lines]
    for field, span in layout.fields.items():
        if ALPHABETS[field] is not Alphabet.BOTH:
            table = _TO_DIGIT if ALPHABETS[field] is Alphabet.DIGITS else _TO_LETTER
            characters[span.line - 1][span.start : span.end] = span.of(lines).translate(table)
    return tuple("".join(line) for line in characters)


def _one_swap(layout: Layout, lines: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for field, span in layout.fields.items():
        if ALPHABETS[field] is not Alphabet.BOTH:
            continue
        line = lines[span.line - 1]
        for at in range(span.start, span.end):
            for other in _SWAPPED.get(line[at], ""):
                changed = line[:at] + other + line[at + 1 :]
                yield (*lines[: span.line - 1], changed, *lines[span.line :])
