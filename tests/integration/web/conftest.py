"""The web service on the databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from factories.engines import engine_on
from sqlalchemy import Engine
from web_under_test import WebUnderTest


@pytest.fixture
def web(engine: Engine) -> WebUnderTest:
    """A service of this test's own, on each of the two databases."""
    return WebUnderTest(engine)


@pytest.fixture
def pages(sqlite_url: str) -> Iterator[WebUnderTest]:
    """The same on SQLite alone, for rules in which the database has no say."""
    with engine_on(sqlite_url) as engine:
        yield WebUnderTest(engine)
