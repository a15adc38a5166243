"""Gate and doors from 11 to 13 October, by the real scanner processes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from accredit.demo.applications import ZONE
from accredit.demo.desk import Code
from accredit.demo.lanes import Lane
from accredit.demo.office import OFFICE_DAY, Office
from accredit.demo.stage import SceneFailed, Stage

SCANNERS = {"gate": "pregny", "xix": "door-xix", "xx": "door-xx"}
_PIN = "20171011"
_SYNC_EVERY = "0.15"  # seconds; an officer's scanner asks every two or three


@dataclass
class Gate:
    """The scanners, their lanes, and every verdict that was told, by scene."""

    stage: Stage
    office: Office
    lanes: dict[str, Lane] = field(default_factory=dict)
    scenes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    moved_to: datetime = OFFICE_DAY

    def enrol(self) -> None:
        """Three scanners get their one-time codes, and enrol, each on its own."""
        wanted = [f"{name}={checkpoint}" for name, checkpoint in SCANNERS.items()]
        codes = json.loads(self.stage.accredit("devices", "enrol", "--json", *wanted))
        with ThreadPoolExecutor() as hands:
            list(hands.map(self._enrol, codes, codes.values()))

    def _enrol(self, name: str, code: str) -> None:
        self.stage.scanner(
            *(name, "enrol", "--server", self.stage.address, "--code", code, "--name", name),
            *("--pin", _PIN, "--allow-demo"),
        )

    def start(self) -> None:
        """A sync process for each scanner, which tells how it stands after each round, and a process for each lane."""
        for name in SCANNERS:
            environment = self.stage.scanner_environment(name)
            photos = "--photos" if SCANNERS[name] == "pregny" else "--no-photos"
            arguments = ("sync", "--json", "--every", _SYNC_EVERY, photos)
            self.stage.start("scanner.cli", *arguments, environment=environment, log=f"sync-{name}")
        self.settle()  # a lane opens when its scanner has a list
        for lane, (scanner, officer) in {"1": ("gate", "4711"), "2": ("gate", "4712")}.items():
            self.lanes[f"gate {lane}"] = Lane.open(self.stage, scanner, "pregny", lane, officer)
        for scanner, officer in {"xix": "4720", "xx": "4730"}.items():
            self.lanes[scanner] = Lane.open(self.stage, scanner, SCANNERS[scanner], "A", officer)

    def at(self, day: int, clock: str) -> None:
        """Moves the clock of all processes to this hour of October 2017 and lets the scanners hear of it."""
        self.moved_to = datetime.fromisoformat(f"2017-10-{day:02} {clock}").replace(tzinfo=ZONE)
        self.stage.set_clock(self.moved_to)

    def settle(self) -> None:
        """Waits until every scanner has its list confirmed at this hour and has handed in every scan that it answered."""
        self.stage.wait_for(self._all_heard, "the scanners to hear the service")

    def _all_heard(self) -> bool:
        reports, hour = self.reports().values(), self.moved_to.astimezone(UTC)
        confirmed = [datetime.fromisoformat(one["list_confirmed_at"]) for one in reports if one["list_confirmed_at"]]
        return (
            len(confirmed) == len(SCANNERS)
            and min(confirmed) >= hour
            # A report may be older than the last scan.
            and sum(one["scans"] for one in reports) >= len(self.seen)
            and not any(one["waiting"] for one in reports)
        )

    def reports(self) -> dict[str, dict[str, Any]]:
        """What each scanner said of itself after its last round."""
        return {name: self._newest(self.stage.folder / "logs" / f"sync-{name}.log") for name in SCANNERS}

    def held_back(self) -> int:
        """How many scans wait on the scanners for the service."""
        with ThreadPoolExecutor() as hands:
            return sum(hands.map(self._waiting, SCANNERS))

    def _waiting(self, name: str) -> int:
        waiting: int = json.loads(self.stage.scanner(name, "status", "--json"))["waiting"]
        return waiting

    def _newest(self, log: Path) -> dict[str, Any]:
        """The last whole report."""
        lines = log.read_text("utf-8").rpartition("\n")[0].splitlines()
        told = next((line for line in reversed(lines) if line.startswith("{")), None)
        return json.loads(told) if told else {"waiting": 0, "scans": 0, "list_confirmed_at": None}

    def both(self, code: Code) -> list[dict[str, Any]]:
        """One code at both lanes of the gate in the same moment."""
        for lane in ("gate 1", "gate 2"):
            self.lanes[lane].present([code.text])
        answers = [self.lanes[lane].answers(1)[0] for lane in ("gate 1", "gate 2")]
        self.seen |= {one["id"] for one in answers}
        return answers

    def pass_in(self, lane: str, codes: Iterable[Code]) -> list[dict[str, Any]]:
        """People walk up to a lane; every verdict counts."""
        answers = self.lanes[lane].scan(one.text for one in codes)
        self.seen |= {one["id"] for one in answers}
        return answers

    def pass_in_together(self, queues: Mapping[str, Sequence[Code]]) -> None:
        """People walk up to several lanes at the same time."""
        with ThreadPoolExecutor() as crowds:
            list(crowds.map(self.pass_in, queues.keys(), queues.values()))

    def show(self, title: str, lane: str, text: str, expected: str) -> dict[str, Any]:
        """One special case: what is shown, and that the scanner answers as it must."""
        answer = self.lanes[lane].scan([text])[0]
        self.seen.add(answer["id"])
        told = f"{answer['verdict']}/{answer['reason']}"
        if told != expected:
            raise SceneFailed(f"{title}: the scanner said {told}, expected {expected}")
        self.scenes.append((title, answer))
        return answer

    def verdicts(self) -> Counter[str]:
        """What all lanes have answered so far."""
        return sum((lane.verdicts for lane in self.lanes.values()), Counter())
