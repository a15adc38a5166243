"""Admission by the server, for scanners of others: one round trip a scan, on both databases."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from factories.devices import FakeScanner, make_scan
from factories.events import event_table
from factories.keys import make_keyring
from factories.passes import collected_pass, grounds_grant, prepared_pass
from sqlalchemy import Engine, event, select
from web_under_test import WebUnderTest, bearer, problem_of, statements
from werkzeug.test import TestResponse

from accredit.credential.claims import Claims
from accredit.credential.codec import encode_pass
from accredit.credential.document_tags import grounds_key, grounds_tag
from accredit.credential.reasons import Direction, Reason, Verdict
from accredit.credential.scans import ScanRecord, new_scan_id
from accredit.credential.serials import short_code
from accredit.db.models.gate import Presence, Scan
from accredit.db.models.passes import Pass
from accredit.db.session import reading, writing
from accredit.services.devices import switch_off
from accredit.services.event_loading import load_event
from accredit.services.pass_life import revoke


@pytest.fixture
def scanner(web: WebUnderTest) -> FakeScanner:
    """A scanner of somebody else, enrolled as all are."""
    return web.scanner()


def code_of(web: WebUnderTest, held: Pass, *, ahead: bool = False) -> str:
    """The signed text on the badge of this pass."""
    claims = Claims(
        serial=held.serial,
        event=web.event.event.number,
        category=held.category_code,
        printed_ahead=ahead,
        grants=held.grants,
        document_tag=None,
        name="OKONJO ADAEZE",
        not_before=held.valid_from,
        expires=held.valid_until,
    )
    return encode_pass(claims, make_keyring(web.event.event).pass_key)


def body(text: str, **changes: Any) -> dict[str, Any]:
    """A presentation of this code at the gate."""
    told = {"id": str(uuid4()), "checkpoint": "pregny", "lane": "1", "officer": "4711", "source": "code", "text": text}
    return {**told, **changes}


def post(web: WebUnderTest, scanner: FakeScanner, told: dict[str, Any]) -> TestResponse:
    return web.client().post("/api/v1/gate/admit", json=told, headers=bearer(scanner))


def answer_of(web: WebUnderTest, scanner: FakeScanner, text: str, **changes: Any) -> dict[str, Any]:
    """The answer to a presentation that is well-formed."""
    answer = post(web, scanner, body(text, **changes))
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def collected(web: WebUnderTest, **changes: Any) -> Pass:
    """A pass that was picked up."""
    with web.changing() as session:
        held = collected_pass(session, web.office, web.event, **changes)
        assert held.application.reference  # at hand after the session
    return held


def scans(web: WebUnderTest) -> list[Scan]:
    """What was written down, in its order."""
    with reading(web.engine) as session:
        return list(session.scalars(select(Scan).order_by(Scan.received_at, Scan.id)))


def test_a_genuine_pass_is_admitted_written_down_and_inside(web: WebUnderTest, scanner: FakeScanner) -> None:
    """The reply holds what the officer needs in less than a kilobyte; the row and the presence are there."""
    held = collected(web)
    answer = post(web, scanner, body(code_of(web, held)))
    told = answer.get_json()
    assert (told["verdict"], told["reason"], told["again"]) == ("admit", "ok", False)
    assert (told["name"], told["organisation"]) == ("OKONJO ADAEZE", "Alpine Migrants Forum")
    assert told["sentence"]["en"] == "Welcome."
    assert len(answer.data) <= 1024
    (row,) = scans(web)
    assert (str(row.id), row.serial, row.officer, row.verdict) == (told["id"], held.serial, "4711", Verdict.ADMIT)
    with reading(web.engine) as session:
        assert session.scalars(select(Presence.inside)).all() == [True]


def test_a_retry_of_the_same_scan_gets_the_first_answer(web: WebUnderTest, scanner: FakeScanner) -> None:
    """Also when the pass was withdrawn meanwhile: the id is looked at before any rule."""
    held = collected(web)
    told = body(code_of(web, held))
    first = post(web, scanner, told).get_json()
    with web.changing() as session:
        revoke(session, web.office, web.event, held.application.reference, "stolen")
    again = post(web, scanner, told).get_json()
    assert (again["verdict"], again["reason"], again["again"]) == (first["verdict"], first["reason"], True)
    assert len(scans(web)) == 1


def test_an_id_that_comes_back_with_another_code_names_nobody(web: WebUnderTest, scanner: FakeScanner) -> None:
    """The first answer holds, and says nothing of who holds the other code."""
    one, other = collected(web), collected(web)
    first = body(code_of(web, one))
    post(web, scanner, first)
    told = answer_of(web, scanner, code_of(web, other), id=first["id"])
    assert (told["again"], told["name"], told["organisation"], told["serial"]) == (True, None, None, None)


def test_a_second_read_within_seconds_is_the_same_scan(web: WebUnderTest, scanner: FakeScanner) -> None:
    """Nothing more is written, and the id is that of the first."""
    text = code_of(web, collected(web))
    first = answer_of(web, scanner, text)
    web.now += timedelta(seconds=2)
    second = answer_of(web, scanner, text)
    assert (second["again"], second["id"], second["verdict"]) == (True, first["id"], "admit")
    web.now += timedelta(minutes=30)
    later = answer_of(web, scanner, text)
    assert (later["again"], later["verdict"], later["last_scan"]["lane"]) == (False, "admit", "1")
    assert len(scans(web)) == 2


def test_a_pass_that_was_just_read_elsewhere_is_asked_about(web: WebUnderTest, scanner: FakeScanner) -> None:
    """The other lane's scan may have come by this route or by an upload."""
    held = collected(web)
    answer_of(web, scanner, code_of(web, held))
    web.now += timedelta(seconds=30)
    told = answer_of(web, scanner, code_of(web, held), lane="2")
    assert (told["verdict"], told["reason"]) == ("ask", "read_elsewhere")
    other = collected(web)
    web.upload(scanner, [make_scan(web.now, other.serial, lane="3")])
    web.now += timedelta(seconds=30)
    assert answer_of(web, scanner, code_of(web, other), lane="2")["reason"] == "read_elsewhere"


