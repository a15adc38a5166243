"""One driver of browsers for all tests of a process: it cannot be started twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

_PATIENCE_MS = 60_000  # it ends what hangs; a busy machine may take long

Launch = Callable[[list[str]], Browser]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Launch]:
    """Starts the system's Chromium with these arguments; a test that needs it is skipped where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs the program chromium, which is not installed")
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:

        def launch(arguments: list[str]) -> Browser:
            usual = ["--no-sandbox", "--disable-dev-shm-usage"]
            return playwright.chromium.launch(
                executable_path=program, args=[*usual, *arguments], timeout=_PATIENCE_MS * 3
            )

        yield launch
