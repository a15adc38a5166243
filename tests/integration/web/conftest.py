"""The web service on the databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories.engines import hasten
from sqlalchemy import Engine
from web_under_test import WebUnderTest

from accredit.db.session import make_engine
from accredit.db.types import Sealer


@pytest.fixture
def web(engine: Engine) -> WebUnderTest:
    """A service of this test's own, on each of the two databases."""
    return WebUnderTest(engine)


@pytest.fixture
def pages(sqlite_template: Path, tmp_path: Path) -> Iterator[WebUnderTest]:
    """The same on SQLite alone, for rules in which the database has no say."""
    path = tmp_path / "accredit.db"
    shutil.copy(sqlite_template, path)
    engine = hasten(make_engine(f"sqlite:///{path}", Sealer(bytes(range(32)))))
    yield WebUnderTest(engine)
    engine.dispose()
