"""Engines for the tests of one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Engine, event

from accredit.db.session import make_engine
from accredit.db.types import Sealer

SEALER = Sealer(bytes(range(32)))


@contextmanager
def engine_on(url: str) -> Iterator[Engine]:
    """An engine on this address, whose listeners are this test's own and whose connections end with it.

    What lies below is kept from test to test: it remembers the statements that were compiled, which is a fifth of the work.
    """
    kept = _kept(url)
    yield kept.execution_options()
    kept.dispose()


@cache
def _kept(url: str) -> Engine:
    made = make_engine(url, SEALER)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _without_the_disk)
    return made


def _without_the_disk(connection: Any, _record: object) -> None:
    # No test of this process pulls its plug; those that do start others.
    connection.execute("PRAGMA synchronous=OFF")
