"""Browsers before the kiosk's page, over a scanner of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from gate_simulator import GateSimulator
from kiosk_site import KioskSite, MovingClock, serving
from playwright.sync_api import Browser, ConsoleMessage, Page

from scanner.kiosk.stations import Post

_PATIENCE_MS = 60_000  # it ends what hangs; a busy machine may take long

AxeCheck = Callable[[Page], None]


@pytest.fixture
def clock() -> MovingClock:
    """The morning of the hearing, 09:30 in Geneva."""
    return MovingClock(datetime(2017, 10, 11, 7, 30, tzinfo=UTC))


@pytest.fixture
def simulator(clock: MovingClock) -> GateSimulator:
    made = GateSimulator(clock)
    made.issue("SOMEBODY ELSE")
    return made


@pytest.fixture
def site(simulator: GateSimulator, clock: MovingClock, tmp_path: Path) -> Iterator[KioskSite]:
    """The page of lane 1 at the Pregny gate, names open."""
    with serving(tmp_path / "state", simulator, clock, Post("1", "pregny")) as site:
        yield site


@pytest.fixture(scope="session")
def browser(chromium: Callable[[list[str]], Browser]) -> Iterator[Browser]:
    """One for all tests of this folder."""
    opened = chromium(["--autoplay-policy=no-user-gesture-required"])
    yield opened
    opened.close()


@contextmanager
def _opened(browser: Browser, **settings: Any) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", **settings)
    context.set_default_timeout(_PATIENCE_MS)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.extend(_policy_faults(message)))
    yield page
    context.close()
    assert faults == []


def _policy_faults(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type == "error" and "Content Security Policy" in message.text else []


@pytest.fixture
def laptop(browser: Browser) -> Iterator[Page]:
    """The page on a laptop at the gate."""
    with _opened(browser, viewport={"width": 1280, "height": 800}) as page:
        yield page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """The page on a phone."""
    size = {"width": 390, "height": 844}
    with _opened(browser, viewport=size, screen=size, has_touch=True, is_mobile=True, device_scale_factor=2) as page:
        yield page


@pytest.fixture
def no_axe_violations() -> AxeCheck:
    """Calls axe on a page and fails with its report: rule, element, cure."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check
