"""Who leaves the line with a number, and what the supervisor makes of it; hours that he adds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.events import event_table, loaded_event
from factories.passes import mrz_for, prepared_pass
from factories.threads import at_once
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.db.models.desk import PickupOpening, Slip
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.domain.slips import SlipOutcome
from accredit.services.desk import Collected, NotCollected, collect
from accredit.services.desk_hours import HoursRefused, is_open, openings, widen, widened
from accredit.services.event_loading import LoadedEvent
from accredit.services.slips import SlipRefused, count_open, open_slip, open_slips, settle, settled_slips

CONTEXT = make_context(HEARING_MORNING, actor="user:dana")
OFFICER = acting(CONTEXT, "user:dana", Role.DESK)
SUPERVISOR = acting(CONTEXT, "user:sam", Role.SUPERVISOR)
EVENING = datetime(2017, 10, 11, 15, 0, tzinfo=UTC)


def test_a_person_keeps_one_number(engine: Engine) -> None:
    """Numbers count up; who has a slip keeps it, at whichever desk; somebody who was not found gets one, too."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        people = [prepared_pass(session, CONTEXT, event).application.reference for _ in range(2)]
        numbers = [_number(open_slip(session, OFFICER, event, one, "red")) for one in (*people, people[0])]
        assert numbers == [1, 2, 1]
        assert _number(open_slip(session, OFFICER, event, "", "walk_in")) == 3
        assert _number(open_slip(session, OFFICER, event, "", "walk_in")) == 4
        assert isinstance(open_slip(session, OFFICER, event, "XXXX-XXXX", "red"), SlipRefused)
        assert [one.number for one in open_slips(session, event)] == [1, 2, 3, 4]
        assert count_open(session, event) == 4


def test_the_supervisor_settles_with_a_reason(engine: Engine) -> None:
    """Once, with a reason; an officer may not."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        open_slip(session, OFFICER, event, prepared_pass(session, CONTEXT, event).application.reference, "red")
        with pytest.raises(NotAllowed):
            settle(session, OFFICER, event, 1, SlipOutcome.SENT_AWAY, "no document")
        assert _code(settle(session, SUPERVISOR, event, 1, SlipOutcome.SENT_AWAY, " ")) == "no_reason"
        assert _code(settle(session, SUPERVISOR, event, 9, SlipOutcome.SENT_AWAY, "no document")) == "unknown"
        done = settle(session, SUPERVISOR, event, 1, SlipOutcome.SENT_AWAY, "no document")
        assert isinstance(done, Slip)
        assert (done.outcome, done.settled_by, done.settled_for) == (SlipOutcome.SENT_AWAY, "user:sam", "no document")
        assert _code(settle(session, SUPERVISOR, event, 1, SlipOutcome.SENT_AWAY, "twice")) == "settled"
        assert settled_slips(session, event, HEARING_MORNING) == (done,)
        assert open_slips(session, event) == ()


def test_a_pass_that_is_handed_over_settles_the_slip(engine: Engine) -> None:
    """The supervisor reads the document again, and his word does the rest; the trail says what it went over."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event, security_hold=True)
        reference = held.application.reference
        open_slip(session, OFFICER, event, reference, "hold")
        zone = mrz_for(held.application)
        done = collect(session, SUPERVISOR, event, reference, zone, supervisor=True, settled="asked security")
        session.commit()
        assert isinstance(done, Collected)
        assert open_slips(session, event) == ()
        assert settled_slips(session, event, HEARING_MORNING)[0].outcome is SlipOutcome.HANDED_OVER


def test_two_desks_send_the_same_person_at_once(engine: Engine) -> None:
    """One number, whoever was first."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        reference = prepared_pass(session, CONTEXT, event).application.reference
        session.commit()

    def send(session: Session, event: LoadedEvent) -> int:
        return _number(open_slip(session, OFFICER, event, reference, "red"))

    assert at_once(engine, send, 3) == [1, 1, 1]


def test_a_supervisor_adds_hours_in_one_act(engine: Engine) -> None:
    """The desk hands out in them as in its own, and the hours of the event stay what they are."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        late = at(OFFICER, EVENING + timedelta(minutes=30))
        zone = mrz_for(held.application)
        closed = collect(session, late, event, held.application.reference, zone)
        assert isinstance(closed, NotCollected)
        assert closed.answer.code == "desk_closed"
        made = widen(session, SUPERVISOR, event, EVENING, EVENING + timedelta(hours=1), "two late aircraft")
        assert isinstance(made, PickupOpening)
        assert openings(session, event) == (made,)
        assert [one.opens_at for one in widened(session, event)] == [EVENING]
        assert is_open(session, event, EVENING)
        assert not is_open(session, event, EVENING + timedelta(hours=1))
        assert isinstance(collect(session, late, event, held.application.reference, zone), Collected)


@pytest.mark.parametrize(
    ("begins", "ends", "reason", "code"),
    [(0, 1, "  ", "no_reason"), (1, 1, "late", "backwards"), (-20, -19, "late", "over"), (0, 25, "late", "too_long")],
)
def test_hours_that_cannot_be_meant(engine: Engine, begins: int, ends: int, reason: str, code: str) -> None:
    """Each is refused with its cure."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        hours = [EVENING + timedelta(hours=one) for one in (begins, ends)]
        refused = widen(session, SUPERVISOR, event, hours[0], hours[1], reason)
        assert isinstance(refused, HoursRefused)
        assert (refused.code, openings(session, event)) == (code, ())
        with pytest.raises(NotAllowed):
            widen(session, OFFICER, event, EVENING, EVENING + timedelta(hours=1), "late")


def test_collecting_for_others_by_category(engine: Engine) -> None:
    """Refused by default; where the category allows it, the name of who came stays sealed with the pass."""
    categories = [{**one, "others_may_collect": one["key"] == "member-state"} for one in event_table()["categories"]]
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT, categories=categories)
        delegate, other = (prepared_pass(session, CONTEXT, event, category=one) for one in ("member-state", "ngo"))
        refused = collect(
            session, OFFICER, event, other.application.reference, mrz_for(other.application), through="A. Friend"
        )
        assert isinstance(refused, NotCollected)
        assert refused.answer.code == "not_the_holder"
        zone = mrz_for(delegate.application)
        taken = collect(session, OFFICER, event, delegate.application.reference, zone, through="A. Friend")
        session.commit()
        assert isinstance(taken, Collected)
        session.refresh(delegate)
        assert delegate.collected_through == "A. Friend"


def _number(answer: Slip | SlipRefused) -> int:
    assert isinstance(answer, Slip), answer
    return answer.number


def _code(answer: object) -> str:
    return str(getattr(answer, "code", ""))
