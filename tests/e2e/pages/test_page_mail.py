"""From the form to the mail, and from the link in the mail to the own page: on a phone, over a real mail server."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from factories.lists import usual_lists
from PIL import Image
from playwright.sync_api import Page, expect
from site_under_test import LiveSite
from smtp_sink import Sink
from test_page_apply import fill_in

from accredit.jobs import Postman

A_DAY_IN_TIME = datetime(2017, 8, 30, 8, 0, tzinfo=UTC)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    """A mail server that is up."""
    folder = tmp_path / "mail"
    folder.mkdir()
    made = Sink(folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def mailing_site(site_folder: Path, sink: Sink) -> Iterator[LiveSite]:
    """A service that knows the mail server."""
    settings = {"ACCREDIT_SMTP_URL": sink.url, "ACCREDIT_MAIL_FROM": "passes@example.org"}
    site = LiveSite.open(site_folder, **settings)
    site.set_clock(A_DAY_IN_TIME)
    with site.changing() as session:
        usual_lists(session, site.context())
    yield site
    site.close()


def test_apply_on_a_phone_then_the_mail_then_the_own_page(mailing_site: LiveSite, phone_page: Page, sink: Sink) -> None:
    """The mail has the reference, the code that the desk reads, and the link; the link opens the page in its language."""
    page = phone_page
    page.goto(mailing_site.at("/apply?lang=en"))
    page.get_by_role("combobox", name="Organization").fill("Alpine Migrants Forum")
    fill_in(page)
    page.get_by_role("button", name="Check before sending").click()
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("heading", name="Your application is in")).to_be_visible()
    reference = page.locator(".accredit-reference b").inner_text()
    Postman(mailing_site.house).go_round()
    [mail] = sink.mails()
    assert mail["To"] == "amara@example.org"
    assert reference in mail["Subject"]
    [picture] = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "image/png"]
    assert isinstance(picture, bytes)
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
    assert code.text == f"SEC1:{reference}"
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.search(r"http\S+/status/\S+", body.get_content())
    assert link is not None
    page.context.clear_cookies()
    page.goto(link[0])
    expect(page.get_by_role("heading", name="Under review")).to_be_visible()
    expect(page.get_by_text(reference)).to_be_visible()
