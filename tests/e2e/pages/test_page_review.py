"""Reviewers in a real browser: by keyboard alone, two at once, many at once, one person for another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from factories.applications import assessed
from factories.lists import usual_lists
from playwright.sync_api import Browser, Page, expect
from site_under_test import LiveSite

from accredit.domain.applications import ApplicationState
from accredit.domain.permissions import Role
from accredit.services.references import find_application

AxeCheck = Callable[[Page], None]
TYPO = "Alpin Migrant Foruum"


@pytest.fixture
def site(live_site: LiveSite) -> LiveSite:
    """The service with the usual lists, after the last day to apply."""
    live_site.set_clock(datetime(2017, 9, 10, 8, 0, tzinfo=UTC))
    with live_site.changing() as session:
        usual_lists(session, live_site.context())
    return live_site


def _applied(site: LiveSite, hour: int = 10, **changes: str) -> str:
    """Received one after the other, so that the queue has an order that a test knows."""
    with site.changing() as session:
        received = {"received_at": f"2017-08-20T{hour}:00:00+02:00", **changes}
        return assessed(session, site.context(), site.event(session), **received).reference


def _state(site: LiveSite, reference: str) -> ApplicationState:
    with site.changing() as session:
        found = find_application(session, site.event(session), reference)
        assert found is not None
        return found.state


@contextmanager
def _another(browser: Browser) -> Iterator[Page]:
    """A second person at another machine."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def _wait_for_keys(page: Page) -> None:
    """The script has taken its place when it has shown the switch for single keys."""
    expect(page.locator("[data-keys-switch]")).not_to_have_attribute("hidden", "")


