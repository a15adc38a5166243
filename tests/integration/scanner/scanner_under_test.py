"""A scanner in a folder of its own beside a simulated service, with a clock that tests move, and how to talk to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from gate_simulator import GateSimulator

from accredit.credential.reasons import Direction
from scanner.gate import Answered, Gate, Station
from scanner.offers import Presented, RefuseLast, UndoLast, read_line
from scanner.opening import OpenScanner, opened
from scanner.outcomes import Outcome
from scanner.sealing import PinCost
from scanner.server import Server
from scanner.sync import Round, Sync

PIN = "20171011"
CHEAP = PinCost(passes=1, memory_kib=8)
LANE_1 = Station("pregny", "1", "417", Direction.ENTRY)
LANE_2 = replace(LANE_1, lane="2")


class MovingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **span: float) -> None:
        """Let time pass."""
        self.at += timedelta(**span)


class ScannerUnderTest:
    """One enrolled scanner: its folder, its sync, and as many gates as a test opens."""

    def __init__(self, state: Path, simulator: GateSimulator, clock: MovingClock, stack: ExitStack) -> None:
        self.state = state
        self.simulator = simulator
        self.clock = clock
        self.said: list[str] = []
        self._stack = stack
        self.open = self.reopened()
        self.server = Server("http://127.0.0.1", self.open.secrets.token, simulator.transport())
        stack.callback(self.server.close)
        self._sync = Sync(self.open, self.server, entropy=os.urandom, say=self.said.append)

    def reopened(self) -> OpenScanner:
        """The folder opened once more, as another process would."""
        scanner = self._stack.enter_context(opened(self.state, {}))
        return replace(scanner, clock=self.clock)

    def sync(self) -> Round:
        """One round."""
        return self._sync.round()

    def sync_of_open(self) -> Round:
        """One round of a sync made anew from `open`."""
        return Sync(self.open, self.server, entropy=os.urandom, say=self.said.append).round()

    def gate(self, pin: str | None = None) -> Gate:
        """A gate of its own, with connections of its own."""
        return self.reopened().gate(pin)

    @contextmanager
    def gate_of_thread(self) -> Iterator[Gate]:
        """A gate whose connections belong to the calling thread."""
        with opened(self.state, {}) as scanner:
            yield replace(scanner, clock=self.clock).gate(None)


def tell(gate: Gate, line: str, station: Station = LANE_1) -> Answered:
    """What the gate answers to one line."""
    offer = read_line(line)
    if isinstance(offer, UndoLast | RefuseLast):
        return gate.correct(offer, station)
    assert isinstance(offer, Presented)
    return gate.present(offer, station)


def verdict(gate: Gate, line: str, station: Station = LANE_1) -> tuple[str, str]:
    """Verdict and reason for one line."""
    answer = tell(gate, line, station)
    assert isinstance(answer, Outcome), answer
    return answer.entry.verdict.value, answer.entry.reason.value
