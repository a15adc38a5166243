"""The log-in as a browser meets it: two steps, counted failures, and nothing that tells who exists."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from web_under_test import PASSWORD, WebUnderTest, csrf_of, log_in, statements
from werkzeug.test import TestResponse

from accredit.db.models.audit import AuditEntry
from accredit.domain.permissions import Role
from accredit.services import accounts
from accredit.services.log_ins import FREE_TRIES, LONGEST_WAIT
from accredit.web.app import create_app
from accredit.web.staff import HALFWAY

NOON = datetime(2026, 11, 21, 12, 0, 10, tzinfo=UTC)
WRONG = "seven red foxes at dusk"


class Telephone:
    """The machine's clock, and an authenticator app that goes by it."""

    def __init__(self) -> None:
        self.now = NOON
        self.secret = ""

    def clock(self) -> datetime:
        return self.now

    def code(self) -> str:
        """The next code, half a minute later than the last."""
        self.now += timedelta(seconds=30)
        return TOTP(self.secret).at(self.now)


@pytest.fixture
def telephone() -> Telephone:
    return Telephone()


@pytest.fixture
def strict(web: WebUnderTest, telephone: Telephone) -> Flask:
    """The service as it is outside of a demonstration: it wants a second step."""
    web.account("j.doe", Role.REVIEWER)
    app = create_app(web.parts(wants_second_step=True, machine_time=telephone.clock))
    app.testing = False
    return app


def _send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data={**fields, "csrf_token": csrf_of(client.get(address))})


def _log_in(client: FlaskClient, name: str = "j.doe", password: str = PASSWORD) -> TestResponse:
    return _send(client, "/log-in?to=/review", name=name, password=password)


def _enrol(client: FlaskClient, telephone: Telephone) -> list[str]:
    """Goes through the first log-in; answers the recovery codes."""
    asked = _log_in(client).headers["Location"]
    letters = re.search(r'accredit-letters" dir="ltr">([^<]+)<', client.get(asked).text)
    assert letters is not None
    telephone.secret = letters[1].replace(" ", "")
    page = _send(client, asked, code=telephone.code())
    assert page.status_code == 200
    return re.findall(r"<code>([0-9A-Z-]+)</code>", page.text)


def test_the_first_log_in_sets_the_second_step(strict: Flask, telephone: Telephone) -> None:
    """Without it no page of the staff opens; with the first right code all of them do, and codes for later are shown."""
    client = strict.test_client()
    asked = _log_in(client)
    assert (asked.status_code, asked.headers["Location"]) == (302, "/log-in/second-step?to=/review")
    assert client.get("/review").status_code == 302
    assert client.get("/account").status_code == 302
    page = client.get(asked.headers["Location"])
    assert 'src="data:image/png;base64,' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    wrong = _send(client, asked.headers["Location"], code="000000")
    assert wrong.status_code == 400
    assert "This code does not fit" in wrong.text
    assert len(_enrol(client, telephone)) == 10
    assert client.get("/review").status_code == 200


def test_later_log_ins_ask_for_a_code(strict: Flask, telephone: Telephone) -> None:
    """A code of the telephone opens once, in one browser; then the page that was asked for is there."""
    _enrol(strict.test_client(), telephone)
    client, thief = strict.test_client(), strict.test_client()
    for one in (client, thief):
        asked = _log_in(one)
        assert asked.headers["Location"] == "/log-in/code?to=/review"
    code = telephone.code()
    answer = _send(client, "/log-in/code?to=/review", code=code)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/review")
    again = _send(thief, "/log-in/code?to=/review", code=code)
    assert again.status_code == 401
    assert "was used already" in again.text
    assert thief.get("/review").status_code == 302


def test_a_recovery_code_opens_without_the_telephone(strict: Flask, telephone: Telephone) -> None:
    """Once; the account's page then tells how many are left."""
    codes = _enrol(strict.test_client(), telephone)
    client = strict.test_client()
    _log_in(client)
    assert _send(client, "/log-in/code", code=codes[0]).status_code == 302
    assert "9 recovery codes are left." in client.get("/account").text
    other = strict.test_client()
    _log_in(other)
    assert _send(other, "/log-in/code", code=codes[0]).status_code == 401


