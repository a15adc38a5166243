"""One pass admitted by two scanners that did not know of each other: one alert, with both scans, told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.devices import FakeScanner, make_scan, make_scanner
from factories.events import event_table, loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass
from factories.threads import at_once
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from accredit.credential.bundle import Bundle, decode_bundle
from accredit.credential.cose import parse1
from accredit.credential.reasons import Direction, Reason, Verdict
from accredit.credential.scans import ScanRecord
from accredit.db.models.gate import Device, SplitAlertRecord
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.bundles import build
from accredit.services.event_loading import LoadedEvent
from accredit.services.roster import number_of
from accredit.services.scans import BatchAnswer, take_batch
from accredit.services.settled_alerts import AlertNotSettled, AlertObstacle, settle_alert
from accredit.services.splits import announce, open_alerts

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())
LATER = HEARING_MORNING + timedelta(minutes=30)
NOW = at(CONTEXT, LATER)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


class Gates:
    """Two scanners, one pass, and what they hand in."""

    def __init__(self, session: Session, **changes: object) -> None:
        self.session = session
        self.event = loaded_event(session, CONTEXT, **changes)
        self.north = make_scanner(session, CONTEXT, self.event, "north")
        self.south = make_scanner(session, CONTEXT, self.event, "south")
        self.serial = collected_pass(session, CONTEXT, self.event).serial

    def scan(self, seconds: float, **changes: object) -> ScanRecord:
        """An admitted entry so many seconds after the morning began."""
        return make_scan(HEARING_MORNING + timedelta(seconds=seconds), **{"serial": self.serial, **changes})  # type: ignore[arg-type]

    def take(self, scanner: FakeScanner, *records: ScanRecord) -> bool:
        """Whether scanners must be told."""
        answer = take_batch(self.session, NOW, self.event, scanner.device, scanner.batch(records, LATER))
        assert isinstance(answer, BatchAnswer)
        self.session.commit()
        return answer.has_alerts

    def pairs(self) -> list[tuple[str, str, int]]:
        """Devices of each alert in order, and the seconds between the two scans."""
        told = open_alerts(self.session, self.event, LATER)
        return [(a.first.device, a.second.device, int((a.second.at - a.first.at).total_seconds())) for a in told]


@pytest.fixture
def gates(session: Session) -> Gates:
    return Gates(session)


def test_two_gates_that_admitted_one_pass_apart_raise_one_alert(gates: Gates) -> None:
    """Whichever uploads first, and however often: both scans stand in it, the earlier one first."""
    later, earlier = gates.scan(90, lane="2"), gates.scan(0)
    assert not gates.take(gates.south, later)
    assert gates.take(gates.north, earlier)
    gates.take(gates.north, earlier)
    gates.take(gates.south, later)
    (alert,) = open_alerts(gates.session, gates.event, LATER)
    assert alert.serial == gates.serial
    assert (alert.first.scan_id, alert.first.device, alert.first.lane) == (earlier.id, "north", "1")
    assert (alert.second.scan_id, alert.second.device, alert.second.lane) == (later.id, "south", "2")
    assert alert.second.at == HEARING_MORNING + timedelta(seconds=90)
    assert open_alerts(gates.session, gates.event, LATER + timedelta(hours=24)) == ()


def test_scanners_are_told_in_the_next_bundle_under_a_number_of_its_own(gates: Gates) -> None:
    """Once: announcing again raises nothing. An alert whose announcement was lost is told at the retry of its upload."""
    before = number_of(gates.session, gates.event.record)
    scan = gates.scan(30)
    gates.take(gates.north, gates.scan(0))
    assert gates.take(gates.south, scan)
    assert gates.take(gates.south, scan), "the answer was lost, and so was the announcement"
    for _ in range(2):
        announce(gates.session, gates.event)
        gates.session.commit()
    assert number_of(gates.session, gates.event.record) == before + 1
    assert not gates.take(gates.south, scan)
    bundle = _bundle(gates.session, gates.event, before)
    assert [(alert.first.device, alert.second.device) for alert in bundle.alerts] == [("north", "south")]
    assert bundle.number == before + 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({}, {"seconds": 200}, id="much-later"),
        pytest.param({}, {"checkpoint": "door-xix"}, id="from-the-gate-to-a-door"),
        pytest.param({"verdict": Verdict.REFUSE, "reason": Reason.NO_GRANT}, {}, id="refused-at-one"),
        pytest.param({}, {"direction": Direction.EXIT}, id="out-at-the-other"),
        pytest.param({"server_offset_ms": -600_000}, {}, id="a-clock-that-was-off"),
    ],
)
def test_what_fits_together_raises_nothing(gates: Gates, first: dict[str, object], second: dict[str, object]) -> None:
    """Re-entry later, the way in, a refusal, an exit; times are compared on the server's clock."""
    gates.take(gates.north, gates.scan(0, **first))
    gates.take(gates.south, gates.scan(**{"seconds": 20, **second}))  # type: ignore[arg-type]
    assert gates.pairs() == []


