"""Photos of people: whatever was uploaded or taken becomes one small, clean JPEG, or a refusal with its cause.

The picture is decoded and written anew, so nothing of the original file survives: no position, no camera, no thumbnail,
no appended data. Nothing is decoded before its announced size was found bearable.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageCms, ImageDraw, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_INPUT_BYTES = 15_000_000
MAX_INPUT_PIXELS = 60_000_000
_QUALITIES = (85, 78, 70, 62, 54, 46, 38)
# What Pillow raises on files that are broken, or built to break it.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, OverflowError, struct.error, KeyError, IndexError, TypeError)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class PhotoFault(StrEnum):
    """Why a file is not taken as a photo."""

    EMPTY = "empty"
    FILE_TOO_LARGE = "file_too_large"
    NOT_AN_IMAGE = "not_an_image"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"


@dataclass(frozen=True, slots=True)
class PhotoRefused:
    """A refusal: `reason` for the program, `message` for the person, with the cure."""

    reason: PhotoFault
    message: str


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of an upright picture that is kept: left, top, width and height as fractions of the whole, 0 to 1."""

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        """Raises ValueError for a part that holds nothing of the picture."""
        inside = 0 <= self.left < 1 and 0 <= self.top < 1 and 0.01 <= self.width <= 1 and 0.01 <= self.height <= 1
        if not inside:
            raise ValueError("a crop is a part of the picture, in fractions from 0 to 1")


def reencode(
    data: bytes, *, max_side: int = 400, max_bytes: int = 16_000, min_side: int = 96, crop: Crop | None = None
) -> bytes | PhotoRefused:
    """`data` as an upright sRGB JPEG without metadata: longer side at most `max_side` pixels, at most `max_bytes` long.

    With `crop` that part of the upright picture alone; what lies outside of the picture is left away.

    Takes JPEG, PNG and WebP. Smaller pictures are not blown up; one with a side below `min_side` pixels is refused,
    since no officer can compare a face with it. Transparent parts become white. The same bytes in always give the
    same bytes out.
    """
    refused = _refused_by_size(data)
    if refused:
        return refused
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            refused = _refused_by_pixels(opened, min_side)
            if refused:
                return refused
            # A part that is cropped out needs the pixels that it has.
            wanted = max_side * 2 / (min(crop.width, crop.height) if crop is not None else 1)
            opened.draft("RGB", (int(wanted), int(wanted)))
            picture = _cropped(_clean(opened), crop)
    except _BOMB:
        return _too_many_pixels()
    except _BROKEN:
        return PhotoRefused(
            PhotoFault.NOT_AN_IMAGE, "photo: this file is not a readable picture; send a JPEG, PNG or WebP file"
        )
    if min(picture.size) < min_side:
        return _too_small(min_side)
    picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return _squeezed(picture, max_bytes)


def looks_printable(data: bytes) -> bool:
    """Whether `data` is a whole JPEG as `reencode` makes them; cheap, because it is asked for every badge."""
    if not (data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9")):
        return False
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as opened:
            return opened.width * opened.height <= MAX_INPUT_PIXELS
    except (*_BOMB, *_BROKEN):
        return False


def stand_in_portrait(seed: int, *, width: int = 300, height: int = 400) -> bytes:
    """A drawn head and shoulders for samples and demos: no person's face; `seed` varies the colours."""
    hue = seed * 47 % 360
    picture = Image.new("RGB", (width, height), f"hsl({(hue + 180) % 360}, 18%, 84%)")
    pen = ImageDraw.Draw(picture)
    skin, coat = f"hsl({18 + seed * 7 % 20}, 45%, {35 + seed * 13 % 45}%)", f"hsl({hue}, 35%, 32%)"
    pen.ellipse((width * 0.08, height * 0.68, width * 0.92, height * 1.5), fill=coat)
    pen.rectangle((width * 0.42, height * 0.55, width * 0.58, height * 0.72), fill=skin)
    pen.ellipse((width * 0.29, height * 0.17, width * 0.71, height * 0.63), fill=skin)
    pen.chord((width * 0.27, height * 0.13, width * 0.73, height * 0.5), 180, 360, fill=f"hsl({hue}, 20%, 20%)")
    return _squeezed(picture, 16_000)


def _refused_by_size(data: bytes) -> PhotoRefused | None:
    if not data:
        return PhotoRefused(PhotoFault.EMPTY, "photo: the file is empty; choose the picture again")
    if len(data) > MAX_INPUT_BYTES:
        limit = MAX_INPUT_BYTES // 1_000_000
        return PhotoRefused(
            PhotoFault.FILE_TOO_LARGE, f"photo: the file is larger than {limit} MB; send a smaller picture"
        )
    return None


def _refused_by_pixels(opened: Image.Image, min_side: int) -> PhotoRefused | None:
    if opened.width * opened.height > MAX_INPUT_PIXELS:
        return _too_many_pixels()
    if min(opened.size) < min_side:
        return _too_small(min_side)
    return None


def _too_small(min_side: int) -> PhotoRefused:
    return PhotoRefused(
        PhotoFault.TOO_SMALL, f"photo: each side needs at least {min_side} pixels; send a larger picture"
    )


def _cropped(picture: Image.Image, crop: Crop | None) -> Image.Image:
    if crop is None:
        return picture
    wide, high = picture.size
    left, top = round(crop.left * wide), round(crop.top * high)
    right, bottom = round((crop.left + crop.width) * wide), round((crop.top + crop.height) * high)
    return picture.crop((max(0, left), max(0, top), min(wide, right), min(high, bottom)))


def _too_many_pixels() -> PhotoRefused:
    limit = MAX_INPUT_PIXELS // 1_000_000
    return PhotoRefused(
        PhotoFault.TOO_MANY_PIXELS, f"photo: the picture has more than {limit} million pixels; send a smaller one"
    )


def _clean(opened: Image.Image) -> Image.Image:
    profile = opened.info.get("icc_profile")
    upright = ImageOps.exif_transpose(opened)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        upright = Image.new("RGB", layer.size, "white")
        upright.paste(layer, mask=layer.getchannel("A"))
    elif isinstance(profile, bytes) and upright.mode == "RGB":
        upright = _in_srgb(upright, profile)
    plain = Image.new("RGB", upright.size)
    plain.paste(upright.convert("RGB"))
    return plain


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Phones write wide-gamut colours; without their profile faces would look pale."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *_BROKEN):
        return picture
    return converted or picture


def _squeezed(picture: Image.Image, max_bytes: int) -> bytes:
    while True:
        for quality in _QUALITIES:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality, optimize=True, subsampling="4:2:0")
            if out.tell() <= max_bytes:
                return out.getvalue()
        if min(picture.size) <= 16:
            return out.getvalue()
        picture = picture.resize((max(16, picture.width * 4 // 5), max(16, picture.height * 4 // 5)))
