"""A gate on its worst day: its lane and its sync are killed again and again, and its network cannot be relied on."""

from __future__ import annotations

import json
import random
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bad_weather import BadWeather
from real_gate import RealScanner

_ALERT = "came in twice"


@dataclass
class ChaoticGate:
    """One scanner with its lane, its sync and its weather; what its officer was told stands in `answered`, in order."""

    scanner: RealScanner
    weather: BadWeather
    codes: Sequence[str]
    chance: random.Random
    stop: threading.Event
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    in_order: list[str] = field(default_factory=list)
    lane_kills: int = 0
    sync_kills: int = 0
    faults: list[BaseException] = field(default_factory=list)

    def threads(self) -> list[threading.Thread]:
        """One for the lane, one for the sync, one for the network that comes and goes."""
        return [
            threading.Thread(target=self._guarded, args=(work,)) for work in (self._work_lane, self._sync, self._cut)
        ]

    def _guarded(self, work: Any) -> None:
        try:
            work()
        except BaseException as fault:
            self.faults.append(fault)
            self.stop.set()

    def _work_lane(self) -> None:
        while not self.stop.is_set():
            lane = self.scanner.start("check", "--json", "--words-from-stdin", "--officer", "4711")
            for _ in range(self.chance.randint(20, 250)):
                if self.stop.wait(self.chance.uniform(0, 0.06)):
                    break
                self._ask(lane, self._line())
            self._kill_in_the_middle(lane)

    def _line(self) -> str:
        kind = self.chance.random()
        if kind < 0.75:
            return self.chance.choice(self.codes)
        return self.chance.choice(("direction:entry", "direction:exit", "undo", "refuse", "sight:delegate", "NO-CODE"))

    def _ask(self, lane: subprocess.Popen[str], line: str) -> None:
        assert lane.stdin is not None
        assert lane.stdout is not None
        lane.stdin.write(line + "\n")
        lane.stdin.flush()
        while True:
            told = lane.stdout.readline()
            assert told.endswith("\n"), f"the lane ended by itself after {line[:8]}"
            self._keep(told)
            if _ALERT not in told:
                return

    def _kill_in_the_middle(self, lane: subprocess.Popen[str]) -> None:
        """SIGKILL while a code is looked at; a line that came out whole was shown to the officer."""
        assert lane.stdin is not None
        assert lane.stdout is not None
        lane.stdin.write(self.chance.choice(self.codes) + "\n")
        lane.stdin.flush()
        threading.Event().wait(self.chance.uniform(0, 0.006))
        lane.kill()
        for told in lane.stdout.read().splitlines(keepends=True):
            if told.endswith("\n"):
                self._keep(told)
        lane.wait()
        self.lane_kills += 1

    def _keep(self, told: str) -> None:
        answer = json.loads(told)
        if "verdict" not in answer:
            return
        if answer["id"] not in self.answered and not answer["repeat"]:
            self.in_order.append(answer["id"])
        # A repeat that nobody saw before is of a scan that the killed lane wrote: it was made earlier than it is told.
        known = self.answered.setdefault(answer["id"], answer)
        assert known["verdict"] == answer["verdict"], "a repeated answer is the first one"

    def _sync(self) -> None:
        """Killed after some requests, however long those take: on a busy machine they take long."""
        while not self.stop.is_set():
            syncing = self.scanner.start("sync", "--every", "0.2", "--no-photos")
            enough = self.weather.counted().total() + self.chance.randint(2, 25)
            while self.weather.counted().total() < enough and not self.stop.wait(0.01):
                assert syncing.poll() is None, "sync goes on through every failure"
            syncing.kill()
            syncing.communicate()
            self.sync_kills += 1

    def _cut(self) -> None:
        while not self.stop.wait(self.chance.uniform(5.0, 15.0)):
            self.weather.is_gone = True
            self.stop.wait(self.chance.uniform(1.0, 6.0))
            self.weather.is_gone = False
