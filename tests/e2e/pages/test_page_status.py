"""The own status page in a browser: read, corrected, withdrawn; on a phone, and from right to left."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factories.applications import assessed
from factories.lists import usual_lists
from playwright.sync_api import Page, expect
from site_under_test import LiveSite

from accredit.db.models.applications import Application
from accredit.db.session import reading
from accredit.domain.applications import ApplicationState
from accredit.services.questions import ask
from accredit.services.reviewing import approve, refuse
from accredit.services.status_links import link_for

AxeCheck = Callable[[Page], None]


def _applied(site: LiveSite, *, approved: bool = False, **changes: Any) -> tuple[Application, str]:
    """Somebody who applied, and the path of the own page."""
    with site.changing() as session:
        event, context = site.event(session), site.context()
        usual_lists(session, context)
        made = assessed(session, context, event, **changes)
        if approved:
            approve(session, context, event, made.reference, reason_staff="well")
        session.flush()
        return made, link_for(context, event, made)


def _now(site: LiveSite, application: Application) -> Application:
    with reading(site.house.engine) as session:
        return session.get_one(Application, application.id)


def test_an_applicant_corrects_and_withdraws(
    live_site: LiveSite, phone_page: Page, no_axe_violations: AxeCheck
) -> None:
    """From the link of the mail, on a phone: a wrong address is told at its field, the right one is saved; then it ends."""
    made, link = _applied(live_site)
    page = phone_page
    page.goto(live_site.at(link))
    expect(page.get_by_role("heading", name="Under review")).to_be_visible()
    no_axe_violations(page)
    page.get_by_role("link", name="Correct something").click()
    no_axe_violations(page)
    page.get_by_label("E-mail address", exact=True).fill("nobody")
    page.get_by_label("What you need").fill("A ramp, please.")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("#faults")).to_be_focused()
    expect(page.get_by_label("What you need")).to_have_value("A ramp, please.")
    no_axe_violations(page)
    page.get_by_label("E-mail address", exact=True).fill("new@example.org")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("Changed: What you need, E-mail address.")).to_be_visible()
    assert (_now(live_site, made).email, _now(live_site, made).accessibility) == ("new@example.org", "A ramp, please.")
    page.get_by_role("link", name="Withdraw the application").click()
    no_axe_violations(page)
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_role("heading", name="Withdrawn")).to_be_visible()
    assert _now(live_site, made).state is ApplicationState.WITHDRAWN


def test_a_stale_tab_loses_nothing(live_site: LiveSite, browser_page: Page) -> None:
    """What was typed in the older window is still there, and is saved by pressing once more."""
    made, link = _applied(live_site)
    first, second = browser_page, browser_page.context.new_page()
    for page in (first, second):
        page.goto(live_site.at(f"{link}/correct"))
    second.get_by_label("E-mail address", exact=True).fill("second@example.org")
    second.get_by_role("button", name="Save the changes").click()
    expect(second).to_have_url(live_site.at(link))
    first.get_by_label("What you need").fill("A ramp, please.")
    first.get_by_role("button", name="Save the changes").click()
    expect(first.get_by_role("alert")).to_contain_text("changed in the meantime")
    expect(first.get_by_label("What you need")).to_have_value("A ramp, please.")
    first.get_by_role("button", name="Save the changes").click()
    expect(first).to_have_url(live_site.at(link))
    assert _now(live_site, made).accessibility == "A ramp, please."


@pytest.mark.soak
def test_the_page_runs_from_right_to_left_in_arabic(
    live_site: LiveSite, phone_page: Page, no_axe_violations: AxeCheck
) -> None:
    """The link of an Arabic mail brings its language; what one is told stands on the right, and nothing is cut off."""
    _, link = _applied(live_site, approved=True, language="ar")
    page = phone_page
    page.goto(live_site.at(f"{link}?lang=ar"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_text("جواز سفر").first).to_be_visible()
    heading = page.locator("h1").bounding_box()
    standing = page.locator(".accredit-standing").bounding_box()
    assert heading is not None
    assert standing is not None
    assert standing["x"] >= 0
    assert heading["x"] + heading["width"] > 300, "it begins at the right edge"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    no_axe_violations(page)


@pytest.mark.soak
def test_an_approved_applicant_takes_everything_along(
    live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck, tmp_path: Path
) -> None:
    """The code on the screen, the meetings as a file, the own data as a file."""
    made, link = _applied(live_site, approved=True)
    page = browser_page
    page.goto(live_site.at(link))
    expect(page.get_by_role("img", name=re.compile(made.reference))).to_be_visible()
    no_axe_violations(page)
    with page.expect_download() as calendar:
        page.get_by_role("link", name="Take the meetings into your calendar").click()
    assert calendar.value.suggested_filename == "meetings.ics"
    with page.expect_download() as data:
        page.get_by_role("button", name="Download my data").click()
    data.value.save_as(tmp_path / "data.json")
    assert json.loads((tmp_path / "data.json").read_text("utf-8"))["reference"] == made.reference
    page.get_by_role("link", name="Have my data erased").click()
    no_axe_violations(page)


@pytest.mark.soak
def test_a_question_is_answered_on_the_page(
    live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck
) -> None:
    """The answer brings the application back to the reviewers."""
    made, link = _applied(live_site)
    with live_site.changing() as session:
        ask(session, live_site.context(), live_site.event(session), made.reference, words="Which of the two?")
    page = browser_page
    page.goto(live_site.at(link))
    expect(page.get_by_text("Which of the two?")).to_be_visible()
    no_axe_violations(page)
    page.get_by_label("Your answer").fill("The first.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("A reviewer reads your answer.")).to_be_visible()
    assert _now(live_site, made).state is ApplicationState.ASSESSED


@pytest.mark.soak
@pytest.mark.parametrize("born_on", ["1980-05-31", "1979-01-01"])
def test_reference_and_birth_date_are_a_way_in_to_read(
    live_site: LiveSite, phone_page: Page, no_axe_violations: AxeCheck, born_on: str
) -> None:
    """The right day shows how far it is; a wrong one gets a sentence, with what was typed kept."""
    made, _ = _applied(live_site)
    with live_site.changing() as session:
        words = {"reason_applicant": "There is no room left.", "reason_staff": "full"}
        refuse(session, live_site.context(), live_site.event(session), made.reference, **words)
    page = phone_page
    page.goto(live_site.at("/status"))
    no_axe_violations(page)
    page.get_by_label("Reference").fill(made.reference)
    page.get_by_label("Date of birth").fill(born_on)
    page.get_by_role("button", name="Show").click()
    if born_on == "1980-05-31":
        expect(page.get_by_role("heading", name="Refused")).to_be_visible()
        expect(page.get_by_role("link", name="Correct something")).to_have_count(0)
    else:
        expect(page.locator("#faults")).to_contain_text("We find nothing")
        expect(page.get_by_label("Reference")).to_have_value(made.reference)
    no_axe_violations(page)


@pytest.mark.soak
def test_a_cut_link_says_what_to_do(live_site: LiveSite, phone_page: Page, no_axe_violations: AxeCheck) -> None:
    """A page in words, with nothing of anybody on it."""
    made, link = _applied(live_site)
    phone_page.goto(live_site.at(link[:-3]))
    expect(phone_page.get_by_text("This link is not whole.")).to_be_visible()
    expect(phone_page.get_by_text(made.reference)).to_have_count(0)
    no_axe_violations(phone_page)
