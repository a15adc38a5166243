"""The outbox and a real mail server: each message once, at least once always, and the outbox says what became of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from factories.applications import application_fields, assessed, submitted
from factories.contexts import REVIEW_DAY, at, make_context
from factories.events import loaded_event
from factories.lists import usual_lists
from icalendar import Calendar
from smtp_sink import HANG_UP, Sink
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.outbox import Message
from accredit.db.session import reading, writing
from accredit.domain.messages import Kind, MessageState
from accredit.jobs import Postman
from accredit.services import outbox
from accredit.services.event_loading import LoadedEvent
from accredit.services.intake_files import IntakeReport, import_applications
from accredit.services.mail_server import MailServer, read_address
from accredit.services.notifying import tell
from accredit.services.questions import answer, ask
from accredit.services.reviewing import approve, refuse, withdraw
from accredit.services.substituting import Substituted, substitute
from accredit.services.tables import Row, Table

CONTEXT = make_context()
MAIL_FROM = "Accreditation <passes@example.org>"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    """One mail server for all of them: a process takes a while to start."""
    made = Sink(tmp_path_factory.mktemp("mail"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def sink(started: Sink) -> Sink:
    """The mail server, up, empty, and told nothing."""
    started.forget()
    return started


@dataclass
class _Office:
    """A database with an event, its worker's postman, and a clock that a test moves."""

    engine: Engine
    sink: Sink
    now: datetime = REVIEW_DAY
    event: LoadedEvent = field(init=False)

    def __post_init__(self) -> None:
        with self.changing() as session:
            self.event = loaded_event(session, CONTEXT)
            usual_lists(session, CONTEXT)

    @contextmanager
    def changing(self) -> Iterator[Session]:
        with writing(self.engine) as session:
            yield session
            session.commit()

    def postman(self, *, server: bool = True) -> Postman:
        house: Any = SimpleNamespace(
            engine=self.engine,
            clock=lambda: self.now,
            context=lambda: at(CONTEXT, self.now),
            settings=SimpleNamespace(base_url="https://passes.example.org"),
            mail_server=MailServer(read_address(self.sink.url), MAIL_FROM) if server else None,
        )
        return Postman(house)

    def received(self, count: int = 1, **changes: str) -> list[Application]:
        """People who applied and are to be told so."""
        with self.changing() as session:
            made = [assessed(session, CONTEXT, self.event, **changes) for _ in range(count)]
            for one in made:
                tell(session, CONTEXT, self.event, one, Kind.RECEIVED)
        return made

    def rows(self) -> list[Message]:
        with reading(self.engine) as session:
            return list(session.scalars(select(Message).order_by(Message.created_at)))

    def states(self) -> list[MessageState]:
        return [one.state for one in self.rows()]


@pytest.fixture
def office(engine: Engine, sink: Sink) -> _Office:
    """The office of this test."""
    return _Office(engine, sink)


