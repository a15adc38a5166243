"""What the decoder's process makes of the bytes of a picture, before and after it opens them."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageFilter

from accredit.rendering.codes import qr_png
from scanner.decoding import Frame, Look, Sighting
from scanner.frame_worker import Worker, look, open_frame
from scanner.frames import AGAIN, FRAME, FURTHER_LOOKS, SeenKind

TEXT = "SEP1:" + "Z9" * 108


def code(text: str = TEXT, side: int = 300) -> Image.Image:
    """A symbol on white, `side` pixels wide with its quiet zone."""
    return Image.open(io.BytesIO(qr_png(text, dots=8))).convert("L").resize((side, side))


def frame(*codes: tuple[Image.Image, tuple[int, int]]) -> Image.Image:
    """A grey frame of 1280 by 720 with these codes in it."""
    picture = Image.new("L", (1280, 720), 150)
    for each, at in codes:
        picture.paste(each, at)
    return picture


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def png_of(width: int, height: int, rows: bytes) -> bytes:
    """A PNG whose header says this size, whatever its rows hold."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    each = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(each)


def test_a_frame_with_a_code_is_read_at_the_first_look() -> None:
    """In colour or grey, as JPEG."""
    for picture in (frame((code(), (500, 200))), frame((code(), (20, 400))).convert("RGB")):
        assert Worker().answer(FRAME + jpeg(picture)) == {"kind": SeenKind.READ, "text": TEXT, "look": Look.FIRST}


def test_further_looks_are_made_at_the_same_picture() -> None:
    """Each by its name; the two ends of the pipe know the same."""
    worker = Worker()
    assert worker.answer(FRAME + jpeg(frame())) == {"kind": SeenKind.NOTHING}
    assert [worker.answer(AGAIN + name)["kind"] for name in FURTHER_LOOKS] == [SeenKind.NOTHING] * 3
    assert [name.decode() for name in FURTHER_LOOKS] == [each.value for each in Look if each is not Look.FIRST]
    small = frame((code(side=137), (572, 291)))
    worker.answer(FRAME + jpeg(small))
    assert worker.answer(AGAIN + b"doubled") == {"kind": SeenKind.READ, "text": TEXT, "look": Look.DOUBLED}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        jpeg(frame())[:200],
        jpeg(Image.new("L", (40, 720))),
        jpeg(Image.new("L", (4000, 3000))),
        png_of(60_000, 60_000, b"\0" * 60_001),
        png_of(1280, 720, b"\0" * 100),
        png_of(1280, 720, b"\0" * 720 * 1281)[:-100],
        b"GIF89a" + bytes(200),
    ],
    ids=["nothing", "text", "cut", "too narrow", "too large", "bomb", "lies about its size", "cut png", "gif"],
)  # fmt: skip
def test_what_no_camera_of_a_gate_makes_is_refused(content: bytes) -> None:
    """Too large, too small, cut off, of another kind, or not what it says it is."""
    assert open_frame(content) is None
    assert Worker().answer(FRAME + content) == {"kind": SeenKind.REFUSED}


def test_a_look_at_no_picture_is_refused() -> None:
    """Before the first frame, or after one that was none."""
    worker = Worker()
    assert worker.answer(AGAIN + b"doubled") == {"kind": SeenKind.REFUSED}
    worker.answer(FRAME + jpeg(frame()))
    worker.answer(FRAME + b"no picture")
    assert worker.answer(AGAIN + b"doubled") == {"kind": SeenKind.REFUSED}


def test_of_two_codes_ours_goes_first_and_then_the_nearest_to_the_middle() -> None:
    """A poster behind the queue does not stand before the pass in the hand."""
    poster, mine = code("https://example.org/" + "x" * 180), code()
    near, far = code(TEXT[:-1] + "1"), code(TEXT[:-1] + "2")

    assert _read(frame((poster, (490, 210)), (mine, (20, 20)))) == TEXT
    assert _read(frame((far, (20, 20)), (near, (490, 210)))) == TEXT[:-1] + "1"
    assert _read(frame((poster, (490, 210)))).startswith("https:")


def test_a_code_that_is_seen_and_not_read_says_what_to_do() -> None:
    """Few pixels a module: nearer. Enough of them: steadier, sharper, lighter."""
    tiny = Frame(frame((code(side=118), (500, 200))))
    torn = code(side=400)
    torn.paste(Image.effect_noise((120, 240), 120).filter(ImageFilter.GaussianBlur(2)), (150, 130))

    seen = {look(tiny, how)["kind"] for how in Look}
    assert SeenKind.TOO_SMALL in seen
    assert SeenKind.UNCLEAR not in seen
    assert look(Frame(frame((torn, (500, 200)))), Look.FIRST) == {"kind": SeenKind.UNCLEAR}


def _read(picture: Image.Image) -> str:
    seen = Frame(picture).look(Look.FIRST)
    assert isinstance(seen, Sighting)
    return seen.text
