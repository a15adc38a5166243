"""From a camera's frame to the text of the code in it: zxing-cpp, then the second passes that rescue a small or soft symbol.

Hand-held, a code of version 8 is read from 2.9 camera pixels a module on. The second passes look again at the middle of
the frame, doubled: plain for a small symbol, smoothed for a noisy one, sharpened for one out of focus. They take some
ten times as long as the first look, so a camera that delivers faster than that skips frames in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import zxingcpp
from PIL import Image, ImageFilter

CENTRE_PX = 600
"""Side of the middle square that the second passes look at, in pixels of the frame."""

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


def first_pass(frame: Image.Image) -> Sighting | None:
    """The QR code in the whole frame (any mode of Pillow), or None."""
    return _found(_grey(frame), Look.FIRST)


def second_passes(frame: Image.Image) -> Sighting | None:
    """The QR code in the middle of a frame in which the first pass found none, or None."""
    return next(filter(None, (_found(picture, look) for look, picture in _again(_grey(frame)))), None)


def decode(frame: Image.Image) -> Sighting | None:
    """The QR code in the frame by the first look that finds one, or None."""
    return first_pass(frame) or second_passes(frame)


def _again(frame: Image.Image) -> Iterator[tuple[Look, Image.Image]]:
    centre = _centre(frame)
    doubled = centre.resize((centre.width * 2, centre.height * 2), Image.Resampling.BICUBIC)
    yield Look.DOUBLED, doubled
    for look, treat in _TREATMENTS.items():
        yield look, treat(doubled)


_TREATMENTS: dict[Look, Callable[[Image.Image], Image.Image]] = {
    Look.SMOOTHED: lambda picture: picture.filter(ImageFilter.GaussianBlur(1.6)),
    Look.SHARPENED: lambda picture: picture.filter(ImageFilter.UnsharpMask(radius=3, percent=200, threshold=0)),
}


def _centre(frame: Image.Image) -> Image.Image:
    wide, high = min(frame.width, CENTRE_PX), min(frame.height, CENTRE_PX)
    left, top = (frame.width - wide) // 2, (frame.height - high) // 2
    return frame.crop((left, top, left + wide, top + high))


def _grey(frame: Image.Image) -> Image.Image:
    return frame if frame.mode == "L" else frame.convert("L")


def _found(picture: Image.Image, look: Look) -> Sighting | None:
    codes = zxingcpp.read_barcodes(picture, formats=_FORMATS)
    return next((Sighting(code.text, look) for code in codes if code.text), None)
