"""What a scanner believes of the service, and the service of a scanner."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
from meddling_proxy import MeddlingProxy
from real_gate import NewScanner, RealGate, RealScanner, once_each
from sqlalchemy import select

from accredit.db.models.gate import Presence
from accredit.db.models.passes import Pass
from accredit.db.session import reading, writing
from accredit.services.devices import Device, switch_off
from accredit.services.event_loading import find_event
from accredit.services.pass_life import revoke

pytestmark = pytest.mark.soak  # real processes, each enrolled anew


def test_an_enrolment_code_works_once(real_gate: RealGate, new_scanner: NewScanner) -> None:
    """A second machine with the same code is told so, gets nothing, and cannot sync."""
    first = RealScanner(real_gate, "the first", real_gate.stage.address)
    second = RealScanner(real_gate, "the second", real_gate.stage.address)
    code = real_gate.prepare("the first")
    assert first.enrol(code).returncode == 0
    refused = second.enrol(code)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == ("This code has enrolled a scanner already. Ask the office to prepare this one anew.\n")
    synced = second.sync()
    assert (synced.returncode, synced.stdout) == (1, "")
    assert "not enrolled" in synced.stderr


def test_a_list_with_a_bad_signature_is_refused_and_the_old_one_stays(
    real_gate: RealGate, behind_proxy: tuple[MeddlingProxy, RealScanner]
) -> None:
    """One changed byte on the way: the scanner says why, keeps its list, and takes the next honest one."""
    proxy, scanner = behind_proxy
    (shown,) = real_gate.take(1)
    held = scanner.status()["list_number"]
    _revoke(real_gate, shown.reference)
    proxy.answers["/bundle"] = lambda body: body[:-1] + bytes([body[-1] ^ 1])
    synced = scanner.sync()
    assert synced.returncode == 1
    assert "was not taken (bad_signature)" in synced.stdout
    status = scanner.status()
    assert status["list_number"] == held
    assert "bad_signature" in status["trouble"]
    proxy.answers.clear()
    assert scanner.sync().returncode == 0
    assert scanner.status()["list_number"] > held
    assert scanner.check(shown.code)[0]["reason"] == "revoked"


def test_a_round_of_sync_tells_as_json_how_the_scanner_stands(
    real_gate: RealGate, behind_proxy: tuple[MeddlingProxy, RealScanner]
) -> None:
    """The list counts as confirmed at the round that brought or confirmed it, not at one that failed."""
    proxy, scanner = behind_proxy
    (shown,) = real_gate.take(1)
    scanner.check(shown.code)
    good = json.loads(scanner.run("sync", "--once", "--json").stdout)
    assert (good["waiting"], good["trouble"]) == (0, None)
    _revoke(real_gate, shown.reference)
    proxy.answers["/bundle"] = lambda body: body[:-1] + bytes([body[-1] ^ 1])
    failed = scanner.run("sync", "--once", "--json")
    assert failed.returncode == 1
    told = json.loads(failed.stdout)
    assert told["last_sync_at"] > good["last_sync_at"]
    assert told["list_confirmed_at"] == good["list_confirmed_at"]


def test_an_older_list_is_refused_though_its_signature_holds(
    real_gate: RealGate, behind_proxy: tuple[MeddlingProxy, RealScanner]
) -> None:
    """Nobody brings a revoked pass back to life by replaying the list of an hour ago."""
    proxy, scanner = behind_proxy
    (shown,) = real_gate.take(1)
    recorded: list[bytes] = []
    proxy.answers["/bundle"] = lambda body: recorded.append(body) or body  # type: ignore[func-returns-value]
    _revoke(real_gate, shown.reference)
    assert scanner.sync().returncode == 0
    (another,) = real_gate.take(1)
    _revoke(real_gate, another.reference)
    assert scanner.sync().returncode == 0
    held = scanner.status()["list_number"]
    proxy.answers["/bundle"] = lambda _: recorded[0]
    (third,) = real_gate.take(1)
    _revoke(real_gate, third.reference)
    scanner.sync()
    assert scanner.status()["list_number"] == held
    assert [told["reason"] for told in scanner.check(shown.code, another.code)] == ["revoked", "revoked"]


def test_a_scan_from_the_future_is_taken_and_marked_but_moves_nobody(
    real_gate: RealGate, new_scanner: NewScanner, tmp_path: Path
) -> None:
    """A clock ten minutes ahead: nothing is lost, nobody is inside by it, and the scanner asks from then on."""
    scanner, (early, late) = new_scanner(), real_gate.take(2)
    ahead = tmp_path / "clock.json"
    told = json.loads((real_gate.stage.folder / "clock.json").read_text())
    ahead.write_text(json.dumps({**told, "set_at": told["set_at"] - 600}))
    scanner.clock = ahead
    (answer,) = scanner.check(early.code)
    assert scanner.sync().returncode == 0
    (scan,) = real_gate.scans([early.serial])
    assert (str(scan.id), scan.verdict, scan.clock_suspect) == (answer["id"], answer["verdict"], True)
    assert scan.scanned_at > scan.received_at + timedelta(minutes=5)
    assert _presences(real_gate, early.serial) == []
    assert not scanner.status()["clock_is_right"]
    assert scanner.check(late.code)[0]["reason"] == "clock_wrong"


def test_a_scanner_that_is_switched_off_forgets_its_data(real_gate: RealGate, new_scanner: NewScanner) -> None:
    """Its sync ends with code 3, list and photos are gone, and no lane answers any more; its scans had arrived before."""
    scanner, (shown,) = new_scanner(), real_gate.take(1)
    (answer,) = scanner.check(shown.code)
    syncing = scanner.start("sync", "--every", "0.2")
    real_gate.stage.wait_for(lambda: bool(real_gate.scans([shown.serial])), "the upload")
    _switch_off(real_gate, scanner.name)
    assert syncing.wait(20) == 3
    assert list(once_each(real_gate.scans([shown.serial]))) == [answer["id"]]
    refused = scanner.run("check", "--json", given=shown.code + "\n")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert shown.serial not in b"".join(file.read_bytes() for file in scanner.state.glob("trust.db*"))
    assert scanner.run("sync", "--once").returncode == 3


def test_a_revocation_reaches_an_online_scanner_within_five_seconds(
    real_gate: RealGate, new_scanner: NewScanner
) -> None:
    """At the usual pace of a poll every two and a half seconds, each of ten times."""
    scanner = new_scanner()
    scanner.start("sync")
    took = []
    for revoked in real_gate.take(10):
        held = scanner.status()["list_number"]
        _revoke(real_gate, revoked.reference)
        began = time.monotonic()
        while scanner.status()["list_number"] == held:
            assert time.monotonic() - began < 20
        took.append(time.monotonic() - began)  # before the next process starts: lanes are up on such a day
        assert scanner.check(revoked.code)[0]["reason"] == "revoked"
    assert max(took) <= 5, took


def _revoke(gate: RealGate, reference: str) -> None:
    with writing(gate.house.engine) as session:
        event = find_event(session, "")
        assert event is not None
        revoke(session, gate.house.context(), event, reference, "reported stolen")
        session.commit()


def _switch_off(gate: RealGate, name: str) -> None:
    with writing(gate.house.engine) as session:
        event = find_event(session, "")
        assert event is not None
        assert isinstance(switch_off(session, gate.house.context(), event, name), Device)
        session.commit()


def _presences(gate: RealGate, serial: bytes) -> list[Presence]:
    with reading(gate.house.engine) as session:
        return list(
            session.scalars(select(Presence).join(Pass, Pass.id == Presence.pass_id).where(Pass.serial == serial))
        )
