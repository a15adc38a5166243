"""A video of real badges before a camera: rendered, printed to pixels, held a little askew, and written as Y4M."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pypdfium2
import zxingcpp
from gate_simulator import IssuedPass
from PIL import Image, ImageFilter

from accredit.credential.serials import short_code
from accredit.rendering.badges import render
from accredit.rendering.facts import BadgeFacts
from accredit.rendering.fonts import FontBook
from accredit.rendering.photos import stand_in_portrait
from accredit.rendering.templates import load_template

SIZE = (1280, 720)
_DOTS_AN_INCH = 220  # as a camera sees it from a hand's width
_TEMPLATE = Path(__file__).resolve().parents[3] / "badge_templates" / "special-event-pass"


def badges_of(passes: Sequence[IssuedPass]) -> list[Image.Image]:
    """The badge of each pass, on paper."""
    document = render(load_template(_TEMPLATE), [_facts(each) for each in passes], size="a6", fonts=FontBook()).document
    with pypdfium2.PdfDocument(document) as pdf:
        return [page.render(scale=_DOTS_AN_INCH / 72).to_pil().convert("L") for page in pdf]


def held(badge: Image.Image, degrees: float) -> Image.Image:
    """A frame with the badge's code in its middle, turned by some degrees, a little soft and dim."""
    (found,) = zxingcpp.read_barcodes(badge, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    at = found.position
    middle = (at.top_left.x + at.bottom_right.x) // 2, (at.top_left.y + at.bottom_right.y) // 2
    desk = Image.new("L", SIZE, 110)
    desk.paste(badge, (SIZE[0] // 2 - middle[0], SIZE[1] // 2 - middle[1]))
    turned = desk.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=110)
    return turned.filter(ImageFilter.GaussianBlur(0.7)).point([30 + grey * 190 // 255 for grey in range(256)])


def nobody() -> Image.Image:
    """A frame of an empty gate."""
    return Image.new("L", SIZE, 110)


def write_y4m(path: Path, frames: Iterable[Image.Image], *, a_second: int) -> None:
    """A grey video that Chromium shows again and again as its camera."""
    colourless = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{a_second}:1 Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            file.write(b"FRAME\n" + frame.tobytes() + colourless)


def _facts(issued: IssuedPass) -> BadgeFacts:
    surname, _, given_names = issued.claims.name.title().partition(" ")
    return BadgeFacts(
        reference="SEP-CAMERA-1",
        surname=surname,
        given_names=given_names,
        latin_name=issued.claims.name,
        organisation="Example Organisation",
        category_label="Academic",
        band="stakeholder",
        code=issued.code,
        short_code=short_code(issued.serial),
        opens=(date(2017, 10, 11),),
        event_title="Second informal hearing",
        event_place="Palais des Nations, Geneva",
        photo=stand_in_portrait(3),
    )
