"""The pages of the administration: event, lists, people, scanners, jobs, templates."""

from __future__ import annotations

import html
import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from factories.contexts import HEARING_MORNING
from factories.keys import make_keyring
from factories.lists import load_list, usual_lists
from factories.passes import make_application
from flask.testing import FlaskClient
from sqlalchemy import select
from web_under_test import PASSWORD, WebUnderTest, csrf_of, log_in
from werkzeug.test import TestResponse

from accredit.credential.trust import fingerprint
from accredit.db.models.accounts import Account, ApiToken
from accredit.db.models.audit import AuditEntry
from accredit.db.models.gate import Device
from accredit.db.models.jobs import Job, JobState
from accredit.db.models.lists import Edition
from accredit.domain.permissions import Role
from accredit.services.event_loading import find_event
from accredit.services.job_rows import add_job, claim, fail

EVENT_FILE = Path(__file__).resolve().parents[3] / "accredit" / "data" / "events" / "gcm-hearing-2017.toml"
TEMPLATES = EVENT_FILE.parents[3] / "badge_templates"


@pytest.fixture
def office(web: WebUnderTest) -> FlaskClient:
    """The browser of an administrator."""
    return web.staff(Role.ADMINISTRATOR)


def send(client: FlaskClient, address: str, *, page: str = "", **fields: Any) -> TestResponse:
    """Sends a form with the token of a page, by default of the same address."""
    return client.post(address, data={"csrf_token": csrf_of(client.get(page or address)), **fields})


def followed(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """The page to which an answer leads."""
    assert answer.status_code == 302, answer.text
    return client.get(answer.headers["Location"])


def hidden(page: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found is not None, page.text
    return html.unescape(found[1])


def uploaded(text: str, name: str) -> tuple[io.BytesIO, str]:
    """A file as a form sends it."""
    return io.BytesIO(text.encode()), name


def actions(web: WebUnderTest) -> list[str]:
    """What the trail tells, by name."""
    with web.changing() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


# The event


def _event_file(**changes: str) -> tuple[io.BytesIO, str]:
    text = EVENT_FILE.read_text("utf-8")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return uploaded(text, "event.toml")


LATER = {"a": ("deadline_on = 2017-09-04", "deadline_on = 2017-09-06")}


def test_an_event_file_is_shown_before_it_is_loaded(web: WebUnderTest, office: FlaskClient) -> None:
    """Key by key, with those whom it concerns; then loaded once, however often it is confirmed."""
    with web.changing() as session:
        make_application(session, web.event, received_at=HEARING_MORNING.replace(month=9, day=5))
    answer = send(office, "/admin/event", file=_event_file(**LATER))
    shown = followed(office, answer)
    assert "<del>2017-09-04</del>" in shown.text
    assert "<ins>2017-09-06</ins>" in shown.text
    assert "1 application that is late would be in time." in shown.text
    address = answer.headers["Location"]
    for told in ("The event file is loaded.", "loaded or thrown away already"):
        form = {"csrf_token": csrf_of(shown), "seen": hidden(shown, "seen")}
        assert told in followed(office, office.post(f"{address}/load", data=form)).text
    with web.changing() as session:
        loaded = find_event(session, "")
        assert loaded is not None
        assert loaded.event.deadline_on == date(2017, 9, 6)
    assert actions(web).count("event.loaded") == 2  # the test's own, and this one


def test_a_second_administrator_is_told(web: WebUnderTest, office: FlaskClient) -> None:
    """Two files at once: whoever confirms second looks again, and nothing is lost."""
    other = web.staff(Role.ADMINISTRATOR)
    mine = send(office, "/admin/event", file=_event_file(**LATER)).headers["Location"]
    shown = office.get(mine)
    theirs = send(
        other, "/admin/event", file=_event_file(b=("quota_per_organisation = 20", "quota_per_organisation = 9"))
    )
    seen = followed(other, theirs)
    form = {"csrf_token": csrf_of(seen), "seen": hidden(seen, "seen")}
    other.post(theirs.headers["Location"] + "/load", data=form)
    answer = office.post(f"{mine}/load", data={"csrf_token": csrf_of(shown), "seen": hidden(shown, "seen")})
    again = followed(office, answer)
    assert "Somebody else loaded an event file meanwhile." in again.text
    assert "<ins>20</ins>" in again.text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("deadline_on = ", "is no TOML"),
        ('key = "gcm-hearing-2017"', "this key is missing; add it"),
        ('key = "another"', "this service shows the event"),
        ("\udcff", "is no text in UTF-8"),
        ("a = " + "[" * 900, "is no TOML"),
        ("#" * 1001, "is larger than 1 MB"),
    ],
)
def test_a_broken_event_file_is_refused_with_key_and_cure(
    web: WebUnderTest, office: FlaskClient, monkeypatch: pytest.MonkeyPatch, content: str, told: str
) -> None:
    """Nothing is kept and nothing is changed."""
    monkeypatch.setattr("accredit.web.admin_event.LARGEST_FILE", 1000)
    data = (io.BytesIO(content.encode("utf-8", "surrogateescape")), "event.toml")
    answer = send(office, "/admin/event", file=data)
    assert answer.status_code == 400
    assert told in html.unescape(answer.text)
    assert actions(web).count("event.loaded") == 1


