"""An application comes in whole, once, and beside everybody else who writes."""

from __future__ import annotations

import itertools

import pytest
from factories.applications import application_fields
from factories.contexts import make_context
from factories.events import loaded_event
from factories.letters import pdf_of_pages, portrait
from factories.lists import usual_lists
from factories.threads import at_once
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.intake import Draft, SubmissionKey
from accredit.db.models.outbox import Message
from accredit.db.session import reading, writing
from accredit.domain.submissions import Submission
from accredit.services import applying, drafts
from accredit.services.auditing import Action, Subject, first_broken, record
from accredit.services.drafts import KeptFiles
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.intake import read_fields
from accredit.services.letters import PDF, ReadLetter
from accredit.services.roster import lock, next_number

CONTEXT = make_context()
LETTER = ReadLetter(PDF, 1, pdf_of_pages())
_NOTHING = KeptFiles()


@pytest.fixture
def event(engine: Engine) -> LoadedEvent:
    """The event with the usual lists."""
    with writing(engine) as session:
        made = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        session.commit()
    return made


def _fields() -> dict[str, str]:
    fields = application_fields()
    del fields["received_at"]
    return fields


def _sent(
    session: Session, event: LoadedEvent, key: str, fields: dict[str, str], files: KeptFiles = _NOTHING
) -> applying.Taken:
    read = read_fields(fields, event.event, now=CONTEXT.now(), keeps_receipt=False)
    assert isinstance(read, Submission)
    taken = applying.send(session, CONTEXT, event, read, applying.sender(CONTEXT, "form", key, fields), files)
    assert isinstance(taken, applying.Taken)
    return taken


def _send(engine: Engine, key: str, files: KeptFiles = _NOTHING) -> applying.Taken:
    with writing(engine) as session:
        event = find_event(session, "")
        assert event is not None
        taken = _sent(session, event, key, _fields(), files)
        session.commit()
    return taken


def _count(engine: Engine, table: type) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_comes_with_its_files(engine: Engine, event: LoadedEvent) -> None:
    """Photo and letter are sealed beside it; a message waits for the person."""
    taken = _send(engine, "a", KeptFiles(portrait(), LETTER))
    with reading(engine) as session:
        held = session.get_one(Application, taken.application.id)
        assert held.photo is not None
        assert held.letter is not None
        assert (held.photo.data, held.letter.data) == (portrait(), LETTER.data)
    assert (_count(engine, Message), _count(engine, SubmissionKey)) == (1, 1)


def test_eight_presses_are_one_application(engine: Engine, event: LoadedEvent) -> None:
    """Of the same form at the same moment one is taken, and the others are told of it."""
    fields = _fields()
    answers = at_once(engine, lambda session, held: _sent(session, held, "a", fields), 8)
    assert sorted(one.again for one in answers) == [False, *[True] * 7]
    assert len({one.application.reference for one in answers}) == 1
    assert (_count(engine, Application), _count(engine, Message)) == (1, 1)


def test_another_content_under_the_same_key_is_told(engine: Engine, event: LoadedEvent) -> None:
    """What is in stays as it was sent first."""
    first = _send(engine, "a")
    again = _send(engine, "a")
    assert (again.again, again.differs, again.application.id) == (True, True, first.application.id)


def test_people_apply_while_the_office_changes_the_roster(engine: Engine, event: LoadedEvent) -> None:
    """Both lock in one order, so that neither ever waits for the other for good."""

    turns = itertools.count()

    def work(session: Session, held: LoadedEvent) -> None:
        number = next(turns)
        if number % 2:
            _sent(session, held, str(number), _fields())
        else:
            lock(session, held.record)
            next_number(session, held.record)
            record(session, CONTEXT, Action.EVENT_LOADED, Subject("event", held.event.key))

    for _ in range(3):
        at_once(engine, work, 8)
    assert _count(engine, Application) == 12
    with reading(engine) as session:
        assert first_broken(session) is None


def test_uploads_at_the_same_moment_are_kept_once(engine: Engine, event: LoadedEvent) -> None:
    """Two presses with the same photo make no second draft, and none fails."""
    token = drafts.new_token(CONTEXT.entropy)

    def keep(session: Session, held: LoadedEvent) -> None:
        drafts.keep_files(session, CONTEXT, held, token, KeptFiles(portrait(), LETTER))

    at_once(engine, keep, 6)
    assert _count(engine, Draft) == 1
    with reading(engine) as session:
        held = find_event(session, "")
        assert held is not None
        assert drafts.kept_files(session, CONTEXT, held, token) == KeptFiles(portrait(), LETTER)
