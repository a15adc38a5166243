"""How far away a badge is read: real badges, degraded as a hand, a printer and a camera do, and the share that is read.

    python -m benchmarks.decode [--json] [--frames N] [--model NAME ...]

`rates` holds one entry a model and density: `model`, `px_per_mm` (camera pixels a millimetre of badge), `first` (share
read by the first pass), `second` (with the second passes of `scanner.decoding`), `frames`. Seeds are fixed. The optics
are simulated; paper, laminate and a real camera are not in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import zxingcpp
from PIL import Image

from accredit.credential.claims import Claims
from accredit.credential.codec import encode_pass
from accredit.credential.keysets import KeyRole
from accredit.credential.serials import short_code
from accredit.credential.signing import SigningKey
from accredit.rendering.badges import render
from accredit.rendering.facts import BadgeFacts
from accredit.rendering.fonts import FontBook
from accredit.rendering.photos import stand_in_portrait
from accredit.rendering.templates import load_template
from benchmarks.camera import MODELS, Model, Print, photograph, printed
from scanner.decoding import Sighting, first_pass, second_passes

DENSITIES = (4.2, 5.0, 5.8, 6.5, 8.5)
SYMBOL_MM = 28.0
_NAMES = ("SPECIMEN ANNA", "OKONKWO DUBOIS AMELIE", "NGUYEN THI MINH KHAI LINH", "VAN DER BERG JOHANNES PIETR")
TEMPLATE = Path(__file__).resolve().parent.parent / "badge_templates" / "special-event-pass"
_DOTS_AN_INCH = 600


def badges() -> list[Print]:
    """Four badges of made-up people, from the claims to the paper."""
    facts = [facts_of(number, name) for number, name in enumerate(_NAMES)]
    document = render(load_template(TEMPLATE), facts, size="a6", fonts=FontBook()).document
    with pypdfium2.PdfDocument(document) as pdf:
        return [as_print(page.render(scale=_DOTS_AN_INCH / 72).to_pil()) for page in pdf]


def measure(badges: Sequence[Print], model: Model, px_per_mm: float, frames: int) -> dict[str, object]:
    """One row: `frames` frames of one model at one density."""
    first = second = 0
    for number in range(frames):
        draw = random.Random(f"{model.name} {px_per_mm} {number}")
        frame = photograph(badges[number % len(badges)], model, px_per_mm, SYMBOL_MM, draw)
        found = first_pass(frame)
        first += _is_ours(found)
        second += _is_ours(found or second_passes(frame))
    return {
        "model": model.name,
        "px_per_mm": px_per_mm,
        "first": round(first / frames, 3),
        "second": round(second / frames, 3),
        "frames": frames,
    }


def timings(badges: Sequence[Print], rounds: int = 15) -> dict[str, float]:
    """Milliseconds of CPU (medians): the first pass that hits, and all passes that find nothing."""
    hand = next(model for model in MODELS if model.name == "hand")
    frame = photograph(badges[0], hand, 6.5, SYMBOL_MM, random.Random(1))
    blank = Image.new("L", frame.size, 128)
    return {
        "first_hit_ms": _median_ms(lambda: first_pass(frame), rounds),
        "all_missed_ms": _median_ms(lambda: first_pass(blank) or second_passes(blank), rounds),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and tell."""
    asked = _parser().parse_args(arguments)
    printed_badges = badges()
    models = [model for model in MODELS if not asked.model or model.name in asked.model]
    rates = [measure(printed_badges, model, density, asked.frames) for model in models for density in DENSITIES]
    told = {"rates": rates, "symbol_mm": SYMBOL_MM, "modules": 49, **timings(printed_badges)}
    print(json.dumps(told) if asked.as_json else _table(rates))


def facts_of(number: int, name: str) -> BadgeFacts:
    """A badge of a made-up person."""
    # Three bytes of tag and 27 of name: the densest badge that is printed.
    serial = hashlib.sha256(name.encode()).digest()[:5]
    begins, ends = datetime(2017, 10, 9, 22, tzinfo=UTC), datetime(2017, 10, 13, 22, tzinfo=UTC)
    claims = Claims(serial, 26, 7, False, 0x0F, serial[:3], name, begins, ends)
    key = SigningKey.generate(1, KeyRole.PASS, lambda size: hashlib.sha256(b"benchmark").digest()[:size])
    surname, _, given_names = name.title().partition(" ")
    return BadgeFacts(
        reference=f"SEP-BENCH-{number:04}",
        surname=surname,
        given_names=given_names,
        latin_name=name,
        organisation="Example Institute",
        category_label="Academic",
        band="stakeholder",
        code=encode_pass(claims, key),
        short_code=short_code(serial),
        opens=(date(2017, 10, 10), date(2017, 10, 11), date(2017, 10, 12)),
        event_title="Second informal hearing",
        event_place="Palais des Nations, Geneva",
        photo=stand_in_portrait(number),
    )


def as_print(page: Image.Image) -> Print:
    """A page at 600 dots an inch as a camera may see it printed; where its symbol stands is found by reading it."""
    levels = tuple(sorted({level for model in MODELS for level in model.thresholds}))
    pages = printed(page, levels)
    found = zxingcpp.read_barcodes(pages[150], formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    corners = [
        getattr(found[0].position, corner) for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
    ]
    centre = sum(corner.x for corner in corners) / 4, sum(corner.y for corner in corners) / 4
    return Print(pages, centre, float(corners[1].x - corners[0].x))


def _is_ours(found: Sighting | None) -> bool:
    return found is not None and found.text.startswith("SEP1:")


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return round(sorted(taken)[rounds // 2] * 1000, 1)


def _table(rates: Iterable[dict[str, object]]) -> str:
    lines = [f"{'model':<10} {'px/mm':>6} {'first':>7} {'second':>7} {'frames':>7}"]
    lines += [
        f"{row['model']:<10} {row['px_per_mm']:>6} {row['first']:>7.0%} {row['second']:>7.0%} {row['frames']:>7}"
        for row in rates
    ]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", dest="as_json", action="store_true", help="one JSON object")
    parser.add_argument("--frames", type=int, default=24, help="frames for each model and density")
    parser.add_argument("--model", action="append", choices=[model.name for model in MODELS], help="only this model")
    return parser


if __name__ == "__main__":
    main()
