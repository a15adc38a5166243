"""The desk by keyboard and scanner: from the zone that a reader types to the badge in the hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from factories.passes import make_application, make_photo, mrz_for
from playwright.sync_api import Page, expect
from site_under_test import LiveSite
from sqlalchemy import select

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.passes import Badge, Pass
from accredit.domain.permissions import Role
from accredit.rendering.photos import stand_in_portrait
from accredit.services.issuing import prepare
from accredit.services.person_names import person_hashes

MORNING = datetime(2017, 10, 11, 6, 30, tzinfo=UTC)
AxeCheck = Callable[[Page], None]


@pytest.fixture
def desk(live_site: LiveSite, browser_page: Page) -> Page:
    """An officer before the empty field, in the morning of the hearing."""
    live_site.set_clock(MORNING)
    # A browser without a screen has no print path, and falls over the question.
    browser_page.add_init_script("window.print = () => { window.top.askedToPrint = true; };")
    live_site.log_in(browser_page, Role.DESK, "/desk")
    expect(browser_page.locator("#typed")).to_be_focused()
    return browser_page


def approved(site: LiveSite, *, photo: int | None = 1, **changes: Any) -> tuple[str, str]:
    """The reference of an approved person with a prepared pass, and the zone of the passport."""
    with site.changing() as session:
        event, context = site.event(session), site.context()
        made = make_application(session, event, **changes)
        made.person_hash, made.person_hash_native = person_hashes(context.secrets.pepper, event.event.number, made)
        if photo is not None:
            make_photo(session, made, stand_in_portrait(photo))
        prepare(session, context, event, made)
        return made.reference, mrz_for(made)


def scan(page: Page, text: str) -> None:
    """What a reader does: the signs of each line, and Enter at its end."""
    page.locator("body[data-keys=ready]").wait_for()
    for line in text.splitlines():
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def press(page: Page, key: str) -> None:
    """One key, once the page listens; whoever calls this has seen the page that is meant."""
    page.locator("body[data-keys=ready]").wait_for()
    page.keyboard.press(key)


def _states(site: LiveSite, reference: str) -> list[PassState]:
    with site.changing() as session:
        rows = select(Pass.state).join(Application).where(Application.reference == reference)
        return list(session.scalars(rows.order_by(Pass.created_at)))


def test_a_whole_pickup_by_keyboard(live_site: LiveSite, desk: Page, no_axe_violations: AxeCheck) -> None:
    """One scan and two keys: zone, green card, printed, in the hand; then the field waits for the next person."""
    reference, zone = approved(live_site, surname="Okonjo", given_names="Adaeze")
    no_axe_violations(desk)
    scan(desk, zone)
    card = desk.locator("[data-next]")
    expect(card).to_have_attribute("data-next", "collect")
    expect(card).to_contain_text("Green")
    no_axe_violations(desk)
    press(desk, "F2")
    expect(desk.locator("[data-printed]")).to_be_visible()
    desk.wait_for_function("window.askedToPrint === true")
    expect(desk.get_by_text("Is the badge in your hand?")).to_be_visible()
    no_axe_violations(desk)
    press(desk, "F4")
    expect(desk.get_by_text("is handed over. Next, please.")).to_be_visible()
    expect(desk.locator("#typed")).to_be_focused()
    assert _states(live_site, reference) == [PassState.COLLECTED]
    with live_site.changing() as session:
        badge = session.scalars(select(Badge)).one()
        assert (badge.in_hand_by, badge.reprints, badge.printed_ahead) == ("user:desk", 0, False)


@pytest.mark.soak
def test_a_reader_without_line_ends(live_site: LiveSite, desk: Page) -> None:
    """A zone in one run, and no Enter after it: it is sent when it is whole."""
    _, zone = approved(live_site)
    desk.locator("body[data-keys=ready]").wait_for()
    desk.keyboard.type(zone.replace("\n", ""))
    expect(desk.locator("[data-next]")).to_have_attribute("data-next", "collect")


def test_an_amber_is_settled_with_one_key(live_site: LiveSite, desk: Page, no_axe_violations: AxeCheck) -> None:
    """What differs is marked, and the reason that explains it stands chosen."""
    reference, _ = approved(live_site, surname="Okonjo", given_names="Adaeze")
    with live_site.changing() as session:
        person = session.scalars(select(Application).where(Application.reference == reference)).one()
        zone = mrz_for(person, given_names="Adaeze Grace")
    scan(desk, f"SEC1:{reference}")
    expect(desk.locator("[data-next]")).to_have_attribute("data-next", "read_document")
    scan(desk, zone)
    expect(desk.locator("mark")).to_have_text("GRACE")
    no_axe_violations(desk)
    press(desk, "ArrowDown")
    press(desk, "ArrowUp")
    press(desk, "F2")
    expect(desk.locator("[data-printed]")).to_be_visible()
    with live_site.changing() as session:
        assert session.scalars(select(Pass.state_reason)).all() == ["a further given name"]


@pytest.mark.soak
def test_father_and_son_stand_in_a_list(live_site: LiveSite, desk: Page, no_axe_violations: AxeCheck) -> None:
    """Arrow keys and Enter open the card; the other one's document is red and names its own card."""
    father, _ = approved(live_site, surname="Abara", given_names="Chidi", birth_date=date(1960, 1, 2))
    son, his_zone = approved(live_site, surname="Abara", given_names="Chidi", birth_date=date(1990, 3, 4), photo=None)
    scan(desk, "chidi aba")
    expect(desk.locator("[data-row]")).to_have_count(2)
    no_axe_violations(desk)
    press(desk, "ArrowDown")
    press(desk, "Enter")
    opened = desk.locator("[data-next]")
    expect(opened).to_have_attribute("data-next", "read_document")
    desk.goto(live_site.at(f"/desk/card/{father}"))
    expect(opened).to_contain_text(father)
    scan(desk, his_zone)
    expect(opened).to_have_attribute("data-next", "supervisor")
    no_axe_violations(desk)
    press(desk, "F7")
    expect(opened).to_contain_text(son)
    expect(opened).to_have_attribute("data-next", "collect")


