"""The pages: every template compiles, escapes, and shows people and times as they should be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories.applications import assessed
from factories.lists import usual_lists
from flask.testing import FlaskClient
from web_under_test import WebUnderTest

import accredit.web
from accredit.domain.permissions import Role
from accredit.services.case_files import show

TEMPLATES = Path(accredit.web.__file__).parent / "templates"


@pytest.fixture
def references(web: WebUnderTest) -> list[str]:
    """Three applications: one plain, one in Arabic letters, one that tries to be a program."""
    with web.changing() as session:
        usual_lists(session, web.office)
        made = [
            assessed(session, web.office, web.event, **changes)
            for changes in (
                {},
                {"surname": "حنفي", "given_names": "نهى", "latin_surname": "HANAFI", "latin_given_names": "NOHA"},
                {"organisation": "<script>alert(1)</script> & Sons"},
            )
        ]
        return [one.reference for one in made]


def _pages(web: WebUnderTest, references: list[str]) -> dict[str, str]:
    reviewer: FlaskClient = web.staff(Role.REVIEWER)
    addresses = ["/", "/overview", "/review", *(f"/review/{one}" for one in references)]
    told = {address: reviewer.get(address).text for address in addresses}
    return {**told, "/log-in": web.client().get("/log-in").text, "/nowhere": web.client().get("/nowhere").text}


def test_every_page_is_whole(web: WebUnderTest, references: list[str]) -> None:
    """A title, a language, one heading, a label for every field, and no code or style in the page itself."""
    for address, page in _pages(web, references).items():
        assert re.search(r"<title>[^<]+ – accredit</title>", page), address
        assert '<html lang="en" dir="ltr">' in page
        assert page.count("<h1") == 1, address
        for field in re.findall(r'<(?:input|select)(?![^>]*(?:hidden|submit))[^>]*\bid="(\w+)"', page):
            assert f'for="{field}"' in page, (address, field)
        assert "<script>" not in page
        assert not re.search(r"\s(style|on\w+)=", page), address


def test_what_people_wrote_is_text(web: WebUnderTest, references: list[str]) -> None:
    """Autoescape is on: a body's name is shown as it was typed and does nothing."""
    told = _pages(web, references)
    for address in ("/review", f"/review/{references[2]}"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in told[address]


def test_a_name_runs_in_its_own_direction(web: WebUnderTest, references: list[str]) -> None:
    """A name in Arabic is one run of text, apart from what stands around it; its Latin spelling stands beside it."""
    told = _pages(web, references)
    for address in ("/review", f"/review/{references[1]}"):
        assert "<bdi>حنفي, نهى</bdi>" in told[address]
    assert "<bdi>HANAFI, NOHA</bdi>" in told[f"/review/{references[1]}"]


def test_times_are_those_of_the_place(web: WebUnderTest, references: list[str]) -> None:
    """Received at 10:00 in Geneva is shown as 10:00, with the zone."""
    page = web.staff(Role.REVIEWER).get(f"/review/{references[0]}").text
    assert "20 August 2017, 10:00:00, Europe/Zurich" in page


def test_the_filter_narrows_the_list(web: WebUnderTest, references: list[str]) -> None:
    """By state and by what the rules say; a filter that is none shows all."""
    reviewer = web.staff(Role.REVIEWER)
    assert all(one in reviewer.get("/review?state=assessed").text for one in references)
    assert "No application is like this." in reviewer.get("/review?state=refused").text
    assert references[2] in reviewer.get("/review?outcome=review").text
    assert references[0] in reviewer.get("/review?state=nonsense").text


def test_a_reference_is_found_however_it_is_typed(web: WebUnderTest, references: list[str]) -> None:
    """As on the page, in small letters, or not at all."""
    reviewer = web.staff(Role.REVIEWER)
    assert references[0] in reviewer.get(f"/review/{references[0].lower()}").text
    assert reviewer.get("/review/ZZZZ-ZZZZ").status_code == 404


def test_the_list_goes_on_by_page(web: WebUnderTest, monkeypatch: pytest.MonkeyPatch, references: list[str]) -> None:
    """The next page begins where this one ends, and nobody is lost between them."""
    monkeypatch.setattr("accredit.web.review.PAGE", 2)
    reviewer = web.staff(Role.REVIEWER)
    first = reviewer.get("/review").text
    onward = re.search(r'href="(/review\?[^"]+)">Next page', first)
    assert onward is not None
    second = reviewer.get(onward[1].replace("&amp;", "&")).text
    shown = re.findall(r'data-row href="/review/([^"?]+)', first + second)
    assert sorted(shown) == sorted(references)
    assert "Next page" not in second


def test_every_template_compiles(web: WebUnderTest) -> None:
    """No template is left with a fault that nobody visited, and all are escaped."""
    for path in TEMPLATES.rglob("*.html"):
        name = path.relative_to(TEMPLATES).as_posix()
        assert web.app.jinja_env.get_template(name) is not None
        assert web.app.jinja_env.autoescape(name)  # type: ignore[operator]


def test_no_page_of_the_staff_shows_more_than_it_needs(web: WebUnderTest, references: list[str]) -> None:
    """Mail address and birth date stand on no page yet, so that none leaks them."""
    with web.changing() as session:
        case = show(session, web.event, references[0])
    assert case is not None
    for page in _pages(web, references).values():
        assert case.submitted.email not in page
        assert not re.search(r"1980-05-31|31 May 1980|31\.0?5\.1980", page)
