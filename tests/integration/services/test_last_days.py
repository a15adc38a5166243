"""The last days: what the own status page offers and what is taken in, on both sides of each last moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from factories.applications import application_fields, assessed
from factories.contexts import acting, at, make_context
from factories.furnished import approved, furnished
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.domain.submissions import Submission
from accredit.services.applying import EventOver, Taken, send, sender
from accredit.services.context import Context
from accredit.services.desk_hours import hours_to_come, widen
from accredit.services.drafts import KeptFiles
from accredit.services.event_loading import LoadedEvent
from accredit.services.intake import AlreadyHere, read_fields
from accredit.services.own_status import OwnStatus, calendar_of, status_of
from accredit.services.pass_finding import live_pass
from accredit.services.questions import ask

CONTEXT = make_context()
APPLICANT = acting(CONTEXT, "applicant")
A_MOMENT = timedelta.resolution


def _seen(session: Session, event: LoadedEvent, made: Application, now: datetime) -> OwnStatus:
    return status_of(session, at(APPLICANT, now), event, made, "en")


def test_nothing_is_asked_of_anybody_once_the_event_is_over(engine: Engine) -> None:
    """Just before, the page says nothing of an end; from then on it tells the last day, and neither desk nor calendar."""
    with furnished(engine, CONTEXT) as (session, event):
        made, end = approved(session, CONTEXT, event), event.event.valid_until
        before, after = (_seen(session, event, made, moment) for moment in (end - A_MOMENT, end))
        assert (before.last_day, before.pickup_over) == (None, True)
        assert (after.last_day, after.pickup_over, after.bring) == (date(2017, 10, 13), False, ())
        assert (after.busy, after.has_calendar, after.mail_failed) == (None, False, False)
        assert len(after.meetings) == 4


def test_a_question_ends_with_the_event(engine: Engine) -> None:
    """Nobody is asked for an answer that changes nothing, nor told what somebody still looks at."""
    with furnished(engine, CONTEXT) as (session, event):
        made, end = assessed(session, CONTEXT, event, affiliation=""), event.event.valid_until
        ask(session, CONTEXT, event, made.reference, words="Which of the two?")
        before, after = (_seen(session, event, made, moment) for moment in (end - A_MOMENT, end))
        assert (before.question, len(before.reasons)) == ("Which of the two?", 1)
        assert (after.question, after.reasons) == ("", ())


def test_the_desk_closes_for_good_while_the_meeting_goes_on(engine: Engine) -> None:
    """From the end of its last hours, no place and hours are told; the meeting stays in the calendar until it ends."""
    with furnished(engine, CONTEXT) as (session, event):
        made, closes = approved(session, CONTEXT, event), event.event.pickup_windows[-1].closes_at
        before, after = (_seen(session, event, made, moment) for moment in (closes - A_MOMENT, closes))
        assert [value for name, value in before.bring if name == "When"] == ["Friday, 13 October 2017, 08:00–17:00"]
        assert (before.pickup_over, before.has_calendar) == (False, True)
        assert (after.bring, after.pickup_over, after.has_calendar) == ((), True, True)
        ends = event.event.meetings[-1].ends_at
        assert calendar_of(at(APPLICANT, ends - A_MOMENT), event, made, "en") is not None
        assert calendar_of(at(APPLICANT, ends), event, made, "en") is None
        assert not _seen(session, event, made, ends).has_calendar


def test_hours_that_a_supervisor_added_at_the_end_count(engine: Engine) -> None:
    """The desk is told as open for as long as it is."""
    with furnished(engine, CONTEXT) as (session, event):
        made, closes = approved(session, CONTEXT, event), event.event.pickup_windows[-1].closes_at
        added = closes + timedelta(hours=1)
        widen(session, CONTEXT, event, closes, added, "a late flight")
        assert not _seen(session, event, made, closes).pickup_over
        assert hours_to_come(session, event, added - A_MOMENT) != ()
        assert hours_to_come(session, event, added) == ()
        assert _seen(session, event, made, added).pickup_over


def test_who_has_a_pass_is_told_nothing_of_a_closed_desk(engine: Engine) -> None:
    """Neither is whoever enters on a grounds pass asked to collect one, nor who was not approved."""
    with furnished(engine, CONTEXT) as (session, event):
        made, closes = approved(session, CONTEXT, event), event.event.pickup_windows[-1].closes_at
        held = live_pass(session, made)
        assert held is not None
        held.state, held.document_hash, held.collected_at = PassState.COLLECTED, bytes(32), closes - timedelta(hours=1)
        session.flush()
        assert not _seen(session, event, made, closes).pickup_over
        assert not _seen(session, event, assessed(session, CONTEXT, event, surname="OTHER"), closes).pickup_over


def _sent(
    session: Session, context: Context, event: LoadedEvent, key: str, **changes: str
) -> Taken | AlreadyHere | EventOver:
    fields = {name: value for name, value in application_fields(**changes).items() if name != "received_at"}
    read = read_fields(fields, event.event, now=context.now(), keeps_receipt=False)
    assert isinstance(read, Submission), read
    return send(session, context, event, read, sender(context, "form", key, fields), KeptFiles())


@pytest.mark.parametrize("category", ["ngo", "member-state"])
def test_an_application_is_taken_until_the_event_is_over(engine: Engine, category: str) -> None:
    """Late or not, whoever has a last day and whoever has none: then nothing is taken; what is in is found again."""
    with furnished(engine, CONTEXT) as (session, event):
        before = at(APPLICANT, event.event.valid_until - A_MOMENT)
        after = at(APPLICANT, event.event.valid_until)
        first = _sent(session, before, event, "one", category=category)
        assert isinstance(first, Taken)
        assert _sent(session, after, event, uuid4().hex, category=category, surname="LATER") == EventOver(
            date(2017, 10, 13)
        )
        again = _sent(session, after, event, "one", category=category)
        assert isinstance(again, Taken)
        assert (again.again, again.application.reference) == (True, first.application.reference)
        assert session.scalar(select(func.count()).select_from(Application)) == 1
