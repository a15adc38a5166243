"""What a reviewer does beside deciding: asks, confirms a body, approves the clear ones, and sees who else looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from factories.applications import assessed
from factories.contexts import acting, at, make_context
from factories.events import loaded_event
from factories.lists import usual_lists
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from accredit.db.models.aliases import AliasRecord
from accredit.db.models.decisions import Decision
from accredit.db.models.outbox import Message
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.messages import Kind
from accredit.domain.permissions import Role
from accredit.services.clear_approvals import approve_clear_ones, clear_ones
from accredit.services.confirming import confirm_body
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.name_differences import side_by_side
from accredit.services.questions import answer, ask, open_question
from accredit.services.review_screen import Screen, screen_of
from accredit.services.reviewing import ReviewFault, ReviewRefused, approve, refuse, reopen
from accredit.services.viewings import note_viewing, onlookers

CONTEXT = make_context()
REVIEWER = acting(CONTEXT, "user:j.doe", Role.REVIEWER)
WHY = {"reason_applicant": "No.", "reason_staff": "no"}


@contextmanager
def _prepared(engine: Engine) -> Iterator[tuple[Session, LoadedEvent]]:
    with writing(engine) as session:
        found = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        yield session, found


def _screen(session: Session, event: LoadedEvent, reference: str) -> Screen:
    found = screen_of(session, REVIEWER, event, reference)
    assert found is not None
    return found


def test_a_question_lets_the_application_wait_and_tells_the_applicant(engine: Engine) -> None:
    """One question, one message in the outbox; the answer brings it back to the queue."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        asked = ask(session, REVIEWER, event, application.reference, words="Who is your director?")
        assert isinstance(asked, Decided)
        assert application.state is ApplicationState.WAITING
        kinds = session.scalars(select(Message.kind).where(Message.application_id == application.id)).all()
        assert kinds.count(Kind.QUESTION) == 1
        answered = answer(session, CONTEXT, application, "Ms Rossi")
        assert answered is not None
        assert (application.state, open_question(session, application)) == (ApplicationState.ASSESSED, None)
        session.flush()
        steps = _screen(session, event, application.reference).history
        assert [(step.action, step.told) for step in steps][:2] == [
            ("application.answered", "Ms Rossi"),
            ("application.asked", "Who is your director?"),
        ]


def test_one_that_waits_may_be_asked_again_and_a_decided_one_not(engine: Engine) -> None:
    """An empty question, a too long one, and one to somebody who is decided, are no questions."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        for words in ("First?", "Second?"):
            assert isinstance(ask(session, REVIEWER, event, application.reference, words=words), Decided)
        found = open_question(session, application)
        assert found is not None
        for words, code in ((" ", ReviewFault.REASON_MISSING), ("x" * 2001, ReviewFault.REASON_TOO_LONG)):
            done = ask(session, REVIEWER, event, application.reference, words=words)
            assert isinstance(done, ReviewRefused)
            assert done.code is code
        refuse(session, REVIEWER, event, application.reference, **WHY)
        late = ask(session, REVIEWER, event, application.reference, words="And now?")
        assert isinstance(late, ReviewRefused)
        assert late.code is ReviewFault.WRONG_STATE
        assert answer(session, CONTEXT, assessed(session, CONTEXT, event), "nobody asked") is None


def test_a_confirmed_body_makes_the_findings_anew_and_teaches_the_name(engine: Engine) -> None:
    """Nothing is decided; the list knows the spelling, and the next one of that name is found by it."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, organisation="Alpin Migrant Foruum")
        candidates = _screen(session, event, application.reference).candidates
        assert candidates[0].name == "Alpine Migrants Forum"
        done = confirm_body(session, REVIEWER, event, application.reference, candidates[0].number)
        assert isinstance(done, Decided)
        after = _screen(session, event, application.reference)
        assert (application.state, after.candidates) == (ApplicationState.ASSESSED, ())
        assert after.case.assessment is not None
        assert after.case.assessment.is_clear
        assert not application.is_flagged
        assert session.scalars(select(AliasRecord.name)).all() == ["Alpin Migrant Foruum"]
        again = assessed(session, CONTEXT, event, organisation="Alpin Migrant Foruum")
        assert not again.is_flagged


