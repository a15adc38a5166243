"""Photo and letter on the own page: added later, replaced, and refused, by the signed link."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from applying import checked, file, person, posted, sent, with_lists
from factories.letters import pdf_of_pages, portrait
from sqlalchemy import select
from web_under_test import WebUnderTest
from werkzeug.test import TestResponse

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.session import reading
from accredit.domain.applications import AffiliationKind, AffiliationSource, ApplicationState
from accredit.services.event_loading import event_of_id
from accredit.services.status_links import link_for


@pytest.fixture
def house(web: WebUnderTest) -> WebUnderTest:
    """The service in time, with lists and one application."""
    web.now = datetime(2017, 8, 30, 8, 0, tzinfo=UTC)
    client = with_lists(web).client()
    assert sent(client, checked(client, person())).status_code == 303
    return web


def _only(web: WebUnderTest) -> Application:
    with reading(web.engine) as session:
        found = session.scalars(select(Application)).one()
        _ = found.photo, found.letter
        return found


def _address(web: WebUnderTest) -> str:
    with reading(web.engine) as session:
        found = session.scalars(select(Application)).one()
        return link_for(web.office, event_of_id(session, found.event_id), found) + "/files"


def _put(web: WebUnderTest, **files: object) -> TestResponse:
    client, address = web.client(), _address(web)
    page = client.get(address)
    assert page.status_code == 200, page.text
    token = {"csrf_token": page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]}
    return posted(client, address, {**token, **files})


def test_files_are_added_later_and_replaced(house: WebUnderTest) -> None:
    """The rules look again: a letter is named, and proves nothing before somebody has read it."""
    for size in (300, 500):
        answer = _put(
            house, photo=file(portrait("PNG", size, 400), "me.png"), letter=file(pdf_of_pages(size // 250), "l.pdf")
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, _address(house).removesuffix("/files"))
    made = _only(house)
    assert made.photo is not None
    assert made.letter is not None
    assert (made.letter.pages, made.version) == (2, 4)
    assert (made.affiliation, made.affiliation_source) == (AffiliationKind.LETTER, AffiliationSource.APPLICANT)
    with reading(house.engine) as session:
        assert len(session.scalars(select(AssessmentRecord)).all()) == 3


def test_one_that_cannot_be_taken_leaves_the_other(house: WebUnderTest) -> None:
    """With a sentence beside the field; so does a press without any file."""
    answer = _put(house, photo=file(b"I am a cat", "me.png"), letter=file(pdf_of_pages(), "l.pdf"))
    assert answer.status_code == 422
    assert "Photo: this is not a readable picture" in answer.text
    assert "We have your letter" in answer.text
    assert _put(house).status_code == 422
    made = _only(house)
    assert (made.photo, made.letter is None) == (None, False)


def test_a_decided_application_stays_as_it_is(house: WebUnderTest) -> None:
    """A decision cites what was there when it was made."""
    client, address = house.client(), _address(house)
    page = client.get(address)
    with house.changing() as session:
        session.scalars(select(Application)).one().state = ApplicationState.REFUSED
    token = {"csrf_token": page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]}
    answer = posted(client, address, {**token, "photo": file(portrait(), "me.jpg")})
    assert answer.status_code == 303
    assert "photo and letter stay as they are" in client.get(answer.headers["Location"]).text
    assert client.get(address).status_code == 303
    assert _only(house).photo is None


@pytest.mark.parametrize("token", ["x", "A" * 46, "é", "%00"])
def test_a_forged_link_opens_nothing(pages: WebUnderTest, token: str) -> None:
    """A sentence, and no page."""
    answer = pages.client().get(f"/status/{token}/files")
    assert answer.status_code in {400, 404}