def test_an_uploaded_scan_that_was_taken_back_does_not_count(web: WebUnderTest, scanner: FakeScanner) -> None:
    """The history is read as it stands now."""
    held = collected(web)
    first = make_scan(web.now, held.serial, lane="3")
    undone = make_scan(
        web.now, held.serial, lane="3", verdict=Verdict.REFUSE, reason=Reason.UNDONE, supersedes=first.id
    )
    web.upload(scanner, [first, undone])
    web.now += timedelta(seconds=30)
    assert answer_of(web, scanner, code_of(web, held))["reason"] == "ok"


def test_withdrawn_forged_and_uncollected_passes_are_refused(web: WebUnderTest, scanner: FakeScanner) -> None:
    """Each with its own reason; every one is written down."""
    held = collected(web)
    text = code_of(web, held)
    with web.changing() as session:
        ahead = prepared_pass(session, web.office, web.event)
        revoke(session, web.office, web.event, held.application.reference, "stolen")
    forged = text[:60] + ("A" if text[60] != "A" else "B") + text[61:]
    reasons = [
        answer_of(web, scanner, given)["reason"]
        for given in (text, forged, code_of(web, ahead, ahead=True), "https://example.org", "SEC1:7KQF-3M9P")
    ]
    assert reasons == ["revoked", "bad_signature", "not_collected", "malformed", "confirmation_not_pass"]
    assert [scan.verdict for scan in scans(web)] == [Verdict.REFUSE] * 5


