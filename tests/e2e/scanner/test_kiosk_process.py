"""The kiosk as a process: it serves its page, reads a serial line, survives a kill, and ends when it is told to."""

from __future__ import annotations

import os
import pty
import subprocess
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from gate_simulator import GateSimulator
from scanner_processes import PIN, ScannerProcesses


@contextmanager
def _served(scanner: ScannerProcesses, *words: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The command with these words, and a browser's session with it."""
    process = scanner.start("kiosk", "--checkpoint", "pregny", "--port", "0", *words)
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1].rstrip("/")
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=60) as client:
        yield process, client


def _begin(client: httpx.Client) -> None:
    assert client.get("/").status_code == 200
    assert client.post("/api/shift", json={"officer": "417"}).status_code == 200


def test_a_scan_that_was_answered_survives_a_kill(scanner: ScannerProcesses, simulator: GateSimulator) -> None:
    """Decided, killed, started again: the scan is there, the page stands where it stood, the port is told."""
    issued = simulator.issue("DOE JANE")
    scanner.sync()
    with _served(scanner, "--language", "fr") as (process, client):
        _begin(client)
        told = client.post("/api/offers", json={"kind": "code", "readings": [issued.code]}).json()
        assert (told["look"], told["word"]) == ("admit", "ENTRÉE")
        process.kill()
        process.wait()

    scanner.sync()
    assert [str(scan_id) for scan_id in simulator.taken] == [told["id"]]
    assert next(iter(simulator.taken.values())).officer == "417"


def test_it_ends_when_it_is_told_to(scanner: ScannerProcesses) -> None:
    """As a service manager does it: no traceback, exit code 0."""
    scanner.sync()
    with _served(scanner) as (process, client):
        _begin(client)
        process.terminate()
        assert process.wait(30) == 0


def test_a_serial_reader_feeds_the_page(scanner: ScannerProcesses, simulator: GateSimulator) -> None:
    """A pseudo-terminal stands for the reader: what it sends is decided and told to the page that listens."""
    issued = simulator.issue("DOE JANE")
    scanner.sync()
    reader, device = pty.openpty()
    tty.setraw(device)
    heard: list[dict[str, Any]] = []
    try:
        with _served(scanner, "--reader", os.ttyname(device)) as (process, client):
            _begin(client)
            listening = threading.Thread(target=lambda: heard.append(client.get("/api/answers?after=0").json()))
            listening.start()
            _until(lambda: _sent(reader, issued.code, listening))
            assert process.poll() is None
    finally:
        os.close(reader)
        os.close(device)

    assert [each["look"] for each in heard[0]["answers"]] == ["admit"]
    assert heard[0]["answers"][0]["name"] == "DOE JANE"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--checkpoint", "nowhere"), "pregny, door-xix, door-xx"),
        (("--lane", "x" * 65), "--lane"),
        (("--reader", "/nonexistent"), "--reader"),
        (("--pin-file", "/nonexistent"), "--pin-file"),
    ],
)
def test_bad_words_end_with_a_sentence(scanner: ScannerProcesses, words: tuple[str, ...], says: str) -> None:
    """Before the first page; never a traceback."""
    scanner.sync()

    done = scanner.run("kiosk", "--port", "0", *words)

    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_and_a_wrong_pin_are_told(scanner: ScannerProcesses, tmp_path: Path) -> None:
    """Two kiosks of one machine need two ports; the officer learns of a wrong PIN before the first person stands there."""
    scanner.sync()
    with _served(scanner) as (_, client):
        taken = scanner.run("kiosk", "--checkpoint", "pregny", "--port", str(client.base_url.port))
    wrong = scanner.run("kiosk", "--checkpoint", "pregny", "--port", "0", env={"ACCREDIT_SCANNER_PIN": "0" * len(PIN)})

    assert (taken.returncode, wrong.returncode) == (1, 1)
    assert "--port" in taken.stderr
    assert "PIN is wrong" in wrong.stderr


def _sent(reader: int, code: str, listening: threading.Thread) -> bool:
    """Reads it to the gate once more: what comes before the page listens is not decided."""
    os.write(reader, code.encode() + b"\r")
    listening.join(0.5)
    return not listening.is_alive()


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it did not come to pass"
