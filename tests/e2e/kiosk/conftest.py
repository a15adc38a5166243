"""Browsers before the kiosk's page, over a scanner of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from gate_simulator import GateSimulator
from kiosk_site import KioskSite, MovingClock, serving
from playwright.sync_api import Browser, Page
from watched_pages import watched

from scanner.kiosk.stations import Post

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


@pytest.fixture
def laptop(browser: Browser) -> Iterator[Page]:
    """The page on a laptop at the gate."""
    with watched(browser, viewport={"width": 1280, "height": 800}) as page:
        yield page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """The page on a phone."""
    size = {"width": 390, "height": 844}
    with watched(browser, viewport=size, screen=size, has_touch=True, is_mobile=True, device_scale_factor=2) as page:
        yield page
