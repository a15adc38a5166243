"""Fixtures that every test may use; those of one room stand in that room's folder."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A busy machine makes no rule wrong: no example is judged by how long it took.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real lists and vectors beside the checkout; a test that needs it is skipped where it is missing."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the folder ../shared/data, which is not here")
    return folder


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    """The address of a PostgreSQL server in which this run may create databases."""
    from postgresql_server import serving

    with serving() as address:
        yield address


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no collection of garbage needs to walk over it again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says on which databases the suite ran."""
    counts: dict[str, int] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name in ("sqlite", "postgresql"):
            if f"[{name}" in report.nodeid or f"-{name}]" in report.nodeid:
                counts[name] = counts.get(name, 0) + 1
    if counts:
        said = ", ".join(f"{count} on {name}" for name, count in sorted(counts.items()))
        terminalreporter.write_line(f"database tests passed: {said}")
