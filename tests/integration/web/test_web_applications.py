"""Applications as JSON: the token, the one validation, and nothing half saved."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from applying import with_lists
from factories.applications import application_fields
from factories.events import make_event
from sqlalchemy import func, select
from web_under_test import WebUnderTest, problem_of
from werkzeug.test import TestResponse

from accredit.db.models.accounts import Account
from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.models.outbox import Message
from accredit.db.session import reading
from accredit.domain.applications import AffiliationSource
from accredit.domain.messages import Kind
from accredit.domain.permissions import TABLE, Permission, Role
from accredit.domain.scopes import Scope
from accredit.services.intake import read_fields


def _body(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {**application_fields(), **changes}
    del told["received_at"]
    return told


def _send(web: WebUnderTest, body: Any, headers: dict[str, str]) -> TestResponse:
    return web.client().post("/api/v1/applications", json=body, headers=headers)


def _count(web: WebUnderTest, table: Any = Application) -> int:
    with reading(web.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_application_comes_in(web: WebUnderTest) -> None:
    """201 with the reference; the time of receipt is the service's, and the trail names the account."""
    answer = _send(web, _body(), web.token(Role.INTAKE))
    assert answer.status_code == 201
    receipt = answer.get_json()
    assert receipt.keys() == {"reference", "state", "received_at", "page"}
    assert receipt["state"] == "assessed"
    assert receipt["page"].startswith("http://localhost/status/")
    with reading(web.engine) as session:
        taken = session.scalars(select(Application)).one()
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert session.scalars(select(Message)).one().kind is Kind.RECEIVED
    assert (taken.reference, taken.received_at) == (receipt["reference"], web.now)
    assert taken.affiliation_source is AffiliationSource.APPLICANT
    assert entry is not None
    assert entry.actor.startswith("user:program ")


def test_the_same_twice_is_already_here(web: WebUnderTest) -> None:
    """409 with the reference of the first; a later one of the same person is taken, and shows to the reviewer."""
    headers, body = web.token(Role.ADMINISTRATOR), _body()
    first = _send(web, body, headers).get_json()
    told = problem_of(_send(web, body, headers), 409, "already_here")
    assert first["reference"] in told["detail"]
    assert _count(web) == 1
    web.now += timedelta(minutes=1)
    assert _send(web, body, headers).status_code == 201


WRONG: list[dict[str, str]] = [
    {"surname": ""},
    {"birth_date": "1980-02-30", "nationality": "??", "email": "nobody"},
    {"category": "unheard-of"},
    {"surname": "宋"},
    {"nationality": "QQQ"},
    {"surname": "x" * 500, "organisation": "y" * 500},
]


def test_one_validation_for_all_ways_in(web: WebUnderTest) -> None:
    """The problems are those of the import, word for word, all at once; nothing is saved."""
    headers = web.token(Role.ADMINISTRATOR)
    before = _count(web, AuditEntry)
    for changes in WRONG:
        body = _body(**changes)
        expected = read_fields(body, make_event(), now=web.now, keeps_receipt=False)
        assert isinstance(expected, tuple), changes
        told = problem_of(_send(web, body, headers), 422, expected[0].code)
        assert told["errors"] == [{"field": one.field, "code": one.code, "detail": one.message} for one in expected]
        assert told["field"] == expected[0].field
    assert (_count(web), _count(web, AuditEntry)) == (0, before)


def test_a_member_that_does_not_belong(web: WebUnderTest) -> None:
    """Nobody backdates an application, and what is not text is not guessed at."""
    headers = web.token(Role.ADMINISTRATOR)
    for member in ({"received_at": "2017-08-01T00:00:00+02:00"}, {"surname": 7}, {"surname": None}, {"email": "a\0"}):
        told = problem_of(_send(web, _body() | member, headers), 422, "invalid")
        assert [one["field"] for one in told["errors"]] == list(member)
    assert _count(web) == 0