@pytest.mark.parametrize("entry", ["", "  ", "nobody", "ecosoc/nobody"])
def test_a_number_that_no_list_has_confirms_nothing(engine: Engine, entry: str) -> None:
    """And no name is learnt."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, organisation="Alpin Migrant Foruum")
        done = confirm_body(session, REVIEWER, event, application.reference, entry)
        assert isinstance(done, ReviewRefused)
        assert done.code is ReviewFault.UNKNOWN_ENTRY
        assert session.scalars(select(AliasRecord)).all() == []


def test_the_clear_ones_are_approved_in_the_name_of_the_reviewer(engine: Engine) -> None:
    """Only those that were shown, only as they were shown; whoever was dealt with before is not among them."""
    with _prepared(engine) as (session, event):
        times = [f"2017-08-20T{hour}:00:00+02:00" for hour in (10, 11, 12, 13)]
        first, second, changed, before = [assessed(session, CONTEXT, event, received_at=one) for one in times]
        assessed(session, CONTEXT, event, affiliation="")
        refuse(session, CONTEXT, event, before.reference, **WHY)
        reopen(session, CONTEXT, event, before.reference)
        shown = clear_ones(session, event)
        assert ([one.reference for one in shown.rows], shown.total) == (
            [first.reference, second.reference, changed.reference],
            3,
        )
        looked_at = {one.reference: one.version for one in shown.rows}
        changed.version += 1
        session.flush()
        report = approve_clear_ones(session, REVIEWER, event, {**looked_at, "ZZZZ-ZZZZ": 1})
        assert [one.reference for one in report.approved] == [first.reference, second.reference]
        assert {one: why.code for one, why in report.left} == {
            changed.reference: ReviewFault.CHANGED,
            "ZZZZ-ZZZZ": ReviewFault.CHANGED,
        }
        session.flush()
        actors = session.scalars(select(Decision.actor).where(Decision.verdict == "approved")).all()
        assert actors == ["user:j.doe", "user:j.doe"]
        assert clear_ones(session, event, limit=1).total == 1


def test_who_is_not_clear_any_more_is_left(engine: Engine) -> None:
    """The same person applied once more since the list was shown."""
    with _prepared(engine) as (session, event):
        one = assessed(session, CONTEXT, event, surname="ROSSI", given_names="Ada")
        shown = clear_ones(session, event)
        assessed(session, CONTEXT, event, surname="ROSSI", given_names="Ada", received_at="2017-08-21T10:00:00+02:00")
        report = approve_clear_ones(session, REVIEWER, event, {row.reference: row.version for row in shown.rows})
        assert (report.approved, [reference for reference, _ in report.left]) == ((), [one.reference])


def test_who_opened_it_lately_is_shown_to_the_others(engine: Engine) -> None:
    """Not to himself, not for ever, and as of his last look."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event)
        for minutes in (0, 5):
            note_viewing(session, at(REVIEWER, CONTEXT.now() + timedelta(minutes=minutes)), application)
            session.flush()
        assert onlookers(session, REVIEWER, application) == ()
        other = acting(CONTEXT, "user:other", Role.REVIEWER)
        [seen] = onlookers(session, at(other, CONTEXT.now() + timedelta(minutes=7)), application)
        assert (seen.actor, seen.opened_at) == ("user:j.doe", CONTEXT.now() + timedelta(minutes=5))
        assert onlookers(session, at(other, CONTEXT.now() + timedelta(minutes=21)), application) == ()


def test_the_screen_shows_the_same_person_and_the_whole_body(engine: Engine) -> None:
    """Counts with the quota, and who was before; the other application of the person, whatever became of it."""
    with _prepared(engine) as (session, event):
        others = [assessed(session, CONTEXT, event) for _ in range(3)]
        refuse(session, CONTEXT, event, others[0].reference, **WHY)
        person = {"surname": "ROSSI", "given_names": "Ada"}
        twin = assessed(session, CONTEXT, event, **person, organisation="Nobody Knows Us")
        application = assessed(session, CONTEXT, event, **person, received_at="2017-08-21T10:00:00+02:00")
        seen = _screen(session, event, application.reference)
        assert [one.reference for one in seen.same_person] == [twin.reference]
        assert (seen.body.name, seen.body.total, seen.body.still_in, seen.body.before) == (
            "Alpine Migrants Forum",
            4,
            3,
            2,
        )
        assert seen.body.quota == event.event.category("ngo").quota  # type: ignore[union-attr]
        alone = _screen(session, event, twin.reference)
        assert (alone.body.name, alone.body.total) == ("", 1)


def test_a_screen_costs_the_same_however_many_people_there_are(engine: Engine) -> None:
    """As many statements in a delegation of twenty as in one of two."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, organisation="Alpin Migrant Foruum")
        counted = []
        for more in (2, 18):
            for _ in range(more):
                assessed(session, CONTEXT, event, organisation="Alpin Migrant Foruum")
            session.flush()
            with _statements(session) as seen:
                _screen(session, event, application.reference)
            counted.append(len(seen))
        assert counted[0] == counted[1]


def test_a_decision_is_told_with_its_reasons(engine: Engine) -> None:
    """Each decision with its own words, the latest first."""
    with _prepared(engine) as (session, event):
        application = assessed(session, CONTEXT, event, affiliation="")
        refuse(session, REVIEWER, event, application.reference, **WHY)
        approve(session, CONTEXT, event, application.reference, reason_staff="letter came by mail")
        session.flush()
        steps = [step for step in _screen(session, event, application.reference).history if step.legal_basis]
        assert [(step.action, step.actor, step.staff, step.told) for step in steps] == [
            ("application.approved", "test:reviewer", "letter came by mail", ""),
            ("application.refused", "user:j.doe", "no", "No."),
        ]


def test_words_that_tell_two_names_apart_are_marked() -> None:
    """Case, accents and points are no difference; a word more, less or other is."""
    found = side_by_side("Les Amis de l’Été – Genève", "Les amis de l'ete, Geneva")
    assert [word.text for word in found.typed if word.differs] == ["Genève"]
    assert [word.text for word in found.listed if word.differs] == ["Geneva"]
    assert side_by_side("ALPINE Migrants' Forum", "Alpine Migrants Forum").same
    assert [word.differs for word in side_by_side("", "Alpine").listed] == [True]


@contextmanager
def _statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield seen
    event.remove(bind, "before_cursor_execute", note)