def test_the_form_of_the_event_needs_a_file(office: FlaskClient) -> None:
    """Without one it says so, beside the field."""
    answer = send(office, "/admin/event")
    assert answer.status_code == 400
    assert "Choose the event file to look at." in answer.text


def test_the_same_event_file_changes_nothing(office: FlaskClient) -> None:
    """And there is nothing to confirm; the file can be thrown away."""
    answer = send(office, "/admin/event", file=_event_file())
    shown = followed(office, answer)
    assert "There is nothing to confirm." in shown.text
    gone = office.post(answer.headers["Location"] + "/discard", data={"csrf_token": csrf_of(shown)})
    assert "thrown away; nothing was changed" in followed(office, gone).text
    assert "loaded or thrown away already" in followed(office, office.get(answer.headers["Location"])).text


# Lists

ROWS = "org_id,org_name,status\n1,Alpine Migrants Forum,special\n2,Harbour Watch,roster\n3,Gone Society,roster\n"
NEXT = "org_id,org_name,status\n1,Alpine Migrants Federation,special\n2,Harbour Watch,suspended\n4,New Voices,roster\n"


def _list_form(text: str, **changes: Any) -> dict[str, Any]:
    return {"list_key": "ecosoc", "as_of": "2017-09-20", "file": uploaded(text, "ecosoc.csv"), **changes}


def test_an_edition_is_shown_as_a_difference_and_imported_once(web: WebUnderTest, office: FlaskClient) -> None:
    """New, gone, renamed, of another status; then loaded once, however often it is confirmed."""
    with web.changing() as session:
        before = [{"external_id": "1", "name": "Alpine Migrants Forum", "status": "special"}]
        before += [{"external_id": "2", "name": "Harbour Watch", "status": "roster"}]
        before += [{"external_id": "3", "name": "Gone Society", "status": "roster"}]
        load_list(session, web.office, "ecosoc", before)
    answer = send(office, "/admin/lists", **_list_form(NEXT))
    shown = followed(office, answer)
    for told in (
        "Alpine Migrants Forum → Alpine Migrants Federation",
        "Harbour Watch: roster → suspended (not in force)",
        "Compared with the edition as of 4 September 2017.",
        "<bdi>New Voices</bdi>",
        "<bdi>Gone Society</bdi>",
    ):
        assert told in shown.text
    form = {"csrf_token": csrf_of(shown), "seen": hidden(shown, "seen")}
    address = answer.headers["Location"]
    first = followed(office, office.post(f"{address}/import", data=form))
    assert "The new edition with 3 entries is loaded." in first.text
    assert "✓" not in first.text or "accredit-clear" in first.text
    assert "imported or thrown away already" in followed(office, office.post(f"{address}/import", data=form)).text
    with web.changing() as session:
        assert len(session.scalars(select(Edition)).all()) == 2
    assert actions(web).count("list.imported") == 2


