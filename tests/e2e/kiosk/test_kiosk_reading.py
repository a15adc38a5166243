"""Readers at the kiosk's page, with real key events."""

from __future__ import annotations

import pytest
from kiosk_site import KioskSite
from playwright.sync_api import Page, expect
from reader_keys import read_by_wedge


@pytest.mark.parametrize("layout", ["us", "fr", "ch"])
def test_a_code_comes_through_whatever_keyboard_the_machine_has(site: KioskSite, laptop: Page, layout: str) -> None:
    """The reader presses the keys of a US keyboard; the machine makes other signs of them."""
    issued = site.simulator.issue("DOE JANE")
    site.sync()
    site.begin(laptop)

    read_by_wedge(laptop, issued.code, layout)

    expect(laptop.locator("body")).to_have_attribute("data-look", "admit")
    expect(laptop.locator("#name")).to_have_text("DOE JANE")
