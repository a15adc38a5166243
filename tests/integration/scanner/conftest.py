"""A scanner in a folder of its own beside a simulated service."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from gate_simulator import GateSimulator
from scanner_under_test import CHEAP, PIN, MovingClock, ScannerUnderTest

from scanner.enrol import EnrolRequest, enrol
from scanner.enrolment import Enrolment
from scanner.server import Server


@pytest.fixture
def clock() -> MovingClock:
    """The morning of the hearing, 09:30 in Geneva."""
    return MovingClock(datetime(2017, 10, 11, 7, 30, tzinfo=UTC))


@pytest.fixture
def simulator(clock: MovingClock) -> GateSimulator:
    return GateSimulator(clock)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def enrolling(tmp_path: Path, simulator: GateSimulator, clock: MovingClock) -> Iterator[Callable[..., object]]:
    """Enrols in a folder; what is not given is in order."""
    server = Server("http://127.0.0.1", transport=simulator.transport())

    def do(state: Path = tmp_path / "state", **changes: object) -> object:
        request = EnrolRequest("http://127.0.0.1", simulator.new_code(), "Gate 1", PIN, allow_demo=True)
        return enrol(state, replace(request, **changes), server, os.urandom, clock=clock, cost=CHEAP)  # type: ignore[arg-type]

    yield do
    server.close()


@pytest.fixture
def scanner(
    enrolling: Callable[..., object], tmp_path: Path, simulator: GateSimulator, clock: MovingClock, stack: ExitStack
) -> ScannerUnderTest:
    """An enrolled scanner that has no list yet."""
    assert isinstance(enrolling(), Enrolment)
    return ScannerUnderTest(tmp_path / "state", simulator, clock, stack)
