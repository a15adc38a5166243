"""Apply for several people in one table: each row whole or refused, sent again without doubles."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from applying import file, hidden_fields, posted, with_lists
from factories.letters import pdf_of_pages
from flask.testing import FlaskClient
from sqlalchemy import func, select
from web_under_test import WebUnderTest
from werkzeug.test import TestResponse

from accredit.db.models.applications import Application, Letter
from accredit.db.models.outbox import Message
from accredit.db.session import reading
from accredit.services.group_intake import AT_ONCE, COLUMNS, MOST_ROWS


@pytest.fixture
def house(web: WebUnderTest) -> WebUnderTest:
    """The service in time, with lists."""
    web.now = datetime(2017, 8, 30, 8, 0, tzinfo=UTC)
    return with_lists(web)


@pytest.fixture
def page(pages: WebUnderTest) -> WebUnderTest:
    """The same where the database has no say."""
    pages.now = datetime(2017, 8, 30, 8, 0, tzinfo=UTC)
    return with_lists(pages)


def _row(number: int, **changes: str) -> dict[str, str]:
    letters = "".join("ABCDEFGHIJ"[int(digit)] for digit in f"{number:04}")
    return {
        "surname": f"PERSON{letters}",
        "given_names": "Ines",
        "birth_date": "1980-05-31",
        "nationality": "CHE",
        "email": f"person{number}@example.org",
        **changes,
    }


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    out = io.StringIO()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _send(client: FlaskClient, people: bytes, after: TestResponse | None = None, **changes: Any) -> TestResponse:
    hidden = hidden_fields(after or client.get("/apply/group"), "/apply/group")
    fields = {
        "organisation": "Alpine Migrants Forum",
        "category": "ngo",
        "consent": "y",
        "table": file(people, "a.csv"),
    }
    return posted(client, "/apply/group", {**hidden, **fields, **changes})


def _count(web: WebUnderTest, table: Any = Application) -> int:
    with reading(web.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_good_rows_are_taken_and_others_told(house: WebUnderTest) -> None:
    """By the number that a spreadsheet shows, with field and cure; everybody who is in gets a mail and the letter."""
    rows = [
        _row(1),
        _row(2, email="nobody", birth_date="31.5.1980"),
        _row(3, nationality="Swiss"),
        _row(4, organisation="Lakeside Diaspora Council"),
        _row(5, organisation="alpine  migrants FORUM", category="diaspora"),
    ]
    answer = _send(
        house.client(),
        _csv(
            [{**row, "organisation": row.get("organisation", ""), "category": row.get("category", "")} for row in rows]
        ),
        letter=file(pdf_of_pages(), "l.pdf"),
    )
    assert answer.status_code == 200
    for words in (
        "2 rows were taken.",
        "3 were not taken.",
        "E-mail address: this is no e-mail address",
        "Date of birth: please write year-month-day",
        "Nationality: please write the three letters",
        "Organization: this is another one than that of the table",
    ):
        assert words in answer.text
    assert [_count(house, table) for table in (Application, Letter, Message)] == [2, 2, 2]


def test_the_mended_table_takes_what_is_missing(house: WebUnderTest) -> None:
    """Sent again from the report, rows that are in are not taken twice; so is a page that was loaded again."""
    client = house.client()
    report = _send(client, _csv([_row(1), _row(2, email="nobody")]))
    mended = _send(client, _csv([_row(1), _row(2)]), after=report)
    assert "One row was taken." in mended.text
    assert "One was in before." in mended.text
    assert _count(house) == 2
    again = _send(client, _csv([_row(1), _row(2)]), after=report)
    assert "2 were in before." in again.text
    assert _count(house) == 2


def test_the_empty_table_can_be_filled_in(page: WebUnderTest) -> None:
    """Its columns are those that are read."""
    answer = page.client().get("/apply/group/template.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.decode("utf-8-sig").strip().split(",") == list(COLUMNS)
    filled = answer.data + ",".join(_row(7).get(name, "") for name in COLUMNS).encode()
    assert "One row was taken." in _send(page.client(), filled).text


def test_more_rows_than_one_transaction_takes(page: WebUnderTest) -> None:
    """Portions are committed one by one; the report is of all."""
    answer = _send(page.client(), _csv([_row(number) for number in range(AT_ONCE + 2)]))
    assert f"{AT_ONCE + 2} rows were taken." in answer.text
    assert _count(page) == AT_ONCE + 2


REFUSED = {
    "no file": ({"table": file(b"", "")}, "Table: please choose the file"),
    "no rows": ({"table": file(b"surname,birth_date,nationality,email\n", "a.csv")}, "there are no people in it"),
    "empty file": ({"table": file(b"", "a.csv")}, "Table: it cannot be read"),
    "picture": ({"table": file(b"\x89PNG\r\n", "a.csv")}, "Table: it cannot be read"),
    "another encoding": ({"table": file("surname;email\nMüller;a".encode("cp1252"), "a.csv")}, "UTF-8"),
    "columns missing": ({"table": file(b"surname,email\na,b", "a.csv")}, "no column birth_date, nationality"),
    "time of receipt": (
        {"table": file(_csv([_row(1, received_at="2017-01-01T00:00:00Z")]), "a.csv")},
        "no column of the name received_at",
    ),
    "hold": ({"table": file(_csv([_row(1, hold="no")]), "a.csv")}, "no column of the name hold"),
    "too many rows": (
        {"table": file(_csv([_row(number) for number in range(MOST_ROWS + 1)]), "a.csv")},
        f"more than {MOST_ROWS} rows",
    ),
    "no organisation": ({"organisation": " "}, "Organization: this is empty"),
    "no capacity": ({"category": "king"}, "In what capacity: please choose"),
    "no consent": ({"consent": ""}, "Please tick the box"),
    "letter that is none": ({"letter": file(b"Dear Sir", "l.pdf")}, "Letter: this is not a readable PDF"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_told_whole(page: WebUnderTest, name: str) -> None:
    """One sentence with the cure; nobody is in, and what was typed stays."""
    changes, words = REFUSED[name]
    answer = _send(page.client(), _csv([_row(1)]), **changes)
    assert answer.status_code == 422, answer.text
    assert words in answer.text
    assert _count(page) == 0


def test_fifty_thousand_rows_are_refused_at_once(page: WebUnderTest) -> None:
    """By their size, before anybody reads them."""
    table = _csv([_row(number % 10_000) for number in range(50_000)])
    answer = _send(page.client(), table)
    assert answer.status_code == 422
    assert f"more than {MOST_ROWS} rows" in answer.text


def test_a_stale_page_says_what_to_do(page: WebUnderTest) -> None:
    """The table has to be chosen once more; what was typed is kept."""
    stale = _send(page.client(), _csv([_row(1)]), after=page.client().get("/apply/group"))
    assert stale.status_code == 400
    assert "choose the table once more" in stale.text
    assert "Alpine Migrants Forum" in stale.text
    assert _count(page) == 0


@pytest.mark.parametrize("text", ["=1+1", "<script>alert(1)</script>", "x" * 400, "\u202eevil", "\x07"])
def test_a_bad_cell_spoils_its_row_alone(page: WebUnderTest, text: str) -> None:
    """Formulas and code are text, or refused as a name; the other row is in."""
    answer = _send(page.client(), _csv([_row(1, surname=text), _row(2)]))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert _count(page) in {1, 2}


def test_the_last_day_is_said_above_the_table(page: WebUnderTest) -> None:
    """Before it is over and afterwards, with what remains possible."""
    page.now = datetime(2017, 8, 30, 8, 0, tzinfo=UTC)
    assert "Last day to apply" in page.client().get("/apply/group").text
    page.now = datetime(2017, 9, 20, 9, 0, tzinfo=UTC)
    late = page.client().get("/apply/group").text
    assert "this day is over" in late
    assert "Late applications may still be sent" in late