def _hand_over(page: Page, reference: str) -> None:
    card = page.locator("[data-next]")
    expect(card).to_have_attribute("data-next", "collect")
    expect(card).to_contain_text(reference)
    press(page, "F2")
    expect(page.locator("[data-printed]")).to_be_visible()
    press(page, "F4")
    expect(page.get_by_text(f"{reference} is handed over. Next, please.")).to_be_visible()


def test_swapped_passports_are_undone(live_site: LiveSite, desk: Page) -> None:
    """Her pass went out with her passport to him: F8, his own document shows the way to his card, and both are served."""
    hers, her_zone = approved(live_site, surname="Spouse", given_names="Bisi")
    his, his_zone = approved(live_site, surname="Spouse", given_names="Ade", photo=2)
    scan(desk, her_zone)
    _hand_over(desk, hers)
    press(desk, "F8")
    expect(desk.get_by_text("Destroy the sheet")).to_be_visible()
    assert _states(live_site, hers) == [PassState.REPLACED, PassState.PREPARED]
    scan(desk, his_zone)
    expect(desk.locator("[data-next]")).to_have_attribute("data-next", "supervisor")
    press(desk, "F7")
    _hand_over(desk, his)
    scan(desk, her_zone)
    _hand_over(desk, hers)
    assert _states(live_site, hers) == [PassState.REPLACED, PassState.COLLECTED]
    assert _states(live_site, his) == [PassState.COLLECTED]


def test_a_problem_leaves_the_line_with_a_number(
    live_site: LiveSite, desk: Page, browser_page: Page, no_axe_violations: AxeCheck
) -> None:
    """The officer sees one sentence; the supervisor opens the slip, reads the document again, and gives his word."""
    reference, zone = approved(live_site, security_hold=True)
    scan(desk, zone)
    expect(desk.locator("[data-next]")).to_contain_text("Please ask the supervisor.")
    expect(desk.locator(".desk-compare")).to_have_count(0)
    no_axe_violations(desk)
    press(desk, "F9")
    expect(desk.get_by_text("Slip 1", exact=True)).to_be_visible()
    browser_page.context.clear_cookies()
    live_site.log_in(browser_page, Role.SUPERVISOR, "/desk/slips")
    no_axe_violations(browser_page)
    browser_page.get_by_role("link", name="Open the card").click()
    expect(browser_page.locator("#typed")).to_be_focused()
    scan(browser_page, zone)
    expect(browser_page.locator("[data-next]")).to_have_attribute("data-next", "at_my_word")
    no_axe_violations(browser_page)
    browser_page.get_by_label("asked security").check()
    press(browser_page, "F2")
    expect(browser_page.locator("[data-printed]")).to_be_visible()
    assert _states(live_site, reference) == [PassState.COLLECTED]
    browser_page.goto(live_site.at("/desk/slips"))
    expect(browser_page.get_by_text("Nobody waits for you.")).to_be_visible()


