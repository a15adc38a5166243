"""The page of the printers: set up, changed, taken away."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from web_under_test import WebUnderTest, csrf_of

from accredit.db.models.printing import Printer
from accredit.domain.permissions import Role

PAGE = "/admin/printers"


@pytest.fixture
def office(web: WebUnderTest) -> FlaskClient:
    """The browser of an administrator."""
    return web.staff(Role.ADMINISTRATOR)


def _printers(web: WebUnderTest) -> list[tuple[str, str, str]]:
    with web.changing() as session:
        rows = session.scalars(select(Printer).order_by(Printer.name)).all()
        return [(row.name, row.queue, row.desk) for row in rows]


def _send(client: FlaskClient, address: str, **fields: str) -> tuple[int, str]:
    answer = client.post(address, data={"csrf_token": csrf_of(client.get(PAGE)), **fields}, follow_redirects=True)
    return answer.status_code, answer.text


def test_a_printer_is_set_up_changed_and_taken_away(web: WebUnderTest, office: FlaskClient) -> None:
    """One form for both; the name says which."""
    assert "No printer is set up" in office.get(PAGE).text
    _send(office, PAGE, name="hall left", queue="HP-1", desk="desk 1")
    status, page = _send(office, PAGE, name="hall left", queue="HP-2", desk="desk 1")
    assert (status, "The printer is set up" in page) == (200, True)
    assert _printers(web) == [("hall left", "HP-2", "desk 1")]
    assert "The printer is taken away" in _send(office, f"{PAGE}/hall%20left/remove")[1]
    assert _printers(web) == []
    assert "There is no printer of this name any more" in _send(office, f"{PAGE}/hall%20left/remove")[1]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "", "queue": "HP-1"}, "Give the printer a name"),
        ({"name": "hall", "queue": "-d elsewhere"}, "letters, digits, dot, dash and underline"),
        ({"name": "x" * 41, "queue": "HP-1"}, "at most 40 characters"),
    ],
    ids=["no name", "an option for lp", "long name"],
)
def test_what_cannot_be_a_printer(web: WebUnderTest, office: FlaskClient, fields: dict[str, str], told: str) -> None:
    """The sentence stands at the field, what was typed stays, and nothing is kept."""
    status, page = _send(office, PAGE, **fields)
    assert status == 400
    assert told in page
    assert _printers(web) == []


@pytest.mark.parametrize(("path", "told"), [("", "no command lp"), ("/bin", "has the command lp")])
def test_whether_this_machine_can_print(
    office: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, told: str
) -> None:
    """Whoever sets printers up is told where the command is missing."""
    monkeypatch.setattr("accredit.services.print_server.shutil.which", lambda _name: path or None)
    assert told in office.get(PAGE).text


def test_only_administrators_set_printers_up(web: WebUnderTest) -> None:
    """A desk prints; it does not say where."""
    assert web.staff(Role.DESK).get(PAGE).status_code == 403
