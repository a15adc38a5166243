"""What is decided over many: the clearly late at once, and who comes next where a quota is full."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from factories.applications import assessed, submitted
from factories.contexts import acting, make_context
from factories.events import event_table
from factories.lists import usual_lists
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.db.models.decisions import Decision
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Rule
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.event_loading import LoadedEvent, load_event
from accredit.services.late_refusals import clearly_late, refuse_late
from accredit.services.reviewing import approve, refuse, withdraw
from accredit.services.screening import screen_all
from accredit.services.waiting_order import next_in_line, waiting_lines

CONTEXT = make_context()
LATE_BY_A_DAY = "2017-09-06T00:00:00+02:00"
LATE_BY_A_SECOND = "2017-09-05T00:00:00+02:00"


@contextmanager
def _prepared(engine: Engine, *, quota: int = 20) -> Iterator[tuple[Session, LoadedEvent]]:
    table = event_table()
    table["passes"]["quota_per_organisation"] = quota
    with writing(engine) as session:
        event = load_event(session, CONTEXT, table).loaded
        usual_lists(session, CONTEXT)
        yield session, event


def test_only_the_clearly_late_are_refused_at_once(engine: Engine) -> None:
    """Late by less than a day, in time, not screened, decided, and of a category without deadline: none is among them."""
    with _prepared(engine) as (session, event):
        late = assessed(session, CONTEXT, event, received_at=LATE_BY_A_DAY)
        for others in (
            {"received_at": LATE_BY_A_SECOND},
            {},
            {"received_at": LATE_BY_A_DAY, "category": "observer", "organisation": "Holy See"},
        ):
            assessed(session, CONTEXT, event, **others)
        submitted(session, CONTEXT, event, received_at=LATE_BY_A_DAY)
        waived = assessed(session, CONTEXT, event, received_at=LATE_BY_A_DAY)
        approve(session, CONTEXT, event, waived.reference, reason_staff="the post", waive=frozenset({Rule.DEADLINE}))
        found = clearly_late(session, event)
        assert [one.reference for one in found] == [late.reference]
        report = refuse_late(session, CONTEXT, event, [one.reference for one in found])
        assert [one.reference for one in report.refused] == [late.reference]
        assert (late.state, waived.state) == (ApplicationState.REFUSED, ApplicationState.APPROVED)
        decision = session.scalars(select(Decision).where(Decision.application_id == late.id)).one()
        assert "06 September 2017" in decision.reason_applicant
        assert "04 September 2017" in decision.reason_staff
        assert clearly_late(session, event) == ()


def test_only_who_was_looked_at_is_refused(engine: Engine) -> None:
    """One that came in between the look and the word is left; one who is not late is not refused by being named."""
    with _prepared(engine) as (session, event):
        seen = assessed(session, CONTEXT, event, received_at=LATE_BY_A_DAY)
        unseen = assessed(session, CONTEXT, event, received_at=LATE_BY_A_DAY)
        in_time = assessed(session, CONTEXT, event)
        refuse_late(session, CONTEXT, event, [seen.reference.lower(), in_time.reference])
        states = [one.state for one in (seen, unseen, in_time)]
        assert states == [ApplicationState.REFUSED, ApplicationState.ASSESSED, ApplicationState.ASSESSED]
        with pytest.raises(NotAllowed):
            refuse_late(session, acting(CONTEXT, "test:gate", Role.GATE), event, [unseen.reference])


@pytest.mark.parametrize("leaves", ["withdrawn", "refused"])
def test_the_next_in_line_is_shown_when_a_place_comes_free(engine: Engine, leaves: str) -> None:
    """First come, first served: whoever waits knows the place, and the first of the line follows whoever leaves."""
    with _prepared(engine, quota=2) as (session, event):
        for minute in (3, 1, 4, 2):
            submitted(session, CONTEXT, event, received_at=f"2017-08-20T10:0{minute}:00+02:00")
        submitted(session, CONTEXT, event, organisation="Lakeside Diaspora Council")
        screen_all(session, CONTEXT, event)
        lines = waiting_lines(session, event)
        assert [(one.place, one.received_at.minute) for one in lines] == [(1, 3), (2, 4)]
        assert {one.body for one in lines} == {"Alpine Migrants Forum"}
        waiting = lines[0].reference
        first = _reference_at(session, event, minute=1)
        if leaves == "withdrawn":
            withdraw(session, CONTEXT, event, first)
        else:
            refuse(session, CONTEXT, event, first, reason_applicant="no", reason_staff="no")
        following = next_in_line(session, event, first)
        assert following is not None
        assert following.reference == waiting
        assert next_in_line(session, event, waiting) is None  # who waits has no place to give back
        approve(session, CONTEXT, event, waiting)
        assert [one.place for one in waiting_lines(session, event)] == [1]


def test_nobody_is_next_where_nobody_waits(engine: Engine) -> None:
    """No line, no body, no such application: nobody."""
    with _prepared(engine) as (session, event):
        made = assessed(session, CONTEXT, event)
        unknown = assessed(session, CONTEXT, event, organisation="Quite Another Thing Ltd")
        for reference in (made.reference, unknown.reference, "XXXX-XXXX"):
            assert next_in_line(session, event, reference) is None


def test_whoever_waits_reads_the_place(engine: Engine) -> None:
    """The finding holds the place in the line as its evidence, for the applicant as well."""
    with _prepared(engine, quota=1) as (session, event):
        made = [assessed(session, CONTEXT, event, received_at=f"2017-08-20T1{n}:00:00+02:00") for n in range(3)]
        record = latest_assessment(session, made[-1])
        assert record is not None
        finding = next(one for one in findings_of(record) if one.rule is Rule.QUOTA)
        assert finding.evidence["waits_as"] == "2"
        assert "number 2 on its waiting list" in finding.applicant


def _reference_at(session: Session, event: LoadedEvent, *, minute: int) -> str:
    from accredit.services.review_queue import queue

    rows = queue(session, event).rows
    return next(one.reference for one in rows if one.received_at.minute == minute)
