"""Every error has one shape: a problem for programs, a page for people, and nothing of ours in either."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import got_request_exception
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from web_under_test import WebUnderTest, bearer, cbor, problem_of

from accredit.db.session import make_engine
from accredit.domain.errors import IllegalTransition, NotAllowed, StaleDecision
from accredit.domain.permissions import Permission, Role
from accredit.services.devices import switch_off
from accredit.web import access, parts

SECRET = "Okonjo-Ferreira"


def test_an_unknown_address(pages: WebUnderTest) -> None:
    """404: a problem under /api, a page with a way home elsewhere."""
    problem_of(pages.client().get("/api/v1/nowhere"), 404, "not_found")
    page = pages.client().get("/nowhere")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "There is no page at this address." in page.text
    assert 'href="/"' in page.text


def test_a_wrong_method_keeps_the_list_of_right_ones(pages: WebUnderTest) -> None:
    """405 carries Allow, for programs and for people."""
    answer = pages.client().put("/api/v1/gate/bundle")
    problem_of(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]
    page = pages.client().delete("/log-in", headers={"X-CSRFToken": "none"})
    assert page.status_code in {400, 405}
    page = pages.client().get("/log-out")
    assert (page.status_code, page.mimetype) == (405, "text/html")
    assert "POST" in page.headers["Allow"]


def test_too_much_at_once(pages: WebUnderTest) -> None:
    """413 for a batch above 1 MB, and for a JSON body above 8 MB, before it is read."""
    scanner = pages.scanner()
    problem_of(
        pages.client().post("/api/v1/gate/scans", data=bytes(1024 * 1024 + 1), headers=cbor(scanner)),
        413,
        "request_entity_too_large",
    )
    body = {"code": "x" * (9 * 1024 * 1024)}
    problem_of(pages.client().post("/api/v1/gate/enrol", json=body), 413, "request_entity_too_large")


@pytest.mark.parametrize("address", ["/api/v1/gate/enrol", "/api/v1/applications"])
def test_a_body_that_is_not_called_json(pages: WebUnderTest, address: str) -> None:
    """415: a form or a text is not taken for an empty JSON body."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/cbor"):
        told = problem_of(
            pages.client().post(address, data="{}", content_type=kind, headers=pages.token(Role.ADMINISTRATOR)),
            415,
            "unsupported_media_type",
        )
        assert "application/json" in told["detail"]


def test_a_batch_that_is_not_called_cbor(pages: WebUnderTest) -> None:
    """415 for an upload of another kind."""
    answer = pages.client().post("/api/v1/gate/scans", json={}, headers=bearer(pages.scanner()))
    assert "application/cbor" in problem_of(answer, 415, "unsupported_media_type")["detail"]


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b'{"code": }'])
def test_a_body_that_is_no_json(pages: WebUnderTest, body: bytes) -> None:
    """400 with a sentence, whatever the bytes."""
    answer = pages.client().post("/api/v1/gate/enrol", data=body, content_type="application/json")
    if body == b"":
        problem_of(answer, 422, "invalid")
    else:
        assert "JSON" in problem_of(answer, 400, "bad_request")["detail"]


@pytest.mark.parametrize("body", [[], "text", 7])
def test_a_body_that_is_no_object(pages: WebUnderTest, body: Any) -> None:
    """JSON of another kind names the body as what is wrong."""
    answer = pages.client().post("/api/v1/gate/enrol", json=body)
    assert answer.status_code == 422
    told = problem_of(answer, 422, "invalid")
    assert told["field"] in {"body", "code"}


def test_wrong_fields_are_told_one_by_one(pages: WebUnderTest) -> None:
    """422 names each field with its cure; the first stands in `field`."""
    body = {"code": 7, "device_public_key": "short", "colour": "red", "version": "1\0"}
    told = problem_of(pages.client().post("/api/v1/gate/enrol", json=body), 422, "invalid")
    found = {one["field"]: one["detail"] for one in told["errors"]}
    assert set(found) == {"code", "device_public_key", "colour", "version"}
    assert found["code"] == "please write this as text in quotation marks"
    assert found["colour"] == "there is no field of this name here; please leave it out"
    assert found["version"] == "please leave out NUL and halves of characters"
    assert told["field"] in found
    assert told["detail"].startswith(told["field"])