def test_columns_are_said_where_their_names_tell_nothing(web: WebUnderTest, office: FlaskClient) -> None:
    """The refusal names the columns; once they are chosen, the difference is shown."""
    text = "Nr,Body,Rank\n1,Alpine Migrants Forum,special\n"
    answer = send(office, "/admin/lists", **_list_form(text))
    address = answer.headers["Location"]
    refused = office.get(address)
    assert refused.status_code == 400
    assert "the columns are: Nr, Body, Rank." in refused.text
    chosen = {"column-external_id": "Nr", "column-name": "Body", "column-status": "Rank", "column-note": "nonsense"}
    shown = followed(office, office.post(f"{address}/columns", data={"csrf_token": csrf_of(refused), **chosen}))
    assert "This is the first edition of the list." in shown.text
    assert '<option value="Body" selected>' in shown.text
    assert web.now == HEARING_MORNING


def test_broken_rows_are_named_before_anything_is_loaded(office: FlaskClient) -> None:
    """Row, column and cure; the good rows can go in without them."""
    text = "id,name,country\n1,Alpine Migrants Forum,CHE\n2,Harbour Watch,ZZZ\n3,River Crossing,KEN\n"
    shown = followed(office, send(office, "/admin/lists", **_list_form(text)))
    assert "Row 3, column “country”: no State has this code" in shown.text
    assert "Import this edition" in shown.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"list_key": ""}, "Say which list it is"),
        ({"list_key": "ECOSOC List"}, "small letters, digits and hyphens"),
        ({"as_of": "soon"}, "Not a valid date value"),
        ({"as_of": ""}, "Say as of which day the list is"),
        ({"file": (b"", "")}, "Choose the file of the list."),
        ({"file": (b"\x00\x01", "x.csv")}, "x.csv"),
        ({"file": (b"%PDF-1.7", "x.pdf")}, "accredit lists import"),
    ],
)
def test_an_upload_that_is_no_list_says_why(web: WebUnderTest, changes: dict[str, Any], told: str) -> None:
    """Field and cure, and what was typed stays."""
    office = web.staff(Role.ADMINISTRATOR)
    form = _list_form(ROWS, **changes)
    if "file" in changes:
        form["file"] = (io.BytesIO(changes["file"][0]), changes["file"][1])
    answer = send(office, "/admin/lists", **form)
    assert answer.status_code == 400
    assert told in html.unescape(answer.text)
    if "as_of" not in changes:
        assert 'value="2017-09-20"' in answer.text


def test_lists_are_shown_with_what_is_missing(web: WebUnderTest, office: FlaskClient) -> None:
    """A list that nobody loaded, and one that nobody reads, are marked."""
    with web.changing() as session:
        load_list(session, web.office, "ecosok", [{"name": "Alpine Migrants Forum"}])
    page = office.get("/admin/lists").text
    assert "none: whoever needs it goes to a reviewer" in page
    assert "no category reads it; its name may be mistyped" in page
    assert "No edition is loaded." in office.get("/admin/lists/ganhri").text
    assert office.get("/admin/lists/nowhere").status_code == 404


