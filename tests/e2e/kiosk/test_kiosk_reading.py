"""Readers at the kiosk's page, with real key events: whatever the machine's keyboard, wherever the focus is."""

from __future__ import annotations

from datetime import date

import pytest
from kiosk_site import KioskSite
from playwright.sync_api import Page, expect
from reader_keys import read_by_wedge

from accredit.credential.serials import short_code
from accredit.identity.specimens import Specimen, build_td3

PASSPORT = Specimen(
    "OKONKWO", "AMELIE", date(1980, 5, 31), "UTO", document_number="L898902C3", expires_on=date(2024, 1, 31)
)
# Signs of Base45 that other keyboards have elsewhere. Refused as unreadable where one of them is spoiled on the way.
EVERY_SIGN = "SEC1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def shows(page: Page, look: str, reason: str) -> None:
    """Waits until the page shows this look for this reason."""
    expect(page.locator("body")).to_have_attribute("data-reason", reason)
    expect(page.locator("body")).to_have_attribute("data-look", look)


@pytest.mark.parametrize("layout", ["us", "fr", "ch"])
def test_codes_come_through_whatever_keyboard_the_machine_has(site: KioskSite, laptop: Page, layout: str) -> None:
    """The reader presses the keys of a US keyboard, and the machine makes other signs of them; one after the other."""
    jane, john = site.simulator.issue("DOE JANE"), site.simulator.issue("DOE JOHN")
    site.sync()
    site.begin(laptop)
    asked: list[str] = []
    laptop.on("request", lambda request: asked.append(request.post_data or "") if "offers" in request.url else None)

    read_by_wedge(laptop, jane.code, layout)
    expect(laptop.locator("#name")).to_have_text("DOE JANE")
    shows(laptop, "admit", "ok")
    read_by_wedge(laptop, john.code, layout, end="Tab")
    expect(laptop.locator("#name")).to_have_text("DOE JOHN")
    read_by_wedge(laptop, EVERY_SIGN, layout)
    shows(laptop, "refuse", "confirmation_not_pass")

    assert [code in post for code, post in zip((jane.code, john.code, EVERY_SIGN), asked, strict=True)] == [True] * 3
    expect(laptop.locator("#count-admit")).to_have_text("2")
    expect(laptop.locator("#last li")).to_have_count(3)


@pytest.mark.soak
def test_a_reader_set_to_the_machines_own_keyboard_is_understood(site: KioskSite, laptop: Page) -> None:
    """Then the signs are right and the places are not."""
    issued = site.simulator.issue("DOE JANE")
    site.sync()
    site.begin(laptop)
    session = laptop.context.new_cdp_session(laptop)

    for sign in issued.code:
        code = "Period" if sign == ":" else f"Key{sign}" if sign.isalpha() else "IntlRo"
        about = {"code": code, "key": sign, "modifiers": 8}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": sign, **about})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **about})
    laptop.keyboard.press("Enter")

    shows(laptop, "admit", "ok")


def test_the_reader_presses_no_button_and_fills_no_field(site: KioskSite, laptop: Page) -> None:
    """After a click, from a button that has the focus, and with a dialog open: the code is read, and nothing else happens."""
    passes = [site.simulator.issue(f"PERSON {number}") for number in range(3)]
    site.sync()
    site.begin(laptop)

    laptop.locator("#sound").click()
    expect(laptop.locator("#verdict")).to_be_focused()
    read_by_wedge(laptop, passes[0].code)
    expect(laptop.locator("#name")).to_have_text("PERSON 0")

    laptop.locator("[data-word=refuse]").focus()
    read_by_wedge(laptop, passes[1].code)
    expect(laptop.locator("#name")).to_have_text("PERSON 1")
    shows(laptop, "admit", "ok")

    laptop.keyboard.press("F10")
    reason = laptop.locator("#supervisor-reason")
    reason.fill("known")
    read_by_wedge(laptop, passes[2].code, "fr")
    expect(laptop.locator("#name")).to_have_text("PERSON 2")
    expect(laptop.locator("#supervisor-dialog")).to_be_hidden()
    assert reason.input_value() == "known"
    expect(laptop.locator("#count-refuse")).to_have_text("0")


@pytest.mark.soak
def test_a_short_code_read_or_typed(site: KioskSite, laptop: Page) -> None:
    """Bars read by the reader, and the officer's own fingers on a French keyboard, which mean what they see."""
    issued = site.simulator.issue("DOE JANE")
    site.sync()
    site.begin(laptop)

    read_by_wedge(laptop, short_code(issued.serial))
    shows(laptop, "ask", "unsigned_code")
    read_by_wedge(laptop, "SEC1:X")
    shows(laptop, "refuse", "confirmation_not_pass")

    laptop.keyboard.press("F2")
    laptop.keyboard.insert_text(short_code(issued.serial).lower())
    laptop.keyboard.press("Enter")
    shows(laptop, "ask", "unsigned_code")


@pytest.mark.soak
def test_a_document_is_compared_when_the_officer_asks_for_it(site: KioskSite, laptop: Page) -> None:
    """Read unasked it is no scan and says which key to press; after F3 its lines are taken as they come."""
    issued = site.simulator.issue("OKONKWO AMELIE", document=("UTO", "L898902C3"))
    site.sync()
    site.begin(laptop)
    lines = build_td3(PASSPORT).split("\n")
    read_by_wedge(laptop, issued.code)
    shows(laptop, "admit", "ok")

    read_by_wedge(laptop, lines[0], "ch")
    expect(laptop.locator("#sentence")).to_contain_text("F3")
    laptop.keyboard.press("F3")
    for line in lines:
        read_by_wedge(laptop, line, "ch")

    expect(laptop.locator("#document")).to_have_text("Document: match")
    shows(laptop, "admit", "ok")
    expect(laptop.locator("#count-admit")).to_have_text("1")
