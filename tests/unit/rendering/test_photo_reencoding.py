"""Photos in, clean JPEG or a refusal out."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from accredit.rendering.photos import Crop, PhotoFault, PhotoRefused, looks_printable, reencode, stand_in_portrait


def _saved(picture: Image.Image, form: str = "JPEG", **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def _taken(data: bytes, **how: int) -> Image.Image:
    clean = reencode(data, **how)
    assert isinstance(clean, bytes), clean
    return Image.open(io.BytesIO(clean))


def _refused(data: bytes) -> PhotoFault:
    answer = reencode(data)
    assert isinstance(answer, PhotoRefused)
    assert answer.message.startswith("photo: ")
    return answer.reason


def _noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 80).convert("RGB")


def _png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_nothing_of_the_metadata_survives() -> None:
    """Position, camera, comment and appended bytes are gone."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (46.0, 13.0, 35.0)}
    data = _saved(Image.new("RGB", (300, 400), "teal"), exif=exif, comment=b"SecretComment") + b"SecretTail"
    clean = reencode(data)
    assert isinstance(clean, bytes)
    assert b"Secret" not in clean
    assert b"Exif" not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


def test_a_photo_taken_sideways_stands_upright() -> None:
    """The orientation note of the camera is applied before it is dropped."""
    sideways = Image.new("RGB", (400, 300), "white")
    sideways.paste("red", (0, 0, 200, 300))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise: left becomes top
    upright = _taken(_saved(sideways, exif=exif, quality=95))
    assert upright.size == (300, 400)
    red, green, _ = upright.convert("RGB").getpixel((150, 20))  # type: ignore[misc]
    assert red > 200
    assert green < 60


def test_large_noisy_photos_are_brought_below_both_caps() -> None:
    """Even a picture that compresses badly ends within the side and the bytes asked for."""
    data = _saved(_noise(1600, 1200), quality=95)
    clean = reencode(data, max_side=400, max_bytes=12_000)
    assert isinstance(clean, bytes)
    assert len(clean) <= 12_000
    assert max(Image.open(io.BytesIO(clean)).size) <= 400


def test_small_photos_are_not_blown_up() -> None:
    """A camera picture of 150 by 200 stays what it is."""
    assert _taken(_saved(Image.new("RGB", (150, 200), "teal"))).size == (150, 200)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *(("PNG", mode) for mode in ("RGBA", "P", "I;16", "LA")),
        *(("JPEG", mode) for mode in ("L", "CMYK")),
        ("WEBP", "RGBA"),
        ("MPO", "RGB"),
    ],
)
def test_every_kind_of_picture_becomes_a_plain_jpeg(form: str, mode: str) -> None:
    """Transparency, palettes, greys and print colours all end as RGB JPEG."""
    taken = _taken(_saved(Image.new(mode, (200, 200)), form))
    assert (taken.format, taken.mode) == ("JPEG", "RGB")


def test_transparent_parts_become_white() -> None:
    """A cut-out portrait is printed on white, not on black."""
    assert _taken(_saved(Image.new("RGBA", (200, 200), (0, 0, 0, 0)), "PNG")).getpixel((100, 100)) == (255, 255, 255)


def test_colour_profiles_are_applied_or_ignored_but_never_kept() -> None:
    """A sound profile is converted, a broken one does not cost the photo."""
    sound = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (sound, b"not a profile"):
        assert "icc_profile" not in _taken(_saved(Image.new("RGB", (200, 200), "teal"), icc_profile=profile)).info