@pytest.mark.parametrize("since", ["-1", "x", "", "1.5", str(2**53 + 1), str(2**70)])
def test_a_number_that_is_none(pages: WebUnderTest, since: str) -> None:
    """422 for a roster number that no roster ever had."""
    answer = pages.client().get(f"/api/v1/gate/bundle?since={since}", headers=bearer(pages.scanner()))
    assert problem_of(answer, 422, "invalid")["field"] == "since"


@pytest.mark.parametrize(
    ("method", "address", "code"),
    [
        ("GET", "/api/v1/gate/bundle", "token_unknown"),
        ("POST", "/api/v1/gate/scans", "token_unknown"),
        ("GET", "/api/v1/gate/photos/0011223344", "token_unknown"),
        ("POST", "/api/v1/applications", "no_token"),
    ],
)
def test_without_a_token(pages: WebUnderTest, method: str, address: str, code: str) -> None:
    """401 says by which scheme to authenticate; a wrong token and a wrong scheme read the same."""
    body = {"json": {}} if address.endswith("applications") else {}
    for given in ("", "Bearer", "Bearer wrong", "Basic dXNlcjpwYXNz", "Bearer \xe9", "nonsense"):
        answer = pages.client().open(address, method=method, headers={"Authorization": given} if given else {}, **body)
        problem_of(answer, 401, code)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


# Read before the token is looked at, since one round trip decides both.
_WELL_FORMED = {
    "admit.Admit": {
        "id": "0199a3c2-6f00-7000-8000-000000000001",
        "checkpoint": "pregny",
        "lane": "1",
        "source": "code",
        "text": "SEP1:X",
    }
}


def test_every_token_route_refuses_a_request_without_one(pages: WebUnderTest) -> None:
    """No route that the table calls guarded by a token forgot to look at it."""
    guarded = {name for name, needed in access.ROUTES.items() if needed in {access.Access.TOKEN, access.Access.DEVICE}}
    for rule in pages.app.url_map.iter_rules():
        if rule.endpoint in guarded:
            for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}:
                address, body = rule.rule.replace("<serial>", "00" * 5), _WELL_FORMED.get(rule.endpoint, {})
                answer = pages.client().open(address, method=method, json=body)
                assert answer.status_code == 401, rule


def test_a_switched_off_scanner_is_told_so_everywhere(pages: WebUnderTest) -> None:
    """403 with the code by which the scanner forgets its data."""
    scanner = pages.scanner()
    with pages.changing() as session:
        switch_off(session, pages.office, pages.event, "gate 1")
    for answer in (
        pages.client().get("/api/v1/gate/bundle", headers=bearer(scanner)),
        pages.client().get("/api/v1/gate/photos/0011223344", headers=bearer(scanner)),
        pages.upload(scanner, []),
    ):
        problem_of(answer, 403, "device_switched_off")


def test_broken_promises_become_conflicts(pages: WebUnderTest) -> None:
    """What the services raise is told in one place: no permission 403, everything else 409."""
    raised: list[Exception] = []

    def fail() -> str:
        raise raised[-1]

    pages.have_an_own_application()
    for address in ("/api/v1/fails", "/fails"):
        pages.app.add_url_rule(address, address, fail)
        access.ROUTES[address] = access.Access.OPEN
    try:
        for error, status, code in (
            (NotAllowed(Permission.KEYS_MANAGE), 403, "not_allowed"),
            (StaleDecision("K7QF-3M9P"), 409, "conflict"),
            (IllegalTransition("pass", "revoked", "collected"), 409, "conflict"),
        ):
            raised.append(error)
            problem_of(pages.client().get("/api/v1/fails"), status, code)
            page = pages.client().get("/fails")
            assert (page.status_code, page.mimetype) == (status, "text/html")
    finally:
        for address in ("/api/v1/fails", "/fails"):
            del access.ROUTES[address]


