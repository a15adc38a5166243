"""A disk that takes no more: the gate says so, counts on paper, never pretends, and goes on when there is room."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import Any
from uuid import UUID

from gate_simulator import GateSimulator
from scanner_processes import ScannerProcesses, ask

from scanner.store import open_journal


def _allow(pid: int, size: int) -> None:
    """No file of this process may grow beyond so many bytes: what it would write there, the system refuses."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


def test_a_full_disk_is_told_counted_on_paper_and_survived(scanner: ScannerProcesses, simulator: GateSimulator) -> None:
    """No verdict without a row: what was refused is not in the journal, what was answered is, and both are told."""
    passes = simulator.issue_many(5)
    scanner.sync()
    lane = scanner.start("check", "--json")
    told = [ask(lane, passes[0].code)]
    _allow(lane.pid, (scanner.state / "journal.db-wal").stat().st_size)
    refused = [ask(lane, one.code) for one in passes[1:3]]
    for number, each in enumerate(refused, start=1):
        assert "verdict" not in each
        assert f"Note it on paper, as number {number}," in each["note"]
    _allow(lane.pid, resource.RLIM_INFINITY)
    told += [ask(lane, one.code) for one in passes[3:4]]
    assert lane.stdout is not None
    note: dict[str, Any] = json.loads(lane.stdout.readline())
    assert note["note"] == "The disk takes scans again. 2 stand on paper alone: hand the sheet in."
    told.append(ask(lane, passes[4].code))
    assert [each["verdict"] for each in told] == ["admit"] * 3
    assert lane.stdin is not None
    lane.stdin.close()
    assert lane.wait(60) == 4
    assert _ids(scanner.state) == [each["id"] for each in told]


def _ids(state: Path) -> list[str]:
    connection = open_journal(state)
    try:
        return [str(UUID(bytes=row[0])) for row in connection.execute("SELECT id FROM scans ORDER BY seq")]
    finally:
        connection.close()
