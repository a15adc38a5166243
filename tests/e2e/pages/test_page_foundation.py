"""What every page stands on, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from site_under_test import LiveSite

from accredit.domain.permissions import Role


def test_a_reviewer_logs_in_and_sees_an_empty_list(
    live_site: LiveSite, browser_page: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """From the log-in to the page that was asked for; no page on the way is hard to use."""
    browser_page.goto(live_site.at("/log-in"))
    no_axe_violations(browser_page)
    live_site.log_in(browser_page, Role.REVIEWER, "/applications")
    expect(browser_page.get_by_role("heading", level=1)).to_be_visible()
    no_axe_violations(browser_page)


def test_the_first_page_fits_a_phone(
    live_site: LiveSite, phone_page: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """Nothing is wider than the screen."""
    phone_page.goto(live_site.at("/"))
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
    no_axe_violations(phone_page)
