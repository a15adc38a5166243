"""The desk's pages on both databases: what they answer, what they never show, and who was first."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from factories.contexts import HEARING_MORNING
from factories.passes import make_photo, mrz_for, prepared_pass
from flask.testing import FlaskClient
from sqlalchemy import select
from web_under_test import WebUnderTest, csrf_of
from werkzeug.test import TestResponse

from accredit.credential.reasons import PassState
from accredit.db.models.passes import Badge, Pass
from accredit.domain.permissions import Role
from accredit.rendering.photos import stand_in_portrait


def _person(web: WebUnderTest, *, photo: bool = True, **changes: Any) -> tuple[str, str]:
    with web.changing() as session:
        held = prepared_pass(session, web.office, web.event, **changes)
        if photo:
            make_photo(session, held.application, stand_in_portrait(2))
        return held.application.reference, mrz_for(held.application)


def _send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    token = csrf_of(client.get("/desk"))
    return client.post(address, data={**fields, "csrf_token": token})


def _next(answer: TestResponse) -> str:
    found = re.search(r'data-next="(\w+)"', answer.text)
    return found[1] if found is not None else ""


def test_a_pickup_from_the_zone_to_the_hand(web: WebUnderTest) -> None:
    """Found, collected, printed once, in the hand; the paper is a PDF that nobody keeps."""
    reference, zone = _person(web)
    client = web.staff(Role.DESK)
    assert _next(_send(client, "/desk/find", typed=zone)) == "collect"
    moved = _send(client, "/desk/collect", reference=reference, document=zone)
    assert (moved.status_code, moved.headers["Location"]) == (303, f"/desk/card/{reference}?print=now")
    assert "data-print-now" in client.get(moved.headers["Location"]).text
    paper = _send(client, f"/desk/badge/{reference}")
    assert (paper.status_code, paper.mimetype, paper.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert paper.headers["Cache-Control"] == "no-store"
    assert "data-print-now" not in client.get(moved.headers["Location"]).text
    assert client.get(f"/desk/printings/{reference}").json == {"printings": 1}
    assert _send(client, f"/desk/in-hand/{reference}").status_code == 303
    assert "Handed over by you" in client.get("/desk").text
    assert _next(_send(client, "/desk/find", typed=zone)) == "done"


def test_nothing_of_the_document_is_in_an_address(web: WebUnderTest) -> None:
    """Zones travel in forms; the addresses hold references alone."""
    reference, zone = _person(web)
    client = web.staff(Role.DESK)
    page = _send(client, "/desk/find", typed=zone)
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page.text)
    assert any(reference in one for one in addresses)
    assert not any(line in one for line in zone.splitlines() for one in addresses)
    assert page.headers["Cache-Control"] == "no-store"


def test_the_second_desk_is_told_by_whom_and_when(web: WebUnderTest) -> None:
    """Its card was green when it was opened; the key comes too late, and the page says so."""
    reference, zone = _person(web)
    first, second = web.staff(Role.DESK), web.staff(Role.DESK)
    assert _next(_send(second, "/desk/find", typed=zone)) == "collect"
    _send(first, "/desk/collect", reference=reference, document=zone)
    late = _send(second, "/desk/collect", reference=reference, document=zone)
    assert late.status_code == 409
    assert "It was handed over by staff" in late.text
    assert "on 11 October 2017, 08:30" in late.text


def test_a_hold_tells_an_officer_one_sentence(web: WebUnderTest) -> None:
    """No name, no comparison, no finding on the card; the supervisor sees why, and his word needs a reason."""
    reference, zone = _person(web, security_hold=True, hold_reason="a secret cause", surname="Heldname")
    page = _send(web.staff(Role.DESK), "/desk/find", typed=zone)
    assert _next(page) == "supervisor"
    assert "Please ask the supervisor." in page.text
    assert not any(word in page.text for word in ("Heldname", "HELDNAME", "secret cause", "desk-compare"))
    supervisor = web.staff(Role.SUPERVISOR)
    his = _send(supervisor, "/desk/find", typed=zone)
    assert _next(his) == "at_my_word"
    assert "a secret cause" in his.text
    bare = _send(supervisor, "/desk/collect", reference=reference, document=zone, word="yes")
    assert (bare.status_code, "Your word needs a reason" in bare.text) == (409, True)
    sent = {"reference": reference, "document": zone, "word": "yes", "reason": "asked_security"}
    assert _send(web.staff(Role.DESK), "/desk/collect", **sent).status_code == 409
    assert _send(supervisor, "/desk/collect", **sent).status_code == 303
    with web.changing() as session:
        assert session.scalars(select(Pass.state_reason)).all() == ["asked security"]


def test_what_an_officer_must_do_comes_first(pages: WebUnderTest) -> None:
    """The adult who comes with a minor stands before the verdict; on a red card the first key is the supervisor's."""
    _, zone = _person(pages, given_names="Ren", guardian_name="Aiko Nakamura")
    red_one, _ = _person(pages, given_names="Sora", photo=False)
    client = pages.staff(Role.DESK)
    green = _send(client, "/desk/find", typed=zone).text
    assert 0 < green.index("Aiko Nakamura") < green.index("Green: hand over the pass")
    red = _send(client, "/desk/find", typed=zone, open=red_one)
    assert _next(red) == "supervisor"
    keys = re.findall(r'data-key="([^"]+)"', red.text.partition('class="desk-steps"')[2])
    assert keys[0] == "F9"


