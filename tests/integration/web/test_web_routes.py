"""Every route of the service, walked: each is guarded by the table of access, and no form is taken without its token."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_under_test import WebUnderTest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from accredit.domain.permissions import TABLE, Permission, Role
from accredit.web.access import ROUTES, Access
from accredit.web.limits import LIMITS

_SOME = {"IntegerConverter": 1, "UUIDConverter": UUID(int=1)}
# Long forms of applicants keep what was typed, and say the same in words of their own.
_STALE = dict.fromkeys(("apply", "group_apply"), "open for a long time")
_OF_STAFF = {Access.LOGGED_IN}


def _rules(app: Flask) -> Iterator[Rule]:
    yield from sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def _address(rule: Rule) -> str:
    """The rule's path with something in every gap."""
    kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
    built = rule.build({name: _SOME.get(kind, "x") for name, kind in kinds.items()}, append_unknown=False)
    assert built is not None
    return built[1]


def _needs(rule: Rule) -> Permission | Access:
    return ROUTES[rule.endpoint]


def _of_staff(app: Flask) -> list[Rule]:
    return [rule for rule in _rules(app) if isinstance(_needs(rule), Permission) or _needs(rule) in _OF_STAFF]


def _methods(rule: Rule) -> set[str]:
    return set(rule.methods or ())


def _is_log_in(answer: TestResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/log-in?to=/")


def test_every_route_stands_in_the_table_and_no_other(pages: WebUnderTest) -> None:
    """The table of access and the map of addresses name the same endpoints."""
    assert {rule.endpoint for rule in pages.app.url_map.iter_rules()} == set(ROUTES)


def test_what_changes_something_is_never_open_by_address_alone(pages: WebUnderTest) -> None:
    """A GET changes nothing; so no route takes a change by GET and POST under a name of its own without a form."""
    for rule in _rules(pages.app):
        assert _methods(rule) <= {"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"}, rule
        if not rule.rule.startswith("/api/"):
            assert _methods(rule) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule


def test_without_a_session_every_page_of_the_staff_leads_to_the_log_in(pages: WebUnderTest) -> None:
    """By every method; the log-in knows the way back, and nothing of the page is told."""
    client = pages.client()
    for rule in _of_staff(pages.app):
        for method in _methods(rule):
            answer = client.open(_address(rule) + "?state=approved", method=method)
            assert _is_log_in(answer), (rule, method, answer.status_code)
            assert "state%3Dapproved" in answer.headers["Location"] or "state=approved" in answer.headers["Location"]


def _forbidden(client: FlaskClient, rule: Rule, method: str) -> bool:
    answer = client.open(_address(rule), method=method)
    assert answer.status_code < 500, (rule, method, answer.text)
    return answer.status_code == 403 and (method == "HEAD" or "may not see this page" in answer.text)


@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_opens_what_the_table_allows(pages: WebUnderTest, role: Role | None) -> None:
    """Role by route by method: 403 without the permission, something else with it; an account without roles sees its own."""
    client = pages.staff(*([role] if role is not None else []))
    may = TABLE[role] if role is not None else frozenset()
    for rule in _of_staff(pages.app):
        needed = _needs(rule)
        for method in _methods(rule) - {"OPTIONS"}:
            allowed = needed in may or needed is Access.LOGGED_IN
            assert _forbidden(client, rule, method) is not allowed, (rule, method, role)


def test_no_form_is_taken_without_its_token(pages: WebUnderTest) -> None:
    """Another site cannot make a browser send a form of ours, whoever is logged in: each is refused before it is read."""
    client = pages.staff(*Role)
    checked = 0
    for rule in _rules(pages.app):
        if "POST" in _methods(rule) and not rule.rule.startswith("/api/"):
            answer = client.post(_address(rule), data={"name": "x"})
            assert answer.status_code == 400, (rule, answer.status_code)
            assert _STALE.get(rule.endpoint.partition(".")[0], "load the page again") in answer.text, rule
            checked += 1
    assert checked >= 5


def test_every_form_of_a_stranger_is_limited(pages: WebUnderTest) -> None:
    """What anybody may send stands in the table of limits, and the table names nothing that is not there."""
    beginnings = {beginning for beginning, _methods, _limit in LIMITS}
    endpoints = {rule.endpoint for rule in _rules(pages.app)}
    open_forms = {
        rule.endpoint
        for rule in _rules(pages.app)
        if "POST" in _methods(rule)
        and not rule.rule.startswith("/api/")
        and _needs(rule) in (Access.OPEN, Access.HALFWAY)
    }
    assert {one for one in open_forms if not one.startswith(tuple(beginnings))} == set()
    assert {one for one in beginnings if not any(endpoint.startswith(one) for endpoint in endpoints)} == set()


def test_a_stranger_gets_a_page_or_an_honest_no_from_every_open_address(pages: WebUnderTest) -> None:
    """No open address fails on what a stranger sends: nothing, or something in every gap."""
    client = pages.client()
    for rule in _rules(pages.app):
        if _needs(rule) not in _OF_STAFF and not isinstance(_needs(rule), Permission):
            for method in _methods(rule) & {"GET", "POST"}:
                answer = client.open(_address(rule), method=method)
                assert answer.status_code < 500 or rule.endpoint == "health.ready", (rule, method, answer.text)
