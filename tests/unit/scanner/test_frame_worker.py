"""What the decoder's process makes of the bytes of a picture, before and after it opens them."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageFilter

from accredit.rendering.codes import qr_png
from scanner.decoding import Glimpse, Look, Sighting, looks
from scanner.frame_worker import answer, look_again, open_frame
from scanner.frames import AGAIN, FRAME, SeenKind

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
        told, _ = answer(FRAME + jpeg(picture), iter(()))
        assert told == {"kind": SeenKind.READ, "text": TEXT, "look": Look.FIRST}


def test_further_looks_are_made_when_they_are_asked_for_and_end() -> None:
    """Four looks at an empty frame, one for each word, and then no more."""
    told, seen = answer(FRAME + jpeg(frame()), iter(()))
    kinds = [told["kind"]]
    for _ in range(4):
        told, seen = answer(AGAIN, seen)
        kinds.append(told["kind"])
    assert kinds == [SeenKind.NOTHING] * 4 + [SeenKind.OVER]


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
    assert answer(FRAME + content, iter(()))[0] == {"kind": SeenKind.REFUSED}


def test_a_word_that_is_none_is_refused() -> None:
    """Whatever comes through the pipe."""
    assert answer(b"X", iter(()))[0] == {"kind": SeenKind.REFUSED}
    assert answer(AGAIN, iter(()))[0] == {"kind": SeenKind.OVER}


def test_of_two_codes_ours_goes_first_and_then_the_nearest_to_the_middle() -> None:
    """A poster behind the queue does not stand before the pass in the hand."""
    poster, mine = code("https://example.org/" + "x" * 180), code()
    near, far = code(TEXT[:-1] + "1"), code(TEXT[:-1] + "2")

    assert _read(frame((poster, (490, 210)), (mine, (20, 20)))) == TEXT
    assert _read(frame((far, (20, 20)), (near, (490, 210)))) == TEXT[:-1] + "1"
    assert _read(frame((poster, (490, 210)))).startswith("https:")


def test_a_code_that_is_seen_and_not_read_says_what_to_do() -> None:
    """Few pixels a module: nearer. Enough of them: steadier, sharper, lighter."""
    tiny = [seen for seen in looks(frame((code(side=118), (500, 200)))) if seen is not None]
    torn = code(side=400)
    torn.paste(Image.effect_noise((120, 240), 120).filter(ImageFilter.GaussianBlur(2)), (150, 130))
    spoiled = next(looks(frame((torn, (500, 200)))))

    assert tiny
    assert {look_again(iter([seen]))["kind"] for seen in tiny if isinstance(seen, Glimpse)} <= {SeenKind.TOO_SMALL}
    assert isinstance(spoiled, Glimpse)
    assert look_again(iter([spoiled])) == {"kind": SeenKind.UNCLEAR}
    assert look_again(iter([Glimpse(2.0)])) == {"kind": SeenKind.TOO_SMALL}


def _read(picture: Image.Image) -> str:
    seen = next(looks(picture))
    assert isinstance(seen, Sighting)
    return seen.text
