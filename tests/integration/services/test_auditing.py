"""The trail: one chain, in which nothing is altered, removed or slipped in unseen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from factories.contexts import HEARING_MORNING, acting, make_context
from factories.events import loaded_event
from factories.passes import collected_pass, make_application, prepared_pass
from factories.threads import at_once
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from accredit.db.models.audit import AuditEntry, AuditHead
from accredit.db.session import writing
from accredit.domain.permissions import Role
from accredit.services.auditing import Action, Subject, first_broken, record
from accredit.services.event_loading import LoadedEvent

CONTEXT = make_context(HEARING_MORNING)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session with a trail of some actions, committed and forgotten by the session."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        for _ in range(3):
            collected_pass(session, CONTEXT, event)
        session.commit()
        session.expunge_all()
        yield session


def test_an_untouched_trail_holds(session: Session) -> None:
    """Numbers follow one another from one, and every row fits the one before, also after reading it back."""
    numbers = session.scalars(select(AuditEntry.number).order_by(AuditEntry.number)).all()
    assert list(numbers) == list(range(1, 8))
    assert first_broken(session) is None


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "user:somebody-else"},
        {"action": "pass.revoked"},
        {"subject_id": "other"},
        {"fields": ["nothing"]},
        {"at": HEARING_MORNING.replace(hour=5)},
    ],
)
def test_an_altered_row_breaks_the_chain_at_its_number(session: Session, change: dict[str, object]) -> None:
    """Whichever of its facts was altered."""
    session.execute(update(AuditEntry).where(AuditEntry.number == 4).values(**change))
    assert first_broken(session) == 4


def test_a_removed_row_leaves_a_gap(session: Session) -> None:
    """In the middle, where the next one does not fit; at the end, where the head knows better."""
    session.execute(delete(AuditEntry).where(AuditEntry.number == 7))
    assert first_broken(session) == 7
    session.execute(delete(AuditEntry).where(AuditEntry.number == 3))
    assert first_broken(session) == 3


def test_a_row_slipped_in_does_not_fit(session: Session) -> None:
    """Without the head's digest nobody continues the chain unseen."""
    last = session.scalars(select(AuditEntry).where(AuditEntry.number == 7)).one()
    forged = AuditEntry(
        number=8,
        at=last.at,
        actor="user:mallory",
        action=Action.PASS_REINSTATED.value,
        subject_kind="pass",
        subject_id="any",
        fields=[],
        previous=last.digest,
        digest=bytes(32),
    )
    session.add(forged)
    session.flush()
    assert first_broken(session) == 8


def test_an_action_that_was_rolled_back_leaves_no_trace(engine: Engine) -> None:
    """The trail is written in the transaction of the change, and goes with it."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        session.commit()
        prepared_pass(session, CONTEXT, event)
        session.rollback()
        assert list(session.scalars(select(AuditEntry.action))) == ["event.loaded"]
        assert session.scalars(select(AuditHead.number)).one() == 1
        assert first_broken(session) is None


def test_many_at_once_write_one_chain(engine: Engine) -> None:
    """Each of eight actions of eight people has its number, and the chain holds."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        session.commit()

    def act(session: Session, event: LoadedEvent) -> int:
        make_application(session, event)
        return record(session, CONTEXT, Action.APPLICATION_SUBMITTED, Subject("application", "x")).number

    assert sorted(at_once(engine, act, 8)) == list(range(2, 10))
    with writing(engine) as session:
        assert first_broken(session) is None


def test_a_row_names_actor_and_fields(engine: Engine) -> None:
    """Field names in order, who did it, when; a role is no name."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        dana = acting(CONTEXT, "user:dana", Role.DESK)
        entry = record(session, dana, Action.PASS_COLLECTED, Subject("pass", "K7QF-3M9P"), ("state", "document_hash"))
        session.commit()
        assert (entry.actor, entry.action, entry.at) == ("user:dana", "pass.collected", HEARING_MORNING)
        assert (entry.subject_kind, entry.subject_id, entry.fields) == ("pass", "K7QF-3M9P", ["document_hash", "state"])
