"""What the people at a checkpoint do beside the scans: doors held open, heads counted, alerts after a split looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from gate_simulator import CHECKPOINTS, GateSimulator
from scanner_under_test import LANE_1, LANE_2, PIN, MovingClock, ScannerUnderTest, verdict

from accredit.credential.reasons import PassState
from accredit.credential.split_alerts import ApartScan, SplitAlert
from scanner import acts, journal
from scanner.acts import Deed
from scanner.checking import Lane
from scanner.gate import Gate, Station
from scanner.journal import Upload
from scanner.offers import Code, read_code, read_line
from scanner.outcomes import NotReady
from scanner.pin_checks import PinChecks
from scanner.state_report import report

DOOR = replace(LANE_1, checkpoint="door-xx")


@pytest.fixture
def closed(scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock) -> ScannerUnderTest:
    """Its door was open until five minutes ago."""
    hours = ((clock.at - timedelta(hours=2), clock.at - timedelta(minutes=5)),)
    simulator.checkpoints = (*CHECKPOINTS[:2], replace(CHECKPOINTS[2], opens=hours))
    return scanner


def _says(
    scanner: ScannerUnderTest, gate: Gate, *lines: str, station: Station = DOOR, pins: PinChecks | None = None
) -> Sequence[str]:
    """Verdicts and notes of one lane, to which a program writes unless told otherwise."""
    said: list[str] = []
    pins = pins or PinChecks(scanner.open.pin_holds)
    lane = Lane(gate, station, lambda seen: said.append(seen.entry.reason.value), said.append, pins=pins)
    lane.work(map(read_line, lines))
    return said


def test_a_supervisor_holds_a_door_open_past_its_hours_and_it_closes_by_itself(
    closed: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """For all lanes at once, without a network, after a restart as well; who did it is written down."""
    codes = [simulator.issue().code for _ in range(4)]
    closed.sync()
    simulator.is_down = True
    gate = closed.gate()
    assert _says(closed, gate, codes[0], f"open:30 {PIN}", codes[1]) == [
        "closed_now",
        "door-xx is held open until 10:00.",
        "ok",
    ]
    assert verdict(closed.gate(), codes[2], replace(DOOR, lane="2")) == ("admit", "ok")
    clock.passes(minutes=31)
    assert verdict(gate, codes[3], DOOR)[1] == "closed_now"
    act = acts.latest(closed.open.journal, Deed.HELD_OPEN, "door-xx")
    assert act is not None
    assert (act.lane, act.officer, act.until - act.at) == ("1", "417", timedelta(minutes=30))


def test_a_door_that_is_held_open_can_be_closed_again(closed: ScannerUnderTest, simulator: GateSimulator) -> None:
    """By the supervisor, too."""
    issued = simulator.issue()
    closed.sync()
    said = _says(closed, closed.gate(), f"open:30 {PIN}", f"open:0 {PIN}", issued.code)
    assert said[1:] == ["door-xx keeps its own hours again.", "closed_now"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("open:30 20171012", "The PIN is wrong. Nothing was done."),
        ("open:30", "The supervisor's PIN is needed"),
        (f"open:thirty {PIN}", "open: needs the minutes"),
        (f"open:241 {PIN}", "A door is held open for 1 to 240 minutes at once"),
        ("count:many", "count: needs the number of people inside."),
        ("count:100001", "A head count is a number from 0 to 100000."),
    ],
)
def test_nothing_opens_without_the_pin_and_a_time(closed: ScannerUnderTest, line: str, told: str) -> None:
    """The sentence says what is missing; the door stays as it is."""
    closed.sync()
    (said,) = _says(closed, closed.gate(), line)
    assert said.startswith(told)
    assert closed.open.journal.execute("SELECT count(*) FROM acts").fetchone() == (0,)


def test_the_supervisors_word_needs_the_pin(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """As in the page: without it nobody is admitted, and nothing is written; the scan before it still stands."""
    issued = simulator.issue(state=PassState.PREPARED)
    scanner.sync()
    said = _says(scanner, scanner.gate(), issued.code, "supervisor:escorted by protocol", station=LANE_1)
    assert said[0] == "not_collected"
    assert said[1].startswith("The supervisor's PIN is needed")
    assert journal.count(scanner.open.journal, Upload.WAITING) == 1

    given = PinChecks(scanner.open.pin_holds, is_given=True)
    said = _says(scanner, scanner.gate(), "supervisor:escorted by protocol", station=LANE_1, pins=given)
    assert said == ["by_supervisor"]


def test_on_a_terminal_the_pin_is_asked_for_and_never_typed_in_the_line(closed: ScannerUnderTest) -> None:
    """Each word anew, whoever started the lane; what stood in the line was seen, and is not taken."""
    closed.sync()
    typed = iter((PIN, "20171012", "", PIN))
    pins = PinChecks(closed.open.pin_holds, lambda: next(typed), is_given=True)
    lines = ("open:30", "supervisor:minister", "supervisor:minister", f"open:0 {PIN}", "open:0")

    said = _says(closed, closed.gate(), *lines, pins=pins)

    assert said[0].startswith("door-xx is held open until")
    assert said[1:3] == ["The PIN is wrong. Nothing was done."] * 2
    assert said[3].startswith("Nothing was done: what is typed here can be seen.")
    assert said[4] == "door-xx keeps its own hours again."
    assert list(typed) == []


def test_a_head_count_takes_the_place_of_the_own_counting(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """A room for two: counted as full it asks, counted as half empty it admits one, and then asks again."""
    codes = [simulator.issue().code for _ in range(3)]
    scanner.sync()
    said = _says(scanner, scanner.gate(), "count:2", codes[0], "count:1", codes[1], codes[2])
    assert said[1::2] == ["full", "ok"]
    assert said[0] == "2 people are inside door-xx; the counting goes on from there."
    assert said[-1] == "full"


def test_what_the_disk_refuses_is_not_done(scanner: ScannerUnderTest) -> None:
    """A door is not held open that nobody wrote down."""
    scanner.sync()
    gate = scanner.gate()
    scanner.open.journal.execute("DROP TABLE acts")
    for answer in (gate.hold_open(10, DOOR), gate.set_head_count(3, DOOR)):
        assert isinstance(answer, NotReady)


def _alert(scanner: ScannerUnderTest, serial: bytes, number: int = 1, *, ours: bool = True) -> SplitAlert:
    own = UUID(scanner.open.enrolled.facts.device_id) if ours else UUID(int=98)
    at = scanner.clock.at
    first = ApartScan(own, "gate-1", UUID(int=1), "pregny", "1", at)
    return SplitAlert(
        UUID(int=number),
        serial,
        first,
        ApartScan(UUID(int=99), "gate-2", UUID(int=2), "pregny", "4", at + timedelta(minutes=1)),
    )


def test_after_a_split_each_lane_is_told_once(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """Both scans in one sentence, before the next person; a restart says nothing twice; `status` still has it."""
    issued = simulator.issue()
    simulator.alerts = (_alert(scanner, issued.serial), _alert(scanner, issued.serial, 2, ours=False))
    scanner.sync()
    said = _says(scanner, scanner.gate(), "one", "two", station=LANE_1)
    assert len(said) == 3
    assert "came in twice" in said[0]
    assert "09:30 at pregny, lane 1 (gate-1), and 09:31 at pregny, lane 4 (gate-2)" in said[0]
    assert _says(scanner, scanner.gate(), "three", station=LANE_1) == ["malformed"]
    assert len(_says(scanner, scanner.gate(), "four", station=LANE_2)) == 2
    told = report(scanner.open.trust, scanner.open.journal, scanner.open.enrolled, clock())
    (fact,) = told.facts["alerts"]  # type: ignore[misc]
    assert (fact["serial"], fact["second"]["scanner"]) == (issued.serial.hex(), "gate-2")
    assert any(line.startswith("Alert ") for line in told.lines())


def test_a_printed_word_of_the_supervisor_opens_nothing() -> None:
    """From a reader it is a code, whatever it says."""
    for line in (f"open:30 {PIN}", "count:0"):
        assert isinstance(read_code(line), Code)
        assert isinstance(read_line(line, mark="#"), Code)