def test_who_went_out_between_may_come_in_elsewhere(gates: Gates) -> None:
    """Re-entry is normal."""
    gates.take(gates.north, gates.scan(0), gates.scan(20, direction=Direction.EXIT))
    gates.take(gates.south, gates.scan(40))
    assert gates.pairs() == []


def test_where_every_exit_is_scanned_two_entries_never_fit_together(session: Session) -> None:
    """Hours apart: nobody comes in twice who did not go out. With an exit between, it is one person's day."""
    gates = Gates(session, scanning={**event_table()["scanning"], "every_exit_is_scanned": True})
    other = collected_pass(session, CONTEXT, gates.event).serial
    gates.take(
        gates.north, gates.scan(0), gates.scan(0, serial=other), gates.scan(600, serial=other, direction=Direction.EXIT)
    )
    gates.take(gates.south, gates.scan(1500), gates.scan(1500, serial=other))
    assert gates.pairs() == [("north", "south", 1500)]


def test_a_scan_that_was_taken_back_takes_its_alert_along(gates: Gates) -> None:
    """Undone in the same upload it raises none; undone later, it is no longer shown."""
    gates.take(gates.north, gates.scan(0))
    wrong = gates.scan(10)
    undo = gates.scan(15, verdict=Verdict.REFUSE, reason=Reason.UNDONE, supersedes=wrong.id)
    gates.take(gates.south, wrong)
    assert gates.pairs() == [("north", "south", 10)]
    gates.take(gates.south, undo)
    assert gates.pairs() == []
    again = gates.scan(20)
    gates.take(gates.south, again, gates.scan(25, verdict=Verdict.REFUSE, reason=Reason.UNDONE, supersedes=again.id))
    assert gates.session.scalar(select(func.count()).select_from(SplitAlertRecord)) == 1


def test_uploads_of_both_gates_at_once_raise_one_alert(engine: Engine) -> None:
    """Neither of the two overlooks the other."""
    with writing(engine) as session:
        gates = Gates(session)
        serials = [collected_pass(session, CONTEXT, gates.event).serial for _ in range(20)]
        session.commit()
    batches = iter([(gates.north, serials, 0), (gates.south, list(reversed(serials)), 60)])

    def upload(session: Session, event: LoadedEvent) -> None:
        scanner, order, seconds = next(batches)
        device = session.get_one(Device, scanner.device.id)
        scans = [make_scan(HEARING_MORNING + timedelta(seconds=seconds), serial) for serial in order]
        assert isinstance(take_batch(session, NOW, event, device, scanner.batch(scans, LATER)), BatchAnswer)

    at_once(engine, upload, 2)
    with writing(engine) as session:
        alerts = open_alerts(session, gates.event, LATER)
        assert sorted(alert.serial for alert in alerts) == sorted(serials)
        assert {(alert.first.device, alert.second.device) for alert in alerts} == {("north", "south")}


def _bundle(session: Session, event: LoadedEvent, since: int) -> Bundle:
    data = build(session, NOW, event, since)
    assert data is not None
    return decode_bundle(parse1(data, content_type="bundle").payload)


def test_a_settled_alert_goes_from_the_gates_once(gates: Gates) -> None:
    """With a reason, by whoever may; the list has a new number without it, and the same uploads do not bring it back."""
    scans = gates.scan(0), gates.scan(30)
    gates.take(gates.north, scans[0])
    gates.take(gates.south, scans[1])
    announce(gates.session, gates.event)
    (alert,) = open_alerts(gates.session, gates.event, LATER)
    before = number_of(gates.session, gates.event.record)
    nobody = settle_alert(gates.session, NOW, gates.event, alert.id, "  ")
    assert isinstance(nobody, AlertNotSettled)
    with pytest.raises(NotAllowed):
        settle_alert(gates.session, acting(NOW, "user:gate", Role.GATE), gates.event, alert.id, "seen")

    held = settle_alert(gates.session, acting(NOW, "user:amina", Role.SUPERVISOR), gates.event, alert.id, " seen ")

    assert isinstance(held, SplitAlertRecord)
    assert (held.settled_at, held.settled_by, held.settled_for) == (LATER, "user:amina", "seen")
    bundle = _bundle(gates.session, gates.event, before)
    assert (bundle.number, bundle.alerts) == (before + 1, ())
    gates.session.commit()
    assert not gates.take(gates.south, scans[1])
    assert open_alerts(gates.session, gates.event, LATER) == ()
    again = settle_alert(gates.session, NOW, gates.event, alert.id, "me too")
    assert again == AlertNotSettled(AlertObstacle.SETTLED, "user:amina")