def test_a_slip_goes_to_the_queue_and_is_settled(web: WebUnderTest) -> None:
    """Number, cause and person stand there; a reason is needed; an officer has no queue."""
    reference, _ = _person(web, surname="Sliperson")
    officer, supervisor = web.staff(Role.DESK), web.staff(Role.SUPERVISOR)
    sent = _send(officer, f"/desk/slip/{reference}", code="red")
    assert sent.headers["Location"] == "/desk?slip=1"
    assert "Slip 1" in officer.get("/desk?slip=1").text
    assert (
        "<script"
        not in officer.get("/desk?slip=<script>x").text.split("</head>")[1].split("<main")[1].split("</main>")[0]
    )
    assert officer.get("/desk/slips").status_code == 403
    queue = supervisor.get("/desk/slips").text
    assert "Sliperson" in queue
    assert "Another person or document" in queue
    assert _send(supervisor, "/desk/slips/1", outcome="sent_away", reason="").status_code == 400
    assert _send(supervisor, "/desk/slips/1", outcome="handed_over", reason="x").status_code == 400
    assert _send(supervisor, "/desk/slips/1", outcome="sent_away", reason="expired passport").status_code == 303
    assert "expired passport" in supervisor.get("/desk/slips").text


def test_a_spoiled_sheet_is_the_same_code_again(web: WebUnderTest) -> None:
    """Printed twice, counted once more, with the reason; one badge."""
    reference, zone = _person(web)
    client = web.staff(Role.DESK)
    _send(client, "/desk/collect", reference=reference, document=zone)
    for _ in range(2):
        assert _send(client, f"/desk/badge/{reference}", reason="the sheet is destroyed").status_code == 200
    assert client.get(f"/desk/printings/{reference}").json == {"printings": 2}
    without = _send(client, f"/desk/badge/{reference}")
    assert (without.status_code, "data-not-printed" in without.text) == (409, True)
    with web.changing() as session:
        assert [one.reprints for one in session.scalars(select(Badge))] == [1]


def test_an_undo_after_the_print_gives_a_new_serial(web: WebUnderTest) -> None:
    """And only within the minute."""
    reference, zone = _person(web)
    client = web.staff(Role.DESK)
    _send(client, "/desk/collect", reference=reference, document=zone)
    _send(client, f"/desk/badge/{reference}")
    undone = _send(client, f"/desk/undo/{reference}")
    assert undone.status_code == 303
    assert "Destroy the sheet" in client.get(undone.headers["Location"]).text
    _send(client, "/desk/collect", reference=reference, document=zone)
    web.now = HEARING_MORNING + timedelta(seconds=62)
    assert "The minute is over" in _send(client, f"/desk/undo/{reference}").text
    with web.changing() as session:
        states = sorted(session.scalars(select(Pass.state)))
    assert states == [PassState.COLLECTED, PassState.REPLACED]


