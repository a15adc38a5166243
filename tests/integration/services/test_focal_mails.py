"""Focal points are written to once about each delegate, and reminded until they confirm or enough was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from factories.applications import assessed
from factories.contexts import REVIEW_DAY, acting, at, make_context
from factories.events import loaded_event
from factories.lists import make_table, usual_lists
from huey import MemoryHuey
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.models.outbox import Message
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.messages import TO_THE_FOCAL_POINT, Kind, MessageState
from accredit.domain.permissions import Role
from accredit.jobs import Worker
from accredit.services.event_loading import LoadedEvent
from accredit.services.focal_mails import (
    MOST_MAILS,
    FocalMailsRefused,
    FocalMailsReport,
    ask_focal_points,
    remind_focal_points,
)
from accredit.services.focal_points import confirm_by_focal_point, token_for
from accredit.wiring import House

CONTEXT = make_context()
FORUM = {"organisation": "Alpine Migrants Forum", "email": "focal@forum.example.org"}
COUNCIL = {"organisation": "Lakeside Diaspora Council", "email": "focal@council.example.org"}


@contextmanager
def _prepared(engine: Engine, *, asked: bool = True) -> Iterator[tuple[Session, LoadedEvent]]:
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT, focal_point_confirms=asked)
        usual_lists(session, CONTEXT)
        yield session, event


def _ask(session: Session, event: LoadedEvent, *rows: Mapping[str, str]) -> FocalMailsReport:
    report = ask_focal_points(session, CONTEXT, event, list_key="ecosoc", table=make_table(rows), mapping={})
    assert isinstance(report, FocalMailsReport)
    return report


def _mails(session: Session) -> list[tuple[str, str | None]]:
    """Kind and recipient of what goes to focal points, in order."""
    wanted = select(Message).where(Message.kind.in_(TO_THE_FOCAL_POINT)).order_by(Message.created_at)
    return [(one.kind.value, one.recipient) for one in session.scalars(wanted)]


def _all_are(session: Session, state: MessageState) -> None:
    session.execute(update(Message).values(state=state))
    session.expire_all()


def _confirmed(session: Session, event: LoadedEvent, application: Application) -> None:
    token = token_for(session, CONTEXT, event, application.reference)
    assert isinstance(token, str)
    confirm_by_focal_point(session, acting(CONTEXT, "focal point"), event, token)


def test_each_focal_point_is_asked_once_about_each_delegate(engine: Engine) -> None:
    """The same file once more writes to nobody; a newcomer, another address and a mail that failed are written to."""
    with _prepared(engine) as (session, event):
        first, second = (assessed(session, CONTEXT, event) for _ in range(2))
        nowhere = assessed(session, CONTEXT, event, organisation="River Crossing Network")
        report = _ask(session, event, FORUM, COUNCIL)
        assert (report.asked, report.before, report.without) == (2, 0, (nowhere.reference,))
        assert _mails(session) == [("focal_point_request", FORUM["email"])] * 2
        trail = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert trail is not None
        assert (trail.action, trail.fields) == ("focal_points.asked", [])
        again = _ask(session, event, FORUM)
        assert (again.asked, again.before) == (0, 2)
        assessed(session, CONTEXT, event)
        assert _ask(session, event, FORUM).asked == 1
        _confirmed(session, event, first)
        assert _ask(session, event, {**FORUM, "email": "other@forum.example.org"}).asked == 2
        _all_are(session, MessageState.FAILED)
        assert _ask(session, event, {**FORUM, "email": "other@forum.example.org"}).asked == 2
        assert second.reference not in report.without


def test_a_focal_point_is_reminded_until_it_confirms(engine: Engine) -> None:
    """Some days after the mail went out, at the same address, a few times at most; a mail that never left reminds nobody."""
    with _prepared(engine) as (session, event):
        made = assessed(session, CONTEXT, event)
        other = assessed(session, CONTEXT, event)
        assert remind_focal_points(session, CONTEXT, event) == 0
        _ask(session, event, FORUM)
        days = [at(CONTEXT, REVIEW_DAY + timedelta(days=number)) for number in range(0, 20, 4)]
        assert remind_focal_points(session, days[1], event) == 0
        _all_are(session, MessageState.SENT)
        assert remind_focal_points(session, days[0], event) == 0
        _confirmed(session, event, other)
        told = []
        for day in days[1:]:
            told.append(remind_focal_points(session, day, event))
            _all_are(session, MessageState.SENT)
        assert told == [1, 1, 0, 0]
        assert _mails(session)[-2:] == [("focal_point_reminder", FORUM["email"])] * 2
        wanted = select(Message.kind).where(Message.application_id == made.id, Message.kind.in_(TO_THE_FOCAL_POINT))
        kinds = list(session.scalars(wanted.order_by(Message.created_at)))
        assert kinds == [Kind.FOCAL_POINT_REQUEST, *[Kind.FOCAL_POINT_REMINDER] * (MOST_MAILS - 1)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"email": "focal"}, "no e-mail address"),
        ({"email": ""}, "no e-mail address"),
        ({"email": "x" * 250 + "@example.org"}, "no e-mail address"),
        ({"organisation": "Nobody Knows Us"}, "give its number"),
        ({"email": "second@forum.example.org"}, "another address in a row above"),
    ],
)
def test_a_broken_row_writes_to_nobody(engine: Engine, row: dict[str, str], words: str) -> None:
    """It is named by its number, without what stands in it; the others are written to."""
    with _prepared(engine) as (session, event):
        assessed(session, CONTEXT, event)
        report = _ask(session, event, FORUM, {**FORUM, **row})
        [problem] = report.problems
        assert problem.startswith("row 3: ")
        assert words in problem
        assert "second@" not in problem
        assert _mails(session) == [("focal_point_request", FORUM["email"])]


def test_nobody_is_written_to_without_need(engine: Engine) -> None:
    """An event that asks nobody, a list that is not there, a file without addresses, an actor who may not."""
    with _prepared(engine, asked=False) as (session, event):
        refused = ask_focal_points(session, CONTEXT, event, list_key="ecosoc", table=make_table([FORUM]), mapping={})
        assert isinstance(refused, FocalMailsRefused)
        assert remind_focal_points(session, CONTEXT, event) == 0
        asking = loaded_event(session, CONTEXT, focal_point_confirms=True)
        for list_key, row, code in (
            ("no-such-list", FORUM, "no_edition"),
            ("ecosoc", {"organisation": "Alpine Migrants Forum"}, "missing_column"),
        ):
            refused = ask_focal_points(session, CONTEXT, asking, list_key=list_key, table=make_table([row]), mapping={})
            assert isinstance(refused, FocalMailsRefused)
            assert refused.code == code
        gate = acting(CONTEXT, "test:gate", Role.GATE)
        with pytest.raises(NotAllowed):
            ask_focal_points(session, gate, asking, list_key="ecosoc", table=make_table([FORUM]), mapping={})


def test_the_worker_reminds_by_itself(engine: Engine) -> None:
    """Some days later, and commits it."""
    with _prepared(engine) as (session, event):
        assessed(session, CONTEXT, event)
        _ask(session, event, FORUM)
        _all_are(session, MessageState.SENT)
        session.commit()
    later = at(CONTEXT, REVIEW_DAY + timedelta(days=4))
    house = SimpleNamespace(engine=engine, settings=SimpleNamespace(event=""), context=lambda: later)
    Worker(cast("House", house), MemoryHuey()).remind()
    with writing(engine) as session:
        assert [kind for kind, _ in _mails(session)] == ["focal_point_request", "focal_point_reminder"]


def test_an_address_cannot_be_read_in_the_database(engine: Engine) -> None:
    """It is sealed at rest, as every address is."""
    with _prepared(engine) as (session, event):
        assessed(session, CONTEXT, event)
        _ask(session, event, FORUM)
        session.commit()
        kept = session.execute(text("SELECT recipient FROM messages WHERE recipient IS NOT NULL")).scalars().all()
    assert kept
    assert all(b"forum" not in bytes(one) for one in kept)