@pytest.mark.soak
def test_twins_are_told_apart_by_the_given_name(live_site: LiveSite, desk: Page, no_axe_violations: AxeCheck) -> None:
    """By surname both stand in a list with their photos; a document opens its own card; one of neither is no guess."""
    taiwo, zone = approved(live_site, surname="Twin", given_names="Taiwo", photo=1)
    approved(live_site, surname="Twin", given_names="Kehinde", photo=2)
    rows = desk.locator("[data-row]")
    scan(desk, "twin")
    expect(rows).to_have_count(2)
    expect(rows.locator("img")).to_have_count(2)
    no_axe_violations(desk)
    scan(desk, zone)
    expect(desk.locator("[data-next]")).to_have_attribute("data-next", "collect")
    expect(desk.locator("[data-next]")).to_contain_text(taiwo)
    press(desk, "Escape")
    expect(desk.locator("[data-next]")).to_have_count(0)
    with live_site.changing() as session:
        person = session.scalars(select(Application).where(Application.reference == taiwo)).one()
        of_neither = mrz_for(person, given_names="")
    scan(desk, of_neither)
    expect(rows).to_have_count(2)


@pytest.mark.soak
def test_one_name_only(live_site: LiveSite, desk: Page) -> None:
    """One name on both sides is green; a document that writes it twice is settled with the reason that stands ready."""
    reference, zone = approved(live_site, surname="Suharto", given_names="")
    scan(desk, zone)
    card = desk.locator("[data-next]")
    expect(card).to_have_attribute("data-next", "collect")
    press(desk, "Escape")
    expect(card).to_have_count(0)
    with live_site.changing() as session:
        person = session.scalars(select(Application).where(Application.reference == reference)).one()
        twice = mrz_for(person, surname="Suharto", given_names="Suharto")
    scan(desk, reference)
    expect(card).to_have_attribute("data-next", "read_document")
    scan(desk, twice)
    expect(card).to_have_attribute("data-next", "settle")
    expect(desk.get_by_label("one name only")).to_be_checked()
    press(desk, "F2")
    expect(desk.locator("[data-printed]")).to_be_visible()
    assert _states(live_site, reference) == [PassState.COLLECTED]


@pytest.mark.soak
def test_a_renewed_passport(live_site: LiveSite, desk: Page) -> None:
    """The old one has expired and is red; the new one, of another number, is green."""
    reference, _ = approved(live_site, surname="Okonjo", given_names="Adaeze")
    with live_site.changing() as session:
        person = session.scalars(select(Application).where(Application.reference == reference)).one()
        old = mrz_for(person, number="OLD123456", expires_on=date(2017, 9, 30))
        new = mrz_for(person, number="NEW123456")
    scan(desk, old)
    card = desk.locator("[data-next]")
    expect(card).to_have_attribute("data-next", "supervisor")
    expect(card).to_contain_text("The document has expired. Ask for another one")
    scan(desk, new)
    expect(card).to_have_attribute("data-next", "collect")


def _type_loss_report(page: Page) -> None:
    press(page, "F6")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Document typed by hand")
    page.get_by_label("Document", exact=True).select_option("loss_report")
    told = {"Issuing State": "CHE", "Number": "GE20171", "Surname": "Okonjo", "Given names": "Adaeze"}
    for label, value in {**told, "Date of birth": "1980-05-31", "Nationality": "KEN", "Reason": "stolen"}.items():
        page.get_by_label(label, exact=True).fill(value)
    press(page, "F2")


