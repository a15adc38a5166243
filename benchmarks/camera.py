"""A printed badge as a camera sees it: print, pinhole, optics, light and sensor, from a seed and with Pillow alone.

The model is of plain parts: the page at 600 dpi made black and white at a threshold (ink spreads or shrinks), a plane
before a 67-degree lens (a homography), blur and motion, a gradient of light, a stripe of glare, noise, JPEG.
"""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass
from statistics import NormalDist

from PIL import Image, ImageChops, ImageDraw, ImageFilter

FRAME = (800, 600)
# 720 lines behind a lens of 67 degrees; what counts here is how strongly a tilt bends the symbol.
_FOCAL_PX = 640 / math.tan(math.radians(33.5))
_FINER = 2
_QUANTILES = [NormalDist().inv_cdf((step + 0.5) / 256) for step in range(256)]


@dataclass(frozen=True, slots=True)
class Model:
    """One way of holding a badge before a camera. Angles in degrees, from and to; lengths in camera pixels."""

    name: str
    tilt: tuple[float, float] = (0, 0)
    rotation: tuple[float, float] = (0, 0)
    blur: float = 0.4
    motion: float = 0
    noise: float = 3
    contrast: float = 0.9
    gradient: float = 0.0
    glare_mm: float = 0
    thresholds: tuple[int, ...] = (150,)


MODELS = (
    Model("clean"),
    Model("print", thresholds=(90, 150, 200)),
    Model("rotation", rotation=(0, 360)),
    Model("tilt", tilt=(35, 35), rotation=(-15, 15)),
    Model("blur", blur=1.2),
    Model("motion", motion=4, rotation=(-15, 15)),
    Model("noise", noise=20, contrast=0.4),
    Model("glare", glare_mm=28 * 0.04, gradient=0.3),
    Model("hand", (5, 20), (-25, 25), blur=0.8, noise=8, contrast=0.75, gradient=0.2, thresholds=(130, 150, 180)),
    Model("bad", (10, 30), (-25, 25), 1.1, motion=2, noise=12, contrast=0.75, gradient=0.3, glare_mm=28 * 0.04),
)


@dataclass(frozen=True, slots=True)
class Print:
    """A printed page in grey at 300 dpi, and where its symbol stands: the centre and the side, in pixels of the page."""

    pages: dict[int, Image.Image]
    centre: tuple[float, float]
    side: float


def printed(page: Image.Image, thresholds: tuple[int, ...]) -> dict[int, Image.Image]:
    """What a printer makes of a page at 600 dpi, at each threshold: low, ink is missing; high, it spreads."""
    soft = page.convert("L").filter(ImageFilter.GaussianBlur(1.5))
    return {level: soft.point([0 if grey < level else 235 for grey in range(256)]).reduce(2) for level in thresholds}


def photograph(badge: Print, model: Model, px_per_mm: float, symbol_mm: float, draw: random.Random) -> Image.Image:
    """One frame of the badge, its symbol `symbol_mm` wide without quiet zone, at `px_per_mm` in its middle."""
    page = badge.pages[draw.choice(model.thresholds)]
    frame = page.transform(
        (FRAME[0] * _FINER, FRAME[1] * _FINER),
        Image.Transform.PERSPECTIVE,
        _view(badge, model, px_per_mm, symbol_mm, draw),
        Image.Resampling.BICUBIC,
        fillcolor=110,
    )
    if model.glare_mm:
        _glare(frame, model.glare_mm * px_per_mm * _FINER, symbol_mm * px_per_mm * _FINER, draw)
    frame = frame.filter(ImageFilter.GaussianBlur(model.blur * _FINER))
    if model.motion:
        frame = _moved(frame, model.motion * _FINER, draw)
    return _sensed(frame.reduce(_FINER), model, draw)


