"""The stage: one folder, one clock, and our own commands as real processes. A command that fails ends the demonstration."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

_PATIENCE_SECONDS = 150  # it ends what hangs; a busy machine may take long


class SceneFailed(Exception):
    """A command did not do what the scene needs; the text holds what it said."""


@dataclass
class Stage:
    """Where the demonstration plays. `say` prints a line for the audience; `database` is empty for SQLite in the folder."""

    folder: Path
    say: Callable[[str], None]
    port: int
    database: str = ""
    starts: int = 0
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @classmethod
    def build(cls, folder: Path, say: Callable[[str], None], database: str = "") -> Stage:
        """An empty stage; what an earlier run left there goes."""
        if folder.exists():
            if not (folder / ".accredit-demo").is_file():
                raise SceneFailed(f"{folder} exists and is not of an earlier demonstration; name another with --folder")
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        (folder / ".accredit-demo").touch()
        return cls(folder, say, _free_port(), database)

    @property
    def state(self) -> Path:
        """The state folder of the service."""
        return self.folder / "state"

    @property
    def address(self) -> str:
        """Where the service listens."""
        return f"http://127.0.0.1:{self.port}"

    def scanner_state(self, name: str) -> Path:
        """The state folder of one scanner."""
        return self.folder / "scanners" / name

    def set_clock(self, moment: datetime) -> None:
        """Sets the clock of all processes; from here it goes on."""
        fresh = self.folder / "clock.new"
        fresh.write_text(json.dumps({"shows": moment.isoformat(), "set_at": time.time()}), "utf-8")
        fresh.replace(self.folder / "clock.json")

    def environment(self, **more: str) -> dict[str, str]:
        """What every process of the demonstration is told; nothing of the audience's own settings reaches it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ACCREDIT_")}
        return kept | {
            "ACCREDIT_STATE": str(self.state),
            **({"ACCREDIT_DATABASE_URL": self.database} if self.database else {}),
            "ACCREDIT_BIND": f"127.0.0.1:{self.port}",
            "ACCREDIT_BASE_URL": self.address,
            "ACCREDIT_LOG_LEVEL": "error",
            "ACCREDIT_WEB_WORKERS": "1",
            "ACCREDIT_DEMO_CLOCK": str(self.folder / "clock.json"),
            "PYTHONUNBUFFERED": "1",
            **more,
        }

    def accredit(self, *arguments: str, typed: str | None = None, may_refuse: bool = False, **environment: str) -> str:
        """Runs one `accredit` command to its end and returns what it printed."""
        self.starts += 1
        return self._run("accredit.cli", arguments, self.environment(**environment), typed, may_refuse)

    def scanner(self, name: str, *arguments: str, typed: str | None = None) -> str:
        """Runs one `accredit-scanner` command to its end and returns what it printed."""
        return self._run("scanner.cli", arguments, self.scanner_environment(name), typed, may_refuse=False)

    def scanner_environment(self, name: str) -> dict[str, str]:
        """The environment of one scanner."""
        return self.environment(ACCREDIT_SCANNER_STATE=str(self.scanner_state(name)))

    def _run(
        self, module: str, arguments: tuple[str, ...], environment: dict[str, str], typed: str | None, may_refuse: bool
    ) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=environment,
            cwd=self.folder,
            input=typed or "",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        if done.returncode != 0 and not may_refuse:
            told = done.stdout.strip()[-2000:]
            raise SceneFailed(
                f"“{' '.join((module.split('.')[0], *arguments[:3]))}” ended with {done.returncode}: {told}"
            )
        return done.stdout

    def start(self, module: str, *arguments: str, environment: dict[str, str], log: str) -> subprocess.Popen[str]:
        """Starts a process that stays; its errors go to a log in the folder."""
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{log}.log").open("a", encoding="utf-8") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env=environment,
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if log.startswith("check") else file,
                stderr=file,
                text=True,
                bufsize=1,
            )
        self.running.append(process)
        return process

    def serve(self) -> subprocess.Popen[str]:
        """Starts the web service; `wait_until_ready` waits for it."""
        self.starts += 1
        return self.start("accredit.cli", "serve", environment=self.environment(), log="serve")

    def wait_until_ready(self) -> None:
        """Waits until the web service has all that a scanner needs."""
        self.wait_for(lambda: self.answers("/ready"), "the web service to be ready")

    def answers(self, path: str) -> bool:
        """Whether the service answers this path with 200."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=2) as answer:  # noqa: S310 - our own loopback
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self, process: subprocess.Popen[str]) -> None:
        """Ends a process as a service manager would, and waits for it."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        if process in self.running:
            self.running.remove(process)

    def clear(self) -> None:
        """Ends everything that still runs."""
        for process in list(self.running):
            self.stop(process)

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float = _PATIENCE_SECONDS) -> None:
        """Waits until the condition holds; raises `SceneFailed` when patience ends."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise SceneFailed(f"waited {seconds:.0f} seconds for {what}; see {self.folder / 'logs'}")
            time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
