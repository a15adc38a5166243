"""The whole play: office, desk, gate; then the table of what happened, and the files it made."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accredit.demo.days import Days
from accredit.demo.desk import DESK_DAY, Desk
from accredit.demo.gate import Gate
from accredit.demo.office import Office
from accredit.demo.stage import SceneFailed, Stage

_WORDS = {"admit": "ADMIT", "ask": "ASK", "refuse": "REFUSE"}


def _counted(verdicts: Counter[str]) -> str:
    told = ", ".join(f"{count} {_WORDS[verdict]}" for verdict, count in sorted(verdicts.items()))
    return f"{verdicts.total()} scans: {told}"


@dataclass
class Play:
    """One run of the demonstration."""

    stage: Stage
    lists: Path
    say: Callable[[str], None]
    took: dict[str, float] = field(default_factory=dict)

    def run(self) -> tuple[dict[str, Any], Days]:
        """Everything, in order; the summary for `--json`, and what still runs."""
        began = time.monotonic()
        office = Office.open(self.stage, self.lists)
        desk, gate = Desk(office), Gate(self.stage, office)
        with ThreadPoolExecutor(1) as elsewhere:
            drawing = elsewhere.submit(office.draw_photos)
            self._act("5 October: event and keys", office.prepare)
            drawing.result()
            coming_in = elsewhere.submit(office.take_in)
            self._act("Lists are loaded", office.load_lists)
            service = self.stage.serve()  # gets ready while applications come in
            self._act(f"{len(office.applicants)} applications come in", coming_in.result)
            self.say(f"  {office.taken}")
            self._act("Screening by the rules", office.screen)
            enrolling = elsewhere.submit(self._enrol, gate)  # not before: screening holds the database
            self._act("Review of what the rules left open", office.review)
            enrolling.result()
            self.stage.set_clock(DESK_DAY)
            opening = elsewhere.submit(gate.start)
            self._act("10 October: the desk at Pregny", desk.open)
            opening.result()
            self._act("Badges", desk.print_all)
        days = Days(self.stage, office, desk, gate, service)
        for title, scene in (
            ("11 October, 08:30: the gate and the door of Room XIX", days.hearing_morning),
            ("09:50: a panellist is replaced, and a pass is reported stolen", days.replacement),
            ("14:30: twenty minutes without the service, at the gate and at the desk", days.afternoon_without_service),
            ("12 and 13 October: the thematic session", days.thematic_session),
        ):
            before = gate.verdicts()
            self._act(title, scene)
            self.say(f"  {_counted(gate.verdicts() - before)}")
        gate.settle()
        summary = json.loads(self.stage.accredit("figures", "--json"))
        self._table(gate, desk, summary, time.monotonic() - began)
        return self._checked(summary, gate, len(office.references) + desk.replaced), days

    def _act(self, title: str, scene: Callable[[], Any]) -> Any:
        self.say(f"\n{title}")
        began = time.monotonic()
        done = scene()
        self.took[title] = time.monotonic() - began
        return done

    def _enrol(self, gate: Gate) -> None:
        self.stage.wait_until_ready()
        gate.enrol()

    def _table(self, gate: Gate, desk: Desk, summary: dict[str, Any], seconds: float) -> None:
        self.say("\nWhat was tried at the gate and the doors")
        for title, answer in gate.scenes:
            verdict = _WORDS[answer["verdict"]]
            self.say(f"  {verdict:<7} {answer['reason']:<22} {title}")
        self.say("\nCounts")
        for name in ("applications", "approved", "refused", "waiting", "passes", "collected", "scans", "admitted"):
            self.say(f"  {summary[name]:>6}  {name}")
        self.say("\nNot simply let in, by reason")
        for verdict, name in (("REFUSE", "refused_by_reason"), ("ASK", "asked_by_reason")):
            for reason, count in sorted(summary[name].items(), key=lambda pair: -pair[1]):
                self.say(f"  {count:>6}  {verdict:<7} {reason}")
        self.say("\nFiles")
        database = [] if self.stage.database else [self.stage.state / "accredit.db"]
        for file in (*desk.files, self.stage.folder / "applications.csv", *database):
            self.say(f"  {file}")
        self.say("\nSeconds")
        for title, spent in self.took.items():
            self.say(f"  {spent:>6.1f}  {title}")
        self.say(f"\nThe run took {seconds:.1f} seconds and {self.stage.starts} starts of accredit.")

    def _checked(self, summary: dict[str, Any], gate: Gate, applications: int) -> dict[str, Any]:
        """The run vouches for itself: what the scanners told is what the service holds."""
        told = {"applications": applications, "scans": len(gate.seen)}
        for name, count in told.items():
            if summary[name] != count:
                raise SceneFailed(f"{name}: the service holds {summary[name]}, the demonstration counted {count}")
        return summary