def test_half_a_log_in_ends_by_itself(web: WebUnderTest, strict: Flask, telephone: Telephone) -> None:
    """Ten minutes after the password, the code is no longer taken."""
    _enrol(strict.test_client(), telephone)
    client = strict.test_client()
    _log_in(client)
    token = csrf_of(client.get("/log-in/code"))
    web.now += HALFWAY
    answer = client.post("/log-in/code", data={"code": telephone.code(), "csrf_token": token})
    assert answer.headers["Location"] == "/log-in"
    for address in ("/log-in/code", "/log-in/second-step"):
        assert strict.test_client().get(address).headers["Location"] == "/log-in"


def test_wrong_codes_close_the_name_too(strict: Flask, telephone: Telephone) -> None:
    """Whoever has the password cannot try out a million codes: they count like passwords."""
    _enrol(strict.test_client(), telephone)
    client = strict.test_client()
    _log_in(client)
    for _ in range(FREE_TRIES):
        assert _send(client, "/log-in/code", code="000000").status_code == 401
    shut = _send(client, "/log-in/code", code=telephone.code())
    assert shut.status_code == 429
    assert "Too many attempts" in shut.text
    assert _log_in(strict.test_client()).status_code == 429


def test_a_demonstration_leaves_the_second_step_to_one(web: WebUnderTest, telephone: Telephone) -> None:
    """There the password is enough, and the page says so; who sets it is asked for it from then on, other browsers too."""
    web.account("j.doe", Role.REVIEWER)
    app = create_app(web.parts(is_demo=True, wants_second_step=False, machine_time=telephone.clock))
    client, other = app.test_client(), app.test_client()
    for one in (client, other):
        assert _log_in(one).headers["Location"] == "/review"
    page = client.get("/account/second-step").text
    assert "This is a demonstration" in page
    letters = re.search(r'accredit-letters" dir="ltr">([^<]+)<', page)
    assert letters is not None
    telephone.secret = letters[1].replace(" ", "")
    assert "recovery codes" in _send(client, "/account/second-step", code=telephone.code()).text
    assert client.get("/review").status_code == 200
    assert other.get("/review").status_code == 302
    assert client.get("/account/second-step").headers["Location"] == "/account"
    assert len(re.findall("<code>", _send(client, "/account/recovery-codes", code=telephone.code()).text)) == 10


class _CountingHasher:
    """Counts the hashes that are computed."""

    def __init__(self, real: Any) -> None:
        self.real, self.count = real, 0

    def verify(self, *given: Any) -> Any:
        self.count += 1
        return self.real.verify(*given)


def _work(web: WebUnderTest, name: str) -> tuple[int, list[str], str]:
    """What a failed log-in costs and tells: hashes, SQL statements, the page."""
    client = web.client()
    token = csrf_of(client.get("/log-in"))
    counting = _CountingHasher(accounts._hasher())
    with mock.patch.object(accounts, "_hasher", return_value=counting), statements(web.engine) as seen:
        answer = client.post("/log-in", data={"name": name, "password": WRONG, "csrf_token": token})
    page = re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.text)
    return counting.count, seen, f"{answer.status_code} {page}"


def test_a_wrong_name_costs_and_tells_what_a_wrong_password_does(web: WebUnderTest) -> None:
    """One hash, the same statements, the same page; and so on until the name is closed, and when it is."""
    for name in ("j.doe", "x.doe"):
        web.account(name, Role.REVIEWER)
    accounts._hash_of_nobody()
    _work(web, "somebody before, after whom the counters are not empty")
    for _ in range(FREE_TRIES):
        known, unknown = _work(web, "j.doe"), _work(web, "nobody")
        assert known[0] == unknown[0] == 1
        assert known[1] == unknown[1]
        assert known[2] == unknown[2]
        assert known[2].startswith("401")
    known, unknown = _work(web, "j.doe"), _work(web, "nobody")
    assert known == unknown
    assert known[0] == 0
    assert known[2].startswith("429")
    assert _work(web, "x.doe")[2].startswith("401")
    web.now += LONGEST_WAIT
    assert log_in(web.client(), "j.doe").status_code == 302


