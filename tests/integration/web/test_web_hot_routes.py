"""What scanners ask all day is answered before the framework wakes, and as the framework would answer it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import pytest
from factories.devices import FakeScanner
from web_under_test import WebUnderTest, bearer
from werkzeug.test import Client, TestResponse

from accredit.services.devices import switch_off
from accredit.web.hot_routes import HotRoutes


class Asleep:
    """An application that notes who came as far as here."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answers with a status of its own."""
        self.reached.append(environ["wsgi.input"].read().decode())
        start_response("418 I'M A TEAPOT", [])
        return [b""]


def alone(web: WebUnderTest) -> tuple[Client, Asleep]:
    """The hot routes before an application that must not be needed."""
    asleep = Asleep()
    return Client(HotRoutes(asleep, web.parts())), asleep


def behind(web: WebUnderTest) -> Client:
    """The application without the hot routes before it."""
    hot = web.app.wsgi_app
    assert isinstance(hot, HotRoutes)
    return Client(hot._application)


def number_of(web: WebUnderTest, scanner: FakeScanner) -> int:
    """That of the newest list, which the scanner was noted to hold."""
    with web.changing() as session:
        number = session.merge(web.event.record).roster_number
    assert poll(web.client(), scanner, f"since={number}").status_code == 204
    return number


def poll(client: Client, scanner: FakeScanner, query: str, **headers: str) -> TestResponse:
    return client.get(f"/api/v1/gate/bundle?{query}", headers={**bearer(scanner), **headers})


def present(client: Client, scanner: FakeScanner, **changes: Any) -> TestResponse:
    told = {"id": str(uuid4()), "checkpoint": "pregny", "lane": "1", "source": "code", "text": "nonsense", **changes}
    return client.post("/api/v1/gate/admit", json=told, headers=bearer(scanner))


def told(answer: TestResponse) -> tuple[int, dict[str, str], bytes]:
    """What a scanner gets, without what the framework says of the kind of an empty body."""
    headers = {name: value for name, value in answer.headers if (answer.status_code, name) != (204, "Content-Type")}
    return answer.status_code, headers, answer.data


def test_an_empty_poll_is_answered_as_the_application_would(web: WebUnderTest) -> None:
    """Status, headers and body are the same, and the application is not woken."""
    scanner = web.scanner()
    query = f"since={number_of(web, scanner)}"
    client, asleep = alone(web)
    assert told(poll(client, scanner, query)) == told(poll(behind(web), scanner, query))
    assert asleep.reached == []


def test_a_verdict_is_told_as_the_application_would(web: WebUnderTest) -> None:
    """Also when it is asked for again, by the other way."""
    scanner, (client, asleep), scan = web.scanner(), alone(web), str(uuid4())
    first, again = present(client, scanner, id=scan), present(behind(web), scanner, id=scan)
    assert json.loads(again.data) == {**json.loads(first.data), "again": True}
    assert told(present(client, scanner, id=scan)) == told(again)
    assert asleep.reached == []


@pytest.mark.parametrize("query", ["since=0", "since=0{}", "since={}&since={}", "since={}&more=1", "since=x", ""])
def test_a_poll_that_is_not_quite_so_is_the_applications(web: WebUnderTest, query: str) -> None:
    """A list that is not the newest, and whatever has to be explained."""
    scanner = web.scanner()
    number = number_of(web, scanner) + (query == "since=0{}")
    client, asleep = alone(web)
    assert poll(client, scanner, query.format(number, number)).status_code == 418
    assert len(asleep.reached) == 1


def test_who_is_not_let_in_is_the_applications(web: WebUnderTest) -> None:
    """Unknown, too old, or switched off."""
    scanner = web.scanner()
    query = f"since={number_of(web, scanner)}"
    client, asleep = alone(web)
    assert client.get(f"/api/v1/gate/bundle?{query}", headers={"Authorization": "Bearer nobody"}).status_code == 418
    assert poll(client, scanner, query, **{"User-Agent": "accredit-scanner/0.0"}).status_code == 418
    with web.changing() as session:
        switch_off(session, web.office, web.event, scanner.device.name)
    assert poll(client, scanner, query).status_code == 418
    assert present(client, scanner).status_code == 418
    assert len(asleep.reached) == 4


def test_a_body_that_cannot_be_taken_is_handed_on_whole(web: WebUnderTest) -> None:
    """The application reads it once more, and says what is wrong."""
    scanner, (client, asleep) = web.scanner(), alone(web)
    headers = {**bearer(scanner), "Content-Type": "application/json"}
    for body in ("{", '{"id": 7}', '"' + "x" * 5000 + '"', "[" * 4000):
        assert client.post("/api/v1/gate/admit", data=body, headers=headers).status_code == 418
        assert asleep.reached.pop() == body
