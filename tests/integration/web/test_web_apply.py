"""Apply on the page: what the rules see, the confirmation, and what is kept when something is wrong."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from applying import checked, file, hidden_fields, person, sent, with_lists
from factories.letters import pdf_of_pages, portrait
from sqlalchemy import func, select
from web_under_test import WebUnderTest

from accredit.db.models.applications import Application, Letter, Photo
from accredit.db.models.intake import Draft, SubmissionKey
from accredit.db.models.outbox import Message
from accredit.db.session import reading
from accredit.domain.applications import ApplicationState

IN_TIME = datetime(2017, 8, 30, 8, 0, tzinfo=UTC)


@pytest.fixture
def house(web: WebUnderTest) -> WebUnderTest:
    """The service in time, with lists."""
    web.now = IN_TIME
    return with_lists(web)


@pytest.fixture
def page(pages: WebUnderTest) -> WebUnderTest:
    """The same where the database has no say."""
    pages.now = IN_TIME
    return with_lists(pages)


def _count(web: WebUnderTest, table: Any = Application) -> int:
    with reading(web.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _only(web: WebUnderTest) -> Application:
    with reading(web.engine) as session:
        found = session.scalars(select(Application)).one()
        _ = found.photo, found.letter
        return found


def test_a_person_applies(house: WebUnderTest) -> None:
    """Check, send, confirmation; person, photo, letter, assessment, consent and mail are there together."""
    client = house.client()
    files = {"photo": file(portrait(), "me.jpg"), "letter": file(pdf_of_pages(2), "letter.pdf")}
    more = {"accessibility": "a seat near the door", "meetings": ["hearing-morning"], "crop": "0.1,0.1,0.6,0.6"}
    check = checked(client, person(**files, **more))
    assert "Nothing is sent yet" in check.text
    assert "We found your organization: “<bdi>Alpine Migrants Forum</bdi>”" in check.text
    assert "You are in time" in check.text
    assert _count(house) == 0
    answer = sent(client, check)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/apply/done")
    made = _only(house)
    assert (made.surname, made.state, made.consented_at) == ("ADEYEMI", ApplicationState.ASSESSED, IN_TIME)
    assert (made.meetings, made.accessibility, made.language) == (["hearing-morning"], "a seat near the door", "en")
    assert made.photo is not None
    assert made.letter is not None
    assert (made.letter.media_type, made.letter.pages) == ("application/pdf", 2)
    assert (_count(house, Message), _count(house, Draft), _count(house, SubmissionKey)) == (1, 0, 1)
    done = client.get("/apply/done")
    assert made.reference in done.text
    assert "/status/" in done.text
    assert "data:image/png;base64," in done.text


def test_sent_twice_is_one_application(house: WebUnderTest) -> None:
    """A second press, a page that was loaded again, and the form behind the back button lead to the same confirmation."""
    client = house.client()
    check = checked(client, person())
    form = hidden_fields(check, "/apply/send")
    first, second = (client.post("/apply/send", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    again = client.post("/apply", data={**form, **person(surname="OTHER")})
    assert (again.status_code, again.headers["Location"]) == (303, "/apply/done")
    assert "is in already" in client.get("/apply/done").text
    assert _count(house) == 1


def test_the_confirmation_is_shown_for_half_an_hour(page: WebUnderTest) -> None:
    """Another person may sit down at the same computer; who has sent nothing sees the empty form."""
    client = page.client()
    sent(client, checked(client, person()))
    assert client.get("/apply/done").status_code == 200
    page.now += timedelta(minutes=31)
    assert client.get("/apply/done").status_code == 303
    assert page.client().get("/apply/done").status_code == 303


def test_files_are_kept_when_something_is_wrong(page: WebUnderTest) -> None:
    """What was typed stands there again, and photo and letter need not be chosen again."""
    client = page.client()
    files = {"photo": file(portrait(), "me.jpg"), "letter": file(pdf_of_pages(), "letter.pdf")}
    wrong = checked(client, person(email="nobody", accessibility="<b>two\nlines</b>", **files))
    assert wrong.status_code == 422
    assert "E-mail address: this is no e-mail address." in wrong.text
    assert 'value="ADEYEMI"' in wrong.text
    assert "&lt;b&gt;two\nlines&lt;/b&gt;" in wrong.text.replace("\r", "")
    assert "We have this photo" in wrong.text
    assert "We have your letter" in wrong.text
    mended = client.post("/apply", data={**hidden_fields(wrong, "/apply"), **person()})
    assert sent(client, mended).status_code == 303
    made = _only(page)
    assert (made.photo is None, made.letter is None) == (False, False)


def test_one_may_go_back_from_the_check(page: WebUnderTest) -> None:
    """“Change something” shows the form with everything in it."""
    client = page.client()
    check = checked(client, person(meetings=["hearing-afternoon"], photo=file(portrait(), "me.png")))
    back = client.post("/apply", data=hidden_fields(check, "/apply"))
    assert back.status_code == 200
    assert 'value="ADEYEMI"' in back.text
    assert "We have this photo" in back.text
    assert re.search(r'value="hearing-afternoon"[^>]* checked', back.text)
    assert re.search(r'value="no"[^>]* checked', back.text)


def test_files_that_were_kept_for_too_long_are_asked_for_again(page: WebUnderTest) -> None:
    """A day later the page still knows what was typed; the photo has to be chosen once more, and the page says so."""
    client = page.client()
    check = checked(client, person(photo=file(portrait(), "me.jpg")))
    page.now += timedelta(hours=25)
    late = sent(client, check)
    assert late.status_code == 422
    assert "Photo: we kept your file for a day" in late.text
    assert 'value="ADEYEMI"' in late.text
    assert _count(page) == 0


def test_a_stale_page_loses_nothing(page: WebUnderTest) -> None:
    """A form whose session is over comes back with what was typed, and the next press takes it."""
    fresh = page.client().get("/apply")
    client = page.client()
    stale = client.post("/apply", data={**hidden_fields(fresh, "/apply"), **person()})
    assert stale.status_code == 400
    assert "Nothing is lost" in stale.text
    assert 'value="ADEYEMI"' in stale.text
    next_press = client.post("/apply", data={**hidden_fields(stale, "/apply"), **person()})
    assert next_press.status_code == 200


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "../../etc/passwd", "\ud800", "é" * 32])
def test_a_forged_token_opens_nothing(page: WebUnderTest, token: str) -> None:
    """No files of others, and no application of others."""
    other = page.client()
    sent(other, checked(other, person(photo=file(portrait(), "me.jpg"))))
    checked(page.client(), person(photo=file(portrait(), "me.jpg")))
    client = page.client()
    form = hidden_fields(client.get("/apply"), "/apply")
    form["draft"] = token.encode("utf-8", "replace").decode()
    check = client.post("/apply", data={**form, **person()})
    assert check.status_code == 200
    assert "accredit-face" not in check.text


def test_late_is_said_before_sending(page: WebUnderTest) -> None:
    """By capacity: a stakeholder is late, a Member State is not; both may send, and late is on record."""
    page.now = datetime(2017, 9, 20, 9, 0, tzinfo=UTC)
    client = page.client()
    form = client.get("/apply")
    assert "Late applications may still be sent" in form.text
    assert "Non-governmental organization (late: the last day was 4 September 2017)" in form.text
    late = checked(client, person())
    assert "You are late" in late.text
    state = checked(client, person(category="member-state", organisation="Kenya", organisation_country="KEN"))
    assert "There is no last day to apply in this capacity." in state.text
    assert sent(client, late).status_code == 303
    assert _only(page).received_at == page.now


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"organisation": "Alpine Migrnats Forum"}, "“<bdi>Alpine Migrants Forum</bdi>”"),
        ({"organisation": "Migrants Forum of the Alps"}, "We found names like it"),
        ({"organisation": "Guild of Lighthouse Painters"}, "That is no refusal"),
        ({"organisation": "Harbour Watch"}, "its status is not in force"),
        ({"category": "invited"}, "compared with the organizer's invitations"),
        ({"birth_year": "2010"}, "You are under 18 on the first day"),
    ],
)
def test_the_check_says_what_the_rules_see(page: WebUnderTest, changes: dict[str, str], words: str) -> None:
    """Found, like, not found, out of force, invited, under age: each in a sentence, none with a promise."""
    assert words in checked(page.client(), person(**changes)).text


def test_the_check_tells_nothing_of_others(page: WebUnderTest) -> None:
    """Whether the same person applied before stays with the reviewers."""
    client = page.client()
    first = checked(client, person())
    sent(client, first)
    second = checked(page.client(), person())

    def shown(text: str) -> str:
        return text[text.index("<h1") : text.index("What you wrote")]

    assert shown(second.text) == shown(first.text)


def _bomb() -> bytes:
    """A picture of a few bytes that says of itself that it has ten thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