def _view(
    badge: Print, model: Model, px_per_mm: float, symbol_mm: float, draw: random.Random
) -> tuple[float, float, float, float, float, float, float, float]:
    """Pillow's eight numbers: from a point of the (finer) frame to the point of the page that is seen there."""
    tilt, axis, turn = (math.radians(draw.uniform(*span)) for span in (model.tilt, (0, 360), model.rotation))
    distance = _FOCAL_PX / px_per_mm
    shift = [draw.uniform(-3, 3) for _ in range(2)]
    about = _times(_times(_turned(axis), _leaning(tilt)), _turned(turn - axis))
    plane: _Matrix = [[row[0], row[1], far] for row, far in zip(about, (*shift, distance), strict=True)]
    focal = _FOCAL_PX * _FINER
    middle = (FRAME[0] * _FINER / 2, FRAME[1] * _FINER / 2)
    lens: _Matrix = [[focal, 0, middle[0]], [0, focal, middle[1]], [0, 0, 1]]
    dots_per_mm = badge.side / symbol_mm
    page: _Matrix = [[dots_per_mm, 0, badge.centre[0]], [0, dots_per_mm, badge.centre[1]], [0, 0, 1]]
    seen = _times(page, _inverse(_times(lens, plane)))
    flat = [value / seen[2][2] for row in seen for value in row]
    return (flat[0], flat[1], flat[2], flat[3], flat[4], flat[5], flat[6], flat[7])


def _glare(frame: Image.Image, width: float, reach: float, draw: random.Random) -> None:
    """A stripe of plain white somewhere across the symbol."""
    angle, aside = draw.uniform(0, math.pi), draw.uniform(-0.4, 0.4) * reach
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    x, y = frame.width / 2 + across[0] * aside, frame.height / 2 + across[1] * aside
    far = frame.width
    ends = (x - along[0] * far, y - along[1] * far), (x + along[0] * far, y + along[1] * far)
    ImageDraw.Draw(frame).line(ends, fill=255, width=max(1, round(width)))


def _moved(frame: Image.Image, length: float, draw: random.Random) -> Image.Image:
    """The mean of the frame shifted along a line of `length` pixels."""
    angle, steps = draw.uniform(0, math.pi), max(2, round(length))
    total = frame
    for step in range(1, steps):
        far = length * step / (steps - 1)
        shifted = ImageChops.offset(frame, round(far * math.cos(angle)), round(far * math.sin(angle)))
        total = Image.blend(total, shifted, 1 / (step + 1))
    return total


def _sensed(frame: Image.Image, model: Model, draw: random.Random) -> Image.Image:
    frame = frame.point([round(128 + (grey - 128) * model.contrast) for grey in range(256)])
    if model.gradient:
        darkest = 1 - model.gradient
        light = Image.linear_gradient("L").rotate(draw.choice((0, 90, 180, 270)))
        light = light.point([round(255 * (darkest + (1 - darkest) * grey / 255)) for grey in range(256)])
        frame = ImageChops.multiply(frame, light.resize(frame.size))
    grain = Image.frombytes("L", frame.size, draw.randbytes(frame.width * frame.height))
    grain = grain.point([max(0, min(255, round(128 + model.noise * quantile))) for quantile in _QUANTILES])
    noisy = ImageChops.add(frame, grain, 1, -128)
    out = io.BytesIO()
    noisy.save(out, "JPEG", quality=85)
    return Image.open(out).convert("L")


_Matrix = list[list[float]]


def _turned(angle: float) -> _Matrix:
    cosine, sine = math.cos(angle), math.sin(angle)
    return [[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]]


def _leaning(angle: float) -> _Matrix:
    cosine, sine = math.cos(angle), math.sin(angle)
    return [[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]]


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*other, strict=True)] for row in one
    ]


def _inverse(of: _Matrix) -> _Matrix:
    (a, b, c), (d, e, f), (g, h, i) = of
    turned = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    size = a * turned[0][0] + b * turned[1][0] + c * turned[2][0]
    return [[value / size for value in row] for row in turned]