def test_whose_outcome_would_change_is_a_job(web: WebUnderTest, office: FlaskClient) -> None:
    """A double click starts one; its page tells how it stands."""
    answers = [send(office, "/admin/lists/outlook", page="/admin/lists") for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    page = followed(office, answers[0])
    assert "Whose outcome would change" in page.text
    assert "waits" in page.text
    assert web.now == HEARING_MORNING


# People


def _added(office: FlaskClient, name: str, *roles: Role) -> str:
    form = office.get("/admin/users/add")
    fields = {"csrf_token": csrf_of(form), "form_id": hidden(form, "form_id"), "name": name}
    answer = office.post("/admin/users/add", data={**fields, "roles": [role.value for role in roles]})
    assert answer.status_code == 302, answer.text
    again = office.post("/admin/users/add", data={**fields, "roles": [role.value for role in roles]})
    assert again.headers["Location"] == answer.headers["Location"]
    return str(answer.headers["Location"])


def test_a_person_is_added_and_chooses_the_password(web: WebUnderTest, office: FlaskClient) -> None:
    """The link is shown once and works once; afterwards the person logs in with what he chose."""
    address = _added(office, "j.doe", Role.DESK)
    assert "has no password yet" in office.get(address).text
    shown = send(office, f"{address}/link", page=address)
    link = re.search(r"http://localhost(/choose-password/[\w.-]+)", shown.text)
    assert link is not None
    assert "choose-password" not in office.get(address).text
    person = web.client()
    form = person.get(link[1])
    assert "For the account j.doe." in form.text
    weak = {"csrf_token": csrf_of(form), "new": "short", "again": "short"}
    assert "12 to 200 characters" in person.post(link[1], data=weak).text
    unlike = {"csrf_token": csrf_of(form), "new": PASSWORD, "again": PASSWORD + "s"}
    assert "reads differently" in person.post(link[1], data=unlike).text
    chosen = {"csrf_token": csrf_of(form), "new": PASSWORD, "again": PASSWORD}
    assert person.post(link[1], data=chosen).headers["Location"] == "/log-in"
    assert person.get(link[1]).status_code == 410
    assert log_in(web.client(), "j.doe").status_code == 302
    assert actions(web)[-1] in {"account.changed", "account.logged_in"}


@pytest.mark.parametrize("link", ["nonsense", "WyJhIl0.aaaa.bbbb", "a" * 2000])
def test_a_forged_link_opens_nothing(pages: WebUnderTest, link: str) -> None:
    """One sentence for all of them, which tells nothing of who exists."""
    answer = pages.client().get(f"/choose-password/{link}")
    assert answer.status_code == 410
    assert "This link does not work any more" in answer.text


def test_roles_are_changed_by_who_saw_the_present_ones(web: WebUnderTest, office: FlaskClient) -> None:
    """The second of two administrators is told, and sees the account as it is."""
    address = _added(office, "j.doe", Role.DESK)
    page = office.get(address)
    form = {"csrf_token": csrf_of(page), "seen": hidden(page, "seen")}
    done = followed(office, office.post(f"{address}/roles", data={**form, "roles": ["reviewer", "desk"]}))
    assert "The roles are changed." in done.text
    stale = followed(office, office.post(f"{address}/roles", data={**form, "roles": ["gate"]}))
    assert "Somebody else changed this account meanwhile." in stale.text
    none = office.post(f"{address}/roles", data=form)
    assert none.status_code == 400
    assert "Choose at least one role" in none.text
    assert web.now == HEARING_MORNING


def test_nobody_changes_the_own_account_or_the_last_administrator(web: WebUnderTest) -> None:
    """By no route: not by a form that the page does not even show."""
    mine = web.account("a.smith", Role.ADMINISTRATOR)
    client = web.client()
    assert log_in(client, "a.smith").status_code == 302
    page = client.get(f"/admin/users/{mine.id}")
    assert "This is your own account." in page.text
    assert "Change the roles" not in page.text
    for path, fields in (
        ("roles", {"roles": "gate", "seen": "administrator"}),
        ("active", {"active": "no"}),
        ("link", {}),
    ):
        answer = client.post(f"/admin/users/{mine.id}/{path}", data={"csrf_token": csrf_of(page), **fields})
        assert "This is your own account." in followed(client, answer).text
    with web.changing() as session:
        assert session.get_one(Account, mine.id).roles == ["administrator"]


def test_an_account_out_of_use_cannot_log_in(web: WebUnderTest, office: FlaskClient) -> None:
    """Until it is put back."""
    person = web.account("j.doe", Role.DESK)
    address = f"/admin/users/{person.id}"
    assert (
        "out of use: nobody can log in"
        in followed(office, send(office, f"{address}/active", page=address, active="no")).text
    )
    assert log_in(web.client(), "j.doe").status_code == 401
    send(office, f"{address}/active", page=address, active="yes")
    assert log_in(web.client(), "j.doe").status_code == 302


def test_a_token_is_shown_once_and_ended(web: WebUnderTest, office: FlaskClient) -> None:
    """A double click makes one; it works until it is ended."""
    person = web.account("importer", Role.INTAKE)
    address = f"/admin/users/{person.id}"
    page = office.get(address)
    form = {"token-mark": hidden(page, "token-mark"), "token-scopes": ["applications:submit", "event:read"]}
    form["token-csrf_token"] = form["csrf_token"] = csrf_of(page)
    first, again = (office.post(f"{address}/tokens", data=form).text for _ in range(2))
    token = re.search(r"acc_[\w-]{40,}", first)
    assert token is not None
    assert token[0] in again
    assert token[0] not in office.get(address).text
    none = office.post(f"{address}/tokens", data={**form, "token-scopes": []})
    assert none.status_code == 400
    assert "Choose at least one thing that the program may do." in none.text
    assert "hand in applications; read what the event is" in office.get(address).text
    with web.changing() as session:
        [held] = session.scalars(select(ApiToken)).all()
    assert held.scopes == ["applications:submit", "event:read"]
    ended = send(office, f"{address}/tokens/{held.id}/end", page=address)
    assert "The token is ended." in followed(office, ended).text


def test_a_name_that_is_taken_is_told_beside_the_field(office: FlaskClient) -> None:
    """And what was typed stays."""
    _added(office, "j.doe", Role.DESK)
    form = office.get("/admin/users/add")
    fields = {"csrf_token": csrf_of(form), "form_id": hidden(form, "form_id"), "name": "j.doe", "roles": ["gate"]}
    answer = office.post("/admin/users/add", data=fields)
    assert answer.status_code == 400
    assert "There is an account of this name already." in answer.text
    assert 'value="j.doe"' in answer.text


def test_a_step_back_and_another_name_is_another_account(office: FlaskClient) -> None:
    """The same showing of the form, sent again with another name."""
    form = office.get("/admin/users/add")
    fields = {"csrf_token": csrf_of(form), "form_id": hidden(form, "form_id"), "roles": ["gate"]}
    places = {
        office.post("/admin/users/add", data={**fields, "name": name}).headers["Location"] for name in ("a", "b", "a")
    }
    assert len(places) == 2


# Scanners


def test_a_scanner_is_enrolled_by_a_code_that_is_shown_once(web: WebUnderTest, office: FlaskClient) -> None:
    """As letters and as a picture; a double click prepares one scanner, and the code opens the enrolment."""
    page = office.get("/admin/scanners")
    assert "No scanner is enrolled." in page.text
    form = {"csrf_token": csrf_of(page), "mark": hidden(page, "mark"), "name": "gate-1", "checkpoint": "pregny"}
    shown, again = (office.post("/admin/scanners", data=form).text for _ in range(2))
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", shown)
    assert code is not None
    assert code[0] in again
    assert 'src="data:image/png;base64,' in shown
    assert fingerprint(make_keyring(web.event.event).root_public) in shown
    listed = office.get("/admin/scanners").text
    assert "waits for its code" in listed
    assert code[0] not in listed
    web.now = HEARING_MORNING + timedelta(hours=25)
    assert "its code is too old" in office.get("/admin/scanners").text


def test_a_scanner_is_switched_off_for_good(web: WebUnderTest, office: FlaskClient) -> None:
    """It is shown with its list and its clock; switched off, it stays so, however often it is asked for."""
    web.scanner("gate 1")
    assert "silent" not in office.get("/admin/scanners").text
    for _ in range(2):
        answer = send(office, "/admin/scanners/gate 1/switch-off", page="/admin/scanners")
        assert "The scanner is switched off." in followed(office, answer).text
    with web.changing() as session:
        [device] = session.scalars(select(Device)).all()
        assert device.switched_off_at is not None
    assert actions(web).count("device.switched_off") == 1
    anew = office.get("/admin/scanners?like=gate 1")
    assert 'value="gate 1-2"' in anew.text
    assert '<option selected value="pregny">' in anew.text
    assert "value" in office.get("/admin/scanners?like=nowhere").text
    gone = send(office, "/admin/scanners/nowhere/switch-off", page="/admin/scanners")
    assert "There is no scanner of this name any more." in followed(office, gone).text


def test_a_step_back_and_another_name_is_another_scanner(web: WebUnderTest, office: FlaskClient) -> None:
    """The same showing of the form, sent again with another name: both wait, each for its own code."""
    page = office.get("/admin/scanners")
    form = {"csrf_token": csrf_of(page), "mark": hidden(page, "mark"), "checkpoint": "pregny"}
    codes = [
        re.findall(
            r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", office.post("/admin/scanners", data={**form, "name": name}).text
        )[0]
        for name in ("gate-1", "gate-2", "gate-1")
    ]
    assert codes[0] == codes[2] != codes[1]
    with web.changing() as session:
        assert len(session.scalars(select(Device)).all()) == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": " "}, "Give the scanner a name"),
        ({"name": "x" * 81}, "at most 80 letters"),
        ({"name": "gate 1"}, "There is a scanner of this name already."),
        ({"checkpoint": "nowhere"}, "Choose one of the event"),
    ],
)
def test_a_scanner_that_cannot_be_prepared_says_why(
    web: WebUnderTest, office: FlaskClient, changes: dict[str, str], told: str
) -> None:
    """Field and cure."""
    web.scanner("gate 1")
    page = office.get("/admin/scanners")
    form = {"csrf_token": csrf_of(page), "mark": hidden(page, "mark"), "name": "gate-2", "checkpoint": "pregny"}
    answer = office.post("/admin/scanners", data={**form, **changes})
    assert answer.status_code == 400
    assert told in answer.text