@pytest.mark.soak
def test_a_lost_document(live_site: LiveSite, desk: Page) -> None:
    """The report of the loss stops at the officer and leaves the line with a slip; the supervisor's word lets it pass."""
    reference, _ = approved(live_site, surname="Okonjo", given_names="Adaeze")
    card = desk.locator("[data-next]")
    scan(desk, reference)
    expect(card).to_have_attribute("data-next", "read_document")
    _type_loss_report(desk)
    expect(card).to_have_attribute("data-next", "supervisor")
    expect(card).to_contain_text("This kind of document needs a supervisor.")
    press(desk, "F9")
    expect(desk.get_by_text("Slip 1", exact=True)).to_be_visible()
    desk.context.clear_cookies()
    live_site.log_in(desk, Role.SUPERVISOR, "/desk/slips")
    desk.get_by_role("link", name="Open the card").click()
    expect(card).to_have_attribute("data-next", "read_document")
    _type_loss_report(desk)
    expect(card).to_have_attribute("data-next", "at_my_word")
    desk.get_by_label("document seen and accepted").check()
    press(desk, "F2")
    expect(desk.locator("[data-printed]")).to_be_visible()
    assert _states(live_site, reference) == [PassState.COLLECTED]


@pytest.mark.soak
def test_somebody_who_never_applied(live_site: LiveSite, desk: Page) -> None:
    """Nobody is found, and one key makes a slip."""
    scan(desk, "Nobody Ofthisname")
    expect(desk.get_by_text("Nobody is found")).to_be_visible()
    press(desk, "F9")
    expect(desk.get_by_text("Slip 1", exact=True)).to_be_visible()


@pytest.mark.soak
def test_a_photo_by_the_camera(live_site: LiveSite, desk: Page, no_axe_violations: AxeCheck) -> None:
    """The frame, a hint in words, one key to take it and one to keep it."""
    reference, _ = approved(live_site, photo=None)
    desk.goto(live_site.at(f"/desk/camera/{reference}"))
    expect(desk.locator("#take")).to_be_visible()
    expect(desk.locator("#hint")).not_to_be_empty()
    no_axe_violations(desk)
    press(desk, "F2")
    expect(desk.locator("#taken")).to_be_visible()
    press(desk, "F4")
    expect(desk.get_by_text("is kept")).to_be_visible()
    with live_site.changing() as session:
        person = session.scalars(select(Application).where(Application.reference == reference)).one()
        assert person.photo is not None


@pytest.mark.soak
def test_a_document_is_typed_by_hand(live_site: LiveSite, desk: Page, no_axe_violations: AxeCheck) -> None:
    """Each fault stands beside its field; then the card compares what was typed."""
    reference, _ = approved(live_site, surname="Okonjo", given_names="Adaeze")
    scan(desk, reference)
    expect(desk.locator("[data-next]")).to_be_visible()
    press(desk, "F6")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Document typed by hand")
    press(desk, "F2")
    expect(desk.locator("#faults")).to_be_focused()
    no_axe_violations(desk)
    told = {"Issuing State": "KEN", "Number": "AB1234", "Surname": "Okonjo", "Given names": "Adaeze"}
    for label, value in {**told, "Date of birth": "1980-05-31", "Nationality": "KEN", "Reason": "no zone"}.items():
        desk.get_by_label(label, exact=True).fill(value)
    press(desk, "F2")
    expect(desk.locator("[data-next]")).to_contain_text("typed by hand")


@pytest.mark.soak
def test_the_desk_opens_longer(live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck) -> None:
    """One form, and the hours stand in the list."""
    live_site.set_clock(MORNING)
    live_site.log_in(browser_page, Role.SUPERVISOR, "/desk/hours")
    no_axe_violations(browser_page)
    for label, value in {"Day": "2017-10-11", "From": "17:00", "Until": "19:00", "Reason": "two late aircraft"}.items():
        browser_page.get_by_label(label, exact=True).fill(value)
    browser_page.get_by_role("button", name="Open the desk in these hours").click()
    expect(browser_page.get_by_role("cell", name="two late aircraft")).to_be_visible()


@pytest.mark.soak
def test_the_help_says_what_to_do(live_site: LiveSite, desk: Page, no_axe_violations: AxeCheck) -> None:
    """The cases that come up stand there, each under its name."""
    desk.goto(live_site.at("/desk/help"))
    headings = desk.get_by_role("heading", level=3).all_inner_texts()
    for case in ("Father and son", "Twins", "One name only", "Renewed passport", "swapped", "Walk-in", "Lost document"):
        assert any(case in one for one in headings), case
    no_axe_violations(desk)