def test_only_who_may_submit(web: WebUnderTest) -> None:
    """The token has the permissions of its account."""
    for role in Role:
        before, answer = _count(web), _send(web, _body(), web.token(role))
        if Permission.APPLICATIONS_SUBMIT in TABLE[role]:
            assert (answer.status_code, _count(web)) == (201, before + 1)
        else:
            problem_of(answer, 403, "not_allowed")
            assert _count(web) == before


def test_the_token_of_a_closed_account_is_none(web: WebUnderTest) -> None:
    """With its account the token ends."""
    headers = web.token(Role.ADMINISTRATOR)
    with web.changing() as session:
        session.scalars(select(Account)).one().active = False
    problem_of(_send(web, _body(), headers), 401, "no_token")


def test_a_fault_in_the_middle_saves_nothing(web: WebUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the audit trail cannot be written, the application is not kept either."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the trail is full")

    headers = web.token(Role.ADMINISTRATOR)
    monkeypatch.setattr("accredit.services.intake.record", fail)
    problem_of(_send(web, _body(), headers), 500, "internal_server_error")
    assert _count(web) == 0


# The sender's own key


def test_the_same_under_one_key_is_taken_once(web: WebUnderTest) -> None:
    """A program that got no answer sends again and is told the same; another application needs another key."""
    headers, body = web.token(Role.INTAKE) | {"Idempotency-Key": "row-17"}, _body()
    first = _send(web, body, headers)
    web.now += timedelta(minutes=5)
    again = _send(web, body, headers)
    assert (first.status_code, again.status_code, again.get_json()) == (201, 201, first.get_json())
    problem_of(_send(web, body | {"surname": "OTHER"}, headers), 422, "idempotency_key_reused")
    assert _count(web) == 1


def test_two_programs_may_use_one_key(web: WebUnderTest) -> None:
    """A key is the sender's own."""
    for _ in range(2):
        assert _send(web, _body(), web.token(Role.INTAKE) | {"Idempotency-Key": "1"}).status_code == 201
    assert _count(web) == 2


def test_eight_at_once_under_one_key_are_one(web: WebUnderTest) -> None:
    """Whoever comes second waits, and then finds it."""
    headers, body = web.token(Role.INTAKE) | {"Idempotency-Key": "row-17"}, _body()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _send(web, body, headers), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["reference"] for answer in answers}) == 1
    assert _count(web) == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a b", "\xe9"])
def test_a_key_that_is_none(pages: WebUnderTest, key: str) -> None:
    """Empty, with blanks, too long, or of other letters: refused, and nothing is taken."""
    answer = _send(pages, _body(), pages.token(Role.INTAKE) | {"Idempotency-Key": key})
    assert (answer.status_code, _count(pages)) == (422, 0)


# How they stand


def _sent(web: WebUnderTest, headers: dict[str, str], count: int) -> list[str]:
    told = []
    for _ in range(count):
        web.now += timedelta(seconds=1)
        told.append(_send(web, _body(), headers).get_json()["reference"])
    return told


def _listed(web: WebUnderTest, headers: dict[str, str], limit: int) -> list[str]:
    found, after = [], ""
    while True:
        query = {"limit": limit, **({"after": after} if after else {})}
        page = web.client().get("/api/v1/applications", query_string=query, headers=headers).get_json()
        found += [one["reference"] for one in page["applications"]]
        after = page["after"]
        if not after:
            return found


def test_a_program_sees_what_it_sent(web: WebUnderTest) -> None:
    """By page in its order, and one by one; those of others are not there for it."""
    own, other = web.token(Role.INTAKE), web.token(Role.INTAKE)
    mine, theirs = _sent(web, own, 5), _sent(web, other, 2)
    assert [_listed(web, own, limit) for limit in (2, 5, 200)] == [mine] * 3
    one = web.client().get(f"/api/v1/applications/{mine[0].lower()}", headers=own).get_json()
    assert (one["reference"], one["state"]) == (mine[0], "assessed")
    assert not {"surname", "email", "birth_date"} & one.keys()
    problem_of(web.client().get(f"/api/v1/applications/{theirs[0]}", headers=own), 404, "not_found")