# Jobs


def _failed_job(web: WebUnderTest) -> UUID:
    with web.changing() as session:
        job = add_job(session, web.office, "print", {})
        claim(session, job.id, web.now)
        fail(session, job.id, "there is no template “x”", web.now)
        return job.id


def test_a_failed_job_tells_its_cause_and_is_tried_again(web: WebUnderTest, office: FlaskClient) -> None:
    """The cause in the list and on its page; tried again it waits, and says when nobody takes it."""
    assert "No job was started yet." in office.get("/admin/jobs").text
    job = _failed_job(web)
    for address in ("/admin/jobs", "/admin/jobs/pieces", f"/admin/jobs/{job}", f"/admin/jobs/{job}/pieces"):
        assert "there is no template “x”" in office.get(address).text, address
    again = send(office, f"/admin/jobs/{job}/retry", page=f"/admin/jobs/{job}")
    assert "The job begins anew." in followed(office, again).text
    web.now = HEARING_MORNING + timedelta(minutes=5)
    assert "No worker takes this job." in office.get(f"/admin/jobs/{job}").text
    assert office.get(f"/admin/jobs/{UUID(int=1)}").status_code == 404


def test_a_job_is_stopped(web: WebUnderTest, office: FlaskClient) -> None:
    """Once; a second click says that it was over."""
    with web.changing() as session:
        job = add_job(session, web.office, "outlook", {}).id
    for told in ("The job is stopped.", "The job was over already."):
        answer = send(office, f"/admin/jobs/{job}/stop", page="/admin/scanners")
        assert told in followed(office, answer).text
    with web.changing() as session:
        assert session.get_one(Job, job).state is JobState.CANCELLED


