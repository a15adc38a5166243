"""The address that offers names while one types."""

from __future__ import annotations

import pytest
from applying import with_lists
from web_under_test import WebUnderTest, statements


def test_it_is_open_and_tells_what_the_lists_say(web: WebUnderTest) -> None:
    """Name, other name, country in the reader's language, list and the one capacity of that list; no number of ours."""
    client = with_lists(web).client()
    told = client.get("/organisations?q=forum+alp").get_json()["answers"]
    assert told == [
        {
            "name": "Alpine Migrants Forum",
            "also": "Forum alpin des migrants",
            "country": "",
            "country_code": "",
            "list": "In consultative status with ECOSOC",
            "category": "",
        }
    ]
    [kenya, *_] = client.get("/organisations?q=kenya&lang=fr").get_json()["answers"]
    assert (kenya["category"], kenya["country_code"]) == ("member-state", "KEN")


@pytest.mark.parametrize(
    "query", ["", "q=", "q=a", "q=%00", "q=%ED%A0%80", "q=%3Cscript%3E", "q=" + "x" * 5000, "q[]=al", "q=\xe9"]
)
def test_whatever_is_asked_is_answered(pages: WebUnderTest, query: str) -> None:
    """In one shape; a character that nobody can type is refused as everywhere."""
    answer = with_lists(pages).client().get(f"/organisations?{query}")
    assert answer.status_code == (400 if "%00" in query else 200)
    if answer.status_code == 200:
        assert answer.get_json() == {"answers": []}


def test_a_keystroke_costs_three_statements(pages: WebUnderTest) -> None:
    """The event, the editions in force, the last change of an alias."""
    client = with_lists(pages).client()
    client.get("/organisations?q=al")
    with statements(pages.engine) as seen:
        assert client.get("/organisations?q=alp").get_json()["answers"]
    assert len(seen) == 3


def test_without_an_event_it_offers_nothing(pages: WebUnderTest) -> None:
    """The field is a plain one until somebody loads an event."""
    from accredit.web.app import create_app

    app = create_app(pages.parts(event_key="of-another-year"))
    assert app.test_client().get("/organisations?q=al").get_json() == {"answers": []}
