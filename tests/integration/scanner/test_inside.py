"""Who is inside, from any scanner, with or without a network: in, out, unknown, and names with the PIN alone."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner, Result
from gate_simulator import GateSimulator, IssuedPass
from scanner_under_test import LANE_1, PIN, MovingClock, ScannerUnderTest, tell

from accredit.credential.reasons import Direction, PassState
from scanner import all_gates
from scanner.cli import main
from scanner.counting_report import as_lines
from scanner.inside import Inside, names, who_is_inside
from scanner.roster import Roster
from scanner.sync import Round

OUT = replace(LANE_1, direction=Direction.EXIT)
DOOR = replace(LANE_1, checkpoint="door-xx")


def _joined(passes: Sequence[IssuedPass]) -> str:
    return base64.b64encode(b"".join(one.serial for one in passes)).decode()


def _told(at: datetime, inside: Sequence[IssuedPass], out: Sequence[IssuedPass] = (), unnamed: int = 0) -> bytes:
    site = {"place": "site", "serials_inside": _joined(inside), "serials_out": _joined(out), "unnamed": unnamed}
    return json.dumps({"at": at.isoformat(), "places": [site]}).encode()


def _count(scanner: ScannerUnderTest) -> Inside:
    found = who_is_inside(Roster(scanner.open.trust), scanner.open.journal, scanner.clock.at)
    assert found is not None
    return found


def _places(scanner: ScannerUnderTest) -> dict[str, tuple[int, int, int | None, int]]:
    return {one.place: (one.inside, one.out, one.unknown, one.unnamed) for one in _count(scanner).places}


def test_a_scanner_alone_counts_what_it_read_and_says_what_it_does_not_know(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """Through the gate, out again, by a door without the gate, by sight, taken back; the next day begins anew."""
    stays, leaves, by_door, at_home, undone = (simulator.issue() for _ in range(5))
    simulator.issue(state=PassState.PREPARED, printed_ahead=True)
    scanner.sync()
    gate = scanner.gate()
    for code, station in ((stays, LANE_1), (leaves, LANE_1), (leaves, OUT), (by_door, DOOR), (undone, LANE_1)):
        tell(gate, code.code, station)
        clock.passes(seconds=10)
    tell(gate, "undo")
    tell(gate, "sight:delegate")
    assert _places(scanner)["site"] == (2, 1, 2, 1)
    assert _places(scanner)["door-xx"] == (1, 0, None, 0)
    assert at_home.serial not in _count(scanner).places[0].serials
    assert _count(scanner).told_at is None
    clock.passes(hours=20)
    assert _places(scanner)["site"] == (0, 0, 5, 0)


def test_what_the_other_gates_read_is_known_without_a_network(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """The service's count at the last sync, moved on by what is read here since; its age is told."""
    elsewhere, came_out, gone, back, new = (simulator.issue() for _ in range(5))
    simulator.inside = _told(clock.at, [elsewhere, came_out], [gone, back], 7)
    scanner.sync()
    told_at = clock.at
    simulator.is_down = True
    clock.passes(minutes=5)
    gate = scanner.gate()
    tell(gate, came_out.code, OUT)
    for one in (back, new):
        tell(gate, one.code)
    found = _count(scanner)
    assert found.told_at == told_at
    assert _places(scanner)["site"] == (3, 2, 0, 7)
    assert found.places[0].serials == {elsewhere.serial, back.serial, new.serial}
    lines = as_lines(found, None, Roster(scanner.open.trust).zone())
    assert "by all gates until" in lines[1]


def test_an_older_word_of_this_machine_yields_to_the_service(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """In here, out by another gate: the service knows. What only this machine has read still counts."""
    left_elsewhere, only_here = (simulator.issue() for _ in range(2))
    scanner.sync()
    gate = scanner.gate()
    for one in (left_elsewhere, only_here):
        tell(gate, one.code)
    clock.passes(minutes=2)
    simulator.inside = _told(clock.at, [], [left_elsewhere])
    scanner.sync()
    assert _places(scanner)["site"] == (1, 1, 0, 0)


def test_the_service_is_asked_once_a_minute_and_junk_changes_nothing(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """An older service that cannot tell costs nothing either."""
    issued = simulator.issue()
    for _ in range(3):
        assert scanner.sync() is Round.DONE
    assert simulator.requests.count("GET /inside") == 1
    simulator.inside = _told(clock.at, [issued])
    clock.passes(minutes=1)
    scanner.sync()
    for junk in (b"", b"[]", b'{"at": "now", "places": []}', b'{"at": "2017-10-11T07:30:00Z", "places": [{"place": 1}]}',
                 _told(clock.at, []).replace(b'"serials_out": ""', b'"serials_out": "AAAA"')):  # fmt: skip
        simulator.inside = junk
        clock.passes(minutes=1)
        assert scanner.sync() is Round.DONE
    held = all_gates.load(scanner.open.trust)
    assert held is not None
    assert held.places["site"].inside == {issued.serial}


def test_a_switched_off_scanner_forgets_who_is_inside(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """As it forgets its list."""
    issued = simulator.issue()
    simulator.inside = _told(scanner.clock.at, [issued])
    scanner.sync()
    simulator.switch_off()
    scanner.sync()
    assert all_gates.load(scanner.open.trust) is None
    said = _command(scanner.state)
    assert (said.exit_code, "switched this scanner off" in said.output) == (3, True)


def test_names_are_told_with_the_pin_alone(
    scanner: ScannerUnderTest, simulator: GateSimulator, tmp_path: Path, clock: MovingClock
) -> None:
    """Numbers to anybody at the scanner; a wrong PIN is a sentence."""
    issued = simulator.issue("MUSTERMANN ERIKA", organisation="Verein")
    simulator.inside = _told(clock.at, [issued])
    scanner.sync()
    lines = names(Roster(scanner.open.trust), frozenset({issued.serial, bytes(5)}), simulator.roster_key)
    assert [(line.name, line.organisation) for line in lines] == [("Mustermann Erika", "Verein")]
    pin = tmp_path / "pin"
    for given, told in (("", "with the supervisor's PIN alone"), ("20171012", "The PIN is wrong")):
        pin.write_text(given)
        refused = _command(scanner.state, "--names", *(("--pin-file", str(pin)) if given else ()))
        assert (refused.exit_code, told in refused.output) == (1, True)
        assert "Mustermann" not in refused.output
    pin.write_text(PIN)
    said = _command(scanner.state, "--names", "--json", "--pin-file", str(pin))
    assert said.exit_code == 0
    assert [place["place"] for place in json.loads(said.output)["places"]] == ["site", "door-xix", "door-xx"]


def _command(state: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["inside", "--state", str(state), *words], env=dict(os.environ))
