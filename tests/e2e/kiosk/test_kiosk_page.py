"""The kiosk's page in a browser: the officer's keys and buttons, both languages, both themes, and nothing that axe minds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from kiosk_site import PIN, KioskSite
from playwright.sync_api import Page, expect
from reader_keys import read_by_wedge

_SPY = """
window.played = [];
navigator.vibrate = (shake) => window.played.push(["shake", shake.length]);
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
  window.played.push(["tone", this.frequency.value]);
  return start.apply(this, at);
};
"""


def test_a_shift_by_keyboard_alone(site: KioskSite, laptop: Page, no_axe_violations: Callable[[Page], None]) -> None:
    """Officer's number, by sight, undo, refuse, exit, supervisor: one key each, and never a button in the way."""
    issued = site.simulator.issue("DOE JANE", grants=2)
    site.sync()
    laptop.add_init_script(_SPY)
    laptop.goto(site.address)
    expect(laptop.locator("#officer-number")).to_be_focused()
    no_axe_violations(laptop)
    laptop.keyboard.type("417")
    laptop.keyboard.press("Enter")
    expect(laptop.locator("#officer")).to_have_text("417")
    body = laptop.locator("body")

    laptop.keyboard.press("F6")
    expect(body).to_have_attribute("data-reason", "by_sight")
    laptop.keyboard.press("Control+z")
    expect(body).to_have_attribute("data-look", "undone")

    read_by_wedge(laptop, issued.code)
    expect(body).to_have_attribute("data-reason", "no_grant")
    no_axe_violations(laptop)
    laptop.keyboard.press("F10")
    laptop.keyboard.type("escorted by protocol")
    laptop.keyboard.press("Tab")
    laptop.keyboard.type("00000000")
    laptop.keyboard.press("Enter")
    expect(laptop.locator("#supervisor-dialog .fault")).to_have_text("The PIN is wrong.")
    laptop.keyboard.type(PIN)
    laptop.keyboard.press("Enter")
    expect(body).to_have_attribute("data-reason", "by_supervisor")
    expect(laptop.locator("#details")).to_contain_text("escorted by protocol")

    laptop.keyboard.press("Delete")
    expect(body).to_have_attribute("data-reason", "refused_by_officer")
    laptop.keyboard.press("End")
    expect(body).to_have_attribute("data-direction", "exit")
    read_by_wedge(laptop, issued.code)
    expect(body).to_have_attribute("data-look", "out")
    assert {kind for kind, _ in laptop.evaluate("window.played")} == {"shake", "tone"}


@pytest.mark.soak
def test_a_phone_in_french_bright_and_dark(
    site: KioskSite, phone: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """The words are those of the table; the verdict fits above the fold; the theme stays when the page is loaded again."""
    issued = site.simulator.issue("DOE JANE", organisation="Example Organisation", photo=_PHOTO)
    site.sync()
    site.begin(phone)
    phone.locator("#menu").tap()
    phone.locator("[data-language=fr]").tap()
    expect(phone.locator("html")).to_have_attribute("lang", "fr")
    _wakes(phone)
    expect(phone.locator("#word")).to_have_text("Prêt")

    read_by_wedge(phone, issued.code)
    expect(phone.locator("#word")).to_have_text("ENTRÉE")
    expect(phone.locator("#sentence")).to_have_text("Bienvenue.")
    expect(phone.locator("#photo")).to_be_visible()
    expect(phone.locator("#organisation")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_axe_violations(phone)

    before = _ground(phone)
    phone.locator("#menu").tap()
    phone.locator("#theme").tap()
    assert _ground(phone) != before
    no_axe_violations(phone)
    phone.reload()
    _wakes(phone)
    expect(phone.locator("#officer")).to_have_text("417")
    assert _ground(phone) != before
    phone.locator("[data-sight=delegate]").tap()
    expect(phone.locator("#label")).to_have_text("Connu de vue")


@pytest.mark.soak
def test_the_supervisors_dialogs(site: KioskSite, laptop: Page, no_axe_violations: Callable[[Page], None]) -> None:
    """The supervisor moves the lane and sees who is inside; a wrong PIN is told, and the dialog stays."""
    issued = site.simulator.issue("DOE JANE")
    site.sync()
    site.begin(laptop)
    read_by_wedge(laptop, issued.code)
    expect(laptop.locator("#count-admit")).to_have_text("1")
    laptop.locator("[data-opens=checkpoint-dialog]").click()
    dialog = laptop.locator("#checkpoint-dialog")
    dialog.locator("select").select_option("door-xx")
    dialog.locator("input").fill("00000000")
    dialog.locator("[type=submit]").click()
    expect(dialog.locator(".fault")).to_have_text("The PIN is wrong.")
    dialog.locator("input").fill(PIN)
    dialog.locator("[type=submit]").click()
    expect(laptop.locator("#place")).to_have_text("Room XX")
    _wakes(laptop)
    expect(laptop.locator("#inside")).to_have_text(re.compile(r"^0 / 2$"))

    laptop.locator(".bar [data-opens=inside-dialog]").click()
    expect(laptop.locator("#places tr").first).to_contain_text("The site")
    no_axe_violations(laptop)
    laptop.locator("#inside-pin").fill(PIN)
    laptop.keyboard.press("Enter")
    expect(laptop.locator("#names-inside li")).to_have_text(["Doe Jane, Example Organisation"])
    laptop.locator("dialog [data-opens=count-dialog]").click()
    laptop.locator("#counted").fill("2")
    laptop.keyboard.press("Enter")
    expect(laptop.locator("#inside")).to_have_text("2 / 2")


def test_a_program_that_is_gone_admits_nobody(site: KioskSite, laptop: Page) -> None:
    """The page says so by itself, within seconds, and is ready again when the program is."""
    site.begin(laptop)

    laptop.route("**/api/**", lambda route: route.abort())
    expect(laptop.locator("body")).to_have_attribute("data-look", "paper")
    expect(laptop.locator("#word")).to_have_text("ON PAPER")
    lost: list[str] = []
    laptop.on("requestfailed", lambda request: lost.append(request.url) if "offers" in request.url else None)
    # An offer that was not answered is made once more, under the same id, before it goes to paper.
    with laptop.expect_event("requestfailed", lambda request: "offers" in request.url and len(lost) == 2):
        read_by_wedge(laptop, "SEP1:ANYTHING")
    expect(laptop.locator("#sentence")).to_contain_text("note on paper")

    laptop.unroute("**/api/**")
    expect(laptop.locator("body")).to_have_attribute("data-look", "ready")


@pytest.mark.soak
def test_a_switched_off_scanner_shows_it(site: KioskSite, laptop: Page) -> None:
    """Without anybody scanning: the whole screen says it."""
    site.begin(laptop)
    site.simulator.switch_off()

    site.sync()

    expect(laptop.locator("#word")).to_have_text("SWITCHED OFF")


def _wakes(page: Page) -> None:
    """Waits until a page that was loaded anew listens to keys and buttons."""
    expect(page.locator("body")).to_have_attribute("data-page", "ready")


def _ground(page: Page) -> str:
    found: str = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ground')")
    return found


def _photo() -> bytes:
    from io import BytesIO

    from PIL import Image

    made = BytesIO()
    Image.new("RGB", (240, 320), (90, 120, 150)).save(made, "JPEG")
    return made.getvalue()


_PHOTO = _photo()
