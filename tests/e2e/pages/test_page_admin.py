"""The pages of the administration and the dashboard in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from factories.passes import make_application
from playwright.sync_api import Page, expect
from site_under_test import PASSWORD, LiveSite

from accredit.domain.permissions import Role
from accredit.jobs import Worker, make_queue
from accredit.services.job_rows import add_job, claim, fail

AxeCheck = Callable[[Page], None]

EDITION = (
    "org_id,org_name,status\n"
    "1,Alpine Migrants Forum,special\n2,Harbour Watch,roster\n3,Gone Society,roster\n4,Row without status,\n"
)
NEXT_EDITION = (
    "Nr,Body,Rank\n1,Alpine Migrants Federation,special\n2,Harbour Watch,suspended\n"
    "4,Row without status,\n5,New Voices,roster\n"
)


def _upload(page: Page, folder: Path, text: str, day: str) -> None:
    file = folder / "ecosoc.csv"
    file.write_text(text, "utf-8")
    page.get_by_label("List", exact=True).fill("ecosoc")
    page.get_by_label("As of the day").fill(day)
    page.get_by_label(re.compile("^File")).set_input_files(file)
    page.get_by_role("button", name="Show what it changes").click()


def test_an_edition_is_imported_and_its_difference_seen(
    live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck, tmp_path: Path
) -> None:
    """Upload, look, confirm; the next edition has other columns, which are said, and its difference is shown first."""
    page = browser_page
    live_site.log_in(page, Role.ADMINISTRATOR, "/admin/lists")
    no_axe_violations(page)
    _upload(page, tmp_path, EDITION, "2017-09-04")
    expect(page.get_by_role("heading", level=1)).to_have_text("What this file changes in ecosoc")
    expect(page.get_by_text("4 good rows")).to_be_visible()
    page.get_by_role("button", name="Import this edition").click()
    expect(page.get_by_role("status")).to_contain_text("The new edition with 4 entries is loaded.")
    no_axe_violations(page)

    page.get_by_role("link", name="All lists").click()
    _upload(page, tmp_path, NEXT_EDITION, "2017-09-20")
    expect(page.get_by_role("alert")).to_contain_text("It is not clear which column holds the number")
    expect(page.get_by_role("alert")).to_be_focused()
    no_axe_violations(page)
    for label, column in (("Number of the entry on the list", "Nr"), ("Name", "Body"), ("Status", "Rank")):
        page.get_by_label(label, exact=True).select_option(column)
    page.get_by_role("button", name="Look again").click()
    for told in (
        "Harbour Watch: roster → suspended (not in force)",
        "Alpine Migrants Forum → Alpine Migrants Federation",
        "Gone Society",
        "New Voices",
    ):
        expect(page.get_by_text(told, exact=True)).to_be_visible()
    no_axe_violations(page)
    page.get_by_role("button", name="Import this edition").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("List ecosoc")
    expect(page.get_by_role("row")).to_have_count(3)


@pytest.mark.soak
def test_whose_outcome_would_change_is_seen(
    live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck
) -> None:
    """The job is started by a click, runs in the background, and its page shows the end of it by itself."""
    page = browser_page
    live_site.log_in(page, Role.ADMINISTRATOR, "/admin/lists")
    page.get_by_role("button", name="See whose outcome would change").click()
    expect(page.locator("#job-state")).to_have_text("waits")
    no_axe_violations(page)
    Worker(live_site.house, make_queue(live_site.house)).run(_only_job(page))
    expect(page.locator("#job-state")).to_have_text("done")
    expect(page.get_by_text("No outcome would change by the lists of now.")).to_be_visible()


def _only_job(page: Page) -> UUID:
    return UUID(page.url.rsplit("/", 1)[1])


def test_a_scanner_is_enrolled_by_a_code_and_switched_off(
    live_site: LiveSite, phone_page: Page, no_axe_violations: AxeCheck
) -> None:
    """On a telephone: the code as a picture and as letters, then the scanner in the list, then off, after a second thought."""
    page = phone_page
    live_site.log_in(page, Role.ADMINISTRATOR, "/admin/scanners")
    no_axe_violations(page)
    page.get_by_label("Name of the scanner").fill("gate-1")
    page.get_by_label("Gate or door").select_option(label="Pregny Gate")
    page.get_by_role("button", name="Show the code").click()
    expect(page.get_by_role("img", name="QR code with the address of this service and the code")).to_be_visible()
    expect(page.locator("#code")).to_have_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    no_axe_violations(page)
    page.get_by_role("link", name="To the scanners").click()
    expect(page.get_by_text("waits for its code")).to_be_visible()
    button = page.get_by_role("button", name="Switch gate-1 off")
    expect(button).to_be_hidden()
    page.locator("summary", has_text="Switch off").click()
    button.click()
    expect(page.get_by_role("status")).to_contain_text("The scanner is switched off.")
    expect(page.get_by_text("switched off", exact=True)).to_be_visible()
    no_axe_violations(page)


@pytest.mark.soak
def test_a_person_is_added_and_chooses_a_password(
    live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck
) -> None:
    """By keyboard: added with a role, the link made once; with it the person chooses a password and logs in."""
    page = browser_page
    live_site.log_in(page, Role.ADMINISTRATOR, "/admin/users")
    no_axe_violations(page)
    page.get_by_role("link", name="Add an account").click()
    page.get_by_role("button", name="Add the account").click()
    expect(page.get_by_role("alert")).to_be_focused()
    no_axe_violations(page)
    page.get_by_label("Name to log in with").fill("j.doe")
    page.get_by_label(re.compile("^Desk:")).check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("j.doe")
    no_axe_violations(page)
    page.locator("summary", has_text="Make a link to choose a password").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Make the link").click()
    link = page.locator(".accredit-once code").inner_text()
    no_axe_violations(page)
    page.get_by_role("button", name="Log out").click()

    page.goto(link)
    no_axe_violations(page)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The new password once more").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your password is chosen.")
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work any more")
    no_axe_violations(page)


@pytest.mark.soak
def test_an_event_file_is_looked_at_and_loaded(
    live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck, tmp_path: Path
) -> None:
    """A broken file is refused with key and cure; a good one shows what changes, and is loaded."""
    page = browser_page
    with live_site.changing() as session:
        make_application(session, live_site.event(session), received_at=datetime(2017, 9, 5, 12, tzinfo=UTC))
    shipped = Path(__file__).resolve().parents[3] / "accredit" / "data" / "events" / "gcm-hearing-2017.toml"
    file = tmp_path / "event.toml"
    live_site.log_in(page, Role.ADMINISTRATOR, "/admin/event")
    no_axe_violations(page)
    for text in (
        shipped.read_text("utf-8").replace("deadline_on = 2017-09-04", 'deadline_on = "soon"'),
        shipped.read_text("utf-8").replace("deadline_on = 2017-09-04", "deadline_on = 2017-09-08"),
    ):
        file.write_text(text, "utf-8")
        page.get_by_label("Event file (TOML)").set_input_files(file)
        page.get_by_role("button", name="Show what it changes").click()
        if "soon" in text:
            expect(page.get_by_role("alert")).to_contain_text("deadline_on: write a date without quotation marks")
            no_axe_violations(page)
    expect(page.get_by_text("1 application that is late would be in time.")).to_be_visible()
    no_axe_violations(page)
    page.get_by_role("button", name="Load this file").dblclick()
    expect(page.get_by_text("8 September 2017")).to_be_visible()


def test_the_dashboard_refreshes_itself(live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck) -> None:
    """New figures come by themselves; what has the focus and what was opened stays, and it can be paused."""
    page = browser_page
    page.clock.install()
    live_site.log_in(page, Role.AUDITOR, "/overview")
    expect(page.get_by_role("button", name="Pause refreshing")).to_be_visible()  # its script has begun
    expect(page.get_by_text("No application has come in yet.").first).to_be_visible()
    no_axe_violations(page)
    with live_site.changing() as session:
        make_application(session, live_site.event(session))
    page.clock.run_for(15_000)
    chart = page.get_by_role("img", name=re.compile("^Chart: Applications by country"))
    expect(chart).to_be_visible()
    expect(page.get_by_text("No application has come in yet.")).to_have_count(0)
    no_axe_violations(page)

    summary = page.locator("#table-countries summary")
    summary.click()
    expect(page.get_by_role("rowheader", name="Switzerland")).to_be_visible()
    page.get_by_role("link", name="13 October 2017").focus()
    with live_site.changing() as session:
        make_application(session, live_site.event(session))
    page.clock.run_for(15_000)
    expect(page.locator("#table-countries td", has_text="2")).to_be_visible()
    expect(page.get_by_role("link", name="13 October 2017")).to_be_focused()

    pause = page.get_by_role("button", name="Pause refreshing")
    pause.click()
    expect(pause).to_have_attribute("aria-pressed", "true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(60_000)
    assert asked == []
    pause.click()
    expect(pause).to_have_attribute("aria-pressed", "false")


@pytest.mark.soak
def test_the_dashboard_says_when_it_cannot_refresh(live_site: LiveSite, browser_page: Page) -> None:
    """The service is away for a while, or the session ended: the figures stay, and a sentence says how old they are."""
    page = browser_page
    page.clock.install()
    live_site.log_in(page, Role.AUDITOR, "/overview")
    expect(page.get_by_role("button", name="Pause refreshing")).to_be_visible()  # its script has begun
    page.route("**/overview/figures*", lambda route: route.abort())
    page.clock.run_for(15_000)
    expect(page.locator("#refresh-fault")).to_contain_text("the service does not answer")
    page.unroute("**/overview/figures*")
    page.clock.run_for(15_000)
    expect(page.locator("#refresh-fault")).to_be_empty()
    page.context.clear_cookies()
    page.clock.run_for(15_000)
    expect(page.locator("#refresh-fault")).to_contain_text("please log in again")
    expect(page.get_by_role("heading", name="Who is inside")).to_be_visible()


@pytest.mark.soak
def test_every_page_is_open_to_everybody(live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck) -> None:
    """axe finds nothing, in light and in dark; a job that failed is among the pages."""
    with live_site.changing() as session:
        context = live_site.context()
        job = add_job(session, context, "print", {})
        claim(session, job.id, context.now())
        fail(session, job.id, "there is no template of this name", context.now() + timedelta(seconds=1))
        job_id = job.id
    live_site.log_in(browser_page, Role.ADMINISTRATOR, "/admin")
    paths = ("", "/event", "/lists", "/lists/ganhri", "/users", "/users/add", "/scanners", "/jobs", "/templates")
    for scheme in ("light", "dark"):
        browser_page.emulate_media(color_scheme=scheme)
        for path in (*(f"/admin{one}" for one in paths), f"/admin/jobs/{job_id}", "/overview"):
            browser_page.goto(live_site.at(path))
            no_axe_violations(browser_page)


@pytest.mark.soak
def test_no_page_is_wider_than_a_telephone(live_site: LiveSite, phone_page: Page) -> None:
    """Nothing is cut off and nothing must be pushed aside."""
    with live_site.changing() as session:
        make_application(session, live_site.event(session))
    live_site.log_in(phone_page, Role.ADMINISTRATOR, "/admin")
    for path in ("/overview", "/admin/event", "/admin/lists", "/admin/users", "/admin/scanners", "/admin/templates"):
        phone_page.goto(live_site.at(path))
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390, path
