"""What applicants ask for, in the browsers of those who answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from factories.applicants import corrects, entered
from factories.applications import assessed
from factories.lists import usual_lists
from playwright.sync_api import Page, expect
from site_under_test import LiveSite

from accredit.db.models.applications import Application
from accredit.domain.permissions import Role
from accredit.services.own_data import ask_for_deletion
from accredit.services.reviewing import approve

AxeCheck = Callable[[Page], None]


def _asked(site: LiveSite) -> Application:
    """An approved applicant wants another birth date, and the end of the data."""
    with site.changing() as session:
        event, context = site.event(session), site.context()
        usual_lists(session, context)
        made = assessed(session, context, event)
        approve(session, context, event, made.reference, reason_staff="well")
        corrects(session, context, event, made, birth_date="1981-01-02")
        own = entered(session, context, event, made)
        ask_for_deletion(session, context, event, own, own.version)
    return made


def test_a_reviewer_takes_a_change(live_site: LiveSite, phone_page: Page, no_axe_violations: AxeCheck) -> None:
    """On a phone: what is and what is wanted, one button, and nobody waits any more."""
    made = _asked(live_site)
    live_site.log_in(phone_page, Role.REVIEWER, "/requests")
    expect(phone_page.get_by_role("heading", name=made.reference)).to_be_visible()
    expect(phone_page.get_by_text("1981-01-02")).to_be_visible()
    no_axe_violations(phone_page)
    phone_page.get_by_role("button", name="Make the change").click()
    expect(phone_page.get_by_text("Nobody waits for an answer.")).to_be_visible()
    no_axe_violations(phone_page)


@pytest.mark.soak
def test_an_administrator_sees_mail_and_data(
    live_site: LiveSite, browser_page: Page, no_axe_violations: AxeCheck
) -> None:
    """Messages by state, and who asks for the end of the data."""
    made = _asked(live_site)
    live_site.log_in(browser_page, Role.ADMINISTRATOR, "/admin/mail")
    expect(browser_page.get_by_role("button", name=f"Erase the data of {made.reference}")).to_be_visible()
    no_axe_violations(browser_page)
