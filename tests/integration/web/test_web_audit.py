"""The audit trail as a page, and exports: found, checked, harmless in a spreadsheet, and told."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from factories.applications import assessed
from factories.contexts import acting, at
from factories.lists import usual_lists
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from web_under_test import WebUnderTest, csrf_of
from werkzeug.test import TestResponse

from accredit.db.models.audit import AuditEntry
from accredit.domain.permissions import Role
from accredit.services.auditing import Action, Subject, record
from accredit.services.export_cells import harmless
from accredit.services.exporting import EXPORTS, ExportKind
from accredit.services.reviewing import approve
from accredit.web.audit_words import ACTIONS


@pytest.fixture
def site(web: WebUnderTest) -> WebUnderTest:
    """The service with an application that was approved."""
    with web.changing() as session:
        usual_lists(session, web.office)
        made = assessed(
            session, web.office, web.event, organisation="=HYPERLINK(1)", surname="ROSSI", given_names="Ada"
        )
        approve(session, web.office, web.event, made.reference, reason_staff="-1+1 is asked by the body")
    return web


def _export(client: FlaskClient, kind: str, columns: list[str], file_format: str = "csv") -> TestResponse:
    token = csrf_of(client.get("/exports"))
    return client.post(f"/exports/{kind}", data={"csrf_token": token, "column": columns, "format": file_format})


def _table(answer: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_trail_is_searched_by_who_what_on_what_and_when(site: WebUnderTest) -> None:
    """Each alone and together; an account by its name, a reference however it is typed, a day at the place."""
    with site.changing() as session:
        keller = acting(site.office, "user:m.keller", *Role)
        record(session, at(keller, site.now - timedelta(days=3)), Action.ALIAS_ADDED, Subject("body", "ecosoc/42"))
        reference = session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "pass.prepared")).one()
    auditor = site.staff(Role.AUDITOR)

    def found(query: str) -> int:
        return len(re.findall(r'<td data-label="Row">', auditor.get(f"/audit?{query}").text))

    whole = found("")
    assert whole >= 5
    for query in (
        "actor=m.keller",
        "action=alias.added",
        "subject=ecosoc/42",
        "from=2017-10-08&to=2017-10-08",
    ):
        assert found(query) == 1, query
    assert found(f"subject={reference}") >= 1
    assert found("actor=m.keller&action=pass.prepared") == 0
    for nonsense in ("from=yesterday", "before=x", "to=9999-12-31", "action=%00"[:7]):
        assert found(nonsense) in {whole, 0}


def test_the_trail_goes_on_by_page(site: WebUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest first, nobody lost between two pages."""
    monkeypatch.setattr("accredit.web.audit_pages.PAGE", 3)
    auditor = site.staff(Role.AUDITOR)
    address, seen = "/audit?actor=test:office", list[int]()
    for _ in range(20):
        page = auditor.get(address.replace("&amp;", "&")).text
        seen += map(int, re.findall(r'<td data-label="Row">(\d+)<', page))
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        if onward is None:
            break
        address = onward[1]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) > 3


def test_a_row_that_was_altered_shows(site: WebUnderTest) -> None:
    """Beside the row, and by the check of the whole chain."""
    auditor = site.staff(Role.AUDITOR)

    def checked() -> str:
        auditor.post("/audit/check", data={"csrf_token": csrf_of(auditor.get("/audit"))})
        return auditor.get("/audit").text

    assert "every row fits the one before it" in checked()
    with site.changing() as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.action == "application.approved")).one()
        row.actor, number = "user:nobody", row.number
    told = checked()
    assert f"The chain breaks at row {number}" in told
    assert told.count("does not fit") == 1


def test_only_who_may_reads_the_trail(site: WebUnderTest) -> None:
    """Auditors and administrators; nobody else by any way."""
    for role in Role:
        allowed = role in {Role.AUDITOR, Role.ADMINISTRATOR}
        assert (site.staff(role).get("/audit").status_code == 200) is allowed, role
    senior = site.staff(Role.SENIOR_REVIEWER)
    assert 'action="/exports/audit"' not in senior.get("/exports").text
    assert _export(senior, "audit", ["number"]).status_code == 403


