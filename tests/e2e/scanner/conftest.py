"""A scanner as processes of its own, beside a simulated service on a real port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gate_simulator import GateSimulator, system_now
from scanner_processes import PIN, ScannerProcesses


@pytest.fixture
def simulator() -> GateSimulator:
    return GateSimulator(system_now)


@pytest.fixture
def scanner(simulator: GateSimulator, tmp_path: Path) -> Iterator[ScannerProcesses]:
    """Enrolled by the command; its service serves until the test ends."""
    with simulator.serving() as address:
        processes = ScannerProcesses(tmp_path / "state", address)
        enrolled = processes.run(
            "enrol", "--server", address, "--code", simulator.new_code(), "--pin", PIN, "--allow-demo"
        )
        assert enrolled.returncode == 0, enrolled.stderr
        yield processes
        processes.end()
