"""The review pages: what a reviewer decides on a screen, two at once, and what a page gives to whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from factories.applications import assessed
from factories.contexts import acting
from factories.lists import usual_lists
from flask.testing import FlaskClient
from sqlalchemy import select
from web_under_test import WebUnderTest, csrf_of, statements
from werkzeug.test import TestResponse

from accredit.db.models.aliases import AliasRecord
from accredit.db.models.applications import Application, Letter, Photo
from accredit.db.models.decisions import Decision
from accredit.db.models.review import Question
from accredit.domain.applications import ApplicationState
from accredit.domain.permissions import Role
from accredit.services.references import find_application
from accredit.services.reviewing import refuse

LATE = "2017-09-05T10:00:00+02:00"
LATER = "2017-09-07T10:00:00+02:00"
TYPO = "Alpin Migrant Foruum"


@pytest.fixture
def site(web: WebUnderTest) -> WebUnderTest:
    """The service with the usual lists."""
    with web.changing() as session:
        usual_lists(session, web.office)
    return web


def _applied(site: WebUnderTest, **changes: Any) -> str:
    with site.changing() as session:
        return assessed(session, site.office, site.event, **changes).reference


def _state(site: WebUnderTest, reference: str) -> ApplicationState:
    with site.changing() as session:
        found = find_application(session, site.event, reference)
        assert found is not None
        return found.state


def _version(page: TestResponse, form: str) -> str:
    found = re.search(rf'name="{form}-version" value="(\d+)"', page.text)
    assert found is not None, page.text
    return found[1]


def _send(client: FlaskClient, reference: str, step: str, form: str, query: str = "", **fields: object) -> TestResponse:
    """What a step answers, sent from the page as it stands now."""
    page = client.get(f"/review/{reference}")
    return client.post(f"/review/{reference}/{step}{query}", data=_filled(page, form, fields))


def _filled(page: TestResponse, form: str, fields: dict[str, object]) -> dict[str, object]:
    named = {f"{form}-{name}": value for name, value in fields.items()}
    return {"csrf_token": csrf_of(page), f"{form}-version": _version(page, form), **named}


def test_an_approval_leads_to_the_next_of_the_same_queue(site: WebUnderTest) -> None:
    """One press, one decision, and the next application of the filter; after the last one the queue."""
    first = _applied(site)
    second = _applied(site, received_at="2017-08-21T10:00:00+02:00")
    reviewer = site.staff(Role.REVIEWER)
    answer = _send(reviewer, first, "approve", "approve", query="?flags=no")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/review/{second}?flags=no")
    assert _state(site, first) is ApplicationState.APPROVED
    last = _send(reviewer, second, "approve", "approve")
    assert last.headers["Location"] == "/review"
    assert "last one of this queue" in reviewer.get("/review").text


def test_a_candidate_is_confirmed_with_the_approval_and_its_name_learnt(site: WebUnderTest) -> None:
    """Candidate 1 and approve: no reason is asked for, and the next one of that spelling is clear."""
    reference = _applied(site, organisation=TYPO)
    reviewer = site.staff(Role.REVIEWER)
    page = reviewer.get(f"/review/{reference}")
    assert 'aria-keyshortcuts="1"' in page.text
    assert '<mark class="review-differs">' in page.text
    number = re.search(r'name="approve-confirm" value="([^"]+)"', page.text)
    assert number is not None
    answer = _send(reviewer, reference, "approve", "approve", confirm=number[1])
    assert answer.status_code == 302
    with site.changing() as session:
        assert session.scalars(select(AliasRecord.name)).all() == [TYPO]


def test_a_body_is_confirmed_without_a_decision(site: WebUnderTest) -> None:
    """The page comes back with the findings anew and no candidates."""
    reference = _applied(site, organisation=TYPO)
    reviewer = site.staff(Role.REVIEWER)
    number = re.search(r'value="(ecosoc/[^"]+)"', reviewer.get(f"/review/{reference}").text)
    assert number is not None
    answer = _send(reviewer, reference, "body", "approve", confirm=number[1])
    assert answer.headers["Location"] == f"/review/{reference}"
    after = reviewer.get(f"/review/{reference}").text
    assert "Which of these is meant?" not in after
    assert _state(site, reference) is ApplicationState.ASSESSED


def test_what_is_missing_is_said_and_what_was_typed_is_kept(site: WebUnderTest) -> None:
    """No reason where one is needed: a sentence, the text still there, nothing decided."""
    reference = _applied(site, affiliation="")
    reviewer = site.staff(Role.REVIEWER)
    bare = _send(reviewer, reference, "approve", "approve")
    assert (bare.status_code, "A reason is missing" in bare.text) == (422, True)
    half = _send(reviewer, reference, "refuse", "refuse", told="Please <b>note</b> this.")
    assert half.status_code == 422
    assert "Please &lt;b&gt;note&lt;/b&gt; this." in half.text
    assert re.search(r'<details class="review-panel" name="panels" open>\s*<summary data-key="r"', half.text)
    assert _state(site, reference) is ApplicationState.ASSESSED
    long = _send(reviewer, reference, "refuse", "refuse", told="x" * 2001, reason="y")
    assert (long.status_code, "2,000 characters" in long.text) == (400, True)


def test_a_ready_refusal_speaks_the_language_of_the_applicant_and_english_to_the_staff(site: WebUnderTest) -> None:
    """One text each; what was written beside it goes along."""
    reference = _applied(site, language="fr")
    answer = _send(site.staff(Role.REVIEWER), reference, "refuse", "refuse", ready="late", told="Désolé.")
    assert answer.status_code == 302
    with site.changing() as session:
        decision = session.scalars(select(Decision)).one()
    assert decision.reason_applicant.endswith("\nDésolé.")
    assert decision.reason_staff == "Too late"


def test_a_question_holds_the_application(site: WebUnderTest) -> None:
    """It waits, the question stands on its page, and an empty one is none."""
    reference = _applied(site)
    reviewer = site.staff(Role.REVIEWER)
    assert _send(reviewer, reference, "ask", "ask").status_code == 422
    assert _send(reviewer, reference, "ask", "ask", ready="letter", words="By Friday, please.").status_code == 302
    assert _state(site, reference) is ApplicationState.WAITING
    page = reviewer.get(f"/review/{reference}").text
    assert "Waits for the applicant's answer" in page
    assert "By Friday, please." in page
    with site.changing() as session:
        assert session.scalars(select(Question)).one().words.startswith("Please send a letter")


def test_an_exception_takes_two_people(site: WebUnderTest) -> None:
    """Proposed by a reviewer, listed for the seniors, confirmed by one of them; never by whoever proposed it."""
    reference = _applied(site, received_at=LATE)
    reviewer, senior, other = (
        site.staff(Role.REVIEWER),
        site.staff(Role.SENIOR_REVIEWER),
        site.staff(Role.SENIOR_REVIEWER),
    )
    assert "speaks against it" in reviewer.get(f"/review/{reference}").text
    assert _send(reviewer, reference, "propose", "waive", waive="deadline").status_code == 422
    proposed = _send(reviewer, reference, "propose", "waive", waive="deadline", reason="the post was late")
    assert proposed.status_code == 302
    assert "Confirm the exception" not in reviewer.get(f"/review/{reference}").text
    assert "1 exception waits for a second person" in senior.get("/review").text
    assert "exception waits" not in reviewer.get("/review").text
    assert _send(senior, reference, "confirm", "plain").status_code == 302
    assert _state(site, reference) is ApplicationState.APPROVED
    page = other.get(f"/review/{reference}").text
    assert "Exception confirmed by a second person" in page
    assert "the post was late" in page


def test_whoever_proposed_it_takes_it_back_and_does_not_confirm_it(site: WebUnderTest) -> None:
    """Not even a senior confirms himself, by no button and by no request of his own making."""
    reference = _applied(site, received_at=LATE)
    senior = site.staff(Role.SENIOR_REVIEWER)
    _send(senior, reference, "propose", "waive", waive="deadline", reason="the post was late")
    assert "Confirm the exception" not in senior.get(f"/review/{reference}").text
    answer = _send(senior, reference, "confirm", "plain")
    assert (answer.status_code, "another senior reviewer" in answer.text) == (422, True)
    assert _send(senior, reference, "decline", "decline", reason="not needed").status_code == 302
    assert "Propose an exception" in senior.get(f"/review/{reference}").text


def test_the_second_of_two_is_told_and_loses_nothing(site: WebUnderTest) -> None:
    """Both read the same version; the first decides, the second hears who did what, and his words are still there."""
    reference = _applied(site)
    first, second = site.staff(Role.REVIEWER), site.staff(Role.REVIEWER)
    page = second.get(f"/review/{reference}")
    _send(first, reference, "approve", "approve")
    typed = {"ready": "late", "told": "We are sorry.", "reason": "my own reason"}
    answer = second.post(f"/review/{reference}/refuse", data=_filled(page, "refuse", dict(typed)))
    assert answer.status_code == 409
    assert re.search(r"staff \w+ was here first, at 08:30: Approved\.", answer.text)
    for words in ("We are sorry.", "my own reason", '<option selected value="late">'):
        assert words in answer.text
    assert _state(site, reference) is ApplicationState.APPROVED
    again = second.post(f"/review/{reference}/refuse", data=_filled(answer, "refuse", dict(typed)))
    assert (again.status_code, _state(site, reference)) == (302, ApplicationState.REFUSED)


@pytest.mark.parametrize(("step", "form", "fields"), [("approve", "approve", {}), ("ask", "ask", {"words": "Who?"})])
def test_a_button_pressed_twice_is_pressed_once(
    site: WebUnderTest, step: str, form: str, fields: dict[str, object]
) -> None:
    """The second of a double click goes where the first one went; one decision, one question."""
    reference = _applied(site)
    reviewer = site.staff(Role.REVIEWER)
    data = _filled(reviewer.get(f"/review/{reference}"), form, fields)
    answers = [reviewer.post(f"/review/{reference}/{step}", data=data) for _ in range(2)]
    assert {(one.status_code, one.headers["Location"]) for one in answers} in (
        {(302, "/review")},
        {(302, f"/review/{reference}"), (302, "/review")},
    )
    with site.changing() as session:
        assert len(session.scalars(select(Decision)).all()) == (step == "approve")
        assert len(session.scalars(select(Question)).all()) == (step == "ask")


def test_a_tampered_version_decides_nothing(site: WebUnderTest) -> None:
    """Whatever stands in the hidden field, only the version that is there counts."""
    reference = _applied(site)
    reviewer = site.staff(Role.REVIEWER)
    data = _filled(reviewer.get(f"/review/{reference}"), "approve", {})
    for version in ("", "0", "-1", "99999999999999", "one", "٣"):
        answer = reviewer.post(f"/review/{reference}/approve", data={**data, "approve-version": version})
        assert answer.status_code == 409, version
    assert _state(site, reference) is ApplicationState.ASSESSED


def test_every_step_needs_its_token(site: WebUnderTest) -> None:
    """Another site cannot decide in a reviewer's name."""
    reference = _applied(site)
    senior = site.staff(Role.SENIOR_REVIEWER)
    posts = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith(("review", "substitution"))]
    for rule in posts:
        if "POST" in (rule.methods or ()):
            address = rule.rule.replace("<reference>", reference)
            assert senior.post(address, data={"approve-version": "1"}).status_code == 400, address
    assert _state(site, reference) is ApplicationState.ASSESSED