def test_the_outlook_of_a_job_is_shown(web: WebUnderTest, office: FlaskClient) -> None:
    """Whose outcome would change, with the way to each application."""
    with web.changing() as session:
        job = add_job(session, web.office, "outlook", {})
        job.state = JobState.DONE
        changed = [{"reference": "K7QF-3M9P", "state": "approved", "before": "eligible", "after": "review"}]
        job.result = {"count": 3, "changed": changed}
        job_id = job.id
    page = office.get(f"/admin/jobs/{job_id}").text
    assert "3 outcomes would be other ones" in page
    assert 'href="/applications/K7QF-3M9P"' in page or 'href="/review/K7QF-3M9P"' in page
    assert "and 2 more" in page


# Templates


def test_templates_are_shown_with_their_samples(web: WebUnderTest) -> None:
    """Fields, sizes and pictures; what does not exist is not found."""
    web.app.extensions["accredit"] = web.parts(templates=TEMPLATES)
    office = web.staff(Role.ADMINISTRATOR)
    page = office.get("/admin/templates").text
    assert "Special event pass" in page
    assert "latin_name" in page
    [first, *_] = re.findall(r'src="(/admin/templates/[^"]+\.png)"', page)
    picture = office.get(first)
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    for address in ("special-event-pass/a0/0", "nothing/a6/0", "special-event-pass/a6/99"):
        assert office.get(f"/admin/templates/{address}.png").status_code == 404


