"""One run of the demonstration for all tests of this folder, also where several workers share them."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from demo_runs import DemoRun, play
from postgresql_server import administer, named


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """The run; the first worker that asks plays it, the others wait for its end. Its folder is for reading only."""
    # With workers, each has a folder of its own below the one that they share.
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if own.name.startswith("popen-") else own
    output = shared / "demonstration.txt"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            output.write_text(_played(shared / "demonstration"), "utf-8")
    return DemoRun(shared / "demonstration", output.read_text("utf-8"))


def _played(folder: Path) -> str:
    done = play(folder)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def postgresql_databases(postgresql_address: str) -> Iterator[list[str]]:
    """The addresses of two empty databases."""
    names = [f"demo_{uuid4().hex}" for _ in range(2)]
    administer(postgresql_address, *(f"CREATE DATABASE {name}" for name in names))
    yield [named(postgresql_address, name) for name in names]
    administer(postgresql_address, *(f"DROP DATABASE {name} WITH (FORCE)" for name in names))
