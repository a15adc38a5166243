"""One driver of browsers for all tests of a process: it cannot be started twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from watched_pages import PATIENCE_MS

Launch = Callable[[list[str]], Browser]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Launch]:
    """Starts the system's Chromium with these arguments; a test that needs it is skipped where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs the program chromium, which is not installed")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:

        def launch(arguments: list[str]) -> Browser:
            usual = ["--no-sandbox", "--disable-dev-shm-usage"]
            return playwright.chromium.launch(
                executable_path=program, args=[*usual, *arguments], timeout=PATIENCE_MS * 3
            )

        yield launch


@pytest.fixture
def no_axe_violations() -> Callable[[Page], None]:
    """Calls axe on a page and fails with its report: rule, element, cure."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check
