"""A page in a browser that is watched: an error of its scripts, or a breach of its content security policy, fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

PATIENCE_MS = 60_000
"""It ends what hangs; a busy machine may take long."""


@contextmanager
def watched(browser: Browser, **settings: Any) -> Iterator[Page]:
    """A page in English, with these settings of the browser's context."""
    context = browser.new_context(locale="en-GB", **settings)
    context.set_default_timeout(PATIENCE_MS)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.extend(_policy_faults(message)))
    yield page
    context.close()
    assert faults == []


def _policy_faults(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type == "error" and "Content Security Policy" in message.text else []