def test_a_refusal_of_the_press_costs_no_paper(pages: WebUnderTest) -> None:
    """A badge that cannot be printed says why in the frame, and nothing is written down."""
    reference, _ = _person(pages)
    client = pages.staff(Role.DESK)
    answer = _send(client, "/desk/badge/AAAA-AAAA")
    assert (answer.status_code, "data-not-printed" in answer.text) == (409, True)
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/desk/printings/{reference}").json == {"printings": 0}


def test_a_document_that_was_typed_stays_in_the_form(pages: WebUnderTest) -> None:
    """It comes to the pick-up as it was typed, and is checked again there; nonsense in its place is no document."""
    reference, _ = _person(pages, surname="Okonjo")
    client = pages.staff(Role.DESK)
    typed = {
        "kind": "identity_card",
        "issuing_state": "KEN",
        "number": "AB1234",
        "surname": "Okonjo",
        "given_names": "Adaeze",
        "birth_date": "1980-05-31",
        "nationality": "KEN",
        "expires_on": "",
        "reason": "no zone",
    }
    page = _send(client, f"/desk/document/{reference}", **typed)
    assert _next(page) == "settle"
    carried = re.search(r'name="document" value="(\{.*?\})"', page.text)
    assert carried is not None
    for nonsense in ("{", "{}", "[1]", '{"kind": 1}', ""):
        assert _send(client, "/desk/collect", reference=reference, document=nonsense).status_code == 409
    document = carried[1].replace("&#34;", '"')
    done = _send(client, "/desk/collect", reference=reference, document=document, reason="no_expiry")
    assert done.status_code == 303, done.text


def test_somebody_else_collects_where_the_category_allows(pages: WebUnderTest) -> None:
    """By default the page says that it is refused."""
    reference, zone = _person(pages)
    client = pages.staff(Role.DESK)
    assert "handed to its holder alone" in client.get(f"/desk/card/{reference}").text
    page = _send(client, "/desk/find", open=reference, typed=zone, through="A. Friend")
    assert _next(page) == "supervisor"
    assert "handed to their holder alone" in page.text


def test_the_clock_and_the_hours(pages: WebUnderTest) -> None:
    """The fragment is a fragment; hours that are added open the desk for everybody."""
    _person(pages)
    client, supervisor = pages.staff(Role.DESK), pages.staff(Role.SUPERVISOR)
    assert "<html" not in client.get("/desk/clock").text
    assert client.get("/desk/hours").status_code == 403
    hours = {"day": "2017-10-11", "opens": "17:00", "closes": "16:00", "reason": "late"}
    assert "after the one at which" in _send(supervisor, "/desk/hours", **hours).text
    assert _send(supervisor, "/desk/hours", **{**hours, "closes": "19:00"}).status_code == 303
    pages.now = HEARING_MORNING + timedelta(hours=9)
    assert "The desk is closed now" not in client.get("/desk/clock").text
    pages.now = HEARING_MORNING + timedelta(hours=12)
    assert "The desk is closed now" in client.get("/desk/clock").text


def test_what_is_no_photo_is_refused_in_words(pages: WebUnderTest) -> None:
    """The page stays, with the cure; a good one leads back to the card."""
    import io

    reference, _ = _person(pages, photo=False)
    client = pages.staff(Role.DESK)
    token = csrf_of(client.get("/desk"))

    def send(data: bytes) -> TestResponse:
        return client.post(
            f"/desk/camera/{reference}", data={"csrf_token": token, "photo": (io.BytesIO(data), "photo.jpg")}
        )

    assert send(b"no picture").status_code == 400
    assert send(b"").status_code == 400
    assert send(stand_in_portrait(4)).headers["Location"] == f"/desk/card/{reference}"
    assert client.get(f"/desk/photo/{reference}.jpg").data.startswith(b"\xff\xd8\xff")