BAD = {
    "nothing": ({}, "Family name: this is empty"),
    "too much": (person(surname="x" * 5000), "Family name: this is too long"),
    "NUL": (person(surname="ADE\0YEMI"), "Family name: a character in it cannot be written"),
    "turned round": (person(given_names="Amara\u202e"), "Given names: a character in it cannot be written"),
    "no letters": (person(surname="12345"), "Family name: this has no letters"),
    "another script": (person(surname="宋"), "Family name in Latin letters: please add it"),
    "no such day": (person(birth_day="31", birth_month="2"), "Date of birth: there is no such day"),
    "a year that is none": (person(birth_year="next"), "Date of birth: there is no such day"),
    "a child of the future": (person(birth_year="2087"), "Date of birth: nobody alive"),
    "State of nowhere": (person(nationality="QQQ"), "Nationality: please choose one of the list"),
    "capacity of nowhere": (person(category="king"), "In what capacity: please choose one of the list"),
    "no consent": (person(consent=""), "Please tick the box"),
    "e-mail": (person(email="a b@c"), "E-mail address: this is no e-mail address"),
    "guardian without a way to reach": (
        person(guardian_name="Ada Adeyemi"),
        "Telephone or e-mail of the adult: this is empty",
    ),
    "meeting of nowhere": (person(meetings=["ball"]), "Meetings: please choose among those"),
    "grounds pass": (person(grounds_pass="yes", grounds_pass_number="n° 1"), "Number of the grounds pass: please copy"),
    "neither yes nor no": (person(grounds_pass="perhaps"), "UN grounds pass: please answer yes or no"),
    "photo that is none": (person(photo=file(b"I am a cat", "cat.jpg")), "Photo: this is not a readable picture"),
    "photo that is a bomb": (person(photo=file(_bomb(), "me.png")), "Photo: the picture has too many pixels"),
    "letter that is a bomb": (person(letter=file(_bomb(), "letter.png")), "Letter: the file is too large"),
    "photo of nothing": (person(photo=file(b"", "cat.jpg")), "Photo: the file is empty"),
    "photo that is a PDF": (person(photo=file(pdf_of_pages(), "a.jpg")), "Photo: this is not a readable picture"),
    "letter that is none": (person(letter=file(b"<html>", "letter.pdf")), "Letter: this is not a readable PDF"),
    "letter too large": (
        person(letter=file(b"%PDF-" + b"0" * 6_000_000, "letter.pdf")),
        "Letter: the file is too large",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_by_field_and_cure(page: WebUnderTest, name: str) -> None:
    """A sentence beside the field; nothing is saved, and what was typed elsewhere stands there again."""
    fields, words = BAD[name]
    answer = checked(page.client(), fields)
    assert answer.status_code == 422, answer.text
    assert words in answer.text
    assert "amara@example.org" in answer.text or name in {"nothing", "e-mail"}
    assert (_count(page), _count(page, Photo), _count(page, Letter)) == (0, 0, 0)


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+41", "-1", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>']
)
def test_code_in_a_name_is_text(page: WebUnderTest, text: str) -> None:
    """Whatever stands in a field is shown as it was typed."""
    answer = checked(page.client(), person(organisation=text, accessibility=text))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text


@pytest.mark.parametrize("surname", [b"M\xfcller", b"\xed\xa0\x80", b"\xff\xfe", b"\x93quoted\x94"])
def test_text_of_another_encoding_is_asked_for_again(page: WebUnderTest, surname: bytes) -> None:
    """A letter that was lost on the way here is not guessed; halves of characters are none."""
    client = page.client()
    fields = {**hidden_fields(client.get("/apply"), "/apply"), **person(surname=surname)}
    parts = [
        b'--part\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    ]
    body = b"".join(parts) + b"--part--\r\n"
    answer = client.post("/apply", data=body, content_type="multipart/form-data; boundary=part")
    assert answer.status_code == 422
    assert "Family name: a character in it cannot be written" in answer.text


def test_too_large_a_request_is_told_in_a_sentence(page: WebUnderTest) -> None:
    """More than photo and letter may be together is not read."""
    answer = checked(page.client(), person(photo=file(b"0" * 26_000_000, "me.jpg")))
    assert answer.status_code == 413
    assert "too much at once" in answer.text


def test_the_page_speaks_the_reader_s_language(page: WebUnderTest) -> None:
    """The language of the page is that of the mails to come; States have their names in it."""
    client = page.client()
    form = client.get("/apply?lang=fr")
    assert "Suisse" in form.text
    sent(client, checked(client, person()))
    assert _only(page).language == "fr"