def test_the_scope_to_read_sees_all(web: WebUnderTest) -> None:
    """In the order of receipt, for an account that may read them."""
    sent = _sent(web, web.token(Role.INTAKE), 3)
    reader = web.token(Role.REVIEWER, scopes=[Scope.READ])
    assert _listed(web, reader, 2) == sent
    assert web.client().get(f"/api/v1/applications/{sent[1]}", headers=reader).status_code == 200


@pytest.mark.parametrize("after", ["x", "AAAA", "é", "\ud800", "A" * 64, "_" * 32])
def test_a_cursor_that_nobody_handed_out(pages: WebUnderTest, after: str) -> None:
    """Is refused, or leads to a page; it breaks nothing."""
    query = urlencode({"after": after.encode("utf-8", "surrogatepass")})
    answer = pages.client().get(f"/api/v1/applications?{query}", headers=pages.token(Role.INTAKE))
    assert answer.status_code in {200, 422}


@pytest.mark.parametrize(
    ("scope", "method", "address"),
    [
        (Scope.SUBMIT, "POST", "/api/v1/applications"),
        (Scope.OWN, "GET", "/api/v1/applications"),
        (Scope.OWN, "GET", "/api/v1/applications/K7QF-3M9P"),
        (Scope.ORGANISATIONS, "GET", "/api/v1/organisations?q=al"),
        (Scope.EVENT, "GET", "/api/v1/event"),
    ],
)
def test_a_token_is_good_for_its_scopes(pages: WebUnderTest, scope: Scope, method: str, address: str) -> None:
    """Without the scope 403 before anything is read; with it something else; without a token 401."""
    without = pages.token(Role.INTAKE, scopes=set(Scope) - {scope})
    problem_of(pages.client().open(address, method=method, data="{", headers=without), 403, "not_allowed")
    answer = pages.client().open(address, method=method, headers=pages.token(Role.INTAKE, scopes=[scope]))
    assert answer.status_code not in {401, 403}
    problem_of(pages.client().open(address, method=method, data="{"), 401, "no_token")


def test_a_scope_gives_no_more_than_the_account(pages: WebUnderTest) -> None:
    """A token that is named for reading reads nothing where its account may not."""
    headers = pages.token(Role.INTAKE, scopes=[Scope.READ])
    problem_of(pages.client().get("/api/v1/applications", headers=headers), 403, "not_allowed")


def test_facts_for_a_form(pages: WebUnderTest) -> None:
    """Capacities, meetings and the last day; names of listed bodies."""
    headers = with_lists(pages).token(Role.INTAKE)
    event = pages.client().get("/api/v1/event", headers=headers).get_json()
    assert event["deadline_at"] == "2017-09-05T00:00:00+02:00"
    assert {one["key"]: one["deadline"] for one in event["categories"]}["member-state"] is False
    found = pages.client().get("/api/v1/organisations?q=alpine", headers=headers).get_json()
    assert found == {"organisations": [{"name": "Alpine Migrants Forum", "also": "", "country": "", "list": "ecosoc"}]}


@pytest.mark.parametrize("text", ["\ud800", "ADE\0", "a\udfff"])
def test_halves_of_characters_are_refused(pages: WebUnderTest, text: str) -> None:
    """JSON can tell them, no database can hold them; as a value and as the name of a member."""
    headers = pages.token(Role.INTAKE)
    for body in (_body(surname=text), _body() | {text: "x"}):
        answer = pages.client().post(
            "/api/v1/applications", data=json.dumps(body), headers=headers, content_type="application/json"
        )
        problem_of(answer, 422, "invalid")
