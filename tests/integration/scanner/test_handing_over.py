"""The journal as a file: every scan once, in order, signed, and nothing that was not said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from gate_simulator import GateSimulator
from scanner_under_test import ScannerUnderTest, tell

from accredit.credential.device_keys import open_batch
from accredit.credential.scan_files import read_scan_file
from accredit.credential.scans import Batch, decode_batch
from scanner import journal
from scanner.cli import main
from scanner.handing_over import export
from scanner.journal import Upload
from scanner.opening import CannotRun
from scanner.sync import Round


def _read(path: Path, scanner: ScannerUnderTest) -> list[Batch]:
    file = read_scan_file(path.read_bytes())
    assert not file.is_cut_off
    assert str(file.device_id) == scanner.open.enrolled.facts.device_id
    (device,) = scanner.simulator.devices.values()
    payloads = [open_batch(batch, device.public_key) for batch in file.batches]
    return [decode_batch(payload) for payload in payloads if isinstance(payload, bytes)]


def test_what_the_service_has_not_confirmed_is_in_the_file_in_order(
    scanner: ScannerUnderTest, simulator: GateSimulator, tmp_path: Path
) -> None:
    """A file of more than one batch tells in each how many come after; the journal goes on waiting for the service."""
    scanner.sync()
    gate = scanner.gate()
    tell(gate, "first")
    scanner.sync()
    for number in range(501):
        tell(gate, f"NOT-A-CODE-{number}")

    done = export(scanner.open, tmp_path / "gate.scans")

    batches = _read(tmp_path / "gate.scans", scanner)
    assert (done.scans, done.unreadable) == (501, 0)
    assert [(len(batch.records), batch.waiting) for batch in batches] == [(500, 1), (1, 0)]
    told = [record.id for batch in batches for record in batch.records]
    assert told == [entry.id for entry in journal.waiting(scanner.open.journal, 600)]
    assert (tmp_path / "gate.scans").stat().st_mode & 0o777 == 0o600
    assert export(scanner.open, tmp_path / "all.scans", everything=True).scans == 502


def test_a_switched_off_scanner_can_still_hand_over_its_scans(
    scanner: ScannerUnderTest, simulator: GateSimulator, tmp_path: Path
) -> None:
    """It has forgotten everything else."""
    issued = simulator.issue()
    scanner.sync()
    tell(scanner.gate(), issued.code)
    simulator.switch_off()
    assert scanner.sync() is Round.SWITCHED_OFF
    file = tmp_path / "gate.scans"

    said = CliRunner().invoke(main, ["export", str(file), "--state", str(scanner.state)], env=dict(os.environ))

    assert (said.exit_code, said.output) == (
        0,
        f"1 scans are in {file}. On the service: accredit scans import gate.scans\n",
    )
    (batch,) = _read(file, scanner)
    assert [record.serial for record in batch.records] == [issued.serial]


def test_a_row_that_cannot_travel_is_counted_and_holds_up_no_other(scanner: ScannerUnderTest, tmp_path: Path) -> None:
    """The file holds the others."""
    scanner.sync()
    gate = scanner.gate()
    tell(gate, "one")
    tell(gate, "two")
    scanner.open.journal.execute("UPDATE scans SET lane = char(7) WHERE seq = 1")

    done = export(scanner.open, tmp_path / "gate.scans")

    assert (done.scans, done.unreadable) == (1, 1)
    assert journal.count(scanner.open.journal, Upload.WAITING) == 2


def test_a_file_that_cannot_be_written_leaves_nothing_behind(scanner: ScannerUnderTest, tmp_path: Path) -> None:
    """The sentence names it."""
    with pytest.raises(CannotRun, match="cannot be written"):
        export(scanner.open, tmp_path / "no such folder" / "gate.scans")
    (tmp_path / "taken").mkdir()
    with pytest.raises(CannotRun, match="cannot be written"):
        export(scanner.open, tmp_path / "taken")
    assert not list(tmp_path.glob("*.draft"))
