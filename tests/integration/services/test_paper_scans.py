"""Scans that were noted on paper while a scanner's disk was full: entered once, marked, and counted like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

import pytest
from factories.contexts import HEARING_MORNING, acting, make_context
from factories.devices import make_scan, make_scanner
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass
from sqlalchemy import Engine, select

from accredit.credential.claims import Claims
from accredit.credential.codec import encode_pass
from accredit.credential.reasons import Direction, Reason, Source, Verdict
from accredit.credential.serials import short_code
from accredit.db.models.audit import AuditEntry
from accredit.db.models.gate import Presence, Scan
from accredit.db.session import reading, writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.auditing import first_broken
from accredit.services.paper_scans import Noted, NotedRow, SheetUnusable, enter_scans
from accredit.services.scans import take_batch
from accredit.services.splits import open_alerts

EVENT = make_event()
CONTEXT = with_keys(make_context(HEARING_MORNING), EVENT)
AFTERWARDS = with_keys(make_context(HEARING_MORNING + timedelta(hours=9), actor="user:olga"), EVENT)
HEAD = "time,checkpoint,lane,officer,verdict,code,class,direction,number"
SHEET_TIME = (HEARING_MORNING + timedelta(minutes=45)).astimezone(EVENT.zone)
AT = SHEET_TIME.strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class Gate:
    """The pass of one person, as serial, short code and code."""

    serial: bytes
    short: str
    code: str


@pytest.fixture
def gate(engine: Engine) -> Gate:
    """Two scanners and one pass that was collected."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        for name in ("gate 1", "gate 2"):
            make_scanner(session, CONTEXT, event, name)
        keyring = CONTEXT.keyring
        assert keyring is not None
        ends = HEARING_MORNING + timedelta(days=3)
        claims = Claims(
            held.serial, EVENT.number, held.category_code, False, held.grants, None, "X", HEARING_MORNING, ends
        )
        told = Gate(held.serial, short_code(held.serial), encode_pass(claims, keyring.pass_key))
        session.commit()
    return told


def _enter(engine: Engine, *rows: str, head: str = HEAD, scanner: str = "gate 1") -> list[NotedRow]:
    text = "\n".join((head, *rows)) + "\n"
    return list(enter_scans(lambda: writing(engine), AFTERWARDS, EVENT.key, scanner, text))


def _scans(engine: Engine) -> Sequence[Scan]:
    with reading(engine) as session:
        return session.scalars(select(Scan).order_by(Scan.scanned_at, Scan.id)).all()


def test_a_noted_scan_is_kept_as_the_officer_decided_it(engine: Engine, gate: Gate) -> None:
    """With its hour, by whoever was there, marked as from paper; it moves the holder in, and the trail has who typed it."""
    [row] = _enter(engine, f"{AT},pregny,2,417,admit,{gate.short.lower()},,,3")

    assert row == NotedRow(2, Noted.ENTERED)
    [scan] = _scans(engine)
    assert (scan.serial, scan.source, scan.verdict, scan.reason) == (
        gate.serial,
        Source.SHORT_CODE,
        Verdict.ADMIT,
        Reason.BY_SUPERVISOR,
    )
    assert (scan.scanned_at, scan.received_at) == (SHEET_TIME.astimezone(UTC), AFTERWARDS.now())
    assert (scan.lane, scan.officer, scan.direction) == ("2", "417", Direction.ENTRY)
    assert (scan.from_paper, scan.clock_suspect, scan.id.version) == (True, False, 7)
    with reading(engine) as session:
        assert session.scalars(select(Presence.inside)).all() == [True]
        trail = session.scalars(select(AuditEntry).where(AuditEntry.action == "scan.entered_afterwards")).one()
        assert (trail.actor, trail.at, trail.subject_id) == ("user:olga", AFTERWARDS.now(), str(scan.id))
        assert first_broken(session) is None


