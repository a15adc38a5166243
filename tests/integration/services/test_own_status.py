"""The own status page's facts, withdrawal, the own data and its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

from factories.applicants import corrects, entered
from factories.applications import assessed
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.furnished import approved, furnished
from icalendar import Calendar
from sqlalchemy import Engine, select
from sqlalchemy import event as listening
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.outbox import Message
from accredit.db.models.passes import Pass, RevocationEntry
from accredit.db.types import Sealer
from accredit.domain.applications import ApplicationState
from accredit.domain.messages import Kind, MessageState, RequestKind, RequestState
from accredit.services import own_status
from accredit.services.desk_hours import widen
from accredit.services.own_data import ERASED_AFTER, ask_for_deletion, erase_due, held_data
from accredit.services.own_status import StepKind, calendar_of, found_by_birth_date, status_of
from accredit.services.pass_finding import live_pass
from accredit.services.questions import ask
from accredit.services.reviewing import refuse, reopen
from accredit.services.withdrawing import WithdrawFault, WithdrawRefused, withdraw_own

CONTEXT = make_context()
APPLICANT = acting(CONTEXT, "applicant")


def _collected(session: Session, application: Application, at: datetime, number: int = 1) -> Pass:
    held = live_pass(session, application)
    assert held is not None
    held.state, held.document_hash, held.collected_at = PassState.COLLECTED, bytes([number]) * 32, at
    session.flush()
    return held


def test_an_approved_applicant_reads_what_to_bring_where_and_when(engine: Engine) -> None:
    """In the language asked for; with the meetings of the category, as rows and as a calendar file."""
    with furnished(engine, CONTEXT) as (session, event):
        made = approved(session, CONTEXT, event)
        shown = status_of(session, APPLICANT, event, made, "fr")
        told = dict(shown.bring)
        assert told["Lieu"] == "Pregny Gate, Palais des Nations"
        assert told["À apporter, au choix"].startswith("passeport, carte nationale d’identité")
        assert len(shown.meetings) == 4
        assert [kind for _, kind in shown.steps] == [StepKind.RECEIVED, StepKind.APPROVED]
        assert (shown.may_correct, shown.may_withdraw, shown.reasons) == (True, True, ())
        calendar = calendar_of(APPLICANT, event, made, "en")
        assert calendar is not None
        entries = Calendar.from_ical(calendar).walk("VEVENT")
        assert next(entry["DTSTART"].dt for entry in entries) == datetime(2017, 10, 11, 8, 0, tzinfo=UTC)
        assert len({entry["UID"] for entry in entries}) == 4


def test_hours_that_a_supervisor_added_are_told(engine: Engine) -> None:
    """Half an hour earlier on the first day is one span with the hours of the event file."""
    with furnished(engine, CONTEXT) as (session, event):
        made = approved(session, CONTEXT, event)
        first = event.event.pickup_windows[0]
        early = first.opens_at - timedelta(minutes=30)
        widen(session, CONTEXT, event, early, first.opens_at, "the queue is long")
        told = [value for name, value in status_of(session, APPLICANT, event, made, "en").bring if name == "When"]
        assert told[0] == "Tuesday, 10 October 2017, 07:30–17:00"
        assert len(told) == 4
        assert status_of(session, at(APPLICANT, early), event, made, "en").busy is None


def test_the_meetings_that_were_chosen_are_those_that_are_shown(engine: Engine) -> None:
    """Whoever wants the hearing alone finds the hearing alone in the calendar."""
    with furnished(engine, CONTEXT) as (session, event):
        made = approved(session, CONTEXT, event, meetings="hearing-morning")
        assert len(status_of(session, APPLICANT, event, made, "en").meetings) == 1


def test_the_reason_is_told_in_plain_words(engine: Engine) -> None:
    """Why it waits; why it was refused, by the rule and by the reviewer; in the reader's language."""
    with furnished(engine, CONTEXT) as (session, event):
        waiting = assessed(session, CONTEXT, event, organisation="A Body On No List", affiliation="")
        english = status_of(session, APPLICANT, event, waiting, "en").reasons
        assert (
            english[0] == "We could not match your organisation to the list by its name alone; a reviewer looks at it."
        )
        assert len(english) == len(status_of(session, APPLICANT, event, waiting, "ar").reasons) == 3
        late = assessed(session, CONTEXT, event, received_at="2017-09-10T00:00:00+02:00")
        refuse(session, CONTEXT, event, late.reference, reason_applicant="Too late.", reason_staff="late")
        shown = status_of(session, APPLICANT, event, late, "es")
        assert shown.reasons == ("Su solicitud llegó después del último día del plazo.",)
        assert shown.words == "Too late."
        assert (shown.bring, shown.may_correct, shown.may_withdraw) == ((), False, False)