def test_a_decompression_bomb_is_refused_by_its_announcement() -> None:
    """Nothing of a picture that claims 900 million pixels is decoded."""
    assert _refused(_png_that_claims(30_000, 30_000)) is PhotoFault.TOO_MANY_PIXELS
    assert _refused(_png_that_claims(10_000, 9_000)) is PhotoFault.TOO_MANY_PIXELS
    assert _refused(_png_that_claims(8_000, 8_000)) is PhotoFault.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    "data",
    [
        b"no picture at all",
        b"%PDF-1.7 pretends",
        b"\xff\xd8\xff\xe0 and then nothing",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='300' height='400'/>",
        _saved(Image.new("RGB", (300, 400)), "GIF"),
        _saved(Image.new("RGB", (300, 400)), "TIFF"),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    """Other files, and picture formats that nobody's camera writes, are refused with the cure."""
    assert _refused(data) is PhotoFault.NOT_AN_IMAGE


def test_a_cut_off_photo_is_refused() -> None:
    """Half an upload is not half a face."""
    assert _refused(_saved(_noise(400, 400), quality=90)[:9000]) is PhotoFault.NOT_AN_IMAGE


def test_empty_and_huge_and_tiny_files_are_refused() -> None:
    """Each has its own reason, so that the person knows what to do."""
    assert _refused(b"") is PhotoFault.EMPTY
    assert _refused(b"\xff" * 15_000_001) is PhotoFault.FILE_TOO_LARGE
    assert _refused(_saved(Image.new("RGB", (300, 40)))) is PhotoFault.TOO_SMALL


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBPVP8 "])
)
def test_random_bytes_never_raise(tail: bytes, head: bytes) -> None:
    """Whatever is uploaded ends in a photo or a reason."""
    assert isinstance(reencode(head + tail), bytes | PhotoRefused)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5000), st.integers(0, 255))
def test_a_damaged_photo_never_raises(at: int, value: int) -> None:
    """One changed byte in a good photo ends in a photo or a reason."""
    photo = bytearray(stand_in_portrait(1))
    photo[at % len(photo)] = value
    assert isinstance(reencode(bytes(photo)), bytes | PhotoRefused)


def test_only_whole_jpegs_look_printable() -> None:
    """What the layout engine would choke on is found before."""
    photo = stand_in_portrait(2)
    assert looks_printable(photo)
    assert not looks_printable(photo[:-2])
    assert not looks_printable(b"\xff\xd8\xff\xe0 head only \xff\xd9")
    assert not looks_printable(_saved(Image.new("RGB", (99, 99)), "PNG"))


def test_the_same_photo_gives_the_same_bytes() -> None:
    """Re-encoding is deterministic, so that a photo's digest names it."""
    data = _saved(_noise(500, 600))
    assert reencode(data) == reencode(data)


def _halves() -> bytes:
    """Left half red, right half blue."""
    picture = Image.new("RGB", (400, 400), "red")
    picture.paste("blue", (200, 0, 400, 400))
    return _encoded(picture)


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_a_part_of_the_picture_is_kept() -> None:
    """The crop is told in fractions of the upright picture; what reaches over its edge is left away."""
    cropped = reencode(_halves(), crop=Crop(0.5, 0.25, 0.6, 0.5))
    assert isinstance(cropped, bytes)
    picture = Image.open(io.BytesIO(cropped))
    assert picture.size == (200, 200)
    red, _, blue = picture.getpixel((5, 100))
    assert blue > 200 > 50 > red


def test_a_part_that_is_too_small_is_refused() -> None:
    """A face of forty pixels is nobody's."""
    refused = reencode(_halves(), crop=Crop(0.4, 0.4, 0.1, 0.1))
    assert isinstance(refused, PhotoRefused)
    assert refused.reason is PhotoFault.TOO_SMALL


@pytest.mark.parametrize(
    "parts", [(-0.1, 0, 1, 1), (0, 1, 1, 1), (0, 0, 0, 1), (0, 0, 1, 1.1), (float("nan"), 0, 1, 1)]
)
def test_a_crop_is_a_part_of_the_picture(parts: tuple[float, float, float, float]) -> None:
    """Anything else is the caller's mistake."""
    with pytest.raises(ValueError, match="fractions"):
        Crop(*parts)
