"""A database for every test of it: once on SQLite, once on a real PostgreSQL.

Both are built by running the migrations once. SQLite's file is copied for each test, PostgreSQL's database is emptied.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from factories.engines import SEALER, engine_on
from postgresql_server import administer, named
from recycled_databases import RecycledDatabase
from sqlalchemy import Engine

from accredit.db.session import make_engine
from accredit.db.upgrade import upgrade
from accredit.services import accounts

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


@pytest.fixture(autouse=True, scope="session")
def passwords_cost_little() -> Iterator[None]:
    """The same argon2id at a thousandth of the work; that people get the whole of it is a test of its own."""
    with mock.patch.object(accounts, "_hasher", return_value=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)):
        yield


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
def postgresql_template(postgresql_address: str) -> Iterator[str]:
    """The name of a migrated database to copy."""
    name = f"template_{uuid4().hex}"
    administer(postgresql_address, f"CREATE DATABASE {name}")
    engine = make_engine(named(postgresql_address, name), SEALER)
    upgrade(engine, MIGRATIONS)
    engine.dispose()
    yield name
    administer(postgresql_address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_database(postgresql_address: str, postgresql_template: str) -> Iterator[RecycledDatabase]:
    """The copy that the tests of this run use one after the other."""
    made = RecycledDatabase(postgresql_address, postgresql_template)
    yield made
    made.throw_away()


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> str:
    """The address of an empty, migrated SQLite file; every test finds another one under the same name."""
    path = sqlite_template.with_name("accredit.db")
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty, migrated database of this test's own."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    database: RecycledDatabase = request.getfixturevalue("postgresql_database")
    yield database.take()
    database.give_back()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this test's own database."""
    with engine_on(database_url) as made:
        yield made
