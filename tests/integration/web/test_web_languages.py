"""In which language a page speaks, and how it writes days, hours and numbers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from web_under_test import PASSWORD, WebUnderTest, csrf_of, log_in

from accredit.domain.permissions import Role
from accredit.web import shown
from accredit.web.languages import NAMES, OF_THE_STAFF, catalog

GENEVA = ZoneInfo("Europe/Zurich")


def _language(client: FlaskClient, address: str = "/", **headers: str) -> tuple[str, str]:
    """Language and direction of a page."""
    page = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    found = re.search(r'<html lang="(\w+)" dir="(\w+)">', page.text)
    assert found is not None, page.text
    return found[1], found[2]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.5", "fr"),
        ("zh-CN", "zh"),
        ("de, ru;q=0.3", "ru"),
        ("pt", "en"),
        ("*", "en"),
        ("", "en"),
        ("!!,;q=,", "en"),
    ],
)
def test_a_page_speaks_what_the_browser_asks_for(pages: WebUnderTest, asked: str, spoken: str) -> None:
    """The best of the six, English where it is none of them."""
    assert _language(pages.client(), Accept_Language=asked)[0] == spoken


def test_the_readers_choice_comes_first_and_stays(pages: WebUnderTest) -> None:
    """A link of the switcher holds for the pages after it, over the log-in and out of it again."""
    client = pages.client()
    pages.account("j.doe", Role.REVIEWER)
    assert _language(client, "/?lang=fr", Accept_Language="es") == ("fr", "ltr")
    assert _language(client, Accept_Language="es") == ("fr", "ltr")
    log_in(client, "j.doe")
    assert _language(client, "/overview", Accept_Language="es") == ("fr", "ltr")
    client.post("/log-out", data={"csrf_token": csrf_of(client.get("/overview"))})
    assert _language(client, Accept_Language="es") == ("fr", "ltr")
    assert _language(client, "/?lang=xx") == ("fr", "ltr")


def test_arabic_runs_from_right_to_left(pages: WebUnderTest) -> None:
    """The page says so; all others run from left to right."""
    told = {key: _language(pages.client(), f"/?lang={key}") for key in NAMES}
    assert told == {key: (key, "rtl" if key == "ar" else "ltr") for key in NAMES}


def test_the_staff_reads_two_languages(pages: WebUnderTest) -> None:
    """Whoever asks for another one gets the best of the two; the choice for other pages is kept."""
    client = pages.client()
    assert _language(client, "/log-in?lang=ar", Accept_Language="ru, fr;q=0.2") == ("fr", "ltr")
    assert _language(client, "/") == ("ar", "rtl")
    offered = set(re.findall(r'hreflang="(\w+)"|<b lang="(\w+)"', client.get("/log-in").text))
    assert {one or other for one, other in offered} == set(OF_THE_STAFF)


def test_a_refusal_speaks_what_its_address_asks_for(pages: WebUnderTest) -> None:
    """The switcher on the page of a refusal leads to the same refusal in the other language."""
    refused = pages.staff(Role.DESK).get("/admin?lang=fr")
    assert refused.status_code == 403
    assert "Votre compte ne donne pas accès à cette page." in refused.text


def test_the_switcher_leads_to_the_same_page(pages: WebUnderTest) -> None:
    """With what its address says, and never to another host; where a form was answered, to the form."""
    reviewer = pages.staff(Role.REVIEWER)
    page = reviewer.get("/review?state=approved&_external=1&_scheme=javascript&_anchor=x").text
    [address] = re.findall(r'<a href="([^"]+)" lang="fr"', page)
    assert address.startswith("/review?")
    assert "state=approved" in address
    client = pages.client()
    token = csrf_of(client.get("/log-in"))
    answer = client.post("/log-in", data={"csrf_token": token})
    assert 'href="/log-in?lang=fr"' in answer.text
    below = client.get("/log-in", base_url="http://localhost/accredit")
    assert 'href="/accredit/log-in?lang=fr"' in below.text
    assert 'href="/?lang=fr"' in client.get("//evil.example/nowhere").text


def test_a_draft_says_so(pages: WebUnderTest) -> None:
    """Every translation is a draft until a native reader has signed it; English is the text that holds."""
    for key in NAMES:
        page = pages.client().get(f"/?lang={key}").text
        note = catalog(key).gettext(
            "This translation is a draft until a native reader has signed it. The English text is the one that holds."
        )
        assert (note in page) is (key != "en")


def test_programs_are_answered_in_english_and_without_a_cookie(pages: WebUnderTest) -> None:
    """A token's holder reads one language; nothing varies by what a browser says."""
    answer = pages.client().post("/api/v1/applications?lang=fr", json={}, headers={"Accept-Language": "fr"})
    assert "Send the token" in answer.get_json(force=True)["detail"]
    assert "Set-Cookie" not in answer.headers
    gone = pages.client().get("/api/v1/nothing", headers={"Accept-Language": "fr"})
    assert gone.get_json(force=True)["detail"] == "There is no page at this address."


@pytest.mark.parametrize(
    ("key", "day", "weekday", "count"),
    [
        ("en", "4 September 2017", "Monday", "12,345"),
        ("fr", "4 septembre 2017", "lundi", "12\u202f345"),
        ("es", "4 de septiembre de 2017", "lunes", "12.345"),
        ("ru", "4 сентября 2017\u202fг.", "понедельник", "12\xa0345"),
        ("ar", "4 سبتمبر 2017", "الاثنين", "12,345"),
        ("zh", "2017年9月4日", "星期一", "12,345"),
    ],
)
def test_days_and_numbers_are_written_as_the_reader_does(
    pages: WebUnderTest, key: str, day: str, weekday: str, count: str
) -> None:
    """Long dates with the month in letters, so that nobody takes a day for a month."""
    with pages.app.test_request_context(f"/?lang={key}"):
        pages.app.preprocess_request()
        assert (shown.day(date(2017, 9, 4)), shown.weekday(date(2017, 9, 4)), shown.number(12345)) == (
            day,
            weekday,
            count,
        )


def test_hours_are_those_of_the_event(pages: WebUnderTest) -> None:
    """A moment shortly before midnight UTC is of the next day in Geneva, in every language."""
    moment = datetime(2017, 9, 4, 22, 30, 5, tzinfo=UTC)
    with pages.app.test_request_context("/"):
        assert shown.local_time(moment, GENEVA) == "5 September 2017, 00:30"
        assert shown.local_time(moment, GENEVA, seconds=True) == "5 September 2017, 00:30:05"
        assert shown.hour(moment, GENEVA) == "00:30"
        assert shown.local_time(None, GENEVA) == "–"


def test_the_password_is_nowhere_in_a_switcher(pages: WebUnderTest) -> None:
    """What a form sent does not come into an address."""
    client = pages.client()
    answer = log_in(client, "j.doe", "seven red foxes at dusk")
    assert "foxes" not in answer.text
    assert PASSWORD not in answer.text
