"""Browsers before real pages.

How a test here is written::

    def test_a_person_applies(live_site: LiveSite, phone_page: Page, no_axe_violations: AxeCheck) -> None:
        phone_page.goto(live_site.at("/apply"))
        phone_page.get_by_label("Surname").fill("ADEYEMI")
        no_axe_violations(phone_page)

`live_site` is a service of the test's own: fresh SQLite, the event of 2017, signing keys, one account for each role (named
like the role, `site_under_test.PASSWORD`), and a clock that shows 30 August 2017 until `live_site.set_clock(...)`.
`live_site.log_in(page, Role.REVIEWER, "/review")` logs somebody in; `live_site.changing()` is a session and
`live_site.context()` a context for what the test itself puts into the house.

`browser_page` is a desk (1280 × 900), `phone_page` a phone (390 × 844, touch). Both end the test with a failure when the page
threw an error or broke its content security policy. Wait for conditions with playwright's `expect(...)`, never for time.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from site_under_test import LiveSite, set_up_state
from watched_pages import watched

OPENING_DAY = datetime(2017, 8, 30, 8, 0, tzinfo=UTC)

AxeCheck = Callable[[Page], None]


@pytest.fixture(scope="session")
def state_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set-up state folder to copy."""
    folder = tmp_path_factory.mktemp("site")
    set_up_state(folder, OPENING_DAY)
    return folder


@pytest.fixture
def site_folder(state_template: Path, tmp_path: Path) -> Path:
    """A set-up state folder of this test's own, for a site with settings of its own: `LiveSite.open(site_folder, …)`."""
    folder = tmp_path / "site"
    shutil.copytree(state_template, folder)
    return folder


@pytest.fixture
def live_site(site_folder: Path) -> Iterator[LiveSite]:
    """A service of this test's own on a real port, on 30 August 2017."""
    site = LiveSite.open(site_folder)
    site.set_clock(OPENING_DAY)
    yield site
    site.close()


@pytest.fixture(scope="session")
def browser(chromium: Callable[[list[str]], Browser]) -> Iterator[Browser]:
    """One for all tests of this folder, with a camera that shows a test picture, and no question to who is not there."""
    opened = chromium(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"])
    yield opened
    opened.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A page at a desk, in English."""
    with watched(browser, viewport={"width": 1280, "height": 900}) as page:
        yield page


@pytest.fixture
def phone_page(browser: Browser) -> Iterator[Page]:
    """A page on a phone, in English."""
    size = {"width": 390, "height": 844}
    with watched(browser, viewport=size, screen=size, has_touch=True, is_mobile=True, device_scale_factor=2) as page:
        yield page