def test_a_question_stands_on_the_page_until_it_is_answered(engine: Engine) -> None:
    """What a reviewer asked, and that mail did not arrive."""
    with furnished(engine, CONTEXT) as (session, event):
        made = assessed(session, CONTEXT, event)
        ask(session, CONTEXT, event, made.reference, words="Which of the two bodies do you mean?")
        session.flush()
        for message in session.scalars(select(Message)):
            message.state = MessageState.FAILED
        shown = status_of(session, APPLICANT, event, made, "en")
        assert shown.question == "Which of the two bodies do you mean?"
        assert shown.mail_failed
        assert StepKind.ASKED in [kind for _, kind in shown.steps]


def test_how_busy_the_desk_is_is_a_rounded_figure(engine: Engine) -> None:
    """Of the last quarter of an hour, while the desk is open; nothing at night, and nothing when nobody came."""
    with furnished(engine, CONTEXT) as (session, event):
        people = [approved(session, CONTEXT, event) for _ in range(4)]
        here, now = at(APPLICANT, HEARING_MORNING), HEARING_MORNING
        assert status_of(session, here, event, people[0], "en").busy is None
        for number, one in enumerate(people[1:], 1):
            _collected(session, one, now - timedelta(minutes=number), number)
        assert status_of(session, here, event, people[0], "en").busy == 5
        night = at(APPLICANT, now.replace(hour=2))
        assert status_of(session, night, event, people[0], "en").busy is None
        shown = status_of(session, here, event, people[1], "en")
        assert (shown.pass_state, shown.may_correct, shown.may_withdraw) == (PassState.COLLECTED, False, False)
        assert shown.steps[-1][1] is StepKind.COLLECTED
        later = at(make_context(), now + timedelta(hours=2))
        refuse(session, later, event, people[1].reference, reason_staff="double", reason_applicant="You applied twice.")
        times = [moment for moment, _ in status_of(session, here, event, people[1], "en").steps]
        assert times == sorted(times)


@contextmanager
def _work(engine: Engine) -> Iterator[dict[str, list[Any]]]:
    """What the way in by birth date costs: statements, values opened, marks compared."""
    seen: dict[str, list[Any]] = {"statements": [], "opened": [], "marks": []}

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen["statements"].append(statement)

    real_open, real_mark = Sealer.open, own_status._mark

    def counted_open(self: Sealer, sealed: bytes, place: str) -> bytes:
        value = real_open(self, sealed, place)
        seen["opened"].append(len(value))
        return value

    def counted_mark(context: Any, day: bytes) -> bytes:
        seen["marks"].append(len(day))
        return real_mark(context, day)

    listening.listen(engine, "before_cursor_execute", note)
    with mock.patch.object(Sealer, "open", counted_open), mock.patch.object(own_status, "_mark", counted_mark):
        yield seen
    listening.remove(engine, "before_cursor_execute", note)


def test_wrong_and_unknown_cost_the_same_and_tell_the_same(engine: Engine) -> None:
    """A wrong birth date, an unknown reference and one of no form: same statements, same values opened and compared."""
    with furnished(engine, CONTEXT) as (session, event):
        made = assessed(session, CONTEXT, event)
        session.flush()
        right, wrong = date(1980, 5, 31), date(1979, 5, 31)
        assert found_by_birth_date(session, APPLICANT, event, made.reference.lower(), right) is made
        costs = []
        for reference in (made.reference, "K7QF-3M9P", "no reference at all"):
            session.expire_all()
            session.refresh(event.record)
            with _work(engine) as seen:
                assert found_by_birth_date(session, APPLICANT, event, reference, wrong) is None
            costs.append(seen)
        assert costs[0] == costs[1] == costs[2]
        assert len(costs[0]["statements"]) == 1
        assert len(costs[0]["opened"]) == 1
        assert costs[0]["marks"] == [10, 10]
        with _work(engine) as seen:
            assert found_by_birth_date(session, APPLICANT, event, "K7QF-3M9P", right) is None
        assert {name: len(told) for name, told in seen.items()} == {"statements": 1, "opened": 1, "marks": 2}


