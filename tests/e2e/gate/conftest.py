"""One real service for all tests of this folder; every test enrols scanners of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from meddling_proxy import MeddlingProxy
from real_gate import NewScanner, RealGate, RealScanner

_PASSES = 400
_numbers = count(1)


@pytest.fixture(scope="session")
def real_gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealGate]:
    """The service, ready, with passes that were collected."""
    opened = RealGate.open(tmp_path_factory.mktemp("gate") / "run", _PASSES)
    yield opened
    opened.close()


@pytest.fixture
def new_scanner(real_gate: RealGate) -> Iterator[NewScanner]:
    """Scanners, enrolled and in step with the service."""
    made: list[RealScanner] = []

    def enrolled() -> RealScanner:
        name = f"scanner {next(_numbers)}"
        scanner = RealScanner(real_gate, name, real_gate.stage.address)
        made.append(scanner)
        done = scanner.enrol(real_gate.prepare(name))
        assert done.returncode == 0, done.stderr
        synced = scanner.sync()
        assert synced.returncode == 0, synced.stdout
        return scanner

    yield enrolled
    for scanner in made:
        scanner.end()


@pytest.fixture
def behind_proxy(real_gate: RealGate) -> Iterator[tuple[MeddlingProxy, RealScanner]]:
    """A scanner that talks to the service through a proxy, and that proxy."""
    proxy, name = MeddlingProxy(real_gate.stage.port), f"scanner {next(_numbers)}"
    with proxy.serving() as address:
        scanner = RealScanner(real_gate, name, address)
        done = scanner.enrol(real_gate.prepare(name))
        assert done.returncode == 0, done.stderr
        synced = scanner.sync()
        assert synced.returncode == 0, synced.stdout
        yield proxy, scanner
        scanner.end()