def test_the_same_sheet_again_changes_nothing(engine: Engine, gate: Gate) -> None:
    """And a sheet that goes on is entered from where it was; people of one class in one minute are many."""
    rows = [f"{AT},pregny,1,417,admit,,delegate,,"] * 3 + [f"{AT},pregny,1,417,refuse,{gate.code},,,"] * 2
    assert [row.noted for row in _enter(engine, *rows)] == [Noted.ENTERED] * 4 + [Noted.KNOWN]

    again = _enter(engine, *rows, f"{AT},pregny,1,417,admit,,delegate,exit,")

    assert [row.noted for row in again] == [Noted.KNOWN] * 5 + [Noted.ENTERED]
    found = [(scan.sight_class, scan.reason.value, scan.direction.value) for scan in _scans(engine)]
    assert sorted(found, key=str) == [
        ("delegate", "by_sight", "entry"),
        ("delegate", "by_sight", "entry"),
        ("delegate", "by_sight", "entry"),
        ("delegate", "by_sight", "exit"),
        (None, "refused_by_officer", "entry"),
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",pregny,1,417,admit,,delegate,,", "time is missing; add it"),
        ("8:45,pregny,1,417,admit,,delegate,,", "time is none; write it as 2017-10-11 08:45"),
        ("2031-01-01 08:00,pregny,1,417,admit,,delegate,,", "time is in the future; correct the hour or the day"),
        (
            "1931-01-01 08:00,pregny,1,417,admit,,delegate,,",
            "time is before this scanner was enrolled; correct the hour or the day",
        ),
        (f"{AT},pregny,1,417,ask,,delegate,,", "verdict is none; write admit or refuse"),
        (f"{AT},pregny,1,417,admit,,delegate,up,", "direction is none; write entry or exit, or leave it empty"),
        (f"{AT},pregny,1,417,admit,,,,", "who it was is not clear; fill in code or class, one of them"),
        (f"{AT},pregny,1,417,admit,,nobody,,", "class is none of delegate, "),
        (f"{AT},pregny,1,417,admit,SEP1:HALLO,,,", "code is no code of this event; compare its characters"),
        (f"{AT},pregny,1,417,admit,000000000,,,", "code is of no pass; compare its characters"),
        (f"{AT},backdoor,1,417,admit,,delegate,,", "the event has no such checkpoint; correct it"),
        (f"{AT},pregny,1,{'4' * 21},admit,,delegate,,", "officer is longer than 20 characters; correct it"),
    ],
)
def test_a_row_that_says_too_little_stays_away(engine: Engine, gate: Gate, row: str, told: str) -> None:
    """It names the column and the cure; the rows beside it are entered."""
    good = f"{AT},pregny,1,417,admit,{gate.short},,,"

    [bad, entered] = _enter(engine, row, good)

    assert (bad.line, bad.noted) == (2, Noted.BAD)
    assert bad.told.startswith(told)
    assert entered == NotedRow(3, Noted.ENTERED)
    assert len(_scans(engine)) == 1


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("time,checkpoint,lane,officer,code", "the column verdict is missing"),
        ("time,checkpoint,lane,officer,verdict", "the column code is missing"),
        (f"{HEAD},weather", "there is a column that nobody reads"),
    ],
)
def test_a_table_of_something_else_is_refused_whole(engine: Engine, gate: Gate, head: str, told: str) -> None:
    """The first line names the columns."""
    with pytest.raises(SheetUnusable, match=told):
        _enter(engine, f"{AT},pregny,1,417,admit,{gate.short}", head=head)
    assert _scans(engine) == []


def test_a_sheet_is_of_a_scanner_of_this_event(engine: Engine, gate: Gate) -> None:
    """Else its scans would be nobody's; those that there are, are named."""
    with pytest.raises(SheetUnusable, match="no enrolled scanner “gate 9”; choose from gate 1, gate 2"):
        _enter(engine, f"{AT},pregny,1,417,admit,{gate.short},,,", scanner="gate 9")


def test_who_may_not_manage_scanners_enters_no_scans(engine: Engine, gate: Gate) -> None:
    """Nobody writes somebody in by a file."""
    officer = acting(AFTERWARDS, "user:gate", Role.GATE, Role.DESK, Role.SUPERVISOR)
    with pytest.raises(NotAllowed):
        enter_scans(
            lambda: writing(engine), officer, EVENT.key, "gate 1", f"{HEAD}\n{AT},pregny,1,4,admit,{gate.short},,,"
        )
    assert _scans(engine) == []


def test_a_pass_that_another_gate_read_meanwhile_raises_the_alert(engine: Engine) -> None:
    """On paper nobody saw the other gate; the alert comes with the entry, and scanners are told."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        make_scanner(session, CONTEXT, event, "gate 1")
        other = make_scanner(session, CONTEXT, event, "gate 2")
        scan = make_scan(SHEET_TIME.astimezone(UTC) - timedelta(seconds=20), held.serial)
        take_batch(session, AFTERWARDS, event, other.device, other.batch([scan], AFTERWARDS.now()))
        short = short_code(held.serial)
        session.commit()

    assert [row.noted for row in _enter(engine, f"{AT},pregny,1,417,admit,{short},,,")] == [Noted.ENTERED]

    with reading(engine) as session:
        [alert] = open_alerts(session, loaded_event(session, CONTEXT), AFTERWARDS.now())
        assert (alert.first.device, alert.second.device) == ("gate 2", "gate 1")
