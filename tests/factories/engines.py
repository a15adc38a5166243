"""Engines for tests in one process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event


def hasten(engine: Engine) -> Engine:
    """The engine, not waiting for the disk on SQLite: no test of this process pulls its plug; those that do start others."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _without_the_disk)
    return engine


def _without_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
