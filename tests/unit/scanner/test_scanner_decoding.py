"""A camera's frame: the first pass reads what is large, the second passes what is small, noisy or out of focus."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageChops, ImageFilter

from accredit.rendering.codes import qr_png
from scanner.decoding import CENTRE_PX, Look, Sighting, decode, first_pass, second_passes

TEXT = "SEP1:" + "Z9" * 108
SIZE = (1280, 720)


def _frame(px_a_module: float, *, blur: float = 0.0, noise: int = 0, aside: int = 0) -> Image.Image:
    """A code of version 8 in the middle of a grey frame (or `aside`), so many pixels a module."""
    side = round(57 * px_a_module)
    symbol = Image.open(io.BytesIO(qr_png(TEXT, dots=8))).convert("L")
    symbol = symbol.resize((side, side), Image.Resampling.BOX).point([40 + grey * 170 // 255 for grey in range(256)])
    frame = Image.new("L", SIZE, 150)
    frame.paste(symbol, ((SIZE[0] - side) // 2 + aside, (SIZE[1] - side) // 2))
    grain = Image.frombytes("L", SIZE, random.Random(7).randbytes(SIZE[0] * SIZE[1]))
    grain = grain.point([round(128 + (value - 127.5) * noise / 127.5) for value in range(256)])
    return ImageChops.add(frame.filter(ImageFilter.GaussianBlur(blur)), grain, 1, -128)


def test_a_near_code_is_read_at_once() -> None:
    """At four pixels a module, in colour or grey, anywhere in the frame."""
    for frame in (_frame(4), _frame(4).convert("RGB"), _frame(4, aside=450)):
        assert decode(frame) == Sighting(TEXT, Look.FIRST)


@pytest.mark.parametrize(
    ("px_a_module", "blur", "noise"), [(2.4, 1.1, 8), (3.0, 0.8, 90)], ids=["small and soft", "dim and noisy"]
)
def test_the_second_passes_read_what_the_first_cannot(px_a_module: float, blur: float, noise: int) -> None:
    """Doubled, smoothed or sharpened, the middle of the frame gives the code after all."""
    frame = _frame(px_a_module, blur=blur, noise=noise)

    assert first_pass(frame) is None
    found = second_passes(frame)
    assert found is not None
    assert (found.text, found.look is Look.FIRST) == (TEXT, False)
    assert decode(frame) == found


def test_the_second_passes_look_at_the_middle_alone() -> None:
    """What they cost grows with the picture; people hold the badge to the middle."""
    assert second_passes(_frame(2.4, aside=CENTRE_PX)) is None


def test_an_empty_frame_holds_nothing() -> None:
    """A grey wall, and a picture smaller than the middle."""
    assert decode(Image.new("L", SIZE, 128)) is None
    assert decode(Image.new("RGB", (40, 30))) is None


def test_a_sighting_never_shows_its_text_in_a_log() -> None:
    """What opens a door stays out of representations."""
    assert TEXT not in repr(Sighting(TEXT, Look.FIRST))
