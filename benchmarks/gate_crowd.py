"""People before one gate: a process of its own that runs the scanner's core on its own state folder and takes the time.

It reads a `Walk` as JSON and prints a `Walked`; nothing of the service is in its memory. Beside each verdict, the disk
alone is asked to do as much (16 KiB, synced), so that both figures are of the same moment.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random

from accredit.credential.reasons import Direction
from scanner.gate import Gate, Station
from scanner.offers import Code
from scanner.opening import opened
from scanner.outcomes import Outcome

_AS_MUCH = bytes(16_384)


@dataclass(frozen=True, slots=True)
class Walk:
    """Who comes to one gate: the text of each badge, and the second at which it comes (all 0: one behind the other)."""

    state: str
    pin: str
    lane: str
    codes: Sequence[str] = field(repr=False)
    arrivals: Sequence[float] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Walked:
    """What it took: times in ms, of the processor and of the disk as well; and the verdicts."""

    took_ms: list[float]
    cpu_ms: list[float]
    disk_ms: list[float]
    verdicts: dict[str, int]
    seconds: float
    peak_mb: float


def arrival_curve(people: int, seconds: float, draw: Random) -> tuple[float, ...]:
    """When they come: few at first, most at two thirds, then fewer."""
    return tuple(sorted(draw.triangular(0, seconds, seconds * 2 / 3) for _ in range(people)))


def walk_all(walks: Sequence[Walk], environment: Mapping[str, str]) -> list[Walked]:
    """Every walk in a process of its own, all at the same time."""
    command = [sys.executable, "-m", "benchmarks.gate_crowd"]
    running = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in walks
    ]
    for process, asked in zip(running, walks, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(asked)))
        process.stdin.close()
    told = list(map(_end_of, running))
    assert not any(process.returncode for process in running), "a gate ended early"
    return [Walked(**json.loads(one)) for one in told]


def _end_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with process.stdout:
        told = process.stdout.read()
    process.wait()
    return told


def main() -> None:
    """Present them all."""
    asked = Walk(**json.load(sys.stdin))
    state = Path(asked.state)
    with opened(state, os.environ) as scanner, (state / "probe").open("ab", buffering=0) as disk:
        told = _walk(scanner.gate(asked.pin), asked, disk.fileno())
    print(json.dumps(asdict(told)))


def _walk(gate: Gate, asked: Walk, disk: int) -> Walked:
    station = Station("pregny", asked.lane, "1", Direction.ENTRY)
    told = Walked([], [], [], {}, 0.0, 0.0)
    began = time.perf_counter()
    is_paced = any(asked.arrivals)
    for code, at in zip(asked.codes, asked.arrivals, strict=True):
        time.sleep(max(0.0, began + at - time.perf_counter()))
        _present(gate, station, code, told)
        if is_paced:
            told.disk_ms.append(_disk_ms(disk))
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return replace(told, seconds=seconds, peak_mb=peak)


def _present(gate: Gate, station: Station, code: str, told: Walked) -> None:
    began, cpu = time.perf_counter(), time.thread_time()
    answer = gate.present(Code(code), station)
    told.cpu_ms.append((time.thread_time() - cpu) * 1000)
    told.took_ms.append((time.perf_counter() - began) * 1000)
    assert isinstance(answer, Outcome), answer
    verdict = answer.entry.verdict.value
    told.verdicts[verdict] = told.verdicts.get(verdict, 0) + 1


def _disk_ms(disk: int) -> float:
    began = time.perf_counter()
    os.write(disk, _AS_MUCH)
    os.fdatasync(disk)
    return (time.perf_counter() - began) * 1000


def percentile(values: Iterable[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)


if __name__ == "__main__":
    main()