def test_a_machine_without_templates_says_so(web: WebUnderTest, tmp_path: Path) -> None:
    """A sentence instead of an empty page; a broken template is named with its fault."""
    web.app.extensions["accredit"] = web.parts(templates=tmp_path)
    office = web.staff(Role.ADMINISTRATOR)
    assert "There is no badge template." in office.get("/admin/templates").text
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "template.toml").write_text("title =", "utf-8")
    assert "This template cannot be used:" in office.get("/admin/templates").text


# All pages


def test_without_an_event_the_office_can_begin(web: WebUnderTest, office: FlaskClient) -> None:
    """What needs an event says so; what makes one is open."""
    web.app.extensions["accredit"] = web.parts(event_key="not-loaded-yet")
    for address in ("/admin", "/admin/event", "/admin/lists", "/admin/users", "/admin/jobs"):
        assert office.get(address).status_code == 200, address
    for address in ("/overview", "/admin/scanners"):
        answer = office.get(address)
        assert answer.status_code == 503
        assert "an administrator loads it first" in answer.text


def test_every_page_of_the_administration_is_whole(web: WebUnderTest, office: FlaskClient) -> None:
    """A title, one heading, a label for every field, and no code or style in the page itself."""
    with web.changing() as session:
        usual_lists(session, web.office)
    web.scanner("gate 1")
    person = web.account("j.doe", Role.DESK)
    job = _failed_job(web)
    shown = send(office, "/admin/lists", **_list_form(ROWS)).headers["Location"]
    event = send(office, "/admin/event", file=_event_file(**LATER)).headers["Location"]
    sections = ("", "/event", "/lists", "/lists/ecosoc", "/users", "/users/add", "/scanners", "/jobs")
    addresses = [f"/admin{one}" for one in sections] + [f"/admin/users/{person.id}", f"/admin/jobs/{job}", shown, event]
    for address in addresses:
        answer = office.get(address)
        assert answer.status_code == 200, address
        page = answer.text
        assert re.search(r"<title>[^<]+ – accredit</title>", page), address
        assert page.count("<h1") == 1, address
        for field in re.findall(r'<(?:input|select)(?![^>]*(?:hidden|submit))[^>]*\bid="([\w-]+)"', page):
            assert f'for="{field}"' in page, (address, field)
        assert not re.search(r"\s(style|on\w+)=|<script>", page), address
