"""The last days on the pages: the desk closes, the event ends, and nothing is offered that is no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from applying import checked, file, hidden_fields, person, posted, sent, with_lists
from factories.applications import application_fields, assessed
from sqlalchemy import func, select
from web_under_test import WebUnderTest, problem_of

from accredit.db.models.applications import Application
from accredit.db.session import reading
from accredit.domain.permissions import Role
from accredit.services.desk_hours import widen
from accredit.services.reviewing import approve
from accredit.services.status_links import link_for

A_MOMENT = timedelta.resolution
IN_TIME = datetime(2017, 8, 30, 8, 0, tzinfo=UTC)
OVER = {
    "en": "The event is over: its last day was 13 October 2017. Applications are no longer taken.",
    "fr": "La manifestation est terminée : son dernier jour était le 13 octobre 2017. Les demandes ne sont plus reçues.",
    "es": "El evento ha terminado: su último día fue el 13 de octubre de 2017. Ya no se reciben solicitudes.",
    "ru": "Мероприятие завершилось (последний день: 13 октября 2017",
    "ar": "انتهت المناسبة، وكان آخر أيامها",
    "zh": "活动已经结束，最后一天是2017年10月13日。不再接受申请。",
}


@pytest.fixture
def page(pages: WebUnderTest) -> WebUnderTest:
    """The service in time, with lists."""
    pages.now = IN_TIME
    return with_lists(pages)


def _ends(web: WebUnderTest) -> datetime:
    return web.event.event.valid_until


def _count(web: WebUnderTest) -> int:
    with reading(web.engine) as session:
        return session.scalar(select(func.count()).select_from(Application)) or 0


def _link(web: WebUnderTest) -> str:
    """The own page of somebody who was approved."""
    with web.changing() as session:
        made = assessed(session, web.office, web.event)
        approve(session, web.office, web.event, made.reference, reason_staff="well")
        session.flush()
        return link_for(web.office, web.event, made)


def test_the_first_page_says_that_the_event_is_over_and_since_when(page: WebUnderTest) -> None:
    """Just before, people may still apply; then neither that, nor a pick-up, nor a passport to bring."""
    page.now = _ends(page) - A_MOMENT
    before = page.client().get("/").text
    assert "The event is over" not in before
    assert 'href="/apply"' in before
    page.now = _ends(page)
    after = page.client().get("/").text
    assert "<h2>The event is over</h2>" in after
    assert "Its last day was 13 October 2017." in after
    for gone in ('href="/apply"', "What to bring", "passport", "Until when", "Your pass"):
        assert gone not in after
    assert 'href="/status"' in after


def test_the_first_page_tells_the_hours_that_are_still_to_come(page: WebUnderTest) -> None:
    """Those of yesterday no more, those that were added too; once the last are over, that the desk is closed."""
    windows = page.event.event.pickup_windows
    page.now = windows[2].closes_at
    friday = page.client().get("/").text
    assert "Friday, 13 October 2017, 08:00 – 17:00" in friday
    assert "12 October 2017, 08:00 – 17:00" not in friday
    page.now = windows[-1].closes_at
    closed = page.client().get("/").text
    assert "The registration desk is closed and hands out no more passes." in closed
    assert "What to bring" not in closed
    assert 'href="/apply"' in closed
    with page.changing() as session:
        widen(session, page.office, page.event, page.now, page.now + timedelta(hours=1), "a late flight")
    assert "Friday, 13 October 2017, 08:00 – 18:00" in page.client().get("/").text


def test_the_own_page_offers_nothing_of_an_event_that_is_over(page: WebUnderTest) -> None:
    """No calendar, no desk, no document to bring, no code for the desk; the own data and their end stay."""
    link, client = _link(page), page.client()
    page.now = page.event.event.pickup_windows[0].opens_at
    before = client.get(link).text
    assert all(words in before for words in ("When you come", "meetings.ics", "Your confirmation"))
    page.now = _ends(page)
    after = client.get(link).text
    assert "The event is over. Its last day was 13 October 2017." in after
    assert "You were approved. Your pass was not picked up." in after
    for gone in ("When you come", "meetings.ics", "Your confirmation", "passport", "pick up", "registration desk"):
        assert gone not in after, gone
    assert "Download my data" in after
    assert client.get(f"{link}/meetings.ics").status_code == 404


def test_the_own_page_says_that_the_desk_is_closed_while_the_meeting_goes_on(page: WebUnderTest) -> None:
    """The pass was not picked up, and whom to ask; the meeting can still go into a calendar."""
    link, client = _link(page), page.client()
    page.now = page.event.event.pickup_windows[-1].closes_at
    shown = client.get(link).text
    assert "Your pass was not picked up while the registration desk was open." in shown
    assert "The registration desk is closed</h2>" in shown
    assert "When you come" not in shown
    assert client.get(f"{link}/meetings.ics").status_code == 200


def test_who_was_not_decided_reads_that_the_event_came_first(page: WebUnderTest) -> None:
    """And that nothing is to be done."""
    with page.changing() as session:
        link = link_for(page.office, page.event, assessed(session, page.office, page.event))
    page.now = _ends(page)
    shown = page.client().get(link).text
    assert "The event ended before your application was decided. You need not do anything." in shown
    assert "Photo and letter" not in shown


@pytest.mark.parametrize("spoken", OVER)
def test_nobody_can_apply_once_the_event_is_over(page: WebUnderTest, spoken: str) -> None:
    """The page says so in the reader's language, for one and for many."""
    page.now = _ends(page)
    for address in ("/apply", "/apply/group"):
        answer = page.client().get(f"{address}?lang={spoken}")
        assert answer.status_code == 410
        assert OVER[spoken] in answer.text


def test_a_form_that_was_open_when_the_event_ended_is_not_taken(page: WebUnderTest) -> None:
    """Neither checked nor sent, nor a table; the last moment before still is."""
    client, page.now = page.client(), _ends(page) - A_MOMENT
    first, form = checked(client, person()), client.get("/apply")
    group = hidden_fields(client.get("/apply/group"), "/apply/group")
    other = page.client()
    assert sent(other, checked(other, person(surname="INTIME"))).status_code == 303
    page.now = _ends(page)
    told = (
        sent(client, first),
        posted(client, "/apply", {**hidden_fields(form, "/apply"), **person()}),
        posted(client, "/apply/group", {**group, "table": file(b"surname\r\nX\r\n", "a.csv")}),
    )
    for answer in told:
        assert answer.status_code == 410
        assert OVER["en"] in answer.text
    assert _count(page) == 1


def test_who_sent_before_finds_the_confirmation_after_the_end(page: WebUnderTest) -> None:
    """A page that is loaded again leads to the application that is in."""
    client, page.now = page.client(), _ends(page) - A_MOMENT
    check = checked(client, person())
    assert sent(client, check).status_code == 303
    page.now = _ends(page)
    assert sent(client, check).status_code == 303
    assert "Your application is in" in client.get("/apply/done").text


def test_programs_are_told_so_by_a_code(web: WebUnderTest) -> None:
    """410 and event_over; the last moment before is taken."""
    headers = web.token(Role.INTAKE)
    body = {name: value for name, value in application_fields().items() if name != "received_at"}
    web.now = _ends(web)
    told = problem_of(web.client().post("/api/v1/applications", json=body, headers=headers), 410, "event_over")
    assert told["detail"] == "The event is over: its last day was 2017-10-13. Applications are no longer taken."
    web.now = _ends(web) - A_MOMENT
    assert web.client().post("/api/v1/applications", json=body, headers=headers).status_code == 201