def test_a_fault_of_ours_tells_nothing(pages: WebUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 has neither a stack trace nor what was being worked on."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"cannot greet {SECRET}")

    monkeypatch.setattr("accredit.web.pages.find_event", fail)
    monkeypatch.setattr("accredit.services.polls.who_polls", fail)
    page = pages.client().get("/")
    assert (page.status_code, page.mimetype) == (500, "text/html")
    answer = pages.client().get("/api/v1/gate/bundle", headers={"Authorization": "Bearer x"})
    problem_of(answer, 500, "internal_server_error")
    for text_ in (page.text, answer.text):
        assert SECRET not in text_
        assert "Traceback" not in text_
        assert "RuntimeError" not in text_


def test_a_statement_that_failed_leaves_no_name_in_the_log(web: WebUnderTest, caplog: pytest.LogCaptureFixture) -> None:
    """The log of a database fault holds the statement, not the values of the person."""
    web.app.logger.disabled = False
    with web.changing() as session:
        session.execute(text("DROP TABLE api_tokens"))
        session.execute(text("ALTER TABLE applications RENAME TO moved_away"))
    client = web.staff(Role.REVIEWER)
    with caplog.at_level(logging.ERROR):
        answer = client.get(f"/review/{SECRET}")
    assert answer.status_code in {500, 503}
    assert "applications" in caplog.text
    assert f"'{SECRET.upper()}'" not in caplog.text.upper().replace("/APPLICATIONS/", "")
    assert "parameters hidden" in caplog.text


def test_without_a_database_people_and_programs_are_told_to_wait(web: WebUnderTest) -> None:
    """503 with Retry-After, for the staff as well, although nobody can be looked up."""
    client, scanner = web.staff(Role.REVIEWER), web.scanner()
    web.engine.dispose()
    is_sqlite = web.engine.dialect.name == "sqlite"
    away = "sqlite:////nowhere/at/all.db" if is_sqlite else "postgresql+psycopg://x@127.0.0.1:1/x"
    engine = make_engine(away, web.engine.dialect.accredit_sealer)  # type: ignore[attr-defined]
    parts.keep(web.app.extensions, web.parts(engine=engine))
    heard: list[BaseException] = []
    with got_request_exception.connected_to(lambda _app, exception: heard.append(exception), web.app):
        page = client.get("/overview")
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert [type(one) for one in heard] == [OperationalError]
    answer = web.client().get("/api/v1/gate/bundle", headers=bearer(scanner))
    problem_of(answer, 503, "no_database")
    assert answer.headers["Retry-After"] == "5"


def test_a_character_that_no_database_holds(web: WebUnderTest) -> None:
    """NUL in an address, a filter or a form is refused before it reaches the database."""
    client = web.staff(Role.REVIEWER)
    for address in ("/review/K7%00F", "/review?after=%00", "/log-in?to=%00"):
        assert client.get(address).status_code == 400, address
    assert client.post("/log-in", data={"name": "j\0d", "password": "x"}).status_code == 400


def test_pages_without_an_event(web: WebUnderTest) -> None:
    """Before an event is loaded the first page says so, and the pages of the staff answer 503."""
    with web.changing() as session:
        session.execute(text("DELETE FROM events"))
    assert "No event is loaded yet" in web.client().get("/").text
    assert web.staff(Role.REVIEWER).get("/overview").status_code == 503
    answer = web.client().post("/api/v1/applications", json={}, headers=web.token(Role.ADMINISTRATOR))
    problem_of(answer, 503, "not_ready")


def test_every_answer_carries_the_headers_of_a_careful_service(pages: WebUnderTest) -> None:
    """No inline code, no framing, no sniffing, no cache; files of our own may be kept."""
    for address in ("/", "/nowhere", "/api/v1/openapi.json", "/api/v1/gate/bundle", "/health"):
        headers = pages.client().get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
    with pages.client().get("/static/accredit.css") as kept:
        assert kept.headers.get("Cache-Control") != "no-store"
        assert "Cookie" not in kept.headers.get("Vary", "")