def test_a_decision_is_taken_back(site: WebUnderTest) -> None:
    """Reopened, and withdrawn on the applicant's word."""
    reference = _applied(site)
    reviewer = site.staff(Role.REVIEWER)
    _send(reviewer, reference, "approve", "approve")
    assert _send(reviewer, reference, "reopen", "plain").headers["Location"] == f"/review/{reference}"
    assert _send(reviewer, reference, "withdraw", "plain").status_code == 302
    assert _state(site, reference) is ApplicationState.WITHDRAWN


def test_who_has_it_open_is_told_to_the_next(site: WebUnderTest) -> None:
    """The page says that it is open; the other one reads it, at once and on the page."""
    reference = _applied(site)
    first, second = site.staff(Role.REVIEWER), site.staff(Role.REVIEWER)
    for client, seen in ((first, 0), (second, 1)):
        token = csrf_of(client.get(f"/review/{reference}"))
        told = client.post(f"/review/{reference}/presence", headers={"X-CSRFToken": token})
        assert len(told.get_json()["notes"]) == seen
    assert re.search(r"staff \w+ has this open now\.", first.get(f"/review/{reference}").text)
    assert first.post("/review/ZZZZ-ZZZZ/presence", headers={"X-CSRFToken": token}).status_code in (400, 404)


