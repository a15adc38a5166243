"""Who comes too early is told from which hour the pass or the door opens, in the event's own time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from gate_simulator import CHECKPOINTS, EVENT, GateSimulator
from scanner_under_test import LANE_1, MovingClock, ScannerUnderTest, tell

from accredit.credential.claims import Claims
from accredit.credential.codec import encode_pass
from accredit.credential.reasons import Direction
from scanner import replies
from scanner.gate import Station
from scanner.kiosk.answers import told
from scanner.outcomes import Outcome

DOOR = replace(LANE_1, checkpoint="door-xx")
ZONE = ZoneInfo("Europe/Zurich")


def _closed(scanner: ScannerUnderTest, simulator: GateSimulator, *spans: tuple[float, float], early_s: int = 0) -> str:
    """A door with these hours, from now on; gives the code of a pass that opens it."""
    now = simulator.clock()
    opens = tuple((now + timedelta(hours=start), now + timedelta(hours=end)) for start, end in spans)
    simulator.checkpoints = (*CHECKPOINTS[:2], replace(CHECKPOINTS[2], opens=opens, early_admission_s=early_s))
    code = simulator.issue("DOE JANE").code
    scanner.sync()
    return code


def _shown(scanner: ScannerUnderTest, code: str, station: Station = DOOR) -> Outcome:
    outcome = tell(scanner.gate(), code, station)
    assert isinstance(outcome, Outcome), outcome
    return outcome


def _page(outcome: Outcome, language: str) -> str:
    return str(told(outcome, None, language, ZONE, has_names=True).get("where", ""))


@pytest.mark.parametrize(
    ("language", "on_the_page", "in_the_line"),
    [
        (
            "en",
            "Comes back at the hour shown. People come in from 11.10. 12:00.",
            "→ Comes back at the hour shown. People come in from 11.10. 12:00. · ",
        ),
        (
            "fr",
            "Revient à l'heure indiquée. Entrée dès le 11.10. 12:00.",
            "→ Revient à l'heure indiquée. Entrée dès le 11.10. 12:00. · ",
        ),
    ],
)
def test_a_closed_door_says_from_when_people_come_in(
    scanner: ScannerUnderTest, simulator: GateSimulator, language: str, on_the_page: str, in_the_line: str
) -> None:
    """The next hours, early admission counted; the hours that are over, and later ones, are left out."""
    outcome = _shown(scanner, _closed(scanner, simulator, (27, 28), (3, 6), (-3, -1), early_s=1_800))

    assert outcome.entry.reason.value == "closed_now"
    assert _page(outcome, language) == on_the_page
    assert in_the_line in replies.as_line(outcome, language, ZONE)
    assert json.loads(replies.as_json(outcome, language))["opens_at"] == "2017-10-11T10:00:00.000Z"


def test_the_page_says_it_before_the_hours_where_they_do_not_tell_it(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """With early admission the two differ; without, the hours alone are enough. All of it fits into one answer."""
    outcome = _shown(scanner, _closed(scanner, simulator, (3, 6), early_s=1_800))
    starts = simulator.clock() + timedelta(hours=3)
    hours = ((starts, starts + timedelta(hours=3)),)

    early = told(outcome, None, "en", ZONE, has_names=True, hours=hours)
    sharp = replace(outcome, shown=replace(outcome.shown, opens_at=starts.isoformat()))

    assert early["where"].endswith("shown. People come in from 11.10. 12:00. Open 11.10. 12:30–15:30")
    assert told(sharp, None, "en", ZONE, has_names=True, hours=hours)["where"].endswith(
        "shown. Open 11.10. 12:30–15:30"
    )
    assert len(json.dumps(early).encode()) <= 1024


def test_an_exact_retry_says_the_same_hour(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """It is in the journal with the scan."""
    code = _closed(scanner, simulator, (3, 6))
    first = _shown(scanner, code)
    clock.passes(seconds=1)

    again = _shown(scanner, code)

    assert (again.is_repeat, again.shown.opens_at) == (True, first.shown.opens_at)


def test_nobody_is_sent_back_to_a_door_that_opens_no_more(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """After the last hours there is no hour to show."""
    outcome = _shown(scanner, _closed(scanner, simulator, (-3, -1)))

    assert _page(outcome, "en") == "No more hours are planned here."
    assert _page(outcome, "fr") == "Plus aucune heure d'ouverture n'est prévue ici."
    assert "→ No more hours are planned here. · " in replies.as_line(outcome, "en", ZONE)


def test_a_pass_that_is_not_valid_yet_says_from_when(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """As it is signed in the code; on the way out nobody is told."""
    serial, begins = simulator.issue("DOE JANE").serial, simulator.clock() + timedelta(hours=22)
    claims = Claims(serial, EVENT, 1, False, 7, None, "DOE JANE", begins, begins + timedelta(days=2))
    code = encode_pass(claims, simulator.pass_key)
    scanner.sync()

    outcome = _shown(scanner, code, LANE_1)
    leaving = _shown(scanner, code, replace(LANE_1, direction=Direction.EXIT))

    assert outcome.entry.reason.value == "not_yet_valid"
    assert _page(outcome, "en") == "Comes back at the hour shown. Valid from 12.10. 07:30."
    assert _page(outcome, "fr") == "Revient à l'heure indiquée. Valable dès le 12.10. 07:30."
    assert _page(leaving, "en") == ""
    assert "Valid from" not in replies.as_line(leaving, "en", ZONE)


def test_another_refusal_says_no_hour(scanner: ScannerUnderTest) -> None:
    """An hour that has nothing to do with it would send people back in vain."""
    scanner.sync()
    outcome = _shown(scanner, "SEP1:NOTHING", LANE_1)
    assert outcome.shown.opens_at is None
    assert "from" not in _page(outcome, "en")
