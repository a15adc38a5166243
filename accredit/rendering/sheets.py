"""Several badges on one sheet of paper, and the marks along which it is cut.

Everything is counted in whole dots of the printer: a badge that begins between two dots has ragged codes. A template's
bleed is kept between the badges where the sheet has room for it without losing one; A6 fills A4 to the edges, so there the marks
stand at the edges themselves, in the white of the badges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accredit.rendering.templates import Size

SHEETS: dict[str, tuple[float, float]] = {"a4": (210.0, 297.0)}
"""Width and height of the sheets, upright, in millimetres."""

_MM_AN_INCH = 25.4
# What office printers leave white at the edges of their paper; marks reach further in where the badges do not.
_MARGIN_MM = 5.0
_MARK_MM = 8.0
_NEAR_MM = 0.5

Segment = tuple[int, int, int, int]


class SheetTooSmall(ValueError):
    """Not one badge of this size finds room on the sheet."""


@dataclass(frozen=True, slots=True)
class Imposition:
    """Where the badges lie on one sheet, row by row from the top left; every length in dots of the printer.

    `bleed` is what each badge may print beyond its own edges, `marks` are lines from x, y to x, y.
    """

    width: int
    height: int
    badge_width: int
    badge_height: int
    places: tuple[tuple[int, int], ...]
    bleed: int
    marks: tuple[Segment, ...]

    def place_at(self, x: float, y: float) -> int:
        """The number of the badge in whose rectangle a point of the sheet lies, from 0."""
        return next(
            number
            for number, (left, top) in enumerate(self.places)
            if left - self.bleed <= x <= left + self.badge_width + self.bleed
            and top - self.bleed <= y <= top + self.badge_height + self.bleed
        )


@dataclass(frozen=True, slots=True)
class _Side:
    """One direction of the sheet: its length, the badge's, and where each badge begins."""

    length: int
    badge: int
    starts: tuple[int, ...]

    def cuts(self) -> tuple[int, ...]:
        """Where it is cut: the edges of the badges, but for those at the edge of the paper; touching badges share one."""
        edges = sorted({edge for start in self.starts for edge in (start, start + self.badge)})
        return tuple(edge for edge in edges if self.badge // 50 < edge < self.length - self.badge // 50)

    def gaps(self) -> Iterator[tuple[int, int]]:
        """The stretches that no badge covers, those of no width between touching badges included."""
        ends = (0, *(start + self.badge for start in self.starts))
        return zip(ends, (*self.starts, self.length), strict=True)


def impose(size: Size, sheet: str) -> Imposition:
    """As many badges of `size` as the sheet holds. Raises KeyError for an unknown sheet, SheetTooSmall for a small one."""
    width, height = (_dots(side, size.dpi) for side in SHEETS[sheet])
    upright, turned = _laid(size, width, height), _laid(size, height, width)
    across, down = max(upright, turned, key=lambda sides: len(sides[0].starts) * len(sides[1].starts))
    if not across.starts or not down.starts:
        raise SheetTooSmall(f"a badge of {size.width_mm:g} by {size.height_mm:g} mm is larger than {sheet}")
    return Imposition(
        width=across.length,
        height=down.length,
        badge_width=across.badge,
        badge_height=down.badge,
        places=tuple((left, top) for top in down.starts for left in across.starts),
        bleed=min(_bleed(size), *(_room(side) for side in (across, down))),
        marks=tuple(_marks(across, down, size.dpi)),
    )


def _laid(size: Size, width: int, height: int) -> tuple[_Side, _Side]:
    across, down = _dots(size.width_mm, size.dpi), _dots(size.height_mm, size.dpi)
    return _side(size, width, across), _side(size, height, down)


def _side(size: Size, length: int, badge: int) -> _Side:
    """With room for bleed and the printer's margins where that costs no badge, else edge to edge."""
    gap, margin = 2 * _bleed(size), _dots(_MARGIN_MM, size.dpi)
    near = _dots(_NEAR_MM, size.dpi)
    count = (length + near) // badge
    if (length - 2 * margin + gap) // (badge + gap) < count:
        gap, margin = 0, 0
    pitch = badge + gap
    first = max(0, (length - count * pitch + gap) // 2)
    return _Side(length, badge, tuple(first + number * pitch for number in range(count)))


def _room(side: _Side) -> int:
    """How far a badge may reach beyond its edges without touching the next one, or the edge of the paper."""
    return min((end - start) // (1 if start == 0 or end == side.length else 2) for start, end in side.gaps())


def _marks(across: _Side, down: _Side, dpi: int) -> Iterator[Segment]:
    for x in across.cuts():
        yield from ((x, start, x, end) for start, end in _strokes(down, dpi))
    for y in down.cuts():
        yield from ((start, y, end, y) for start, end in _strokes(across, dpi))


def _strokes(side: _Side, dpi: int) -> Iterator[tuple[int, int]]:
    """Where a mark is drawn along a cut: in the gaps between badges, or where there is none a little into them."""
    long = _dots(_MARK_MM, dpi)
    for start, end in side.gaps():
        if end - start >= long // 4:
            yield start, end
        elif start == 0:
            yield 0, long
        elif end == side.length:
            yield side.length - long, side.length
        else:
            middle = (start + end) // 2
            yield middle - long // 2, middle + long // 2


def _bleed(size: Size) -> int:
    return _dots(size.bleed_mm, size.dpi)


def _dots(millimetres: float, dpi: int) -> int:
    return round(millimetres * dpi / _MM_AN_INCH)
