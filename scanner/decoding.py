"""From a camera's frame to the text of the code in it: zxing-cpp, then the second passes that rescue a small or soft symbol.

Hand-held, a code of version 8 is read from 2.9 camera pixels a module on. The second passes look again at the middle of
the frame, doubled: plain for a small symbol, smoothed for a noisy one, sharpened for one out of focus. They take some
ten times as long as the first look, so a camera that delivers faster than that skips frames in between.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import zxingcpp
from PIL import Image, ImageFilter

from scanner.frames import OUR_CODES

CENTRE_PX = 600
"""Side of the middle square that the second passes look at, in pixels of the frame."""

_MODULES = 49
_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


class Look(StrEnum):
    """How a frame was looked at when its code was found, in the order in which that is tried."""

    FIRST = "first"
    DOUBLED = "doubled"
    SMOOTHED = "smoothed"
    SHARPENED = "sharpened"


@dataclass(frozen=True, slots=True)
class Sighting:
    """The text of a code, and the look that found it. Who may enter is the verifier's to say."""

    text: str = field(repr=False)
    look: Look


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A code was seen and could not be read; so many pixels of the frame a module it is drawn with, about."""

    module_px: float


def first_pass(frame: Image.Image) -> Sighting | None:
    """The QR code in the whole frame (any mode of Pillow), or None."""
    return _read(_first(_grey(frame)))


def second_passes(frame: Image.Image) -> Sighting | None:
    """The QR code in the middle of a frame in which the first pass found none, or None."""
    doubled = _double(_grey(frame))
    return next(filter(None, (_read(_second(doubled, look)) for look in _TREATMENTS)), None)


def decode(frame: Image.Image) -> Sighting | None:
    """The QR code in the frame by the first look that finds one, or None."""
    return first_pass(frame) or second_passes(frame)


class Frame:
    """A frame that is looked at in one way or another, each when it is asked for."""

    def __init__(self, picture: Image.Image) -> None:
        self._grey = _grey(picture)
        self._doubled: Image.Image | None = None

    def look(self, look: Look) -> Sighting | Glimpse | None:
        """What this look reads, sees, or does not see."""
        if look is Look.FIRST:
            return _seen(_first(self._grey))
        if self._doubled is None:
            self._doubled = _double(self._grey)
        return _seen(_second(self._doubled, look))


@dataclass(frozen=True, slots=True)
class _View:
    """A picture to look at: which look that is, and how many of its pixels make one of the frame."""

    look: Look
    picture: Image.Image
    scale: int


def _first(frame: Image.Image) -> _View:
    return _View(Look.FIRST, frame, 1)


def _second(doubled: Image.Image, look: Look) -> _View:
    return _View(look, _TREATMENTS[look](doubled), 2)


def _double(frame: Image.Image) -> Image.Image:
    centre = _centre(frame)
    return centre.resize((centre.width * 2, centre.height * 2), Image.Resampling.BICUBIC)


_TREATMENTS: dict[Look, Callable[[Image.Image], Image.Image]] = {
    Look.DOUBLED: lambda picture: picture,
    Look.SMOOTHED: lambda picture: picture.filter(ImageFilter.GaussianBlur(1.6)),
    Look.SHARPENED: lambda picture: picture.filter(ImageFilter.UnsharpMask(radius=3, percent=200, threshold=0)),
}


def _centre(frame: Image.Image) -> Image.Image:
    wide, high = min(frame.width, CENTRE_PX), min(frame.height, CENTRE_PX)
    left, top = (frame.width - wide) // 2, (frame.height - high) // 2
    return frame.crop((left, top, left + wide, top + high))


def _grey(frame: Image.Image) -> Image.Image:
    return frame if frame.mode == "L" else frame.convert("L")


def _read(view: _View) -> Sighting | None:
    seen = _seen(view)
    return seen if isinstance(seen, Sighting) else None


def _seen(view: _View) -> Sighting | Glimpse | None:
    found = zxingcpp.read_barcodes(view.picture, formats=_FORMATS, return_errors=True)
    texts = [code for code in found if code.valid and code.text]
    if texts:
        middle = view.picture.width / 2, view.picture.height / 2
        nearest = min(
            texts, key=lambda code: (not code.text.startswith(OUR_CODES), math.dist(_centre_of(code), middle))
        )
        return Sighting(nearest.text, view.look)
    # What was not read is often seen twice, whole and as a part of itself: the widest is the code.
    widest = max((_side(code) for code in found if not code.valid), default=None)
    return None if widest is None else Glimpse(widest / view.scale / _MODULES)


def _corners(code: zxingcpp.Barcode) -> list[tuple[int, int]]:
    at = code.position
    return [(corner.x, corner.y) for corner in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]


def _centre_of(code: zxingcpp.Barcode) -> tuple[float, float]:
    across, down = zip(*_corners(code), strict=True)
    return sum(across) / 4, sum(down) / 4


def _side(code: zxingcpp.Barcode) -> float:
    corners = _corners(code)
    return sum(math.dist(one, other) for one, other in zip(corners, corners[1:] + corners[:1], strict=True)) / 4