def test_other_ways_to_be_presented(web: WebUnderTest, scanner: FakeScanner) -> None:
    """A typed short code is never more than asked about; a grounds pass and a class open what the event says."""
    held = collected(web)
    typed = answer_of(web, scanner, short_code(held.serial), source="short_code")
    assert (typed["verdict"], typed["reason"], typed["organisation"]) == (
        "ask",
        "unsigned_code",
        "Alpine Migrants Forum",
    )
    assert answer_of(web, scanner, "NOT A CODE", source="short_code")["reason"] == "malformed"
    tag = grounds_tag(grounds_key(b"p" * 32, web.event.event.number), "UNOG 12345")
    with web.changing() as session:
        grounds_grant(session, web.office, web.event, tag)
    web.now = web.now.replace(hour=8)
    known = answer_of(web, scanner, "unog-12345", source="grounds", checkpoint="door-xix")
    assert (known["verdict"], known["reason"]) == ("admit", "ok")
    unknown = answer_of(web, scanner, "99999", source="grounds", checkpoint="door-xix")
    assert unknown["reason"] == "unknown_pass"
    assert answer_of(web, scanner, "delegate", source="sight")["reason"] == "by_sight"
    assert answer_of(web, scanner, "stranger", source="sight")["reason"] == "no_grant"


def test_who_goes_out_is_let_out_and_is_outside(web: WebUnderTest, scanner: FakeScanner) -> None:
    """Exits are never refused."""
    held = collected(web)
    answer_of(web, scanner, code_of(web, held))
    web.now += timedelta(hours=1)
    told = answer_of(web, scanner, code_of(web, held), direction="exit")
    assert (told["verdict"], told["sentence"]["en"]) == ("admit", "Goodbye.")
    with reading(web.engine) as session:
        assert session.scalars(select(Presence.inside)).all() == [False]
    assert scans(web)[-1].direction is Direction.EXIT


def test_of_eight_at_the_same_moment_one_is_admitted(web: WebUnderTest, scanner: FakeScanner) -> None:
    """Eight lanes, one pass: seven are told where it was just read."""
    text = code_of(web, collected(web))
    start, told = threading.Barrier(8), []

    def lane(number: int) -> None:
        start.wait()
        told.append(answer_of(web, scanner, text, lane=str(number)))

    lanes = [threading.Thread(target=lane, args=(number,)) for number in range(8)]
    for one in lanes:
        one.start()
    for one in lanes:
        one.join(60)
    assert sorted(one["reason"] for one in told) == ["ok"] + ["read_elsewhere"] * 7


def test_the_same_id_twice_at_the_same_moment_is_one_scan(web: WebUnderTest, scanner: FakeScanner) -> None:
    """Also where no pass is known whose lock would keep the two apart."""
    given = body("nonsense")
    start, told = threading.Barrier(4), []

    def send() -> None:
        start.wait()
        told.append(post(web, scanner, given).get_json())

    senders = [threading.Thread(target=send) for _ in range(4)]
    for one in senders:
        one.start()
    for one in senders:
        one.join(60)
    assert sorted(one["again"] for one in told) == [False, True, True, True]
    assert len(scans(web)) == 1


