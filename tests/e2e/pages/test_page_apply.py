"""Apply in a real browser: on a phone, by keyboard, without a script, and from right to left."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from factories.letters import pdf_of_pages, portrait
from factories.lists import usual_lists
from playwright.sync_api import Browser, Page, expect
from site_under_test import LiveSite
from sqlalchemy import func, select

from accredit.db.models.applications import Application

BODY = "Alpine Migrants Forum"


@pytest.fixture(autouse=True)
def lists(live_site: LiveSite) -> None:
    """The lists on which the bodies of these tests stand."""
    with live_site.changing() as session:
        usual_lists(session, live_site.context())


def fill_in(page: Page, *, given: str = "Amara") -> None:
    """Types what everybody has to tell; the organisation is there already."""
    page.get_by_label("In what capacity").select_option("ngo")
    page.get_by_label("Family name", exact=True).fill("ADEYEMI")
    page.get_by_label("Given names", exact=True).fill(given)
    page.get_by_label("Day", exact=True).fill("31")
    page.get_by_label("Month", exact=True).select_option("5")
    page.get_by_label("Year", exact=True).fill("1980")
    page.get_by_label("Nationality").select_option("CHE")
    page.get_by_label("E-mail address").fill("amara@example.org")
    page.get_by_label("I have read this and agree.").check()


def put_files(page: Page, folder: Path) -> None:
    """Chooses a photo and a letter."""
    photo, letter = folder / "me.jpg", folder / "letter.pdf"
    photo.write_bytes(portrait("JPEG", 900, 700))
    letter.write_bytes(pdf_of_pages())
    page.locator("#photo").set_input_files(photo)
    page.locator("#letter").set_input_files(letter)


def applications(site: LiveSite) -> int:
    """How many came in."""
    with site.changing() as session:
        return session.scalar(select(func.count()).select_from(Application)) or 0


def test_a_tired_person_applies_on_a_phone(
    live_site: LiveSite, phone_page: Page, no_axe_violations: Callable[[Page], None], tmp_path: Path
) -> None:
    """Type-ahead, photo with a crop, letter, the check, the confirmation, the own page; and each passes axe."""
    page = phone_page
    page.goto(live_site.at("/apply"))
    no_axe_violations(page)
    organisation = page.get_by_role("combobox", name="Organization")
    organisation.press_sequentially("alpine mig")
    page.get_by_role("option", name=BODY).tap()
    expect(organisation).to_have_value(BODY)
    fill_in(page)
    put_files(page, tmp_path)
    expect(page.locator(".accredit-crop")).to_be_visible()
    page.get_by_label("Enlarge").fill("50")
    expect(page.locator("#crop")).to_have_value(re.compile(r"0\.\d+,0\.\d+,0\.\d+,0\.\d+"))
    no_axe_violations(page)
    page.get_by_role("button", name="Check before sending").tap()
    expect(page.get_by_role("heading", name="Check before sending")).to_be_visible()
    expect(page.get_by_text(f"We found your organization: “{BODY}”")).to_be_visible()
    expect(page.get_by_alt_text("Your photo, as we have it")).to_be_visible()
    no_axe_violations(page)
    page.get_by_role("button", name="Send the application").tap()
    expect(page.get_by_role("heading", name="Your application is in")).to_be_visible()
    no_axe_violations(page)
    reference = page.locator(".accredit-reference b").inner_text()
    page.get_by_role("link", name="Open my page").tap()
    expect(page.get_by_text(reference).first).to_be_visible()
    assert applications(live_site) == 1


def test_the_organisation_is_chosen_by_keyboard(live_site: LiveSite, browser_page: Page) -> None:
    """Arrows move, Enter chooses, Escape closes; who listens hears which option it is."""
    page = browser_page
    page.goto(live_site.at("/apply"))
    field = page.get_by_role("combobox", name="Organization")
    field.press_sequentially("di")
    expect(page.get_by_role("listbox")).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "?")
    name = chosen.locator("bdi").inner_text()
    field.press("Enter")
    expect(field).to_have_value(name)
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("kenya")
    option = page.get_by_role("option").filter(has_text="Member State")
    expect(option).to_have_count(1)
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.fill("Guild of Lighthouse Painters")
    expect(page.get_by_text("Not on our lists.")).to_be_visible()


def test_faults_are_told_and_nothing_is_lost(
    live_site: LiveSite, browser_page: Page, no_axe_violations: Callable[[Page], None], tmp_path: Path
) -> None:
    """The summary takes the focus and leads to the field; files need not be chosen again; the mended form goes on."""
    page = browser_page
    page.goto(live_site.at("/apply"))
    page.get_by_role("combobox", name="Organization").fill(BODY)
    fill_in(page)
    page.get_by_label("Year", exact=True).fill("19x0")
    put_files(page, tmp_path)
    page.get_by_role("button", name="Check before sending").click()
    expect(page.locator("#faults")).to_be_focused()
    no_axe_violations(page)
    page.get_by_role("link", name="Date of birth: there is no such day.").click()
    expect(page.get_by_label("Day", exact=True)).to_be_focused()
    expect(page.get_by_text("We have this photo.")).to_be_visible()
    page.get_by_label("Year", exact=True).fill("1980")
    page.get_by_role("button", name="Check before sending").click()
    expect(page.get_by_role("button", name="Send the application")).to_be_visible()


@pytest.mark.soak
def test_it_works_without_a_script(live_site: LiveSite, browser: Browser, tmp_path: Path) -> None:
    """A plain field, all parts of the form shown, the whole photo kept."""
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(live_site.at("/apply"))
    page.get_by_role("textbox", name="Organization").fill(BODY)
    expect(page.get_by_label("Name of the adult")).to_be_visible()
    fill_in(page)
    put_files(page, tmp_path)
    page.get_by_role("button", name="Check before sending").click()
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("heading", name="Your application is in")).to_be_visible()
    context.close()
    assert applications(live_site) == 1


@pytest.mark.soak
def test_parts_are_shown_to_whom_they_concern(live_site: LiveSite, browser_page: Page) -> None:
    """Latin letters for other scripts, the guardian for minors, the number for holders of a grounds pass."""
    page = browser_page
    page.goto(live_site.at("/apply"))
    latin = page.get_by_label("Family name in Latin letters")
    guardian = page.get_by_label("Name of the adult")
    number = page.get_by_label("Number of the grounds pass")
    for hidden in (latin, guardian, number):
        expect(hidden).to_be_hidden()
    page.get_by_label("Family name", exact=True).fill("Иванов")
    expect(latin).to_be_visible()
    fill_in(page)
    page.get_by_label("Year", exact=True).fill("2003")
    expect(guardian).to_be_visible()
    page.get_by_label("Yes, I have one").check()
    expect(number).to_be_visible()


def test_a_pressed_button_sends_once(live_site: LiveSite, browser_page: Page) -> None:
    """Back and send again is the same application."""
    page = browser_page
    page.goto(live_site.at("/apply"))
    page.get_by_role("combobox", name="Organization").fill(BODY)
    fill_in(page)
    page.get_by_role("button", name="Check before sending").click()
    page.get_by_role("button", name="Send the application").dblclick()
    expect(page.get_by_role("heading", name="Your application is in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Your application is in")).to_be_visible()
    assert applications(live_site) == 1


@pytest.mark.soak
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_several_people_come_in_one_table(
    live_site: LiveSite, browser_page: Page, no_axe_violations: Callable[[Page], None], tmp_path: Path, scheme: str
) -> None:
    """The report tells each row, and the mended table goes on from it."""
    page = browser_page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(live_site.at("/apply/group"))
    no_axe_violations(page)
    table = tmp_path / "people.csv"
    head = "surname,given_names,birth_date,nationality,email\n"
    table.write_text(head + "DUBOIS,Ines,1980-05-31,FRA,ines@example.org\nEKLUND,Bo,1980-05-31,SWE,nobody\n", "utf-8")
    page.get_by_role("combobox", name="Organization").fill(BODY)
    page.get_by_label("In what capacity").select_option("ngo")
    page.locator("#table").set_input_files(table)
    page.get_by_label("Everybody in the table has read this and agrees.").check()
    page.get_by_role("button", name="Send the table").click()
    expect(page.get_by_text("E-mail address: this is no e-mail address.")).to_be_visible()
    no_axe_violations(page)
    table.write_text(table.read_text("utf-8").replace("nobody", "bo@example.org"), "utf-8")
    page.locator("#table").set_input_files(table)
    page.get_by_role("button", name="Send the table").click()
    expect(page.get_by_text("One was in before.")).to_be_visible()
    assert applications(live_site) == 2


@pytest.mark.soak
def test_arabic_runs_from_right_to_left(
    live_site: LiveSite, phone_page: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """The page has its direction, the names of States their language, and nothing is wider than the screen."""
    page = phone_page
    page.goto(live_site.at("/apply?lang=ar"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#nationality option[value=CHE]")).to_have_text("سويسرا")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    no_axe_violations(page)


@pytest.mark.soak
def test_whoever_cannot_reach_the_service_is_told(live_site: LiveSite, browser_page: Page) -> None:
    """The page stays as it is and says so; the next press sends it, once."""
    page = browser_page
    page.goto(live_site.at("/apply"))
    page.get_by_role("combobox", name="Organization").fill(BODY)
    fill_in(page)
    page.get_by_role("button", name="Check before sending").click()
    page.route("**/apply/send", lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is lost")
    page.unroute("**/apply/send")
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("heading", name="Your application is in")).to_be_visible()
    assert applications(live_site) == 1
