"""From a camera's frame to the verdict: real badges in frames that a page posts to a running kiosk, over HTTP.

    python -m benchmarks.frames [--json] [--passes N]

`cpu_ms` is the processor's time of one frame in the kiosk and its decoder together, from the request to the answer with
the scan on the disk; `gate_cpu_ms` and `decoder_cpu_ms` are its parts, `wall_ms_p50` and `wall_ms_p99` what the page
waits. `verdict_ms_p50` is a code offered by a reader at another lane while nobody films, `beside_ms_p50` the same while
frames keep coming. `held_cpu_ms` is a frame that shows a code that was scanned already, `empty_cpu_ms` one without any.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image

from accredit.rendering.badges import render
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import load_template
from benchmarks.camera import MODELS, photograph
from benchmarks.decode import SYMBOL_MM, TEMPLATE, as_print, facts_of
from benchmarks.gate_crowd import percentile

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from gate_simulator import GateSimulator, IssuedPass, system_now

SIZE = (1280, 1080)  # what the page cuts out of a picture of 1920 by 1080
PX_PER_MM = 6.5
_PIN = "20171011"
_ROUNDS = 40


@dataclass
class Kiosk:
    """A running kiosk, its page's session, and the processor's time that it took."""

    process: subprocess.Popen[str]
    client: httpx.Client

    def cpu_ms(self) -> tuple[float, float]:
        """Of the kiosk itself, and of its decoder."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        children = {int(pid) for task in tasks for pid in (task / "children").read_text().split()}
        return _ran_ms(self.process.pid), sum(map(_ran_ms, children))

    def film(self, frame: bytes) -> dict[str, object]:
        """One frame posted, and its answer."""
        answer = self.client.post("/api/frames", content=frame, headers={"Content-Type": "image/jpeg"})
        told: dict[str, object] = answer.raise_for_status().json()
        return told

    def offer(self, code: str) -> None:
        """A code as a reader's page offers it."""
        self.client.post("/api/offers", json={"kind": "code", "readings": [code]}).raise_for_status()