def test_the_trail_knows_log_ins_and_their_ends(web: WebUnderTest) -> None:
    """In, failed, out: by whom, and for which account."""
    web.account("j.doe", Role.REVIEWER)
    client = web.client()
    log_in(client, "j.doe", WRONG)
    log_in(client, "j.doe")
    client.post("/log-out", data={"csrf_token": csrf_of(client.get("/overview"))})
    with web.changing() as session:
        wanted = select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject_id).order_by(AuditEntry.number)
        told = [tuple(row) for row in session.execute(wanted) if row[1].startswith("account.log")]
    assert told == [
        ("page:log-in", "account.log_in_failed", "j.doe"),
        ("user:j.doe", "account.logged_in", "j.doe"),
        ("user:j.doe", "account.logged_out", "j.doe"),
    ]


def test_a_new_password_ends_other_sessions(web: WebUnderTest) -> None:
    """The browser that changed it goes on, another one is out; only the new password opens from now on."""
    web.account("j.doe", Role.REVIEWER)
    client, other = web.client(), web.client()
    for one in (client, other):
        log_in(one, "j.doe")
    new = "two white storks at noon"
    answer = _send(client, "/account/password", current=PASSWORD, new=new, again=new)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account")
    assert "Your password is changed." in client.get("/account").text
    assert other.get("/account").status_code == 302
    assert log_in(web.client(), "j.doe").status_code == 401
    assert log_in(web.client(), "j.doe", new).status_code == 302


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"current": WRONG, "new": "two white storks", "again": "two white storks"}, "This is not your password."),
        ({"current": PASSWORD, "new": "two white storks", "again": "two white stork"}, "reads differently"),
        ({"current": PASSWORD, "new": "short", "again": "short"}, "12 to 200 characters"),
        ({"current": PASSWORD, "new": "aaaabbbbcccc", "again": "aaaabbbbcccc"}, "easily guessed"),
        ({"current": "", "new": "", "again": ""}, "Please type a new password."),
    ],
)
def test_a_password_that_is_not_taken_says_why(pages: WebUnderTest, fields: dict[str, str], told: str) -> None:
    """The fault stands beside its field and above the form; nothing that was typed comes back."""
    pages.account("j.doe", Role.REVIEWER)
    client = pages.client()
    log_in(client, "j.doe")
    answer = _send(client, "/account/password", **fields)
    assert answer.status_code == 400
    assert answer.text.count(told) == 2
    assert not any(value and value in answer.text for value in fields.values())
    assert log_in(pages.client(), "j.doe").status_code == 302


def test_too_many_forms_from_one_address_are_refused(pages: WebUnderTest) -> None:
    """After thirty log-ins in a minute the next is told to wait; pages are still shown, programs are not concerned."""
    app = create_app(pages.parts(limits_storage="memory://"))
    app.testing = False
    client = app.test_client()
    token = csrf_of(client.get("/log-in"))
    told = [client.post("/log-in", data={"csrf_token": token}).status_code for _ in range(31)]
    assert told == [*[400] * 30, 429]
    refused = client.post("/log-in", data={"csrf_token": token})
    assert "too often" in refused.text
    assert refused.headers["Retry-After"] == "60"
    assert client.get("/log-in").status_code == 200
    assert (
        client.post("/log-in", data={"csrf_token": token}, environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 400
    )


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 400)])
def test_behind_a_proxy_the_reader_is_counted(pages: WebUnderTest, proxies: int, status: int) -> None:
    """Where a proxy stands before us, its word about the reader counts; without one, nobody's does."""
    app = create_app(pages.parts(limits_storage="memory://", proxies=proxies))
    app.testing = False
    client = app.test_client()
    token = csrf_of(client.get("/log-in"))
    answers = [
        client.post("/log-in", data={"csrf_token": token}, headers={"X-Forwarded-For": f"203.0.113.{number}"})
        for number in range(31)
    ]
    assert answers[-1].status_code == status
