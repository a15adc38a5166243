"""What applicants ask for: a reviewer takes or leaves a change, an administrator sees the outbox and erases."""

from __future__ import annotations

import pytest
from factories.applicants import corrects, entered
from factories.applications import assessed
from factories.lists import usual_lists
from web_under_test import WebUnderTest, csrf_of

from accredit.db.models.applications import Application
from accredit.db.session import reading
from accredit.domain.applications import ApplicationState
from accredit.domain.permissions import Role
from accredit.services.context import Actor
from accredit.services.own_data import ask_for_deletion
from accredit.services.reviewing import approve, withdraw


class _Asked:
    """An approved applicant who asks for another birth date, and for the end of the data."""

    def __init__(self, web: WebUnderTest) -> None:
        self.web = web
        with web.changing() as session:
            usual_lists(session, web.office)
            made = assessed(session, web.office, web.event, surname="ADEYEMI")
            approve(session, web.office, web.event, made.reference, reason_staff="well")
            applicant = web.context(Actor("applicant"))
            corrects(session, applicant, web.event, made, birth_date="1981-01-02")
            own = entered(session, applicant, web.event, made)
            ask_for_deletion(session, applicant, web.event, own, own.version)
            self.id, self.reference = made.id, made.reference

    @property
    def application(self) -> Application:
        with reading(self.web.engine) as session:
            return session.get_one(Application, self.id)


@pytest.fixture
def asked(pages: WebUnderTest) -> _Asked:
    """The same, on a page."""
    return _Asked(pages)


def test_a_reviewer_sees_what_is_and_what_is_wanted_and_takes_it(asked: _Asked) -> None:
    """The change is made, the application is open again; the second click is told that it was answered."""
    reviewer = asked.web.staff(Role.REVIEWER)
    page = reviewer.get("/requests")
    for told in (asked.reference, "Date of birth", "1980-05-31", "1981-01-02"):
        assert told in page.text
    token = csrf_of(page)
    for told in ("waits for its decision", "Somebody else has answered"):
        reviewer.post(f"/requests/{asked.reference}/accept", data={"csrf_token": token})
        assert told in reviewer.get("/requests").text
    assert asked.application.birth_date.isoformat() == "1981-01-02"
    assert asked.application.state is ApplicationState.ASSESSED


def test_a_reviewer_leaves_it_as_it_is(asked: _Asked) -> None:
    """Nothing is changed, and nobody waits any more."""
    reviewer = asked.web.staff(Role.REVIEWER)
    token = csrf_of(reviewer.get("/requests"))
    reviewer.post(f"/requests/{asked.reference}/decline", data={"csrf_token": token})
    page = reviewer.get("/requests").text
    assert "stays as it is" in page
    assert "Nobody waits for an answer." in page
    assert asked.application.state is ApplicationState.APPROVED


def test_an_administrator_sees_the_outbox_and_erases_what_is_closed(asked: _Asked) -> None:
    """As long as it is approved nothing is erased; once it is withdrawn it is, and nobody asks any more."""
    administrator = asked.web.staff(Role.ADMINISTRATOR)
    page = administrator.get("/admin/mail")
    assert "waits" in page.text
    assert asked.reference in page.text
    token = csrf_of(page)
    administrator.post(f"/admin/mail/{asked.reference}/erase", data={"csrf_token": token})
    assert "is not closed yet" in administrator.get("/admin/mail").text
    with asked.web.changing() as session:
        withdraw(session, asked.web.office, asked.web.event, asked.reference)
    administrator.post(f"/admin/mail/{asked.reference}/erase", data={"csrf_token": token})
    page = administrator.get("/admin/mail").text
    assert f"The data of {asked.reference} is erased." in page
    assert "Nobody asks for it." in page
    assert asked.application.surname == "–"


def test_what_waits_or_failed_is_tried_again(asked: _Asked) -> None:
    """One button; the page says how many."""
    administrator = asked.web.staff(Role.ADMINISTRATOR)
    token = csrf_of(administrator.get("/admin/mail"))
    administrator.post("/admin/mail/retry", data={"csrf_token": token})
    assert "is tried again" in administrator.get("/admin/mail").text


@pytest.mark.parametrize(("role", "address"), [(Role.DESK, "/requests"), (Role.REVIEWER, "/admin/mail")])
def test_these_pages_are_for_those_who_answer(pages: WebUnderTest, role: Role, address: str) -> None:
    """Neither the desk nor a reviewer sees what is not theirs."""
    assert pages.staff(role).get(address).status_code == 403
