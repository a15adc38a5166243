"""A lane on a real terminal: the supervisor's PIN is asked for there, and nobody beside it reads it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from scanner_processes import PIN, ScannerProcesses

PATIENCE_S = 60


class Terminal:
    """What a person types into the terminal of one lane, and everything that can be seen on it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.seen = ""

    def type(self, line: str) -> None:
        """A line and Enter."""
        os.write(self._handle, f"{line}\n".encode())

    def wait_for(self, words: str) -> None:
        """Until these words can be seen after what was waited for before."""
        begins = len(self.seen)
        while words not in self.seen[begins:]:
            assert select.select([self._handle], [], [], PATIENCE_S)[0], self.seen
            self.seen += os.read(self._handle, 4096).decode()


@contextmanager
def _lane(scanner: ScannerProcesses) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    # The shell leads a session without a terminal, and the first that it opens becomes its own.
    process = subprocess.Popen(
        ["sh", "-c", 'exec "$@" <"$0"', os.ttyname(slave), *scanner.command("check", "--words-from-stdin")],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
        env=scanner.environment(),
        start_new_session=True,
    )
    os.close(slave)
    try:
        terminal = Terminal(master)
        terminal.wait_for("Type help for the words.")
        yield terminal
        terminal.type("\x04")
        process.wait(PATIENCE_S)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def test_the_pin_of_the_supervisor_is_never_seen(scanner: ScannerProcesses) -> None:
    """Asked for after the word, typed unseen, and the verdict follows; a wrong one does nothing."""
    scanner.sync()
    with _lane(scanner) as terminal:
        terminal.type("supervisor:minister")
        terminal.wait_for("Supervisor's PIN: ")
        terminal.type("20171012")
        terminal.wait_for("The PIN is wrong. Nothing was done.")
        terminal.type("supervisor:minister")
        terminal.wait_for("Supervisor's PIN: ")
        terminal.type(PIN)
        terminal.wait_for("ADMIT")

    assert PIN not in terminal.seen
    assert "20171012" not in terminal.seen
    assert scanner.status()["scans"] == 1