def test_a_reviewer_decides_by_keyboard_alone(site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck) -> None:
    """From the queue to the candidate, the approval, the next one, a refusal, and back to the queue; no mouse."""
    first, second = _applied(site, 10, organisation=TYPO), _applied(site, 11, affiliation="")
    page = browser_page
    site.log_in(page, Role.REVIEWER, "/review")
    expect(page.get_by_role("link", name=first)).to_be_visible()
    no_axe_violations(page)
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=first)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=second)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.at(f"/review/{first}"))
    _wait_for_keys(page)
    no_axe_violations(page)
    page.keyboard.press("1")
    expect(page.get_by_role("radio").first).to_be_checked()
    page.keyboard.press("a")
    expect(page).to_have_url(site.at(f"/review/{second}"))
    expect(page.get_by_role("status").filter(has_text=f"{first} is approved.")).to_be_visible()
    _wait_for_keys(page)
    page.keyboard.press("r")
    expect(page.get_by_label("Ready reason, in the applicant's language").last).to_be_focused()
    page.keyboard.press("N")  # letters choose in a list now, and are no keys
    page.get_by_label("Ready reason, in the applicant's language").last.select_option("no_letter")
    no_axe_violations(page)
    page.keyboard.press("Tab")
    page.keyboard.type("We are sorry.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.at("/review"))
    expect(page.get_by_text("That was the last one of this queue.")).to_be_visible()
    assert (_state(site, first), _state(site, second)) == (ApplicationState.APPROVED, ApplicationState.REFUSED)


@pytest.mark.soak
def test_the_keys_are_shown_and_can_be_switched_off(site: LiveSite, browser_page: Page) -> None:
    """Whoever speaks to the machine, or rests a hand on it, decides nothing by that; J and K move on."""
    first, second = _applied(site, 10), _applied(site, 11)
    page = browser_page
    site.log_in(page, Role.REVIEWER, f"/review/{first}")
    _wait_for_keys(page)
    page.keyboard.press("j")
    expect(page).to_have_url(site.at(f"/review/{second}"))
    _wait_for_keys(page)
    page.keyboard.press("k")
    expect(page).to_have_url(site.at(f"/review/{first}"))
    _wait_for_keys(page)
    page.keyboard.press("?")
    page.get_by_label("Single keys are on").uncheck()
    page.locator("h1").click()
    page.keyboard.press("a")
    page.keyboard.press("j")
    page.reload()
    _wait_for_keys(page)
    page.keyboard.press("a")
    expect(page).to_have_url(site.at(f"/review/{first}"))
    assert _state(site, first) is ApplicationState.ASSESSED


@pytest.mark.soak
def test_two_reviewers_on_one_application(site: LiveSite, browser: Browser, browser_page: Page) -> None:
    """Each sees that the other has it open; the second to decide is told, and what he typed is still there."""
    reference = _applied(site)
    first = browser_page
    site.log_in(first, Role.REVIEWER)
    with first.expect_response("**/presence"):  # from now on it is known that this one looks
        first.goto(site.at(f"/review/{reference}"))
    with _another(browser) as second:
        site.log_in(second, Role.SENIOR_REVIEWER, f"/review/{reference}")
        expect(second.get_by_role("status").filter(has_text="reviewer has this open now.")).to_be_visible()
        second.locator("summary", has_text="Refuse").click()
        form = second.locator("#refuse")
        form.get_by_label("More for the applicant").fill("We are sorry.")
        form.get_by_label("Why, for the staff").fill("not ours")
        first.get_by_role("button", name="Approve").click()
        expect(first).to_have_url(site.at("/review"))
        form.get_by_role("button", name="Refuse").click()
        expect(second.get_by_role("alert")).to_contain_text("reviewer was here first")
        expect(second.get_by_role("alert")).to_be_focused()
        expect(second.locator("#refuse").get_by_label("More for the applicant")).to_have_value("We are sorry.")
        expect(second.locator("#refuse").get_by_label("Why, for the staff")).to_have_value("not ours")
    assert _state(site, reference) is ApplicationState.APPROVED


@pytest.mark.soak
def test_a_double_click_decides_once_and_goes_on(site: LiveSite, browser_page: Page) -> None:
    """The next application is not decided by the second click."""
    first, second = _applied(site, 10), _applied(site, 11)
    site.log_in(browser_page, Role.REVIEWER, f"/review/{first}")
    browser_page.get_by_role("button", name="Approve").dblclick()
    expect(browser_page).to_have_url(site.at(f"/review/{second}"))
    assert (_state(site, first), _state(site, second)) == (ApplicationState.APPROVED, ApplicationState.ASSESSED)


def test_a_stale_tab_decides_nothing(site: LiveSite, browser: Browser, browser_page: Page) -> None:
    """After a log-out elsewhere the old page leads to the log-in or asks to be loaded again; nothing is decided."""
    reference = _applied(site)
    page = browser_page
    site.log_in(page, Role.REVIEWER, f"/review/{reference}")
    other = page.context.new_page()
    other.goto(site.at("/overview"))
    other.get_by_role("button", name="Log out").click()
    expect(other.get_by_role("link", name="Staff")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("ADEYEMI")
    expect(page).not_to_have_url(site.at("/review"))
    assert _state(site, reference) is ApplicationState.ASSESSED


@pytest.mark.soak
def test_the_clear_ones_are_approved_after_one_look(
    site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck
) -> None:
    """The list first, one confirmation, and only the clear ones."""
    clear = [_applied(site, hour) for hour in (10, 11)]
    other = _applied(site, 12, affiliation="")
    page = browser_page
    site.log_in(page, Role.REVIEWER, "/review")
    page.get_by_role("link", name="Approve the clear ones").click()
    expect(page.get_by_role("row")).to_have_count(3)
    no_axe_violations(page)
    page.get_by_role("button", name="Approve these 2 applications").click()
    expect(page.get_by_text("2 applications are approved.")).to_be_visible()
    assert {_state(site, one) for one in clear} == {ApplicationState.APPROVED}
    assert _state(site, other) is ApplicationState.ASSESSED


def test_an_exception_goes_from_one_person_to_another(
    site: LiveSite, browser: Browser, browser_page: Page, no_axe_violations: AxeCheck
) -> None:
    """Late by less than a day: proposed by one, confirmed by another, by their keys."""
    reference = _applied(site, received_at="2017-09-05T10:00:00+02:00")
    page = browser_page
    site.log_in(page, Role.REVIEWER, f"/review/{reference}")
    _wait_for_keys(page)
    page.keyboard.press("w")
    expect(page.get_by_role("checkbox", name="Deadline")).to_be_checked()
    page.locator("#waive").get_by_label("Why, for the staff").fill("the mail server was down")
    no_axe_violations(page)
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("another senior reviewer confirms it").first).to_be_visible()
    with _another(browser) as second:
        site.log_in(second, Role.SENIOR_REVIEWER, "/review")
        second.get_by_role("link", name=reference).first.click()
        _wait_for_keys(second)
        no_axe_violations(second)
        second.keyboard.press("a")
        expect(second.get_by_text("is approved by way of exception")).to_be_visible()
    assert _state(site, reference) is ApplicationState.APPROVED


@pytest.mark.soak
def test_a_delegate_is_replaced_in_one_step(site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck) -> None:
    """From the application to the form and back to the new one, which is approved."""
    reference = _applied(site)
    page = browser_page
    site.log_in(page, Role.SENIOR_REVIEWER, f"/review/{reference}")
    page.get_by_role("button", name="Approve").click()
    page.goto(site.at(f"/review/{reference}"))
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Put another person in this place").click()
    page.get_by_role("button", name="Put this person in the place").click()
    expect(page.locator("#faults")).to_be_focused()
    no_axe_violations(page)
    page.get_by_label("Family name", exact=True).fill("ROSSI")
    page.get_by_label("Given names (optional)", exact=True).fill("Ada")
    page.get_by_label("Date of birth").fill("1985-02-03")
    page.get_by_label("Nationality").select_option("UTO")
    page.get_by_label("E-mail address").fill("ada.rossi@example.org")
    page.get_by_label("Why, for the staff").fill("asked by the body")
    page.get_by_role("button", name="Put this person in the place").click()
    expect(page.get_by_text("takes the place of")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ROSSI, Ada")
    assert _state(site, reference) is ApplicationState.WITHDRAWN


@pytest.mark.soak
def test_every_page_of_the_review_is_easy_to_use_on_a_phone(
    site: LiveSite, phone_page: Page, no_axe_violations: AxeCheck
) -> None:
    """Nothing is wider than the screen, and axe finds no fault, with a long name and one in Arabic."""
    long = "Asociación Internacional de Organizaciones para la Defensa de los Derechos de las Personas Migrantes"
    reference = _applied(site, 10, organisation=long, surname="حنفي", given_names="نهى", affiliation="")
    _applied(site, received_at="2017-09-07T10:00:00+02:00")
    site.log_in(phone_page, Role.SENIOR_REVIEWER, "/review")
    for path in ("/review", f"/review/{reference}", "/review/clear", "/review/late", f"/review/{reference}/substitute"):
        phone_page.goto(site.at(path))
        expect(phone_page.get_by_role("heading", level=1)).to_be_visible()
        no_axe_violations(phone_page)
        assert phone_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


@pytest.mark.soak
def test_an_administrator_reads_the_trail_and_takes_a_table(
    site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck
) -> None:
    """The export arrives as a file and stands in the trail, whose chain holds."""
    _applied(site)
    page = browser_page
    site.log_in(page, Role.ADMINISTRATOR, "/exports")
    no_axe_violations(page)
    with page.expect_download() as arriving:
        page.get_by_role("region", name="Applications").get_by_role("button", name="As CSV").click()
    assert arriving.value.suggested_filename == "applications-2017-09-10.csv"
    page.goto(site.at("/audit?action=export.made"))
    expect(page.get_by_role("row")).to_have_count(2)
    no_axe_violations(page)
    page.get_by_role("button", name="Check the whole chain").click()
    expect(page.get_by_text("every row fits the one before it")).to_be_visible()