def test_who_withdraws_loses_the_prepared_pass_in_the_same_transaction(engine: Engine) -> None:
    """The serial stands in the revocations; a second click is told that it is done; a stale page changes nothing."""
    with furnished(engine, CONTEXT) as (session, event):
        made = approved(session, CONTEXT, event)
        held = live_pass(session, made)
        assert held is not None
        own = entered(session, APPLICANT, event, made)
        stale = withdraw_own(session, APPLICANT, event, own, made.version - 1)
        assert isinstance(stale, WithdrawRefused)
        assert stale.code is WithdrawFault.STALE
        version = made.version
        assert withdraw_own(session, APPLICANT, event, own, version) is None
        session.flush()
        assert (made.state, held.state) == (ApplicationState.WITHDRAWN, PassState.REVOKED)
        assert session.scalar(select(RevocationEntry).where(RevocationEntry.serial == held.serial)) is not None
        again = withdraw_own(session, APPLICANT, event, own, version)
        assert isinstance(again, WithdrawRefused)
        assert again.code is WithdrawFault.ALREADY
        assert session.scalars(select(Message.kind).order_by(Message.created_at)).all().count(Kind.WITHDRAWN) == 1


def test_a_pass_in_the_hand_is_brought_back_not_withdrawn(engine: Engine) -> None:
    """After the pick-up the page says where to go."""
    with furnished(engine, CONTEXT) as (session, event):
        made = approved(session, CONTEXT, event)
        _collected(session, made, CONTEXT.now())
        refused = withdraw_own(session, APPLICANT, event, entered(session, APPLICANT, event, made), made.version)
        assert isinstance(refused, WithdrawRefused)
        assert refused.code is WithdrawFault.COLLECTED
        assert made.state is ApplicationState.APPROVED


def test_the_own_data_are_all_that_is_held_and_nothing_of_the_staff(engine: Engine) -> None:
    """Fields, decisions, passes, mails and requests; not what the staff noted, and no secret of the pass."""
    with furnished(engine, CONTEXT) as (session, event):
        made = approved(session, CONTEXT, event)
        corrects(session, APPLICANT, event, made, birth_date="1980-05-30")
        data = held_data(session, APPLICANT, event, made)
        text = json.dumps(data)
        assert data["fields"]["email"] == made.email
        assert [one["verdict"] for one in data["decisions"]] == ["approved"]
        assert [one["about"] for one in data["requests"]] == ["amendment"]
        assert [one["about"] for one in data["messages"]] == ["approved"]
        assert "all is well" not in text
        held = live_pass(session, made)
        assert held is not None
        assert held.serial.hex() not in text


def test_asking_for_the_end_before_the_decision_withdraws_and_sets_the_day(engine: Engine) -> None:
    """A month later nothing tells of the person any more; the application still counts, and its link is void."""
    with furnished(engine, CONTEXT) as (session, event):
        made = assessed(session, CONTEXT, event, surname="ADEYEMI", meetings="hearing-morning")
        own = entered(session, APPLICANT, event, made)
        request = ask_for_deletion(session, APPLICANT, event, own, made.version)
        assert not isinstance(request, WithdrawRefused)
        assert made.state is ApplicationState.WITHDRAWN
        assert request.due_at == CONTEXT.now() + ERASED_AFTER
        session.flush()
        assert erase_due(session, CONTEXT) == ()
        later = at(CONTEXT, CONTEXT.now() + ERASED_AFTER)
        assert erase_due(session, later) == (made.reference,)
        session.flush()
        session.expire_all()
        assert (made.surname, made.given_names, made.email, made.photo) == ("–", "", "", None)
        assert made.birth_date == date(1, 1, 1)
        assert session.scalars(select(Message)).all() == []
        assert erase_due(session, later) == ()


def test_after_the_decision_an_administrator_answers(engine: Engine) -> None:
    """The request waits, and nothing is withdrawn by it; whoever is in again is not erased."""
    with furnished(engine, CONTEXT) as (session, event):
        made = approved(session, CONTEXT, event)
        request = ask_for_deletion(session, APPLICANT, event, entered(session, APPLICANT, event, made), made.version)
        assert not isinstance(request, WithdrawRefused)
        assert (made.state, request.due_at) == (ApplicationState.APPROVED, None)
        assert (request.kind, request.state) == (RequestKind.DELETION, RequestState.OPEN)
        other = assessed(session, CONTEXT, event)
        ask_for_deletion(session, APPLICANT, event, entered(session, APPLICANT, event, other), other.version)
        reopen(session, CONTEXT, event, other.reference)
        assert erase_due(session, at(CONTEXT, CONTEXT.now() + timedelta(days=90))) == ()
