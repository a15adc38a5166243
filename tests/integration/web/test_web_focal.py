"""The page on which the focal point of a body confirms its delegate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.applications import assessed
from factories.events import event_table
from factories.lists import usual_lists
from sqlalchemy import func, select
from web_under_test import WebUnderTest, csrf_of

from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.session import reading
from accredit.domain.applications import ApplicationState
from accredit.services.event_loading import load_event
from accredit.services.focal_points import path_of, token_for
from accredit.services.reviewing import refuse


class _FocalPoint:
    """Somebody with a link for one delegate, and a browser of one's own."""

    def __init__(self, web: WebUnderTest) -> None:
        self.web, self.browser = web, web.client()
        with web.changing() as session:
            self.event = load_event(session, web.office, event_table(focal_point_confirms=True)).loaded
            usual_lists(session, web.office)
            made = assessed(
                session, web.office, self.event, surname="OKORO", given_names="Tamsin", email="tamsin@example.org"
            )
            self.id, self.reference = made.id, made.reference
            token = token_for(session, web.office, self.event, made.reference)
            assert isinstance(token, str)
            self.link = path_of(token)

    @property
    def state(self) -> ApplicationState:
        with reading(self.web.engine) as session:
            return session.get_one(Application, self.id).state

    @property
    def trail(self) -> int:
        with reading(self.web.engine) as session:
            return session.scalar(select(func.max(AuditEntry.number))) or 0

    def is_refused(self) -> None:
        with self.web.changing() as session:
            refuse(session, self.web.office, self.event, self.reference, reason_applicant="full", reason_staff="full")


@pytest.fixture
def focal_point(pages: WebUnderTest) -> _FocalPoint:
    """The focal point of a listed body, whose delegate waits."""
    return _FocalPoint(pages)


def test_a_look_shows_whom_it_is_about_and_changes_nothing(focal_point: _FocalPoint) -> None:
    """Programs that read mail open every link: body, category and name are shown, nothing else, and nothing is done."""
    before = focal_point.trail
    for _ in range(2):
        page = focal_point.browser.get(focal_point.link)
        assert page.status_code == 200
        assert all(words in page.text for words in ("Alpine Migrants Forum", "OKORO, Tamsin", "Yes, I confirm"))
        assert not any(words in page.text for words in ("tamsin@example.org", "1980", focal_point.reference))
        assert page.headers["Cache-Control"] == "no-store"
    assert focal_point.browser.head(focal_point.link).status_code == 200
    assert (focal_point.state, focal_point.trail) == (ApplicationState.WAITING, before)


def test_the_button_confirms_once(focal_point: _FocalPoint) -> None:
    """The application goes to the reviewers; afterwards the page tells nothing of the person any more."""
    token = csrf_of(focal_point.browser.get(focal_point.link))
    for _ in range(2):
        done = focal_point.browser.post(focal_point.link, data={"csrf_token": token})
        assert (done.status_code, done.headers["Location"]) == (303, focal_point.link)
    page = focal_point.browser.get(focal_point.link)
    assert page.text.count("Thank you. The confirmation is noted.") == 1
    assert "This delegate is confirmed" in page.text
    assert "OKORO" not in page.text
    assert focal_point.state is ApplicationState.ASSESSED


def test_nobody_confirms_for_the_focal_point(focal_point: _FocalPoint) -> None:
    """Another site has no token of the form."""
    assert focal_point.web.client().post(focal_point.link).status_code == 400
    assert focal_point.state is ApplicationState.WAITING


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_opens_nothing_says_why(focal_point: _FocalPoint, method: str) -> None:
    """Broken, too old, decided by now, or for an event that asks nobody: each with what to do, and no word of anybody."""
    token = csrf_of(focal_point.browser.get(focal_point.link))

    def answer(link: str) -> tuple[int, str]:
        data = {"csrf_token": token} if method == "POST" else None
        told = focal_point.browser.open(link, method=method, data=data)
        assert "OKORO" not in told.text
        return told.status_code, told.text

    for broken in (focal_point.link[:-4], "/focal/é", "/focal/" + "A" * 48):
        status, text = answer(broken)
        assert (status, "This link is not whole" in text) == (404, True)
    now = focal_point.web.now
    focal_point.web.now = now + timedelta(days=15)
    status, text = answer(focal_point.link)
    assert (status, "too old" in text) == (410, True)
    focal_point.web.now = now
    focal_point.is_refused()
    status, text = answer(focal_point.link)
    assert (status, "decided already" in text) == (410, True)
    with focal_point.web.changing() as session:
        load_event(session, focal_point.web.office, event_table())
    status, text = answer(focal_point.link)
    assert (status, "nothing to confirm" in text) == (404, True)
