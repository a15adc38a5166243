"""The own status page: by the link with everything one may do, by reference and birth date to read only."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from factories.applications import assessed
from factories.lists import usual_lists
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from web_under_test import WebUnderTest, csrf_of
from werkzeug.test import TestResponse

from accredit.db.models.applications import Application
from accredit.db.session import reading
from accredit.domain.applications import ApplicationState
from accredit.services.own_fields import fields_of
from accredit.services.questions import ask
from accredit.services.reviewing import approve
from accredit.services.status_links import link_for, renew

BEFORE_THE_DEADLINE = datetime(2017, 8, 30, 9, 0, tzinfo=UTC)


class _Applicant:
    """Somebody who applied, with the link of the mail in a browser of one's own."""

    def __init__(self, web: WebUnderTest, **changes: str) -> None:
        self.web, self.browser = web, web.client()
        web.now = BEFORE_THE_DEADLINE
        with web.changing() as session:
            usual_lists(session, web.office)
            self.id = assessed(session, web.office, web.event, **changes).id
            session.flush()
            self.link = link_for(web.office, web.event, session.get_one(Application, self.id))

    @property
    def application(self) -> Application:
        with reading(self.web.engine) as session:
            return session.get_one(Application, self.id)

    def get(self, rest: str = "") -> TestResponse:
        return self.browser.get(self.link + rest)

    def post(self, rest: str, page: str = "", **fields: str) -> TestResponse:
        token = csrf_of(self.get(page or rest))
        return self.browser.post(self.link + rest, data={"csrf_token": token, **fields})

    def correct(self, version: int | None = None, **fields: str) -> TestResponse:
        held = fields_of(self.application)
        year, month, day = held.pop("birth_date").split("-")
        typed = {**held, "birth_year": year, "birth_month": month, "birth_day": day}
        typed["version"] = str(self.application.version if version is None else version)
        return self.post("/correct", **{**typed, **fields})

    def is_approved(self) -> None:
        with self.web.changing() as session:
            approve(session, self.web.office, self.web.event, self.application.reference, reason_staff="well")


@pytest.fixture
def applicant(pages: WebUnderTest) -> _Applicant:
    """An applicant for a listed body, in time."""
    return _Applicant(pages)


def test_the_link_shows_how_far_it_is(applicant: _Applicant) -> None:
    """Reference, steps, the code that is no pass; nothing is stored by whoever is in between."""
    page = applicant.get()
    assert page.status_code == 200
    assert applicant.application.reference in page.text
    assert "Under review" in page.text
    assert "data:image/png;base64," in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("rest", ["", "/correct", "/withdraw", "/erase", "/meetings.ics"])
def test_a_forged_cut_or_replaced_link_opens_nothing(applicant: _Applicant, rest: str) -> None:
    """On every page behind the link: a sentence that says what to do, and no word of anybody."""
    link, client = applicant.link, applicant.web.client()
    forged = link[:-1] + ("B" if link[-1] == "A" else "A")
    for wrong in (forged, link[:-4], "/status/é", "/status/" + "A" * 46):
        answer = client.get(wrong + rest)
        assert answer.status_code == 404
        assert "This link is not whole" in answer.text
        assert applicant.application.reference not in answer.text
    with applicant.web.changing() as session:
        renew(session, applicant.web.office, applicant.web.event, applicant.application.reference)
    assert "replaced by a newer one" in client.get(link + rest).text
    assert client.get(link + rest).status_code == 404


def test_an_expired_link_says_so(applicant: _Applicant) -> None:
    """A month after the event it opens nothing any more."""
    applicant.web.now = applicant.web.event.event.valid_until + timedelta(days=31)
    assert "has been over for a while" in applicant.get().text


def test_nothing_is_done_without_the_form_of_the_page(applicant: _Applicant) -> None:
    """Another site cannot withdraw for somebody: each form carries its token."""
    for rest in ("/correct", "/withdraw", "/data", "/erase", "/answer"):
        assert applicant.web.client().post(applicant.link + rest).status_code == 400
    assert applicant.application.state is ApplicationState.ASSESSED


def test_a_correction_is_made_and_told(applicant: _Applicant) -> None:
    """What was typed is in the application, and the page says which fields were changed."""
    answer = applicant.correct(email="new@example.org", surname="ÉCLAIR")
    assert answer.status_code == 303
    assert "Changed: E-mail address, Family name." in applicant.get().text
    assert (applicant.application.email, applicant.application.surname) == ("new@example.org", "ÉCLAIR")


def test_a_wrong_correction_comes_back_with_everything_that_was_typed(applicant: _Applicant) -> None:
    """Each fault beside its field; markup stays text."""
    answer = applicant.correct(email="nobody", accessibility="<b>a ramp</b>", birth_year="2077")
    assert answer.status_code == 422
    assert "this is no e-mail address" in answer.text
    assert "&lt;b&gt;a ramp&lt;/b&gt;" in answer.text
    assert applicant.application.accessibility is None


def test_a_stale_tab_changes_nothing_and_loses_nothing(applicant: _Applicant) -> None:
    """What was typed stays in the form; sent once more, it is taken. A second click with no change is told so."""
    old = applicant.application.version
    applicant.correct(email="first@example.org")
    answer = applicant.correct(version=old, email="second@example.org")
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.text
    assert 'value="second@example.org"' in answer.text
    assert "<dt>E-mail address</dt><dd><bdi>first@example.org</bdi></dd>" in answer.text
    assert f'name="version" type="hidden" value="{applicant.application.version}"' in answer.text
    assert applicant.application.email == "first@example.org"
    assert "Nothing was changed" in applicant.correct().text
    assert applicant.correct(version=-1).status_code == 409


