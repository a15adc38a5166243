"""The command line as processes: what it loads, and how it ends when somebody stops it or stops listening."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from factories.commands import Commands

PROJECT = Path(__file__).resolve().parents[3]
_HEAVY = {"sqlalchemy", "flask", "typst", "cryptography", "alembic", "pydantic", "PIL", "huey", "rapidfuzz"}


def _loaded(*arguments: str) -> set[str]:
    code = (
        "import sys; from accredit.cli import main\n"
        f"sys.argv = {['accredit', *arguments]!r}\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    return {name.partition(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("review", "--help"), ("passes", "print", "--help")]
)
def test_help_wakes_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """Neither database, web, drawing nor cryptography is loaded to say what there is."""
    assert _loaded(*arguments) & _HEAVY == set()


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    made = Commands(tmp_path)
    made.well("init")
    return made


def test_nobody_listening_is_no_fault(commands: Commands) -> None:
    """`accredit … | head` ends without a traceback."""
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "accredit.cli", "doctor"],
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=commands.folder,
            env=commands.environment | {"PYTHONPATH": str(PROJECT)},
        )
    finally:
        os.close(write)
    assert "Traceback" not in done.stderr
    assert done.returncode != 0


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_ends_when_told(commands: Commands, stop: signal.Signals) -> None:
    """Ctrl+C and the service manager's signal end the worker cleanly."""
    worker = commands.process("worker")
    assert worker.stderr is not None
    assert "working on" in worker.stderr.readline()
    time.sleep(0.5)
    worker.send_signal(stop)
    _, told = worker.communicate(timeout=20)
    assert "Traceback" not in told


def test_ctrl_c_ends_a_command_that_waits(commands: Commands) -> None:
    """Who changes their mind at a prompt gets it back, and nothing was written."""
    asking = commands.process("desk", "collect", "ZZZZ-ZZZZ", "--mrz", "-", stdin=subprocess.PIPE)
    time.sleep(1)
    asking.send_signal(signal.SIGINT)
    _, told = asking.communicate(timeout=20)
    assert asking.returncode != 0
    assert "Traceback" not in told


def test_the_service_does_not_start_on_an_empty_database(commands: Commands) -> None:
    """A service without the newest database says so at once."""
    (commands.state / "accredit.db").unlink()
    done = commands.process("serve")
    out, told = done.communicate(timeout=20)
    assert done.returncode == 1
    assert "accredit db upgrade" in told
    assert "Traceback" not in out + told
