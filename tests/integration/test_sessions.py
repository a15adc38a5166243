"""Connections of the service: kept, and replaced when their server went away while they rested."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from accredit.db import session


def test_a_connection_whose_server_went_away_is_replaced_after_a_rest(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes next does not notice."""
    if engine.dialect.name == "sqlite":
        return  # its server is this process
    monkeypatch.setattr(session, "_RESTED_S", 0)
    with engine.connect() as kept:
        with engine.connect() as resting:
            number = resting.scalar(text("SELECT pg_backend_pid()"))
        kept.execute(text("SELECT pg_terminate_backend(:number, 60000)"), {"number": number})
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) != number


def test_a_glance_leaves_no_transaction_and_no_trace(engine: Engine) -> None:
    """The connection it gives back begins transactions again, which can be undone."""
    with session.glancing(engine) as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    with session.writing(engine) as database:
        database.execute(text("CREATE TABLE undone (number INTEGER)"))
        database.rollback()
    with session.reading(engine) as database, pytest.raises(Exception, match="undone"):
        database.execute(text("SELECT number FROM undone"))
