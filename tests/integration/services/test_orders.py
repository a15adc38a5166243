"""What is decided over many: the clearly late at once, and who comes next where a quota is full."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from factories.applications import assessed, make_submission, submitted
from factories.contexts import acting, make_context
from factories.events import event_table
from factories.lists import usual_lists
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.models.decisions import Decision
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Rule
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.confirming import confirm_body
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent, load_event
from accredit.services.late_refusals import clearly_late, refuse_late
from accredit.services.pass_life import revoke
from accredit.services.questions import answer, ask
from accredit.services.references import find_application
from accredit.services.reviewing import approve, refuse, withdraw
from accredit.services.screening import approve_clear, screen_all
from accredit.services.screening_one import screen
from accredit.services.substituting import Substituted, substitute
from accredit.services.waiting_order import waiting_lines

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


def _line_of_four(session: Session, event: LoadedEvent) -> list[Application]:
    """Four of one body where two have a place, in the order of receipt, and one of another body."""
    made = [submitted(session, CONTEXT, event, received_at=f"2017-08-20T10:0{n}:00+02:00") for n in (3, 1, 4, 2)]
    submitted(session, CONTEXT, event, organisation="Lakeside Diaspora Council")
    screen_all(session, CONTEXT, event)
    return sorted(made, key=lambda one: one.received_at)


def _advanced(session: Session) -> list[str]:
    """Of whom the trail says that it was their turn."""
    wanted = select(AuditEntry.subject_id).where(AuditEntry.action == "application.advanced")
    return list(session.scalars(wanted.order_by(AuditEntry.number)))


def _states(applications: list[Application]) -> list[str]:
    return [one.state.value for one in applications]


def test_whoever_is_beyond_the_quota_waits(engine: Engine) -> None:
    """First come, first served: the line says on which place of it; nobody of the staff needs to look meanwhile."""
    with _prepared(engine, quota=2) as (session, event):
        delegates = _line_of_four(session, event)
        assert _states(delegates) == ["assessed", "assessed", "waiting", "waiting"]
        lines = waiting_lines(session, event)
        assert [(one.place, one.reference) for one in lines] == [
            (1, delegates[2].reference),
            (2, delegates[3].reference),
        ]
        assert {one.body for one in lines} == {"Alpine Migrants Forum"}
        assert len(approve_clear(session, CONTEXT, event)) == 3
        assert _states(delegates) == ["approved", "approved", "waiting", "waiting"]


@pytest.mark.parametrize("leaves", ["withdrawn", "refused", "revoked"])
def test_the_next_in_line_follows_whoever_leaves(engine: Engine, leaves: str) -> None:
    """A place that comes free goes to the first of the line, who is looked at again; the trail tells it."""
    with _prepared(engine, quota=2) as (session, event):
        delegates = _line_of_four(session, event)
        approve_clear(session, CONTEXT, event)
        first = delegates[0].reference
        match leaves:
            case "withdrawn":
                done = withdraw(session, CONTEXT, event, first)
            case "refused":
                done = refuse(session, CONTEXT, event, first, reason_applicant="no", reason_staff="no")
            case _:
                done = revoke(session, CONTEXT, event, first, "sent home")
        if isinstance(done, Decided):
            assert done.advanced == (delegates[2].reference,)
        assert _states(delegates[1:]) == ["approved", "assessed", "waiting"]
        assert _advanced(session) == [delegates[2].reference]
        assert [one.place for one in waiting_lines(session, event)] == [1]
        assert approve_clear(session, CONTEXT, event) == (delegates[2].reference,)
        assert screen_all(session, CONTEXT, event, again=True).changed == ()
        assert delegates[3].state is ApplicationState.WAITING


def test_whoever_waits_gives_no_place_back(engine: Engine) -> None:
    """The others move up, and nobody comes in; nor where there is no body, no line, no quota."""
    with _prepared(engine, quota=2) as (session, event):
        delegates = _line_of_four(session, event)
        done = withdraw(session, CONTEXT, event, delegates[2].reference)
        assert isinstance(done, Decided)
        assert done.advanced == ()
        assert [(one.place, one.reference) for one in waiting_lines(session, event)] == [(1, delegates[3].reference)]
        for others in (
            {"organisation": "Quite Another Thing Ltd"},
            {"organisation": "River Crossing Network"},
            {"organisation": "Holy See", "category": "observer"},
        ):
            made = assessed(session, CONTEXT, event, **others)
            done = refuse(session, CONTEXT, event, made.reference, reason_applicant="no", reason_staff="no")
            assert isinstance(done, Decided)
            assert done.advanced == ()
        assert _advanced(session) == []


def test_whoever_is_late_keeps_no_line_waiting(engine: Engine) -> None:
    """Beyond the quota and late is a reviewer's matter at once, and stands in no line."""
    with _prepared(engine, quota=1) as (session, event):
        assessed(session, CONTEXT, event)
        late = assessed(session, CONTEXT, event, received_at=LATE_BY_A_DAY)
        assert late.state is ApplicationState.ASSESSED
        assert waiting_lines(session, event) == ()


