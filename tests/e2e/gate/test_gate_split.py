"""Two gates apart admit one pass; when they are together again, both and the office know, once. And who is inside, by all."""

from __future__ import annotations

import json

import pytest
from real_gate import NewScanner, RealGate

from accredit.credential.serials import short_code
from accredit.db.session import reading
from accredit.services.alerts import AlertKind, alerts
from accredit.services.event_loading import find_event

pytestmark = pytest.mark.soak  # real gates, apart for a while


def test_after_a_split_both_gates_and_the_office_hear_of_the_pass_once(
    real_gate: RealGate, new_scanner: NewScanner
) -> None:
    """Offline both admit it, and both scans count; after the sync one alert, told once a lane; a third gate hears nothing."""
    north, south, third = new_scanner(), new_scanner(), new_scanner()
    (shown,) = real_gate.take(1)
    told = [scanner.check(shown.code)[0] for scanner in (north, south)]
    assert [each["verdict"] for each in told] == ["admit", "admit"]
    for scanner in (north, south, north, third, south, north):
        assert scanner.sync().returncode == 0
    scans = {told[0]["id"], told[1]["id"]}
    for scanner in (north, south):
        (alert,) = scanner.status()["alerts"]
        assert (alert["pass"], {alert["first"]["scan"], alert["second"]["scan"]}) == (short_code(shown.serial), scans)
        said = [json.loads(line) for line in scanner.run("check", "--json", given="x\ny\n").stdout.splitlines()]
        assert ["came in twice" in each.get("note", "") for each in said] == [True, False, False]
        again = scanner.run("check", "--json", given="z\n").stdout
        assert "came in twice" not in again
    assert third.status()["alerts"] == []
    assert _alerts_of_the_office(real_gate, shown.serial) == 1
    assert {str(scan.id) for scan in real_gate.scans([shown.serial])} == scans


def test_any_scanner_counts_for_all_gates_without_a_network(real_gate: RealGate, new_scanner: NewScanner) -> None:
    """What the other gate read is known from the last sync; what it read itself since is added."""
    north, south = new_scanner(), new_scanner()
    before = json.loads(south.run("inside", "--json").stdout)["places"][0]["in"]
    passes = real_gate.take(3)
    north.check(*(one.code for one in passes[:2]))
    assert north.sync().returncode == 0
    assert south.sync().returncode == 0
    south.check(passes[2].code)
    told = json.loads(south.run("inside", "--json").stdout)
    assert told["other_gates_until"] is not None
    assert told["places"][0]["in"] == before + 3


def test_a_scanner_that_never_comes_back_hands_its_scans_over_in_a_file(
    real_gate: RealGate, new_scanner: NewScanner
) -> None:
    """Exported there, imported here, by the same answers; should it come back after all, each scan counts once."""
    scanner, passes = new_scanner(), real_gate.take(3)
    told = scanner.check(*(one.code for one in passes))
    file = real_gate.stage.folder / "gate.scans"
    assert scanner.run("export", str(file)).returncode == 0
    said = [real_gate.stage.accredit("scans", "import", str(file)) for _ in range(2)]
    assert said == [
        f"{scanner.name}: 3 scans: 3 taken, 0 known, 0 set aside\n",
        f"{scanner.name}: 3 scans: 0 taken, 3 known, 0 set aside\n",
    ]
    assert scanner.sync().returncode == 0
    held = {str(scan.id): scan.verdict.value for scan in real_gate.scans([one.serial for one in passes])}
    assert held == {each["id"]: each["verdict"] for each in told}


def _alerts_of_the_office(gate: RealGate, serial: bytes) -> int:
    with reading(gate.house.engine) as session:
        event = find_event(session, "")
        assert event is not None
        found = alerts(session, gate.house.context(), event)
    return sum(one.kind is AlertKind.ADMITTED_APART and one.names == (short_code(serial),) for one in found)