def test_readers_read_and_do_not_decide(site: WebUnderTest) -> None:
    """The desk, the auditor and the administrator see the findings and no button, and a request of theirs decides nothing."""
    reference = _applied(site, organisation=TYPO)
    for role in (Role.DESK, Role.AUDITOR, Role.ADMINISTRATOR):
        client = site.staff(role)
        page = client.get(f"/review/{reference}")
        assert page.status_code == 200
        assert "Alpine" in page.text
        assert 'id="decision"' not in page.text
        data = {"csrf_token": csrf_of(page), "approve-version": "2"}
        assert client.post(f"/review/{reference}/approve", data=data).status_code == 403
        assert client.get("/review/clear").status_code == 403
    assert _state(site, reference) is ApplicationState.ASSESSED


def test_photo_and_letter_come_by_guarded_ways_and_run_nothing(site: WebUnderTest) -> None:
    """Never cached, sandboxed; the letter as a file to keep, whatever it says it is."""
    reference, bare = _applied(site), _applied(site)
    with site.changing() as session:
        found = session.scalars(select(Application).where(Application.reference == reference)).one()
        found.photo = Photo(application_id=found.id, etag=b"12345678", data=b"\xff\xd8picture")
        found.letter = Letter(
            application_id=found.id, media_type="text/html", pages=1, data=b"<script>", received_at=site.now
        )
    reviewer = site.staff(Role.REVIEWER)
    photo, letter = (reviewer.get(f"/review/{reference}/{name}") for name in ("photo", "letter"))
    for answer in (photo, letter):
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (photo.mimetype, letter.mimetype) == ("image/jpeg", "application/octet-stream")
    assert letter.headers["Content-Disposition"].startswith("attachment")
    assert site.staff(Role.DESK).get(f"/review/{reference}/letter").status_code == 403
    for name in ("photo", "letter"):
        assert reviewer.get(f"/review/{bare}/{name}").status_code == 404
        assert site.client().get(f"/review/{reference}/{name}").status_code == 302