@pytest.mark.parametrize(("place", "state"), [(0, "approved"), (2, "waiting")])
def test_a_substitution_frees_no_place(engine: Engine, place: int, state: str) -> None:
    """Who comes for a delegate takes the delegate's place, or the delegate's place in the line."""
    with _prepared(engine, quota=2) as (session, event):
        delegates = _line_of_four(session, event)
        approve_clear(session, CONTEXT, event)
        coming = make_submission(event.event, CONTEXT)
        done = substitute(session, CONTEXT, event, delegates[place].reference, coming, reason_staff="they asked")
        assert isinstance(done, Substituted)
        assert done.application.state.value == state
        assert _advanced(session) == []
        assert [one.place for one in waiting_lines(session, event)] == [1, 2]


def test_an_open_question_keeps_an_application_waiting(engine: Engine) -> None:
    """Screening does not take it back from the applicant; the answer does, unless there is no place either."""
    with _prepared(engine, quota=2) as (session, event):
        delegates = _line_of_four(session, event)
        for one in (delegates[0], delegates[2]):
            assert isinstance(ask(session, CONTEXT, event, one.reference, words="Who signed your letter?"), Decided)
        assert _states(delegates) == ["waiting", "assessed", "waiting", "waiting"]
        screen_all(session, CONTEXT, event, again=True)
        screen(session, CONTEXT, event, delegates[0])
        assert _states(delegates) == ["waiting", "assessed", "waiting", "waiting"]
        for one in (delegates[0], delegates[2]):
            answer(session, CONTEXT, one, "Our director")
        assert _states(delegates) == ["assessed", "assessed", "waiting", "waiting"]
        screen_all(session, CONTEXT, event, again=True)
        assert _states(delegates) == ["assessed", "assessed", "waiting", "waiting"]


def test_a_body_that_is_full_lets_one_wait_who_is_put_to_it(engine: Engine) -> None:
    """Also where a reviewer said only later which body is meant."""
    with _prepared(engine, quota=1) as (session, event):
        assessed(session, CONTEXT, event)
        late = assessed(
            session, CONTEXT, event, organisation="Alpin Migrant Foruum", received_at="2017-08-21T10:00:00+02:00"
        )
        assert late.state is ApplicationState.ASSESSED
        confirm_body(session, CONTEXT, event, late.reference, "alpine migrants forum")
        assert late.state is ApplicationState.WAITING
        assert [one.reference for one in waiting_lines(session, event)] == [late.reference]


def test_nobody_waits_for_one_who_is_being_decided_about(engine: Engine) -> None:
    """The next in line is in a reviewer's hands at this moment: that decision looks at the quota itself."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer, who holds everything")
    with _prepared(engine, quota=2) as (session, event):
        delegates = _line_of_four(session, event)
        session.commit()
        with writing(engine) as other:
            held = find_application(other, event, delegates[2].reference, to_change=True)
            assert held is not None
            done = withdraw(session, CONTEXT, event, delegates[0].reference)
            assert isinstance(done, Decided)
            assert done.advanced == ()
            session.commit()
        following = withdraw(session, CONTEXT, event, delegates[1].reference)
        assert isinstance(following, Decided)
        assert following.advanced == (delegates[2].reference, delegates[3].reference)


def test_whoever_waits_reads_the_place(engine: Engine) -> None:
    """The finding holds the place in the line as its evidence, for the applicant as well."""
    with _prepared(engine, quota=1) as (session, event):
        made = [assessed(session, CONTEXT, event, received_at=f"2017-08-20T1{n}:00:00+02:00") for n in range(3)]
        record = latest_assessment(session, made[-1])
        assert record is not None
        finding = next(one for one in findings_of(record) if one.rule is Rule.QUOTA)
        assert finding.evidence["waits_as"] == "2"
        assert "number 2 on its waiting list" in finding.applicant
