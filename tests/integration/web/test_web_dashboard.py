"""The dashboard: what it shows, its charts, and the fragment that refreshes it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from factories.contexts import HEARING_MORNING
from factories.devices import FakeScanner, make_scan
from factories.lists import usual_lists
from factories.passes import collected_pass, make_application
from flask.testing import FlaskClient
from sqlalchemy import select
from web_under_test import WebUnderTest, bearer, csrf_of, statements
from werkzeug.test import TestResponse

from accredit.credential import cose
from accredit.credential.bundle import decode_bundle
from accredit.credential.serials import short_code
from accredit.db.models.audit import AuditEntry
from accredit.domain.permissions import Role
from accredit.web.charts import Chart, Series, Shape, draw, key_of
from accredit.web.dashboard import CHARTS


@pytest.fixture
def staff(web: WebUnderTest) -> FlaskClient:
    """Somebody who may see the figures, of an event in which something happened."""
    with web.changing() as session:
        usual_lists(session, web.office)
        for days in (60, 50, 10):
            make_application(session, web.event, received_at=HEARING_MORNING - timedelta(days=days))
        held = collected_pass(session, web.office, web.event)
    web.upload(web.scanner(), [make_scan(HEARING_MORNING, held.serial)])
    return web.staff(Role.GATE)


def test_the_dashboard_shows_every_chart_and_its_figures(staff: FlaskClient) -> None:
    """Each chart is a picture with an alternative and a table of the same figures; nothing runs in the page itself."""
    page = staff.get("/overview").text
    for name in CHARTS.keys() - {"decisions"}:
        assert re.search(rf'<img src="/overview/charts/{name}\.svg[^"]*" alt="Chart: [^"]+"', page), name
        assert f'id="table-{name}"' in page
    assert '<th scope="row">Switzerland</th><td>4</td>' in page
    assert "08:30" in page
    assert "Hearing, morning meeting (Room XIX)" in page
    assert not re.search(r"\s(style|on\w+)=|<script>", page)


def test_a_chart_is_a_document_without_script(staff: FlaskClient) -> None:
    """It loads nothing, runs nothing and may be kept under its own address."""
    page = staff.get("/overview").text
    addresses = re.findall(r'(?:src|srcset)="(/overview/charts/[^"]+)"', page)
    assert len(addresses) == 2 * (len(CHARTS) - 1)  # nothing was decided, and there is a sentence for that
    for address in addresses:
        answer = staff.get(address.replace("&amp;", "&"))
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Cache-Control"] == "private, max-age=3600"
        drawing = ElementTree.fromstring(answer.text)
        assert not [one for one in drawing.iter() if one.tag.rpartition("}")[2] in {"script", "a", "image", "use"}]
        assert "http" not in re.sub(r"http://www\.w3\.org/\S+", "", answer.text)


def test_a_chart_of_other_figures_is_not_kept(staff: FlaskClient) -> None:
    """An address that names other figures gets the ones of now, for now."""
    answer = staff.get("/overview/charts/scans.svg?day=2017-10-11&of=something")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert staff.get("/overview/charts/nothing.svg").status_code == 404
    assert staff.get("/overview?day=nonsense").status_code == 200


def test_the_fragment_is_what_of_the_page_changes(staff: FlaskClient) -> None:
    """The same pieces, without the layout around them."""
    page, fragment = (staff.get(address).text for address in ("/overview", "/overview/figures"))
    pieces = [re.findall(r'data-piece="([a-z-]+)"', text) for text in (page, fragment)]
    assert pieces[0] == pieces[1]
    assert {"alerts", "inside", "chart-scans"} <= set(pieces[0])
    assert "<html" not in fragment


def test_alerts_stand_at_the_top_with_their_way(web: WebUnderTest, staff: FlaskClient) -> None:
    """What is wrong is a sentence; whoever may deal with it gets the way there."""
    assert "Nothing needs looking at" in staff.get("/overview").text
    web.now = HEARING_MORNING + timedelta(minutes=30)
    told = staff.get("/overview").text
    assert "A scanner has not been heard of for ten minutes: gate 1." in told
    assert 'href="/admin/scanners"' not in told
    assert 'href="/admin/scanners"' in web.staff(Role.ADMINISTRATOR).get("/overview").text


def test_a_pass_admitted_apart_stands_at_the_top_once_and_reaches_the_scanners(web: WebUnderTest) -> None:
    """Both scans in one sentence, whoever uploads last; and the next poll of each scanner brings it."""
    with web.changing() as session:
        serial = collected_pass(session, web.office, web.event).serial
    north, south = web.scanner("north"), web.scanner("south")
    client, numbers = web.client(), []
    later, earlier = (make_scan(web.now - timedelta(seconds=ago), serial) for ago in (30, 90))
    for scanner, scan in ((south, later), (north, earlier), (north, earlier)):
        web.upload(scanner, [scan])
        bundle = client.get("/api/v1/gate/bundle?since=0", headers=bearer(scanner))
        numbers.append(decode_bundle(cose.parse1(bundle.data, content_type="bundle").payload))
    assert [len(one.alerts) for one in numbers] == [0, 1, 1]
    assert numbers[1].number == numbers[0].number + 1
    page = web.staff(Role.AUDITOR).get("/overview").text
    told = f"The pass {short_code(serial)} came in twice, at two scanners that did not know of each other: Pregny Gate"
    assert page.count(f"<li>{told}") == 1


def _settle(client: FlaskClient, address: str, reason: str, page: str = "") -> TestResponse:
    """Sends the form of an alert; its token stands on each page with a form."""
    token = csrf_of(client.get(page or address))
    return client.post(address, data={"csrf_token": token, "reason": reason})


def _split(web: WebUnderTest) -> tuple[FakeScanner, str]:
    """A pass that was admitted twice; one of the two scanners, and the short code."""
    with web.changing() as session:
        serial = collected_pass(session, web.office, web.event).serial
    north, south = web.scanner("north"), web.scanner("south")
    for scanner, ago in ((south, 30), (north, 90)):
        web.upload(scanner, [make_scan(web.now - timedelta(seconds=ago), serial)])
    return north, short_code(serial)


def test_a_supervisor_settles_an_alert_with_a_reason(web: WebUnderTest) -> None:
    """It goes from the dashboard at once and from the gates with their next list; who and when stand in the trail."""
    scanner, code = _split(web)
    supervisor = web.staff(Role.SUPERVISOR)
    way = re.search(r'href="(/overview/alerts/[0-9a-f-]{36})"', supervisor.get("/overview").text)
    assert way is not None
    page = supervisor.get(way[1]).text
    assert code in page
    assert page.index("north") < page.index("south")

    assert "Reason: say in a few words what you found." in _settle(supervisor, way[1], "  ").text
    done = _settle(supervisor, way[1], "Same person, walked to the other lane.")
    assert (done.status_code, done.headers["Location"]) == (303, "/overview")
    after = supervisor.get("/overview").text
    assert "The alert is settled." in after
    assert code not in after

    bundle = web.client().get("/api/v1/gate/bundle?since=0", headers=bearer(scanner))
    assert decode_bundle(cose.parse1(bundle.data, content_type="bundle").payload).alerts == ()
    with web.changing() as session:
        trail = session.scalars(select(AuditEntry).where(AuditEntry.action == "alert.settled")).one()
        assert (trail.subject_kind, trail.fields) == ("alert", ["settled_for"])
    again = _settle(supervisor, way[1], "again", page="/account")
    assert again.status_code == 303
    assert "has settled this alert already" in supervisor.get("/overview").text


def test_who_may_only_look_settles_nothing(web: WebUnderTest) -> None:
    """The sentence, and no way; an alert that never was is no page."""
    _split(web)
    assert "/overview/alerts/" not in web.staff(Role.AUDITOR).get("/overview").text
    nowhere = "/overview/alerts/00000000-0000-4000-8000-000000000000"
    assert web.staff(Role.GATE).get(nowhere).status_code == 403
    assert web.staff(Role.ADMINISTRATOR).get(nowhere).status_code == 404


def test_a_new_event_has_a_sentence_for_everything_that_is_missing(web: WebUnderTest) -> None:
    """No empty chart, no empty table."""
    page = web.staff(Role.AUDITOR).get("/overview").text
    for sentence in (
        "No application has come in yet.",
        "Nothing is decided yet.",
        "No pass was picked up on this day.",
        "Nothing was scanned on this day.",
        "8 lists are read by the rules and were not loaded",
    ):
        assert sentence in page


def test_the_day_can_be_chosen(web: WebUnderTest, staff: FlaskClient) -> None:
    """The day that is shown is marked, and its charts are asked for."""
    page = staff.get("/overview?day=2017-10-13").text
    assert re.search(r'aria-current="date">13 October 2017', page)
    assert "Nothing was scanned on this day." in page
    assert web.now == HEARING_MORNING


def test_the_page_costs_the_same_for_few_and_for_many(web: WebUnderTest, staff: FlaskClient) -> None:
    """The number of statements does not grow with the applications."""
    counts = []
    for more in (0, 30):
        with web.changing() as session:
            for number in range(more):
                made = datetime(2017, 8, 1, tzinfo=UTC) + timedelta(hours=number)
                make_application(session, web.event, received_at=made)
        with statements(web.engine) as seen:
            assert staff.get("/overview").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 40


def test_a_chart_is_drawn_whatever_its_labels_say() -> None:
    """A label is text and nothing else; the narrow one shortens it, the picture of the same figures is the same."""
    chart = Chart(
        "<b>T</b>", ["<script>alert(1)</script> & a name that is far too long"], [Series("s", [3])], "none", Shape.BARS
    )
    for narrow in (False, True):
        drawn = draw(chart, narrow=narrow)
        assert b"<script" not in drawn
        assert drawn == draw(chart, narrow=narrow)
    assert key_of(chart) == key_of(chart)
    assert key_of(chart) != key_of(Chart(chart.title, chart.labels, [Series("s", [4])], "none"))
    assert b"none" in draw(Chart("t", [], [Series("s", [])], "none"))
