"""Starting the scanner's commands as an officer would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PIN = "20171011"


class ScannerProcesses:
    """The commands on one state folder; what still runs at the end of a test is ended."""

    def __init__(self, state: Path, address: str) -> None:
        self.state = state
        self.address = address
        self._running: list[subprocess.Popen[str]] = []

    def run(
        self, *words: str, given: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            self.command(*words), input=given, capture_output=True, text=True, timeout=60, env=self.environment(env)
        )

    def start(self, *words: str) -> subprocess.Popen[str]:
        """One command that goes on; lines in, lines out."""
        process = subprocess.Popen(
            self.command(*words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=self.environment(),
        )
        self._running.append(process)
        return process

    def check(self, *lines: str, words: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """The answers to some lines at one lane; they are typed."""
        done = self.run("check", "--json", "--words-from-stdin", *words, given="".join(f"{line}\n" for line in lines))
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def sync(self) -> subprocess.CompletedProcess[str]:
        """One round."""
        return self.run("sync", "--once")

    def status(self) -> dict[str, Any]:
        """What the scanner says of itself."""
        told: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return told

    def end(self) -> None:
        """End what still runs."""
        for process in self._running:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def command(self, *words: str) -> list[str]:
        """How a command is started."""
        return [sys.executable, "-m", "scanner.cli", *words]

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Its environment, with nobody's own settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ACCREDIT_")}
        return {**kept, "ACCREDIT_SCANNER_STATE": str(self.state), **(more or {})}


def ask(process: subprocess.Popen[str], line: str) -> dict[str, Any]:
    """One line in, one answer out."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told
