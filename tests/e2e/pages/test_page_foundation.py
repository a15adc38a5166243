"""What every page stands on, in a real browser: log-in, languages, keyboard, small and large screens, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp import TOTP
from site_under_test import PASSWORD, LiveSite

from accredit.domain.permissions import Role
from accredit.web.app import create_app
from accredit.wsgi import parts_of

NOON = datetime(2026, 11, 21, 12, 0, 10, tzinfo=UTC)
"""The time of the telephone and of the machine, which stands still: however slow a browser is, the code fits."""

OPEN_PAGES = ("/", "/log-in", "/nowhere")
STAFF_PAGES = ("/overview", "/review", "/account", "/account/password", "/account/second-step")


@pytest.fixture
def strict_site(site_folder: Path) -> Iterator[LiveSite]:
    """The service as it is outside of a demonstration: everybody of the staff needs a second step."""
    site = LiveSite.open(site_folder)
    given = replace(parts_of(site.house), wants_second_step=True, machine_time=lambda: NOON)
    site.server.app = create_app(given)
    yield site
    site.close()


def test_a_reviewer_sets_the_second_step_and_logs_in_with_it(
    strict_site: LiveSite, browser_page: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """From the first log-in over QR code and recovery codes to the page that was asked for; later with a recovery code."""
    page = browser_page
    page.goto(strict_site.at("/review"))
    _give_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set the second step")
    no_axe_violations(page)
    page.get_by_text("I cannot scan it").click()
    letters = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(TOTP(letters).at(NOON))
    page.get_by_role("button", name="Set the second step").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    no_axe_violations(page)
    codes = page.locator("code").all_inner_texts()
    page.get_by_role("link", name="I have kept them, go on").click()
    expect(page).to_have_url(strict_site.at("/review"))
    page.get_by_role("button", name="Log out").click()
    page.goto(strict_site.at("/overview"))
    _give_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step of the log-in")
    no_axe_violations(page)
    page.get_by_label("Code", exact=True).fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("does not fit")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(strict_site.at("/overview"))


def _give_password(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("reviewer")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.soak
def test_a_fault_takes_the_focus_and_leads_to_its_field(live_site: LiveSite, browser_page: Page) -> None:
    """Without any script: the summary is focused, and its links lead to the fields."""
    browser_page.goto(live_site.at("/log-in"))
    browser_page.get_by_role("button", name="Log in").click()
    expect(browser_page.locator("#faults")).to_be_focused()
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_label("Password", exact=True)).to_be_focused()


@pytest.mark.soak
def test_the_keyboard_reaches_the_content_first(live_site: LiveSite, browser_page: Page) -> None:
    """The first key leads past the menu."""
    browser_page.goto(live_site.at("/"))
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_role("link", name="To the content")).to_be_focused()
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("#content")).to_be_focused()


def test_somebody_reads_arabic_from_right_to_left(
    live_site: LiveSite, phone_page: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """Chosen by its own name in the switcher; the page turns around, and nothing is cut off."""
    phone_page.goto(live_site.at("/"))
    phone_page.get_by_role("link", name="العربية").click()
    expect(phone_page.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone_page.locator("main")).to_have_css("direction", "rtl")
    brand = phone_page.get_by_role("link", name="accredit", exact=True).bounding_box()
    assert brand is not None
    assert brand["x"] > 195
    assert _overhang(phone_page) <= 0
    no_axe_violations(phone_page)
    phone_page.get_by_role("link", name="English").click()
    expect(phone_page.locator("html")).to_have_attribute("dir", "ltr")


def test_the_menu_of_the_staff_is_one_button_on_a_phone(
    live_site: LiveSite, phone_page: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """A tap opens all entries; Escape, or a choice, closes them. The bar above stays one line high."""
    page = phone_page
    live_site.log_in(page, Role.ADMINISTRATOR, "/overview")
    button, entry = page.get_by_role("button", name="Menu"), page.get_by_role("link", name="Administration")
    expect(entry).to_be_hidden()
    bar = page.locator(".accredit-bar").bounding_box()
    assert bar is not None
    assert bar["height"] < 60
    button.tap()
    expect(page.get_by_role("button", name="Log out")).to_be_in_viewport(ratio=1)
    no_axe_violations(page)
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    button.tap()
    entry.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Administration")
    expect(page.locator("#menu")).to_be_hidden()


def _overhang(page: Page) -> int:
    """By how much the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.soak
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_every_page_of_the_foundation_is_easy_to_use(
    live_site: LiveSite, browser: Browser, no_axe_violations: Callable[[Page], None], scheme: str, width: int
) -> None:
    """On a phone and at a desk, light and dark: axe finds nothing, and no page is wider than its window."""
    size = {"width": width, "height": 844}
    context = browser.new_context(color_scheme=scheme, viewport=size, locale="en-GB")  # type: ignore[arg-type]
    page = context.new_page()
    for address in OPEN_PAGES:
        _look(page, live_site.at(address), no_axe_violations)
    live_site.log_in(page, Role.REVIEWER, "/account")
    for address in STAFF_PAGES:
        _look(page, live_site.at(address), no_axe_violations)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
    context.close()


def _look(page: Page, address: str, no_axe_violations: Callable[[Page], None]) -> None:
    page.goto(address)
    assert _overhang(page) <= 0, address
    no_axe_violations(page)


def test_only_our_scripts_run(live_site: LiveSite, browser: Browser) -> None:
    """Code that got into a page does not run: it has not the nonce of the answer."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(live_site.at("/"))
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.broken=1\">')")
    page.evaluate(
        "{const one = document.createElement('script'); one.textContent = 'window.broken = 2'; document.body.append(one);}"
    )
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.broken") is None
    assert re.fullmatch("light|dark", page.evaluate("document.documentElement.dataset.bsTheme"))
    context.close()
