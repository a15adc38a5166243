"""Who may try to log in: counted by name, whether anybody has it or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from factories.contents import everything_in
from factories.contexts import at, make_context
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.db.models.accounts import LogInCounter
from accredit.db.models.audit import AuditEntry
from accredit.db.session import writing
from accredit.domain.permissions import Role
from accredit.services import log_ins, passwords
from accredit.services.accounts import add_account
from accredit.services.log_ins import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, Closed, Known

CONTEXT = make_context()
PASSWORD = "three grey herons"
NAMES = ("rita", "a name of nobody")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session with the account of Rita."""
    with writing(engine) as session:
        add_account(session, CONTEXT, "rita", PASSWORD, [Role.REVIEWER])
        yield session


def _fail(session: Session, name: str, times: int, now: timedelta = timedelta()) -> None:
    context = at(CONTEXT, CONTEXT.now() + now)
    for _ in range(times):
        log_ins.note_failure(session, context, name)
    session.flush()


def _closed_for(session: Session, name: str, now: timedelta = timedelta()) -> timedelta | None:
    later = at(CONTEXT, CONTEXT.now() + now)
    closed = log_ins.closed_until(session, later, name)
    return closed.until - later.now() if closed is not None else None


@pytest.mark.parametrize("name", NAMES)
def test_each_failure_after_the_fifth_closes_a_name_for_longer(session: Session, name: str) -> None:
    """Half a minute, then twice as long each time, up to five minutes; a name of nobody is counted like any other."""
    _fail(session, name, FREE_TRIES - 1)
    assert _closed_for(session, name) is None
    waits = []
    for _ in range(7):
        _fail(session, name, 1)
        waits.append(_closed_for(session, name))
    assert waits == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4, FIRST_WAIT * 8, *[LONGEST_WAIT] * 3]
    assert _closed_for(session, name, LONGEST_WAIT) is None


def test_a_closed_name_opens_to_nobody(session: Session) -> None:
    """Not even the right password opens it, and it costs no hash; afterwards it does, and the count begins anew."""
    _fail(session, "rita", FREE_TRIES)
    assert isinstance(log_ins.first_step(session, CONTEXT, "rita", PASSWORD), Closed)
    later = at(CONTEXT, CONTEXT.now() + FIRST_WAIT)
    known = log_ins.first_step(session, later, "rita", PASSWORD)
    assert isinstance(known, Known)
    log_ins.note_success(session, later, known)
    _fail(session, "rita", FREE_TRIES - 1, FIRST_WAIT)
    assert _closed_for(session, "rita", FIRST_WAIT) is None


def test_spaces_around_a_name_count_for_it(session: Session) -> None:
    """As the log-in reads a name, so does the counter."""
    _fail(session, " rita ", FREE_TRIES)
    assert _closed_for(session, "rita") == FIRST_WAIT


def test_what_was_typed_is_not_kept(session: Session) -> None:
    """The trail names an account that exists, and “unknown” for every other; counters hold a keyed hash."""
    for name in NAMES:
        _fail(session, name, 2)
    everything = everything_in(session)
    assert "a name of nobody" not in everything
    wanted = select(AuditEntry.subject_id).where(AuditEntry.action == "account.log_in_failed")
    assert sorted(session.scalars(wanted)) == ["rita", "rita", "unknown", "unknown"]


def test_old_counters_are_forgotten(session: Session) -> None:
    """Names that were tried a day ago leave the table with the next failure, so that it does not grow for ever."""
    for number in range(20):
        _fail(session, f"guess {number}", 1)
    _fail(session, "rita", 1, timedelta(days=1, seconds=1))
    assert len(session.scalars(select(LogInCounter)).all()) == 1


def test_the_seal_changes_with_the_password(session: Session) -> None:
    """A session that was made before carries another seal, and has ended."""
    known = log_ins.first_step(session, CONTEXT, "rita", PASSWORD)
    assert isinstance(known, Known)
    assert passwords.change(session, CONTEXT, known.id, "two white storks at noon") is None
    session.flush()
    renewed = log_ins.find(session, known.id)
    assert renewed is not None
    assert (renewed.id, renewed.seal == known.seal) == (known.id, False)
    assert log_ins.first_step(session, CONTEXT, "rita", PASSWORD) is None


def test_a_weak_password_is_refused_for_the_old_hands_too(session: Session) -> None:
    """The rules are those of a new account; nothing changes."""
    known = log_ins.first_step(session, CONTEXT, "rita", PASSWORD)
    assert isinstance(known, Known)
    refused = passwords.change(session, CONTEXT, known.id, "rita rita rita rita")
    assert refused is not None
    assert refused.code == "weak_password"
    assert log_ins.first_step(session, CONTEXT, "rita", PASSWORD) == known
