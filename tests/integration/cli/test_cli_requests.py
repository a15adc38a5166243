"""Commands on mail and on what applicants ask for."""

from __future__ import annotations

import os
import sqlite3
from unittest import mock

from factories.commands import Commands

from accredit.config import Settings, load_settings
from accredit.db.session import writing
from accredit.domain.messages import RequestKind
from accredit.services.applicant_requests import ask
from accredit.services.event_loading import find_event
from accredit.services.references import find_application
from accredit.wiring import House


def _asks(office: Commands, reference: str, kind: RequestKind) -> None:
    """The applicant asks on the own page."""
    with mock.patch.dict(os.environ, {**office.environment, "ACCREDIT_STATE": str(office.state)}, clear=True):
        loaded = load_settings()
        assert isinstance(loaded, Settings), loaded
        house = House(loaded)
        with writing(house.engine) as session:
            event = find_event(session, "")
            assert event is not None
            application = find_application(session, event, reference, to_change=True)
            assert application is not None
            wanted = {"birth_date": "1981-01-02"} if kind is RequestKind.AMENDMENT else {}
            ask(session, house.context(), application, kind, wanted)
            session.commit()
        house.close()


def test_a_request_is_listed_and_taken(office: Commands, references: list[str]) -> None:
    """Fields by name, no value; what was approved is open again; a second answer is refused with a sentence."""
    assert "nobody waits for an answer" in office("requests", "list").err
    _asks(office, references[0], RequestKind.AMENDMENT)
    listed = office.well("requests", "list")
    assert f"{references[0]}  " in listed
    assert "amendment of birth_date" in listed
    assert "1981" not in listed
    assert office.well("requests", "accept", references[0]) == f"{references[0]}: changed birth_date; it is assessed\n"
    again = office("requests", "accept", references[0])
    assert again.code == 1
    assert "has no request that waits" in again.err


def test_a_request_is_declined(office: Commands, references: list[str]) -> None:
    """Nothing is changed by it."""
    _asks(office, references[0], RequestKind.AMENDMENT)
    assert "nothing was changed" in office.well("requests", "decline", references[0])
    assert office("requests", "decline", references[0]).code == 1


def test_data_is_erased_when_the_application_is_closed(office: Commands, references: list[str]) -> None:
    """Not before it was asked for, and not while the person is approved."""
    assert "has not asked" in office("requests", "erase", references[0]).err
    _asks(office, references[0], RequestKind.DELETION)
    assert "withdraw or refuse it first" in office("requests", "erase", references[0]).err
    office.well("review", "withdraw", references[0])
    office.well("requests", "erase", references[0])
    rows = sqlite3.connect(office.state / "accredit.db").execute(
        "SELECT surname, given_names FROM applications WHERE reference = ?", (references[0],)
    )
    assert rows.fetchall() == [("–", "")]


def test_a_new_link_is_printed_whole(office: Commands, references: list[str]) -> None:
    """With the address of the service; an unknown reference has none."""
    assert office.well("requests", "new-link", references[0]).startswith("http://127.0.0.1:8000/status/")
    assert office("requests", "new-link", "XXXX-XXXX").code == 1


def test_the_outbox_tells_what_waits(office: Commands) -> None:
    """Five applications came in and three were approved: eight messages wait, and the command says why."""
    told = office("mail", "status")
    assert "8  waiting" in told.out
    assert "set ACCREDIT_SMTP_URL and ACCREDIT_MAIL_FROM" in told.err
    assert "8 messages are tried again" in office.well("mail", "retry")
    assert '"mail": {"waiting": 8}' in office.well("figures", "--json")


def test_a_mail_server_that_cannot_be_one_is_refused_by_name(office: Commands) -> None:
    """The variable is named, and the address with its password is not repeated."""
    said = office("mail", "status", ACCREDIT_SMTP_URL="imap://user:secret@example.org")
    assert said.code == 1
    assert "ACCREDIT_SMTP_URL: write smtp://HOST:PORT" in said.err
    assert "secret" not in said.all
    open_line = office("mail", "status", ACCREDIT_SMTP_URL="smtp+plain://user:secret@example.org")
    assert open_line.code == 1
    assert "secret" not in open_line.all
    sender = office("mail", "status", ACCREDIT_MAIL_FROM="nobody")
    assert "ACCREDIT_MAIL_FROM: write an address" in sender.err