def test_the_clear_ones_are_listed_and_approved_by_one_yes(site: WebUnderTest) -> None:
    """Only what was shown, as it was shown; who changed meanwhile is named."""
    clear = [_applied(site) for _ in range(3)]
    _applied(site, affiliation="")
    reviewer = site.staff(Role.REVIEWER)
    page = reviewer.get("/review/clear")
    assert "Approve these 3 applications" in page.text
    shown = re.findall(r'name="shown" value="([^"]+)"', page.text)
    assert sorted(one.split("/")[0] for one in shown) == sorted(clear)
    with site.changing() as session:
        refuse(session, site.office, site.event, clear[0], reason_applicant="No.", reason_staff="no")
    answer = reviewer.post("/review/clear", data={"csrf_token": csrf_of(page), "shown": [*shown, "nonsense", "A/x"]})
    assert answer.status_code == 200
    assert "2 applications are approved." in answer.text
    assert "3 applications were left as they were" in answer.text
    assert "No application waits that is clear." in reviewer.get("/review/clear").text


def test_the_clearly_late_are_listed_with_what_they_are_told(site: WebUnderTest) -> None:
    """Late by less than a day is not among them, whatever is sent."""
    late, nearly = _applied(site, received_at=LATER), _applied(site, received_at=LATE)
    reviewer = site.staff(Role.REVIEWER)
    page = reviewer.get("/review/late")
    assert (late in page.text, nearly in page.text) == (True, False)
    assert "the last day to apply was 04 September 2017" in page.text
    answer = reviewer.post("/review/late", data={"csrf_token": csrf_of(page), "reference": [late, nearly]})
    assert answer.status_code == 302
    assert (_state(site, late), _state(site, nearly)) == (ApplicationState.REFUSED, ApplicationState.ASSESSED)


