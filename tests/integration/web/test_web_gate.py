"""The gate API end to end: enrol, poll, upload, photos; on both databases."""

from __future__ import annotations

import base64
import gzip
import os
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from factories.contexts import at
from factories.devices import FakeScanner, make_scan
from factories.events import event_table, make_event
from factories.keys import make_keyring
from factories.passes import collected_pass, make_photo, prepared_pass
from sqlalchemy import func, select, update
from web_under_test import WebUnderTest, bearer, cbor, problem_of, statements
from werkzeug.test import TestResponse

from accredit.credential.bundle import Bundle, decode_bundle, keyset_in
from accredit.credential.claims import Rejected
from accredit.credential.device_keys import DeviceKey
from accredit.credential.sealing import open_photo
from accredit.credential.trust import open_with_own_keyset
from accredit.db.models.gate import Device, Scan, SetAsideScan
from accredit.db.session import reading
from accredit.domain.permissions import Role
from accredit.services.device_secrets import roster_key
from accredit.services.devices import PreparedDevice, prepare_device, switch_off
from accredit.services.event_loading import load_event
from accredit.services.pass_life import revoke
from accredit.services.roster_jumps import LARGEST_CLAIM

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def _poll(web: WebUnderTest, scanner: FakeScanner, since: int = 0, **headers: str) -> TestResponse:
    return web.client().get(f"/api/v1/gate/bundle?since={since}", headers={**bearer(scanner), **headers})


def _opened(answer: TestResponse) -> Bundle:
    """The bundle in an answer, as a scanner believes it: from the root's key down."""
    assert (answer.status_code, answer.mimetype) == (200, "application/cbor"), answer.text
    root = make_keyring(make_event()).root_public
    opened = open_with_own_keyset(answer.data, root, None, content_type="bundle", keyset_in=keyset_in)
    assert not isinstance(opened, Rejected), opened
    return decode_bundle(opened[1])


def _body(code: str, key: DeviceKey | None = None, **changes: Any) -> dict[str, Any]:
    key = key or DeviceKey.generate(os.urandom)
    return {
        "code": code,
        "device_public_key": base64.b64encode(key.public_bytes).decode(),
        "name": "gate 1",
        "hardware": "Linux x86_64",
        "version": "accredit-scanner 0.1.0",
        **changes,
    }


def _enrol(web: WebUnderTest, code: str, key: DeviceKey | None = None, **changes: Any) -> TestResponse:
    return web.client().post("/api/v1/gate/enrol", json=_body(code, key, **changes))


def _prepared_code(web: WebUnderTest, name: str = "gate 1") -> str:
    with web.changing() as session:
        ready = prepare_device(session, web.office, web.event, name, "pregny")
    assert isinstance(ready, PreparedDevice)
    return ready.code


def test_a_scanner_enrols_polls_and_uploads(web: WebUnderTest) -> None:
    """From the one-time code to the first confirmed scan, with what the enrolment told alone."""
    key = DeviceKey.generate(os.urandom)
    enrolled = _enrol(web, _prepared_code(web), key)
    assert enrolled.status_code == 201, enrolled.text
    told = enrolled.get_json()
    assert told.keys() == {
        *("device_id", "token", "name", "event", "event_key", "demo", "checkpoint", "checkpoints"),
        *("root_public", "root_fingerprint", "roster_key", "tag_key", "grounds_key"),
        *("server_time", "server_version", "api_version"),
    }
    assert (told["name"], told["checkpoint"], told["api_version"]) == ("gate 1", "pregny", 1)
    assert RFC_3339.fullmatch(told["server_time"])
    assert {len(base64.b64decode(told[name])) for name in ("root_public", "roster_key", "tag_key", "grounds_key")} == {
        32
    }
    with reading(web.engine) as session:
        device = session.scalars(select(Device)).one()
    scanner = FakeScanner(device, key, told["token"])
    assert _opened(_poll(web, scanner)).event_key == told["event_key"]
    assert web.upload(scanner, [make_scan(web.now)]).get_json()["results"][0]["result"] == "taken"


def test_a_code_enrols_one_scanner(web: WebUnderTest) -> None:
    """The second use of a code is refused, and the first scanner keeps working."""
    code = _prepared_code(web)
    first = _enrol(web, code).get_json()
    told = problem_of(_enrol(web, code), 409, "enrolment_code_used")
    assert told["field"] == "code"
    assert code not in told["detail"]
    answer = web.client().get("/api/v1/gate/bundle", headers={"Authorization": f"Bearer {first['token']}"})
    assert answer.status_code == 200


