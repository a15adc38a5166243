"""Applications as JSON: the token, the one validation, and nothing half saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from factories.applications import application_fields
from factories.events import make_event
from sqlalchemy import func, select
from web_under_test import WebUnderTest, problem_of
from werkzeug.test import TestResponse

from accredit.db.models.accounts import Account
from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.session import reading
from accredit.domain.applications import AffiliationSource
from accredit.domain.permissions import TABLE, Permission, Role
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
    assert receipt.keys() == {"reference", "state", "received_at"}
    assert receipt["state"] == "submitted"
    with reading(web.engine) as session:
        taken = session.scalars(select(Application)).one()
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
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
