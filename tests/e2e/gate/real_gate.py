"""The real service under gunicorn and real scanner processes, on the days of 2017."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from factories.passes import collected_pass
from sqlalchemy import select

from accredit.config import Settings
from accredit.credential.reasons import Verdict
from accredit.db.models.gate import Scan
from accredit.db.session import reading, writing
from accredit.demo.stage import Stage
from accredit.services.badge_contents import code_of, new_badge
from accredit.services.devices import PreparedDevice, prepare_device
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.wiring import House

HEARING_MORNING = datetime(2017, 10, 11, 6, 30, tzinfo=UTC)
PIN = "20171011"


@dataclass(frozen=True, slots=True)
class Issued:
    """A collected pass, and the code on its badge."""

    reference: str
    serial: bytes
    code: str


@dataclass
class RealGate:
    """A service that answers, its database for looking into, and passes for its scanners."""

    stage: Stage
    house: House
    passes: Sequence[Issued]
    service: subprocess.Popen[str]
    used: int = 0

    @classmethod
    def open(cls, folder: Path, passes: int) -> RealGate:
        """A state folder marked as a demonstration, its service ready, and so many passes."""
        stage = Stage.build(folder, print)
        stage.set_clock(HEARING_MORNING)
        stage.accredit("init", "--demo")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ACCREDIT_DEMO_CLOCK", str(folder / "clock.json"))
            house = House(Settings(state=stage.state))
            issued = _issue(house, passes)
        service = stage.serve()
        stage.wait_until_ready()
        return cls(stage, house, issued, service)

    def take(self, number: int) -> Sequence[Issued]:
        """So many passes that no other test has had."""
        self.used += number
        return self.passes[self.used - number : self.used]

    def prepare(self, name: str, checkpoint: str = "pregny") -> str:
        """The one-time code for a scanner."""
        with writing(self.house.engine) as session:
            prepared = prepare_device(session, self.house.context(), self._event(session), name, checkpoint)
            assert isinstance(prepared, PreparedDevice), prepared
            session.commit()
        return prepared.code

    def scans(self, serials: Sequence[bytes] = ()) -> list[Scan]:
        """The scans that the service holds, of all passes or of these."""
        wanted = select(Scan).where(Scan.serial.in_(serials)) if serials else select(Scan)
        with reading(self.house.engine) as session:
            return list(session.scalars(wanted))

    def kill_and_serve_again(self) -> None:
        """SIGKILL to the service and its workers, as a power cut would; then it starts anew."""
        children = Path(f"/proc/{self.service.pid}/task/{self.service.pid}/children").read_text().split()
        for number in (self.service.pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.stage.stop(self.service)
        self.service = self.stage.serve()
        self.stage.wait_until_ready()

    def close(self) -> None:
        """Ends everything."""
        self.stage.clear()
        self.house.engine.dispose()

    @staticmethod
    def _event(session: Any) -> LoadedEvent:
        found = find_event(session, "")
        assert found is not None
        return found


def _issue(house: House, number: int) -> list[Issued]:
    context, keyring = house.context(), house.keyring
    assert keyring is not None
    with writing(house.engine) as session:
        event = RealGate._event(session)
        made = []
        for _ in range(number):
            held = collected_pass(session, context, event)
            badge = new_badge(context, held, keyring.pass_key, "special-event-pass")
            code = code_of(event.event, held, badge, keyring.pass_key)
            made.append(Issued(held.application.reference, held.serial, code))
        session.commit()
    return made


@dataclass
class RealScanner:
    """One scanner's folder and its commands. `clock` replaces the clock that it shares with the service."""

    gate: RealGate
    name: str
    address: str
    clock: Path | None = None
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def state(self) -> Path:
        """Its folder."""
        return self.gate.stage.scanner_state(self.name)

    def enrol(self, code: str) -> subprocess.CompletedProcess[str]:
        """Enrols with a one-time code."""
        told = ("--server", self.address, "--code", code, "--name", self.name)
        return self.run("enrol", *told, "--pin", PIN, "--allow-demo")

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            self._command(words), input=given, capture_output=True, text=True, timeout=180, env=self._environment()
        )

    def start(self, *words: str) -> subprocess.Popen[str]:
        """One command that goes on; lines in, lines out."""
        process = subprocess.Popen(
            self._command(words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=self._environment(),
        )
        self.running.append(process)
        return process

    def sync(self) -> subprocess.CompletedProcess[str]:
        """One round."""
        return self.run("sync", "--once", "--no-photos")

    def check(self, *codes: str) -> list[dict[str, Any]]:
        """The verdicts on these codes, at one lane."""
        done = self.run("check", "--json", given="".join(f"{code}\n" for code in codes))
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def status(self) -> dict[str, Any]:
        """What it says of itself."""
        told: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return told

    def end(self) -> None:
        """Ends what still runs."""
        for process in self.running:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _command(self, words: Sequence[str]) -> list[str]:
        return [sys.executable, "-m", "scanner.cli", *words]

    def _environment(self) -> Mapping[str, str]:
        own = {} if self.clock is None else {"ACCREDIT_DEMO_CLOCK": str(self.clock)}
        return {**self.gate.stage.scanner_environment(self.name), **own}


NewScanner = Callable[[], RealScanner]


def once_each(scans: Sequence[Scan]) -> dict[str, Verdict]:
    """The verdict of each scan by its id; fails where an id is there twice."""
    told = {str(scan.id): scan.verdict for scan in scans}
    assert len(told) == len(scans)
    return told