def test_after_the_approval_another_birth_date_is_asked_for(applicant: _Applicant) -> None:
    """The page says that a reviewer looks at it, and shows nothing else changed."""
    applicant.is_approved()
    applicant.correct(birth_year="1981")
    assert "A reviewer is asked about: Date of birth." in applicant.get().text
    assert "A reviewer looks at the change that you asked for: Date of birth." in applicant.get().text
    assert applicant.application.birth_date.year == 1980


def test_an_approved_applicant_takes_the_meetings_along(applicant: _Applicant) -> None:
    """The page says what to bring and where; the calendar file holds the meetings."""
    assert applicant.get("/meetings.ics").status_code == 404
    applicant.is_approved()
    page = applicant.get().text
    assert "Pregny Gate, Palais des Nations" in page
    assert page.count("<dt>When</dt>") == 1
    answer = applicant.get("/meetings.ics")
    assert answer.mimetype == "text/calendar"
    assert len(Calendar.from_ical(answer.data).walk("VEVENT")) == 4


def test_a_question_is_answered_once(applicant: _Applicant) -> None:
    """An empty answer is none; the second click on the same form says that it was answered."""
    with applicant.web.changing() as session:
        ask(session, applicant.web.office, applicant.web.event, applicant.application.reference, words="Which one?")
    assert "Which one?" in applicant.get().text
    token = csrf_of(applicant.get())
    for words, told in (
        (" ", "the field was empty"),
        ("The second", "reads your answer"),
        ("Again", "answered already"),
    ):
        applicant.browser.post(applicant.link + "/answer", data={"csrf_token": token, "answer": words})
        assert told in applicant.get().text
    assert applicant.application.state is ApplicationState.ASSESSED


def test_a_second_click_on_withdraw_is_told_that_it_is_done(applicant: _Applicant) -> None:
    """The first one withdraws."""
    version = str(applicant.application.version)
    assert "ends" in applicant.get("/withdraw").text
    token = csrf_of(applicant.get("/withdraw"))
    for told in ("Your application is withdrawn.", "This application is withdrawn already."):
        data = {"csrf_token": token, "version": version}
        applicant.browser.post(applicant.link + "/withdraw", data=data)
        assert told in applicant.get().text
    assert applicant.application.state is ApplicationState.WITHDRAWN
    assert applicant.get("/correct").status_code == 303


def test_the_own_data_come_as_a_file(applicant: _Applicant) -> None:
    """JSON, as an attachment that no cache keeps."""
    answer = applicant.post("/data", page="/withdraw")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.data)["fields"]["email"] == applicant.application.email


def test_asking_for_the_end_of_the_data_names_the_day(applicant: _Applicant) -> None:
    """The page before says what happens; the page afterwards when."""
    assert "is withdrawn now" in applicant.get("/erase").text
    applicant.post("/erase", version=str(applicant.application.version))
    assert "Your data is erased on 29 September 2017." in applicant.get().text
    assert "You have asked for that already." in applicant.get("/erase").text


def _look(client: FlaskClient, reference: str, born_on: str) -> TestResponse:
    token = csrf_of(client.get("/status"))
    return client.post("/status", data={"csrf_token": token, "reference": reference, "born_on": born_on})


def test_reference_and_birth_date_open_a_page_to_read(applicant: _Applicant) -> None:
    """How far it is, and nothing that one could do; neither name nor the way to the link stands on it."""
    client, reference = applicant.web.client(), applicant.application.reference
    page = _look(client, f" {reference.lower()} ", "1980-05-31")
    assert page.status_code == 200
    assert "Under review" in page.text
    assert "to read only" in page.text
    assert "/withdraw" not in page.text
    assert applicant.application.surname not in page.text
    assert applicant.link.removeprefix("/status/") not in page.text


def test_wrong_and_unknown_get_the_same_answer(applicant: _Applicant) -> None:
    """Letter by letter, but for what was typed oneself and the token of the form."""
    answers = []
    for reference, born_on in ((applicant.application.reference, "1980-05-30"), ("ZZZZ-3M9P", "1980-05-31")):
        client = applicant.web.client()
        answer = _look(client, reference, born_on)
        assert answer.status_code == 404
        text = answer.text.replace(csrf_of(answer), "").replace(reference, "").replace(born_on, "")
        text = re.sub(r'nonce="[^"]+"', "", text)
        answers.append(text)
    assert answers[0] == answers[1]
    assert "We find nothing under this reference" in answers[0]


@pytest.mark.parametrize(
    ("reference", "born_on"), [("", "1980-05-31"), ("K7QF-3M9P", "yesterday"), ("", ""), ("é" * 500, "1")]
)
def test_what_can_be_nobodys_is_told_at_its_field(pages: WebUnderTest, reference: str, born_on: str) -> None:
    """Before anything is looked for."""
    answer = _look(pages.client(), reference, born_on)
    assert answer.status_code == 400
    assert 'id="faults"' in answer.text


def test_the_page_speaks_arabic_from_right_to_left(applicant: _Applicant) -> None:
    """The link of an Arabic mail brings its language along."""
    page = applicant.get("?lang=ar").text
    assert '<html lang="ar" dir="rtl">' in page


def test_on_both_databases_a_correction_and_a_withdrawal_hold(web: WebUnderTest) -> None:
    """The whole way through the service, with the lock on the row that each database has."""
    applicant = _Applicant(web)
    applicant.is_approved()
    assert applicant.correct(surname=applicant.application.surname + "E").status_code == 303
    applicant.post("/withdraw", version=str(applicant.application.version))
    assert applicant.application.state is ApplicationState.WITHDRAWN
    with reading(web.engine) as session:
        assert session.scalar(select(Application.version)) == applicant.application.version