def measure(passes: int) -> dict[str, object]:
    """Everything, once."""
    simulator = GateSimulator(system_now)
    filmed, offered = (
        [simulator.issue(f"SPECIMEN {way} {number:03}") for number in range(passes)] for way in ("A", "B")
    )
    frames = [_jpeg(picture) for picture in _photographed(filmed)]
    empty = _jpeg(_clutter())
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder), simulator) as kiosk:
        kiosk.film(empty)  # starts the decoder
        first = _filmed(kiosk, frames)
        held = _cpu(kiosk, lambda: kiosk.film(frames[-1]))
        nothing = _cpu(kiosk, lambda: kiosk.film(empty))
        half = len(offered) // 2
        alone = [_wall_ms(lambda code=each.code: kiosk.offer(code)) for each in offered[:half]]
        with _filming(kiosk, frames[-1]):
            beside = [_wall_ms(lambda code=each.code: kiosk.offer(code)) for each in offered[half:]]
    return {
        "frames": len(frames),
        "size": SIZE,
        "frame_kb": round(sum(map(len, frames)) / len(frames) / 1000, 1),
        **first,
        "held_cpu_ms": held,
        "empty_cpu_ms": nothing,
        "verdict_ms_p50": percentile(alone, 0.5),
        "beside_ms_p50": percentile(beside, 0.5),
        "beside_ms_p99": percentile(beside, 0.99),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", dest="as_json", action="store_true", help="one JSON object")
    parser.add_argument("--passes", type=int, default=60, help="badges filmed, each once")
    asked = parser.parse_args(arguments)
    told = measure(asked.passes)
    print(json.dumps(told) if asked.as_json else "\n".join(f"{key:<16} {value}" for key, value in told.items()))


def _filmed(kiosk: Kiosk, frames: Sequence[bytes]) -> dict[str, object]:
    walls, answers, before = [], [], kiosk.cpu_ms()
    for frame in frames:
        began = time.perf_counter()
        answers.append(kiosk.film(frame))
        walls.append((time.perf_counter() - began) * 1000)
    gate, decoder = (round((late - early) / len(frames), 2) for late, early in zip(kiosk.cpu_ms(), before, strict=True))
    return {
        "admitted": sum(_look(each) == "admit" for each in answers),
        "first_pass": sum(each.get("look") == "first" for each in answers),
        "cpu_ms": round(gate + decoder, 2),
        "gate_cpu_ms": gate,
        "decoder_cpu_ms": decoder,
        "wall_ms_p50": percentile(walls, 0.5),
        "wall_ms_p99": percentile(walls, 0.99),
    }


def _look(told: dict[str, object]) -> object:
    answer = told.get("answer")
    return answer.get("look") if isinstance(answer, dict) else None


def _cpu(kiosk: Kiosk, work: Callable[[], object]) -> float:
    before = sum(kiosk.cpu_ms())
    for _ in range(_ROUNDS):
        work()
    return round((sum(kiosk.cpu_ms()) - before) / _ROUNDS, 2)


def _wall_ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


@contextmanager
def _filming(kiosk: Kiosk, frame: bytes) -> Iterator[None]:
    """Another page films all the while, eight times a second."""
    stop = threading.Event()
    headers, cookies = kiosk.client.headers, kiosk.client.cookies

    def film() -> None:
        with httpx.Client(base_url=kiosk.client.base_url, headers=headers, cookies=cookies, timeout=60) as client:
            while not stop.wait(0.12):
                client.post("/api/frames", content=frame, headers={"Content-Type": "image/jpeg"}).raise_for_status()

    thread = threading.Thread(target=film)
    thread.start()
    yield
    stop.set()
    thread.join()


@contextmanager
def _running(folder: Path, simulator: GateSimulator) -> Iterator[Kiosk]:
    environment = {**os.environ, "ACCREDIT_SCANNER_STATE": str(folder / "state"), "ACCREDIT_SCANNER_PIN": _PIN}
    command = [sys.executable, "-m", "scanner.cli"]
    with simulator.serving() as address:
        enrol = ("enrol", "--server", address, "--code", simulator.new_code(), "--allow-demo")
        for words in (enrol, ("sync", "--once")):
            subprocess.run([*command, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
        words = ("kiosk", "--checkpoint", "pregny", "--port", "0")
        process = subprocess.Popen([*command, *words], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            at = process.stdout.readline().split()[-1].rstrip("/")
            with httpx.Client(base_url=at, headers={"Origin": at}, timeout=60) as client:
                client.get("/").raise_for_status()
                client.post("/api/shift", json={"officer": "417"}).raise_for_status()
                yield Kiosk(process, client)
        finally:
            process.terminate()
            process.wait()


def _photographed(passes: Sequence[IssuedPass]) -> Iterator[Image.Image]:
    facts = [
        replace(facts_of(number, each.claims.name), code=each.code, photo=None) for number, each in enumerate(passes)
    ]
    hand = next(model for model in MODELS if model.name == "hand")
    pdf = pypdfium2.PdfDocument(render(load_template(TEMPLATE), facts, size="a6", fonts=FontBook()).document)
    for number, page in enumerate(pdf):
        badge = as_print(page.render(scale=600 / 72).to_pil())
        seen = photograph(badge, hand, PX_PER_MM, SYMBOL_MM, random.Random(number))
        frame = _clutter()
        frame.paste(seen, ((SIZE[0] - seen.width) // 2, (SIZE[1] - seen.height) // 2))
        yield frame


def _clutter() -> Image.Image:
    """What is behind the badge: shapes and grain, no plain wall."""
    draw = random.Random(5)
    small = Image.frombytes("L", (40, 34), draw.randbytes(40 * 34)).resize(SIZE, Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", SIZE, draw.randbytes(SIZE[0] * SIZE[1])).point(
        [120 + grey // 16 for grey in range(256)]
    )
    return Image.blend(small, grain, 0.5)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def _ran_ms(pid: int) -> float:
    """What all threads of a process have run so far."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


if __name__ == "__main__":
    main()
