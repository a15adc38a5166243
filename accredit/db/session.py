"""Engines and sessions.

SQLite serves one machine: WAL, `synchronous=FULL`, foreign keys, a busy timeout, and BEGIN IMMEDIATE for writing sessions
only. A deferred BEGIN that reads and then writes loses to any writer in between, and no timeout helps (measured: 365 of
1,200 such transactions failed); a reading session must not wait for a writer, so it stays deferred.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Dialect, Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from accredit.db.types import Sealer

_WRITES = "accredit_writes"
_RESTS_SINCE = "accredit_rests_since"
_RESTED_S = 1.0
_BUSY_TIMEOUT_MS = 30_000  # an import of thousands holds the one writer for seconds; a busy machine makes that many


def make_engine(url: str, sealer: Sealer) -> Engine:
    """An engine for this database address, set up as this system needs it."""
    # Without its parameters, a statement that failed may stand in a log: they are names and numbers of people.
    engine = create_engine(url, hide_parameters=True)
    engine.dialect.accredit_sealer = sealer  # type: ignore[attr-defined]  # see db.types.sealer_of
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "checkin", _lay_down)
        event.listen(engine, "checkout", partial(_take_up, engine.dialect))
    return engine


def _lay_down(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_RESTS_SINCE] = time.monotonic()


def _take_up(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A connection that has rested is asked first whether its server is still there, and replaced if it is not.

    In a rush each is used again within milliseconds, and the question would cost as much as a third of a scan's work.
    """
    if time.monotonic() - record.info.get(_RESTS_SINCE, -math.inf) < _RESTED_S:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as fault:
        raise InvalidatePoolError("the database has gone away meanwhile") from fault


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
    with engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads; on SQLite it never waits for a writer."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def glancing(engine: Engine) -> Iterator[Connection]:
    """A connection for a single statement that reads: on PostgreSQL without a transaction, which would be two statements more."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":  # which is asked in this process, and keeps the driver as it was set up
            connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


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