def test_a_delegate_is_replaced_in_one_step(site: WebUnderTest) -> None:
    """The other takes the place and is approved; faults are named beside their field, and what was typed is kept."""
    reference = _applied(site)
    senior = site.staff(Role.SENIOR_REVIEWER)
    _send(senior, reference, "approve", "approve")
    page = senior.get(f"/review/{reference}/substitute")
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert version is not None
    fields = {
        "csrf_token": csrf_of(page),
        "version": version[1],
        "surname": "ROSSI",
        "given_names": "Ada",
        "birth_date": "",
        "nationality": "UTO",
        "email": "ada.rossi@example.org",
        "organisation": "Alpine Migrants Forum",
        "grounds_pass": "no",
        "reason": "asked by the body",
    }
    refused = senior.post(f"/review/{reference}/substitute", data=fields)
    assert refused.status_code == 422
    assert 'id="birth_date-error"' in refused.text
    assert 'value="ROSSI"' in refused.text
    answer = senior.post(f"/review/{reference}/substitute", data={**fields, "birth_date": "1985-02-03"})
    assert answer.status_code == 302
    new = answer.headers["Location"].rpartition("/")[2]
    assert (_state(site, reference), _state(site, new)) == (ApplicationState.WITHDRAWN, ApplicationState.APPROVED)
    stale = senior.post(f"/review/{reference}/substitute", data={**fields, "birth_date": "1985-02-03"})
    assert (stale.status_code, 'value="ROSSI"' in stale.text) == (409, True)
    assert site.staff(Role.REVIEWER).get(f"/review/{reference}/substitute").status_code == 403


def test_the_order_is_remembered_for_each_reviewer(site: WebUnderTest) -> None:
    """On any machine of his; what is no order changes nothing."""
    old, new = _applied(site), _applied(site, received_at="2017-08-22T10:00:00+02:00")
    mine, other = site.staff(Role.REVIEWER), site.staff(Role.REVIEWER)

    def shown(client: FlaskClient) -> list[str]:
        return re.findall(r'data-row href="/review/([^"?]+)', client.get("/review").text)

    for order, wanted in (("newest", [new, old]), ("sideways", [new, old])):
        token = csrf_of(mine.get("/review"))
        assert mine.post("/review/order?late=no", data={"csrf_token": token, "order": order}).headers["Location"] == (
            "/review?late=no"
        )
        assert shown(mine) == wanted
    assert shown(other) == [old, new]


@pytest.mark.parametrize(
    "query",
    [
        "?state=nonsense&outcome=x&category=y&listed=z&country=%3Cb%3E&late=maybe&flags=1",
        "?after=ZZZZ-ZZZZ",
        "?q=%27%22%3C",
    ],
)
def test_a_queue_that_nobody_asked_for_is_still_a_page(site: WebUnderTest, query: str) -> None:
    """Filters that are none count as none; what was typed comes back as text."""
    _applied(site)
    answer = site.staff(Role.REVIEWER).get(f"/review{query}")
    assert answer.status_code == 200
    assert "<b>" not in re.sub(r"<b (lang|class)[^>]*>|<b>(late)", "", answer.text)


def test_a_page_of_the_queue_costs_the_same_at_any_length(site: WebUnderTest) -> None:
    """As many statements for a queue of forty as for one of four."""
    reviewer, counted = site.staff(Role.REVIEWER), []
    for more in (4, 36):
        with site.changing() as session:
            for _ in range(more):
                assessed(session, site.office, site.event)
        with statements(site.engine) as seen:
            assert reviewer.get("/review?q=alpine").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 14


def test_the_old_addresses_lead_here(site: WebUnderTest) -> None:
    """Links in mails and minutes go on working."""
    reviewer = site.staff(Role.REVIEWER)
    assert reviewer.get("/applications?state=refused").headers["Location"] == "/review?state=refused"
    assert reviewer.get("/applications").headers["Location"] == "/review?state=all"
    assert reviewer.get("/applications/K7QF-3M9P").headers["Location"] == "/review/K7QF-3M9P"


def test_a_hold_is_said_and_its_reason_is_not(site: WebUnderTest) -> None:
    """Whoever reviews asks the supervisor."""
    reference = _applied(site, hold=True)
    page = site.staff(Role.REVIEWER).get(f"/review/{reference}").text
    assert "On hold for security: ask the supervisor." in page


def test_what_the_staff_did_is_told_by_name(site: WebUnderTest) -> None:
    """Who, when, why: in the history of the page."""
    reference = _applied(site)
    context = acting(site.office, "user:m.keller", Role.REVIEWER)
    with site.changing() as session:
        refuse(session, context, site.event, reference, reason_applicant="Told.", reason_staff="Kept.")
    page = site.staff(Role.REVIEWER).get(f"/review/{reference}").text
    for words in ("m.keller", "Told.", "Kept.", "11 October 2017, 08:30"):
        assert words in page