def _html(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def _plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_mail_has_text_page_code_and_headers(office: _Office) -> None:
    """The same words twice, the link to the own page, the code as a picture, and marks that stop automatic answers."""
    [made] = office.received()
    office.postman().go_round()
    [mail] = office.sink.mails()
    [row] = office.rows()
    assert (row.state, row.attempts, row.cause) == (MessageState.SENT, 1, "")
    assert mail["To"] == made.email
    assert mail["From"] == MAIL_FROM
    assert mail["Message-ID"] == f"<{row.id}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert not [name for name in mail if name.startswith("List-")]
    assert made.reference in mail["Subject"]
    for told in (_plain(mail), _html(mail)):
        assert made.reference in told
        assert "https://passes.example.org/status/" in told
    assert 'src="cid:confirmation-code"' in _html(mail)
    [picture] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<confirmation-code>"
    assert picture.get_payload(decode=True).startswith(b"\x89PNG")


def test_an_approval_brings_the_meetings_as_a_calendar_file(office: _Office) -> None:
    """What to bring, where and when stands in the mail; the reviewer's words, too, as text and never as markup."""
    with office.changing() as session:
        made = assessed(session, CONTEXT, office.event, language="ar")
        words = "Welcome <script>alert(1)</script>"
        approve(session, CONTEXT, office.event, made.reference, reason_staff="x", reason_applicant=words)
    office.postman().go_round()
    [mail] = office.sink.mails()
    assert mail["Content-Language"] == "ar"
    page = _html(mail)
    assert '<html lang="ar" dir="rtl">' in page
    assert "<script>" not in page
    assert words in _plain(mail)
    assert "Pregny Gate, Palais des Nations" in page
    [calendar] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    entries = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    assert len(entries) == 4


def test_each_step_of_an_application_is_told_once(office: _Office) -> None:
    """Refused, approved, withdrawn, replaced: one message each, in the transaction of what it tells."""
    with office.changing() as session:
        context, here = CONTEXT, office.event
        refused, approved, gone = (assessed(session, context, here) for _ in range(3))
        refuse(session, context, here, refused.reference, reason_applicant="no", reason_staff="no")
        approve(session, context, here, approved.reference)
        withdraw(session, context, here, gone.reference)
        replaced = substitute(
            session, context, here, approved.reference, _submission(context, office), reason_staff="asked"
        )
        assert isinstance(replaced, Substituted)
    kinds = [one.kind for one in office.rows()]
    assert sorted(kinds) == sorted([Kind.REFUSED, Kind.APPROVED, Kind.WITHDRAWN, Kind.WITHDRAWN, Kind.APPROVED])


def _submission(context: Any, office: _Office) -> Any:
    from factories.applications import make_submission

    return make_submission(office.event.event, context)


def test_what_did_not_happen_is_not_told(office: _Office) -> None:
    """A transaction that is rolled back takes its message along."""
    with writing(office.engine) as session:
        made = assessed(session, CONTEXT, office.event)
        approve(session, CONTEXT, office.event, made.reference)
        session.flush()
    assert office.rows() == []


def test_what_is_not_true_any_more_is_not_sent(office: _Office) -> None:
    """An approval that was withdrawn before its mail went out; a question that was answered; an event that is over."""
    with office.changing() as session:
        made = assessed(session, CONTEXT, office.event)
        approve(session, CONTEXT, office.event, made.reference)
        withdraw(session, CONTEXT, office.event, made.reference)
        asked = assessed(session, CONTEXT, office.event)
        ask(session, CONTEXT, office.event, asked.reference, words="Which one?")
        answer(session, CONTEXT, asked, "The first.")
    office.postman().go_round()
    by_kind = {one.kind: one.state for one in office.rows()}
    wanted = {Kind.APPROVED: MessageState.OVERTAKEN, Kind.QUESTION: MessageState.OVERTAKEN}
    assert by_kind == {**wanted, Kind.WITHDRAWN: MessageState.SENT}
    office.received()
    office.now = office.event.event.valid_until
    office.postman().go_round()
    assert office.states().count(MessageState.OVERTAKEN) == 3
    assert office.sink.taken() == 1


def test_a_question_travels_sealed_and_arrives_whole(office: _Office) -> None:
    """Its words stand once in the database, and in the mail."""
    with office.changing() as session:
        made = assessed(session, CONTEXT, office.event, language="fr")
        ask(session, CONTEXT, office.event, made.reference, words="Lequel ?\nMerci.")
    office.postman().go_round()
    [mail] = office.sink.mails()
    assert "> Lequel ?\n> Merci." in _plain(mail)
    assert "Lequel ?<br>Merci." in _html(mail)


def test_a_focal_point_is_written_to_at_the_address_that_was_named(engine: Engine, sink: Sink) -> None:
    """The link is the one that confirms; the applicant gets nothing of it, and the address lies sealed."""
    office = _Office(engine, sink)
    with office.changing() as session:
        office.event = loaded_event(session, CONTEXT, focal_point_confirms=True)
        made = submitted(session, CONTEXT, office.event)
        tell(session, CONTEXT, office.event, made, Kind.FOCAL_POINT_REQUEST, recipient="focal@example.org")
    office.postman().go_round()
    [mail] = sink.mails()
    assert mail["To"] == "focal@example.org"
    assert "https://passes.example.org/focal/" in _plain(mail)
    assert "/status/" not in _plain(mail)
    with office.engine.connect() as connection:
        stored = connection.execute(text("SELECT recipient FROM messages")).scalar_one()
    assert b"focal@example.org" not in bytes(stored)


def test_while_the_server_is_away_everything_waits(office: _Office) -> None:
    """Nothing is lost and nobody is written to twice; the pauses grow; the cause stands in the outbox."""
    office.received(3)
    office.sink.stop()
    for tries in (1, 2, 3):
        assert not office.postman().go_round()
        assert {one.attempts for one in office.rows()} == {tries}
        office.now = max(one.next_try_at for one in office.rows())
    assert set(office.states()) == {MessageState.WAITING}
    assert "does not answer" in office.rows()[0].cause
    assert office.rows()[0].next_try_at - office.rows()[0].created_at > timedelta(minutes=1)
    office.sink.start()
    office.postman().go_round()
    assert set(office.states()) == {MessageState.SENT}
    assert set(office.sink.by_recipient().values()) == {1}


def test_a_refused_recipient_ends_its_own_message_alone(office: _Office) -> None:
    """The cause has the server's numbers and not its words; who is asked to wait is written to later; the others go on."""
    first, second, third = office.received(3)
    office.sink.says(first.email, f"550 5.1.1 <{first.email}> unknown")
    office.sink.says(second.email, f"451 4.7.1 <{second.email}> later")
    office.postman().go_round()
    by_id = {one.application_id: one for one in office.rows()}
    assert by_id[first.id].state is MessageState.FAILED
    assert by_id[first.id].cause == "the mail server refused the recipient (550 5.1.1)"
    assert (by_id[second.id].state, by_id[second.id].attempts) == (MessageState.WAITING, 1)
    assert by_id[third.id].state is MessageState.SENT
    office.sink.says(second.email, "")
    office.now += timedelta(minutes=1)
    office.postman().go_round()
    assert sorted(office.states()) == [MessageState.FAILED, MessageState.SENT, MessageState.SENT]
    office.sink.says(first.email, "")
    with office.changing() as session:
        assert outbox.retry(session, office.now, failed=True) == 1
    office.postman().go_round()
    assert set(office.states()) == {MessageState.SENT}


def test_what_is_no_address_is_told_and_holds_nobody_up(office: _Office) -> None:
    """Signs that no mail server takes end the message before the server hears of it."""
    office.received(1, email='"a,b"@example.org')
    office.received(1, email="a@" + "x" * 70 + ".org")
    office.received(1)
    office.postman().go_round()
    assert sorted(office.states()) == [MessageState.FAILED, MessageState.FAILED, MessageState.SENT]
    assert "@" not in "".join(one.cause for one in office.rows())


def test_addresses_of_other_scripts_are_written_to(office: _Office) -> None:
    """The domain as the name service knows it; the name before it by SMTPUTF8."""
    office.received(1, email="anna@bücher.example")
    office.received(1, email="用户@例子.example")
    office.postman().go_round()
    assert set(office.states()) == {MessageState.SENT}
    assert set(office.sink.by_recipient()) == {"anna@xn--bcher-kva.example", "用户@xn--fsqu00a.example"}


def test_who_dies_after_the_yes_leaves_a_message_that_is_sent_again_and_marked(office: _Office) -> None:
    """Nobody takes it up before the five minutes are over; the second mail has the same Message-ID as the first."""
    office.received(2)
    with mock.patch.object(outbox, "note", side_effect=RuntimeError("killed")), pytest.raises(RuntimeError):
        office.postman().go_round()
    assert sorted(office.states()) == [MessageState.SENDING, MessageState.WAITING]
    office.now += timedelta(minutes=4)
    office.postman().go_round()
    assert sorted(office.states()) == [MessageState.SENDING, MessageState.SENT]
    office.now += timedelta(minutes=2)
    office.postman().go_round()
    assert sorted(office.states()) == [MessageState.SENT, MessageState.SENT_UNSURE]
    assert sorted(office.sink.by_recipient().values()) == [1, 2]
    ids = [str(one["Message-ID"]) for one in office.sink.mails()]
    assert len(set(ids)) == 2


def test_a_line_that_breaks_after_the_last_word_leaves_a_mark(office: _Office) -> None:
    """The server may have it: it is sent again, and the outbox says that this person may have two."""
    [made] = office.received()
    office.sink.says(made.email, HANG_UP)
    office.postman().go_round()
    [row] = office.rows()
    assert (row.state, row.unsure) == (MessageState.WAITING, True)
    office.sink.says(made.email, "")
    office.now += timedelta(minutes=1)
    office.postman().go_round()
    assert office.states() == [MessageState.SENT_UNSURE]


def test_two_workers_never_send_the_same_message(office: _Office) -> None:
    """Each message is in one hand at a time."""
    office.received(30)
    _at_once(lambda: office.postman().go_round(), 3)
    office.postman().go_round()
    assert set(office.states()) == {MessageState.SENT}
    assert set(office.sink.by_recipient().values()) == {1}


def _at_once(work: Callable[[], object], hands: int) -> None:
    faults: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_without_a_mail_server_messages_wait_for_one(office: _Office) -> None:
    """Nothing is tried, and nothing is lost."""
    office.received(2)
    assert not office.postman(server=False).go_round()
    assert [(one.state, one.attempts) for one in office.rows()] == [(MessageState.WAITING, 0)] * 2


def test_an_import_writes_its_messages_in_one_statement(office: _Office) -> None:
    """Ten rows, one insert of messages."""
    fields = [application_fields() for _ in range(10)]
    table = Table(tuple(fields[0]), tuple(Row(number, one) for number, one in enumerate(fields, 2)))
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    with office.changing() as session:
        event.listen(office.engine, "before_cursor_execute", note)
        report = import_applications(session, CONTEXT, office.event, table)
        event.remove(office.engine, "before_cursor_execute", note)
    assert isinstance(report, IntakeReport)
    assert len([one for one in seen if one.startswith("INSERT INTO messages")]) == 1
    assert len(office.rows()) == 10