@pytest.mark.parametrize("kind", ExportKind)
def test_every_export_is_a_table_with_nothing_personal_by_default(site: WebUnderTest, kind: ExportKind) -> None:
    """The usual columns, in CSV and as a workbook; no name among them, and no secret in any column."""
    admin = site.staff(Role.ADMINISTRATOR)
    usual = list(EXPORTS[kind].usual)
    answer = _export(admin, kind.value, usual)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert next(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))) == usual
    assert "ROSSI" not in answer.text
    book = load_workbook(io.BytesIO(_export(admin, kind.value, usual, "xlsx").data))
    assert [cell.value for cell in next(book.active.iter_rows())] == usual  # type: ignore[union-attr]
    names = {one.name for one in EXPORTS[kind].columns}
    assert not names & {"serial", "short_code", "document_hash", "document_tag", "kid", "person_hash"}


def test_no_cell_is_a_formula(site: WebUnderTest) -> None:
    """Neither for a program that reads CSV nor as a cell of a workbook."""
    admin = site.staff(Role.ADMINISTRATOR)
    [row] = _table(_export(admin, "applications", ["organisation", "surname"]))
    assert row == {"organisation": "'=HYPERLINK(1)", "surname": "ROSSI"}
    [decision] = _table(_export(admin, "decisions", ["reason_staff"]))
    assert decision["reason_staff"].startswith("'-1+1")
    book = load_workbook(io.BytesIO(_export(admin, "applications", ["organisation"], "xlsx").data))
    cell = book.active["A2"]  # type: ignore[index]
    assert (cell.value, cell.data_type) == ("'=HYPERLINK(1)", "s")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_whatever_begins_like_a_formula_is_text(text: str) -> None:
    """Also behind blanks, tabs and line ends, and in wide signs; other texts stay as they are."""
    assert harmless(text) == f"'{text}"
    assert harmless(f"a{text}") == f"a{text}"
    assert harmless("") == ""
    assert harmless("a\x00b\x1b") == "ab"


def test_who_exported_what_stands_in_the_trail_before_anything_leaves(site: WebUnderTest) -> None:
    """Actor, table and format, and the names of the columns; a refused one leaves no row."""
    senior = site.staff(Role.SENIOR_REVIEWER)
    _export(senior, "applications", ["reference", "email"])
    assert _export(senior, "applications", []).status_code == 422
    assert _export(senior, "applications", ["password_hash"]).status_code == 422
    with site.changing() as session:
        [row] = session.scalars(select(AuditEntry).where(AuditEntry.action == "export.made"))
    assert row.actor.startswith("user:staff")
    assert (row.subject_id, row.fields) == ("applications.csv", ["email", "reference"])


def test_columns_about_persons_need_a_right_of_their_own(site: WebUnderTest) -> None:
    """An auditor sees no such column, and gets none by asking for it."""
    auditor = site.staff(Role.AUDITOR)
    assert "Columns about persons" not in auditor.get("/exports").text
    assert _export(auditor, "applications", ["reference"]).status_code == 200
    assert _export(auditor, "applications", ["reference", "surname"]).status_code == 403
    for role in (Role.REVIEWER, Role.DESK, Role.GATE, Role.SUPERVISOR, Role.INTAKE):
        assert site.staff(role).get("/exports").status_code == 403


def test_a_workbook_that_would_be_too_long_is_not_begun(site: WebUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says to choose CSV; an export that nobody has is none."""
    monkeypatch.setattr("accredit.web.exports.MOST_ROWS_OF_A_BOOK", 0)
    admin = site.staff(Role.ADMINISTRATOR)
    answer = _export(admin, "applications", ["reference"], "xlsx")
    assert (answer.status_code, "please choose CSV" in answer.text) == (422, True)
    assert _export(admin, "secrets", ["reference"]).status_code == 404


def test_every_action_has_its_words() -> None:
    """What is done has a name on the page."""
    assert {action.value for action in Action} - set(ACTIONS) == set()
