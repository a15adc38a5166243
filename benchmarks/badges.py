"""How fast do badges come off the press? `python -m benchmarks.badges --json [--sheet a4] [--size cr80]`.

Made by rule: 500 people in five scripts (Latin, Cyrillic, Arabic, Chinese, Devanagari), each with a photo of about 12 kB of
its own, a credential of full length and a short code. Counted is the CPU time of `render` alone, all threads of the
process together, after one badge a script was printed so that the fonts are open; the facts are made before. Ten badges
are then read back from the page at 300 dots an inch: both codes of each.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pypdfium2
import zxingcpp
from PIL import Image

from accredit.rendering.badges import Rendered, render
from accredit.rendering.facts import BadgeFacts
from accredit.rendering.fonts import FontBook, system_font_folders
from accredit.rendering.photos import stand_in_portrait
from accredit.rendering.templates import Template, load_template

_TEMPLATE = Path(__file__).resolve().parent.parent / "badge_templates" / "special-event-pass"
_CREDENTIAL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_SHORT_CODE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
_PHOTO_BYTES = 12_000
_PEOPLE = (
    ("Müller-Lüdenscheidt", "Anna Élodie", "MUELLER LUEDENSCHEIDT ANNA", "Example Institute for Migration Studies"),
    ("Образцова", "Екатерина Владимировна", "OBRAZTSOVA EKATERINA", "Комитет вымышленных организаций"),
    ("العينة", "محمد عبد الرحمن", "ALAYNA MOHAMMED", "Made-up Association of Diaspora Youth"),
    ("樣", "小明", "YANG XIAOMING", "Permanent Mission of Utopia"),
    ("नमूना", "राजेश कुमार", "NAMUNA RAJESH KUMAR", "काल्पनिक मानव अधिकार आयोग"),
)
_BANDS = (("stakeholder", "Academic institution"), ("state", "Member State"), ("speaker", "Invited speaker"))
_DAYS = (date(2017, 10, 11), date(2017, 10, 12), date(2017, 10, 13))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print, count and read back."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.badges", description=__doc__)
    parser.add_argument("--badges", type=int, default=500, help="how many")
    parser.add_argument("--size", default="a6", help="a size of the template: a6 or cr80")
    parser.add_argument("--sheet", default="", help="put several on a sheet: a4")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a line of text")
    asked = parser.parse_args(arguments)
    told = measure(asked.badges, asked.size, asked.sheet)
    print(json.dumps(told) if asked.json else ", ".join(f"{key} {value}" for key, value in told.items()))
    return 0


def measure(count: int, size: str, sheet: str) -> dict[str, object]:
    """Print so many badges once, and read ten of them."""
    template, fonts = load_template(_TEMPLATE), FontBook(system_font_folders())
    facts = tuple(_facts(count))
    _print(template, facts[: len(_PEOPLE)], size, sheet, fonts)
    before, started = _cpu(), time.monotonic()
    rendered = _print(template, facts, size, sheet, fonts)
    spent, waited = _cpu() - before, time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    checked = facts[:: max(1, count // 10)][:10]
    return {
        "badges": len(rendered.references),
        "sheet": sheet or size,
        "cpu_s": round(spent, 3),
        "badges_per_cpu_s": round(len(rendered.references) / spent, 1),
        "wall_s": round(waited, 3),
        "peak_mb": round(peak, 1),
        "file_mb": round(len(rendered.document) / 1e6, 2),
        "notes": len(rendered.notes),
        "decoded": _decoded(rendered, checked),
        "decoded_of": 2 * len(checked),
    }


def _print(template: Template, facts: Sequence[BadgeFacts], size: str, sheet: str, fonts: FontBook) -> Rendered:
    return render(template, facts, size=size, fonts=fonts, sheet=sheet)


def _cpu() -> float:
    return time.process_time()


def _facts(count: int) -> Iterator[BadgeFacts]:
    for number in range(count):
        surname, given_names, latin_name, organisation = _PEOPLE[number % len(_PEOPLE)]
        band, category = _BANDS[number % len(_BANDS)]
        yield BadgeFacts(
            reference=f"SEP-{number:04}",
            surname=surname,
            given_names=given_names,
            latin_name=latin_name,
            organisation=f"{organisation} {number}",
            category_label=category,
            band=band,
            code="SEP1:" + _letters(number, _CREDENTIAL, 216),
            short_code=_letters(number, _SHORT_CODE, 9),
            opens=_DAYS[: 1 + number % 3],
            event_title="Second informal interactive multi-stakeholder hearing and sixth informal thematic session",
            event_place="Palais des Nations, United Nations Office at Geneva",
            photo=_photo(number),
            slot=str(number + 1),
            ahead=bool(number % 2),
        )


def _letters(number: int, alphabet: str, length: int) -> str:
    blocks = b"".join(sha256(f"{number}/{block}".encode()).digest() for block in range(length // 32 + 1))
    return "".join(alphabet[byte % len(alphabet)] for byte in blocks[:length])


def _photo(number: int) -> bytes:
    """A drawn portrait with grain, which makes it as long as a real photo; no two are alike."""
    with Image.open(io.BytesIO(stand_in_portrait(number))) as drawn:
        grain = Image.frombytes("L", (150, 200), Random(number).randbytes(30_000)).resize(drawn.size)
        grainy = Image.blend(drawn.convert("RGB"), grain.convert("RGB"), 0.16)
    for quality in range(80, 20, -6):
        out = io.BytesIO()
        grainy.save(out, "JPEG", quality=quality)
        if out.tell() <= _PHOTO_BYTES * 1.1:
            break
    return out.getvalue()


def _decoded(rendered: Rendered, checked: Sequence[BadgeFacts]) -> int:
    """How many of their codes are on the pages; pages that hold none of these people are passed over."""
    wanted = {text for badge in checked for text in (badge.code, badge.short_code)}
    places = {reference: place for place, reference in enumerate(rendered.references)}
    with pypdfium2.PdfDocument(rendered.document) as pdf:
        a_page = -(-len(rendered.references) // len(pdf))
        pages = sorted({places[badge.reference] // a_page for badge in checked})
        found = {code.text for page in pages for code in _codes(pdf[page])}
    return len(wanted & found)


def _codes(page: pypdfium2.PdfPage) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil().convert("L"), formats=_CODES)


if __name__ == "__main__":
    sys.exit(main())