def test_a_scan_that_another_wrote_meanwhile_is_found(web: WebUnderTest, scanner: FakeScanner) -> None:
    """On PostgreSQL a history is as old as the statement that read it; what is written is held against a newer look."""
    if web.engine.dialect.name == "sqlite":
        return  # nobody writes beside its one writer
    held, other = collected(web), web.scanner("gate 2")
    answer_of(web, scanner, "nonsense")  # the process knows the scanner now
    meant = scan_row(make_scan(web.now, held.serial, lane="3"), other, held.event_id)
    before = iter([lambda: write_apart(web.engine, meant)])

    def meddle(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "INTO scans" in statement:
            next(before, lambda: None)()

    event.listen(web.engine, "before_cursor_execute", meddle)
    told = answer_of(web, scanner, code_of(web, held))
    event.remove(web.engine, "before_cursor_execute", meddle)
    assert (told["reason"], told["last_scan"]["lane"]) == ("read_elsewhere", "3")


def scan_row(scan: ScanRecord, scanner: FakeScanner, event_id: UUID) -> dict[str, Any]:
    """The row of a scan of this device."""
    given = {column.name: getattr(scan, column.name, None) for column in Scan.__table__.columns}
    mine = {"device_id": scanner.device.id, "event_id": event_id, "clock_suspect": False}
    return {**given, **mine, "received_at": scan.scanned_at}


def write_apart(engine: Engine, row: dict[str, Any]) -> None:
    """Commits it over a connection of its own."""
    with writing(engine) as session:
        session.add(Scan(**row))
        session.commit()


def test_what_is_remembered_of_a_scanner_and_its_event_is_asked_again(web: WebUnderTest, scanner: FakeScanner) -> None:
    """A new door is known from the next scan on, and a scanner that was switched off is turned away."""
    text = code_of(web, collected(web))
    assert answer_of(web, scanner, text)["reason"] == "ok"
    assert post(web, scanner, body(text, checkpoint="annex")).status_code == 422
    table = event_table()
    annex = {**table["checkpoints"][0], "key": "annex"}
    with web.changing() as session:
        load_event(session, web.office, {**table, "checkpoints": [*table["checkpoints"], annex]})
    assert answer_of(web, scanner, text, checkpoint="annex")["verdict"] in ("admit", "ask")
    with web.changing() as session:
        switch_off(session, web.office, web.event, scanner.device.name)
    problem_of(post(web, scanner, body(text)), 403, "device_switched_off")


def test_a_scan_costs_few_statements(web: WebUnderTest, scanner: FakeScanner) -> None:
    """What is known in one, what is written in another; on SQLite the two rows are written one by one."""
    first, second = collected(web), collected(web)
    answer_of(web, scanner, code_of(web, first))
    with statements(web.engine) as seen:
        answer_of(web, scanner, code_of(web, second))
    assert len(seen) == (2 if web.engine.dialect.name == "postgresql" else 3)


def test_only_an_enrolled_scanner_that_is_on_is_answered(web: WebUnderTest, scanner: FakeScanner) -> None:
    """Nothing is written for others."""
    told = body(code_of(web, collected(web)))
    nobody = web.client().post("/api/v1/gate/admit", json=told)
    problem_of(nobody, 401, "token_unknown")
    assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
    with web.changing() as session:
        switch_off(session, web.office, web.event, scanner.device.name)
    problem_of(post(web, scanner, told), 403, "device_switched_off")
    assert scans(web) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "7"}, "id"),
        ({"id": 7}, "id"),
        ({"checkpoint": ""}, "checkpoint"),
        ({"checkpoint": "nowhere"}, "checkpoint"),
        ({"lane": "x" * 21}, "lane"),
        ({"officer": None}, "officer"),
        ({"direction": "sideways"}, "direction"),
        ({"source": "supervisor"}, "source"),
        ({"text": ""}, "text"),
        ({"text": "x" * 513}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"more": 1}, "body"),
    ],
)
def test_a_body_that_cannot_be_taken_names_its_field(
    web: WebUnderTest, scanner: FakeScanner, changes: dict[str, Any], field: str
) -> None:
    """One sentence, and nothing is written."""
    answer = post(web, scanner, {**body("SEP1:X"), **changes})
    assert answer.get_json(force=True)["field"] == field
    assert answer.status_code == 422
    assert scans(web) == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"7", bytes(range(64)), b"{" * 5000], ids=len)
def test_what_is_no_object_is_refused(web: WebUnderTest, scanner: FakeScanner, data: bytes) -> None:
    """Never a defect of ours."""
    headers = {**bearer(scanner), "Content-Type": "application/json"}
    answer = web.client().post("/api/v1/gate/admit", data=data, headers=headers)
    assert answer.status_code in (400, 413, 422)
    assert answer.mimetype == "application/problem+json"


def test_a_version_7_id_of_a_device_is_taken_as_it_is(web: WebUnderTest, scanner: FakeScanner) -> None:
    """Ids that sort by time are welcome, and come back."""
    given = str(new_scan_id(web.now, os.urandom))
    assert answer_of(web, scanner, "nonsense", id=given)["id"] == given
