"""A pass revoked at the desk is refused by a scanner on the network within five seconds, at the pace that sync has by itself."""

from __future__ import annotations

import time

from gate_simulator import GateSimulator
from scanner_processes import ScannerProcesses, ask

from accredit.credential.reasons import PassState


def test_a_revocation_reaches_the_gate_within_five_seconds(scanner: ScannerProcesses, simulator: GateSimulator) -> None:
    """Nobody hurries sync on: it polls as it does all day."""
    lost = simulator.issue("LOST ONE")
    assert scanner.sync().returncode == 0
    scanner.start("sync")
    lane = scanner.start("check", "--json")
    # The lane is up, and sync has gone quiet between two rounds, when the desk revokes.
    assert ask(lane, simulator.issue("ANOTHER ONE", on_list=False).code)["verdict"] == "admit"

    simulator.change(lost, PassState.REVOKED)
    time.sleep(4.8)

    assert ask(lane, lost.code)["reason"] == "revoked"
