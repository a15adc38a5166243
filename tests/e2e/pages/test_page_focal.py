"""The focal point's one page in a real browser: on a phone and at a desk, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories.applications import assessed
from factories.events import event_table
from factories.lists import usual_lists
from playwright.sync_api import Page, expect
from site_under_test import LiveSite

from accredit.services.event_loading import load_event
from accredit.services.focal_points import path_of, token_for


@pytest.fixture
def link(live_site: LiveSite) -> str:
    """The address that a focal point was sent for one delegate."""
    with live_site.changing() as session:
        context = live_site.context()
        event = load_event(session, context, event_table(focal_point_confirms=True)).loaded
        usual_lists(session, context)
        long = "Forum alpin des migrants"
        made = assessed(session, context, event, surname="Щербаков-Okoro", given_names="Евгений", organisation=long)
        token = token_for(session, context, event, made.reference)
        assert isinstance(token, str)
    return live_site.at(path_of(token))


def test_a_focal_point_confirms_on_a_phone(
    link: str, phone_page: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """One look, one button; afterwards the page is done with the person."""
    phone_page.goto(link)
    expect(phone_page.get_by_text("Щербаков-Okoro, Евгений")).to_be_visible()
    no_axe_violations(phone_page)
    assert phone_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone_page.get_by_role("button", name="Yes, I confirm").tap()
    expect(phone_page.get_by_role("heading", name="This delegate is confirmed")).to_be_visible()
    expect(phone_page.get_by_text("Щербаков")).to_have_count(0)
    no_axe_violations(phone_page)


@pytest.mark.soak
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_focal_point_confirms_by_keyboard(
    link: str, browser_page: Page, no_axe_violations: Callable[[Page], None], scheme: str
) -> None:
    """The button is reached and pressed without a mouse, in light and in dark."""
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.goto(link)
    no_axe_violations(browser_page)
    button = browser_page.get_by_role("button", name="Yes, I confirm")
    while not button.evaluate("one => one === document.activeElement"):
        browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_role("heading", name="This delegate is confirmed")).to_be_visible()


@pytest.mark.soak
def test_an_arabic_reader_reads_from_right_to_left(
    link: str, phone_page: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """The mail's link says in which language it was written."""
    phone_page.goto(f"{link}?lang=ar")
    expect(phone_page.locator("html")).to_have_attribute("dir", "rtl")
    no_axe_violations(phone_page)
