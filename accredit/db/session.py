"""Engines and sessions.

SQLite serves one machine: WAL, `synchronous=FULL`, foreign keys, a busy timeout, and BEGIN IMMEDIATE for writing sessions
only. A deferred BEGIN that reads and then writes loses to any writer in between, and no timeout helps (measured: 365 of
1,200 such transactions failed); a reading session must not wait for a writer, so it stays deferred.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from accredit.db.types import Sealer

_WRITES = "accredit_writes"
_BUSY_TIMEOUT_MS = 30_000  # an import of thousands holds the one writer for seconds; a busy machine makes that many


def make_engine(url: str, sealer: Sealer) -> Engine:
    """An engine for this database address, set up as this system needs it."""
    # Without its parameters, a statement that failed may stand in a log: they are names and numbers of people.
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    engine.dialect.accredit_sealer = sealer  # type: ignore[attr-defined]  # see db.types.sealer_of
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` says how each begins.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={_BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that may write; the caller commits once. What is not committed is rolled back."""
    with Session(engine.execution_options(**{_WRITES: True}), expire_on_commit=False) as session:
        yield session


@contextmanager
def writing_bare(engine: Engine) -> Iterator[Connection]:
    """A connection that may write, for a route where each session would be felt; the caller commits once."""
    with engine.execution_options(**{_WRITES: True}).connect() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads; on SQLite it never waits for a writer."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def writing_if_free(engine: Engine) -> Iterator[Session]:
    """A session for a note that may be left out: where somebody else writes just now, it ends without it and says nothing."""
    with Session(engine, expire_on_commit=False) as session:
        _hurry(session)
        try:
            yield session
        except OperationalError:
            session.rollback()
        finally:
            if engine.dialect.name == "sqlite":
                session.connection().exec_driver_sql(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")


def _hurry(session: Session) -> None:
    """Lets this transaction wait for no lock; on SQLite until the connection is told otherwise."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    session.connection().exec_driver_sql("PRAGMA busy_timeout=0" if sqlite else "SET LOCAL lock_timeout='100ms'")