def test_codes_and_keys_that_do_not_fit(web: WebUnderTest) -> None:
    """An unknown code, an expired one, and a key that is none: each with its own code."""
    problem_of(_enrol(web, "0000-0000-0000"), 404, "enrolment_code_unknown")
    code = _prepared_code(web)
    wrong = _enrol(web, code, device_public_key="!" * 44)
    assert problem_of(wrong, 422, "bad_public_key")["field"] == "device_public_key"
    web.now += timedelta(days=2)
    problem_of(_enrol(web, code), 409, "enrolment_code_expired")


@pytest.mark.parametrize("code", ["\ud800", "0000\0", "x" * 65, "é" * 12, "' OR 1=1"])
def test_a_code_that_is_none_is_refused_before_anybody_waits(
    web: WebUnderTest, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """Halves of characters too; whoever tries out codes takes no turn of those who write."""

    def nobody(_engine: object) -> None:
        raise AssertionError("a writing session was opened for somebody who is not known")

    monkeypatch.setattr("accredit.web.gate_api.writing", nobody)
    assert _enrol(web, code).status_code in {404, 422}


def test_an_enrolment_is_small(web: WebUnderTest) -> None:
    """Of somebody who is not known yet no more is read than an enrolment needs."""
    answer = web.client().post("/api/v1/gate/enrol", data=b"[" * 100_000, content_type="application/json")
    problem_of(answer, 413, "request_entity_too_large")


def test_without_signed_keys_no_scanner_enrols(web: WebUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the root has signed, the service says so; the code is not used up."""
    code = _prepared_code(web)
    with monkeypatch.context() as before:
        before.setattr("factories.keys.make_keyring", lambda _event: None)
        problem_of(_enrol(web, code), 503, "keys_not_signed")
    assert _enrol(web, code).status_code == 201


def test_the_first_bundle_is_whole_and_the_next_poll_empty(web: WebUnderTest) -> None:
    """200 with everything, then 204 for as long as nothing changes; both with the server's time."""
    scanner = web.scanner()
    with web.changing() as session:
        serials = {collected_pass(session, web.office, web.event).serial for _ in range(3)}
    answer = _poll(web, scanner)
    bundle = _opened(answer)
    assert (bundle.base, {one.serial for one in bundle.passes}) == (0, serials)
    assert RFC_3339.fullmatch(answer.headers["Server-Time"])
    empty = _poll(web, scanner, bundle.number)
    assert (empty.status_code, empty.data) == (204, b"")
    assert RFC_3339.fullmatch(empty.headers["Server-Time"])


def test_after_a_revocation_a_delta_comes(web: WebUnderTest) -> None:
    """The delta goes on from the scanner's number and carries the one pass that changed."""
    scanner = web.scanner()
    with web.changing() as session:
        held = [collected_pass(session, web.office, web.event) for _ in range(3)]
    whole = _opened(_poll(web, scanner))
    with web.changing() as session:
        revoke(session, web.office, web.event, held[1].serial, "lost")
    delta = _opened(_poll(web, scanner, whole.number))
    assert (delta.base, [one.serial for one in delta.passes]) == (whole.number, [held[1].serial])
    assert delta.number > whole.number
    assert _poll(web, scanner, delta.number).status_code == 204


def test_no_scanner_uses_up_the_numbers(web: WebUnderTest) -> None:
    """The largest number that a poll can name is not believed: everybody else's next poll is answered as before."""
    scanner, other = web.scanner(), web.scanner("gate 2")
    assert _poll(web, scanner, LARGEST_CLAIM).status_code == 200
    number = _opened(_poll(web, other)).number
    assert number < LARGEST_CLAIM // 2
    assert _poll(web, other, number).status_code == 204


def test_a_changed_event_file_reaches_the_scanner(web: WebUnderTest) -> None:
    """After the hours changed, the next poll brings a whole bundle."""
    scanner = web.scanner()
    before = _opened(_poll(web, scanner))
    table = event_table()
    table["title"]["en"] = "A hearing with another title"
    with web.changing() as session:
        load_event(session, web.office, table)
    after = _opened(_poll(web, scanner, before.number))
    assert (after.base, after.title) == (0, "A hearing with another title")


def test_the_bundle_is_compressed_for_who_takes_it(web: WebUnderTest) -> None:
    """gzip when asked for; a cache in between is told that both exist."""
    scanner = web.scanner()
    packed, plain = _poll(web, scanner, **{"Accept-Encoding": "gzip"}), _poll(web, scanner)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert {answer.headers["Vary"] for answer in (packed, plain)} == {"Accept-Encoding"}
    assert len(gzip.decompress(packed.data)) == len(plain.data)


def test_scans_are_taken_known_and_set_aside(web: WebUnderTest) -> None:
    """Each scan has its own answer; a retry of the same batch is known, and nothing is dropped."""
    scanner = web.scanner()
    scans = [make_scan(web.now), make_scan(web.now, checkpoint="nowhere")]
    first = web.upload(scanner, scans)
    assert first.status_code == 200
    told = first.get_json()
    assert RFC_3339.fullmatch(told["server_time"])
    assert [(one["id"], one["result"]) for one in told["results"]] == [
        (str(scans[0].id), "taken"),
        (str(scans[1].id), "set_aside"),
    ]
    assert told["results"][1]["cause"] == "the event has no such checkpoint"
    again = web.upload(scanner, scans).get_json()
    assert [one["result"] for one in again["results"]] == ["known", "set_aside"]
    with reading(web.engine) as session:
        counted = [session.scalar(select(func.count()).select_from(table)) for table in (Scan, SetAsideScan)]
    assert counted == [1, 1]


def test_a_forged_upload_is_refused(web: WebUnderTest) -> None:
    """A batch by another key, by another scanner, or of random bytes leaves nothing behind."""
    scanner, other = web.scanner(), web.scanner("gate 2")
    stolen = replace(other, device=scanner.device)
    problem_of(web.upload(scanner, [make_scan(web.now)], by=stolen), 422, "bad_signature")
    own_key_other_name = replace(scanner, device=other.device)
    problem_of(web.upload(scanner, [make_scan(web.now)], by=own_key_other_name), 422, "other_device")
    for data in (b"", b"\xff", os.urandom(200)):
        answer = web.client().post("/api/v1/gate/scans", data=data, headers=cbor(scanner))
        problem_of(answer, 422, "malformed")
    with reading(web.engine) as session:
        assert session.scalar(select(func.count()).select_from(Scan)) == 0


def test_a_scanner_switched_off_between_two_looks_is_told_so(
    web: WebUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is switched off while an upload waits is refused under the lock, with the code that makes it forget."""
    scanner = web.scanner()

    def switched_off_meanwhile() -> bytes:
        with web.changing() as session:
            switch_off(session, web.office, web.event, "gate 1")
        return scanner.batch([make_scan(web.now)], web.now)

    monkeypatch.setattr("accredit.web.gate_api._batch", switched_off_meanwhile)
    problem_of(web.upload(scanner, []), 403, "device_switched_off")


def test_a_photo_travels_sealed(web: WebUnderTest) -> None:
    """Only the roster key opens it; no photo, no pass and no serial read the same."""
    scanner = web.scanner()
    with web.changing() as session:
        held, plain = (prepared_pass(session, web.office, web.event) for _ in range(2))
        make_photo(session, held.application, b"a small picture")
    answer = web.client().get(f"/api/v1/gate/photos/{held.serial.hex()}", headers=bearer(scanner))
    assert (answer.status_code, answer.mimetype) == (200, "application/octet-stream")
    assert b"a small picture" not in answer.data
    key = roster_key(web.office, web.event)
    assert open_photo(key, web.event.event.number, held.serial, answer.data) == b"a small picture"
    for serial in (plain.serial.hex(), "00" * 5, "zz" * 5, "1", "00" * 400, held.serial.hex().upper() + " "):
        problem_of(web.client().get(f"/api/v1/gate/photos/{serial}", headers=bearer(scanner)), 404, "not_found")


def test_a_photo_is_fetched_once_and_goes_on_where_it_broke_off(web: WebUnderTest) -> None:
    """An unchanged photo costs no bytes, and half a photo is completed: RFC 9110, sections 13 and 14."""
    scanner = web.scanner()
    with web.changing() as session:
        held = prepared_pass(session, web.office, web.event)
        make_photo(session, held.application, b"a small picture")
    address, client = f"/api/v1/gate/photos/{held.serial.hex()}", web.client()
    whole = client.get(address, headers=bearer(scanner))
    again = client.get(address, headers={**bearer(scanner), "If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    rest = client.get(address, headers={**bearer(scanner), "Range": "bytes=10-", "If-Range": whole.headers["ETag"]})
    assert (rest.status_code, rest.data) == (206, whole.data[10:])
    assert client.get(address, headers={**bearer(scanner), "Range": "bytes=9999-"}).status_code == 416


def test_a_list_is_named_by_its_number(web: WebUnderTest) -> None:
    """A program that knows nothing of our numbers asks by the ETag, and hears of a change."""
    scanner, client = web.scanner(), web.client()
    first = client.get("/api/v1/gate/bundle", headers=bearer(scanner))
    known = {**bearer(scanner), "If-None-Match": first.headers["ETag"]}
    same = client.get("/api/v1/gate/bundle", headers=known)
    assert (same.status_code, same.data) == (304, b"")
    with web.changing() as session:
        prepared_pass(session, web.office, web.event)
    newer = client.get("/api/v1/gate/bundle", headers=known)
    assert newer.status_code == 200
    assert newer.headers["ETag"] != first.headers["ETag"]


def test_a_scanner_that_is_too_old_is_told_so(web: WebUnderTest) -> None:
    """An old scanner gets no list that it could misread; its scans are taken all the same."""
    scanner = web.scanner()
    old = {"User-Agent": "accredit-scanner/0.0.9"}
    assert "Please update it." in problem_of(_poll(web, scanner, **old), 400, "client_too_old")["detail"]
    problem_of(web.client().post("/api/v1/gate/enrol", json=_body("0"), headers=old), 400, "client_too_old")
    data = scanner.batch([make_scan(web.now)], web.now)
    assert web.client().post("/api/v1/gate/scans", data=data, headers={**cbor(scanner), **old}).status_code == 200
    for agent in ("accredit-scanner/0.1.0", "accredit-scanner/12.0", "curl/8.5", "accredit-scanner/x", ""):
        assert _poll(web, scanner, **{"User-Agent": agent}).status_code == 200, agent


def test_a_scanner_that_asks_is_seen(web: WebUnderTest) -> None:
    """When it asked and which list it has is noted when it is news: another list, or a minute later; never in between."""
    scanner = web.scanner()
    number = _opened(_poll(web, scanner)).number
    asked = web.now
    for seconds, noted in ((1, 0), (30, 0), (61, 61), (62, 61)):
        web.now = asked + timedelta(seconds=seconds)
        assert _poll(web, scanner, number).status_code == 204
        with web.changing() as session:
            held = session.get_one(Device, scanner.device.id)
            assert held.held_number == number
            assert held.last_seen_at == asked + timedelta(seconds=noted or 1)


def test_a_scanner_waits_for_nobody_who_writes(web: WebUnderTest) -> None:
    """Somebody holds the database's one writer, or the scanner's own row: the answer comes all the same."""
    scanner = web.scanner()
    number = _opened(_poll(web, scanner)).number
    with web.changing() as session:
        session.execute(update(Device).where(Device.id == scanner.device.id).values(version="locked"))
        assert _poll(web, scanner, number).status_code == 204
    with web.changing() as session:
        assert session.get_one(Device, scanner.device.id).held_number != number


def test_the_empty_poll_asks_one_question(web: WebUnderTest) -> None:
    """Who are you, and is there more, in one: nothing else is read, no session, no cookie, nothing written."""
    scanner = web.scanner()
    number = _opened(_poll(web, scanner)).number
    assert _poll(web, scanner, number).status_code == 204  # notes that the scanner has the list
    with statements(web.engine) as seen:
        answer = _poll(web, scanner, number, Cookie="session=something")
    assert answer.status_code == 204
    assert len(seen) == 1, seen
    assert all(one.startswith("SELECT") for one in seen)
    assert answer.headers.getlist("Set-Cookie") == []
    assert "Vary" not in answer.headers


def test_an_upload_costs_the_same_for_one_scan_and_for_hundreds(web: WebUnderTest) -> None:
    """The number of statements does not grow with the batch."""
    scanner = web.scanner()
    with web.changing() as session:
        serials = [collected_pass(session, web.office, web.event).serial for _ in range(20)]
    needed = []
    for count in (1, 300):
        scans = [make_scan(web.now + timedelta(milliseconds=n), serials[n % 20]) for n in range(count)]
        with statements(web.engine) as seen:
            assert {one["result"] for one in web.upload(scanner, scans).get_json()["results"]} == {"taken"}
        needed.append(len(seen))
    assert needed[0] == needed[1] <= 8, seen


def test_two_events_do_not_confuse_a_scanner(web: WebUnderTest) -> None:
    """A scanner works for its own event, also where the service holds two and no setting names one."""
    scanner = web.scanner()
    other = event_table(key="another-2018", number=web.event.event.number + 1)
    with web.changing() as session:
        load_event(session, at(web.office, web.now), other)
    assert _opened(_poll(web, scanner)).event_key == web.event.event.key
    assert web.upload(scanner, [make_scan(web.now)]).status_code == 200
    assert web.staff(Role.GATE).get("/overview").status_code == 503
