"""Who may call which route, and what a log-in is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from web_under_test import PASSWORD, WebUnderTest, csrf_of, log_in

from accredit.domain.permissions import Role
from accredit.web.app import create_app
from accredit.web.staff import A_SHIFT, within


def test_a_route_that_is_not_listed_answers_nobody(pages: WebUnderTest) -> None:
    """Closed by default: not even an administrator reaches a route that was forgotten in the table."""
    pages.have_an_own_application()
    pages.app.add_url_rule("/forgotten", "forgotten", lambda: "something secret")
    pages.app.add_url_rule("/api/v1/forgotten", "forgotten_api", lambda: "something secret")
    for client in (pages.client(), pages.staff(*Role)):
        for address in ("/forgotten", "/api/v1/forgotten"):
            answer = client.get(address)
            assert answer.status_code == 403
            assert "secret" not in answer.text


def test_after_the_log_in_one_is_where_one_wanted_to_be(pages: WebUnderTest) -> None:
    """The log-in leads back to the page that was asked for, with its filter."""
    pages.account("j.doe", Role.REVIEWER)
    client = pages.client()
    asked = client.get("/review?state=approved").headers["Location"]
    token = csrf_of(client.get(asked))
    answer = client.post(asked, data={"name": "j.doe", "password": PASSWORD, "csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/review?state=approved")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "///evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_the_log_in_leads_nowhere_else(address: str) -> None:
    """A link to the log-in cannot carry the staff to another host afterwards."""
    assert within(address) == ""


@pytest.mark.parametrize(
    ("roles", "first"),
    [([Role.REVIEWER], "/overview"), ([Role.GATE], "/overview"), ([Role.INTAKE], "/account"), ([], "/account")],
)
def test_the_log_in_leads_to_what_one_may_see(pages: WebUnderTest, roles: list[Role], first: str) -> None:
    """The first page of the own menu; whoever has none sees the own account."""
    answer = log_in(pages.client(), pages.account("j.doe", *roles).name)
    assert answer.headers["Location"] == first


def test_the_log_in_ignores_a_foreign_address(pages: WebUnderTest) -> None:
    """The form itself falls back to the overview."""
    pages.account("j.doe", Role.REVIEWER)
    answer = log_in(pages.client(), "j.doe", to="//evil.example/overview")
    assert answer.headers["Location"] == "/overview"


@pytest.mark.parametrize(("name", "password"), [("j.doe", "wrong words entirely"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_read_the_same(pages: WebUnderTest, name: str, password: str) -> None:
    """The page does not tell which of the two was wrong, and the password does not come back in it."""
    pages.account("j.doe", Role.REVIEWER)
    answer = log_in(pages.client(), name, password)
    assert answer.status_code == 401
    assert "do not fit together" in answer.text
    assert password not in answer.text


def test_an_empty_form_names_both_fields(pages: WebUnderTest) -> None:
    """Each empty field says so, tied to its field for those who listen to the page."""
    client = pages.client()
    answer = client.post("/log-in", data={"csrf_token": csrf_of(client.get("/log-in"))})
    assert answer.status_code == 400
    for field in ("name", "password"):
        assert f"Please type your {field}." in answer.text
        assert f'aria-describedby="{field}-error"' in answer.text


def test_a_form_without_its_token_is_refused(pages: WebUnderTest) -> None:
    """Another site cannot make a browser of the staff log in or out."""
    pages.account("j.doe", Role.REVIEWER)
    answer = pages.client().post("/log-in", data={"name": "j.doe", "password": PASSWORD})
    assert answer.status_code == 400
    assert "load the page again" in answer.text
    staff = pages.staff(Role.REVIEWER)
    assert staff.post("/log-out").status_code == 400
    assert staff.get("/overview").status_code == 200


def test_the_api_asks_for_no_form_token_and_takes_no_cookie(pages: WebUnderTest) -> None:
    """Programs bring a token with each request; a session of the staff is none."""
    staff = pages.staff(Role.ADMINISTRATOR)
    answer = staff.post("/api/v1/applications", json={})
    assert answer.status_code == 401
    assert (
        pages.client().post("/api/v1/applications", json={}, headers=pages.token(Role.ADMINISTRATOR)).status_code == 422
    )


def _session_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    return cookie.value if cookie is not None else ""


def test_the_session_cookie_is_out_of_reach(pages: WebUnderTest) -> None:
    """Scripts and other sites do not get the cookie; with https it never travels in the clear."""
    pages.account("j.doe", Role.REVIEWER)
    plain = log_in(pages.client(), "j.doe").headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    secure = create_app(pages.parts(base_url="https://accredit.example.org")).test_client()
    page = secure.get("/log-in", base_url="https://localhost")
    cookies = [one for one in page.headers.getlist("Set-Cookie") if one.startswith("session=")]
    assert ["Secure" in one for one in cookies] == [True]
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_what_was_in_the_session_before_is_gone_after_the_log_in(pages: WebUnderTest) -> None:
    """A session that somebody else prepared in this browser is not carried into the log-in."""
    pages.account("j.doe", Role.REVIEWER)
    client = pages.client()
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    before = csrf_of(client.get("/log-in"))
    log_in(client, "j.doe")
    with client.session_transaction() as session:
        assert "planted" not in session
        assert "_user_id" in session
    assert client.post("/log-out", data={"csrf_token": before}).status_code == 400


def test_the_log_out_ends_the_session(pages: WebUnderTest) -> None:
    """After the log-out the cookie is gone and the pages are closed."""
    client = pages.staff(Role.REVIEWER)
    answer = client.post("/log-out", data={"csrf_token": csrf_of(client.get("/overview"))})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert _session_cookie(client) == ""
    assert client.get("/overview").status_code == 302


def test_a_session_ends_with_its_account(pages: WebUnderTest) -> None:
    """An account that is switched off is out at once."""
    account = pages.account("j.doe", Role.REVIEWER)
    client = pages.client()
    log_in(client, "j.doe")
    assert client.get("/overview").status_code == 200
    with pages.changing() as session:
        session.merge(account).active = False
    assert client.get("/overview").status_code == 302


def test_a_session_from_another_machine_is_none(pages: WebUnderTest) -> None:
    """A stolen cookie does not work from another address with another browser."""
    client = pages.staff(Role.REVIEWER)
    thief = pages.client()
    thief.set_cookie("session", _session_cookie(client))
    answer = thief.get("/overview", headers={"User-Agent": "another"}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 302


def test_a_session_holds_a_shift() -> None:
    """A cookie that was copied is worth nothing the next day."""
    assert timedelta(hours=8) <= A_SHIFT <= timedelta(hours=12)


def test_the_session_lifetime_is_set(pages: WebUnderTest) -> None:
    """The application keeps to the length of a shift."""
    assert pages.app.permanent_session_lifetime == A_SHIFT
