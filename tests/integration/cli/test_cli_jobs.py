"""Background work by real workers: done, killed in the middle, taken up again, and given up with a reason."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pypdfium2
import pytest
from factories.commands import OFFICE_DAY, PEOPLE, Commands
from sqlalchemy import NullPool, create_engine, text

_PATIENCE = 20.0
_LATER = OFFICE_DAY + timedelta(hours=2)


@pytest.fixture
def house(office: Commands) -> Commands:
    """An office with three prepared passes, on SQLite."""
    office.set_clock(_LATER)
    office.settings["ACCREDIT_DATABASE_URL"] = f"sqlite:///{office.state / 'accredit.db'}"
    return office


@pytest.fixture
def any_house(database_url: str, house: Commands) -> Commands:
    """The same on SQLite, and set up anew on PostgreSQL."""
    if database_url.startswith("postgresql"):
        house.settings["ACCREDIT_DATABASE_URL"] = database_url
        house.set_clock(OFFICE_DAY + timedelta(hours=1))
        house.well("init", "--demo")
        house.well("lists", "import", "--shipped")
        house.references(PEOPLE)
        house.well("screen", "--approve-clear")
        house.set_clock(_LATER)
    return house


@contextmanager
def _worker(house: Commands) -> Iterator[subprocess.Popen[str]]:
    log = (house.folder / "worker.log").open("a", encoding="utf-8")
    worker = subprocess.Popen(
        [*house.command, "worker"], cwd=house.folder, env=house.process_environment, stdout=log, stderr=log, text=True
    )
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.terminate()
            worker.wait(20)
        log.close()


def _wait_for(condition: Callable[[], bool], pause: float = 0.05, told: Callable[[], object] = str) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain; {told()}"
        time.sleep(pause)


def _states(house: Commands) -> Callable[[], list[tuple[str, int]]]:
    """State and attempts of each job, read as cheaply as can be."""
    engine = create_engine(house.settings["ACCREDIT_DATABASE_URL"], poolclass=NullPool)

    def read() -> list[tuple[str, int]]:
        with engine.connect() as connection:
            return [(row[0], row[1]) for row in connection.execute(text("SELECT state, attempts FROM jobs"))]

    return read


def _pages(house: Commands) -> list[int]:
    counts = []
    for path in sorted((house.state / "made").glob("*.pdf")):
        assert path.stat().st_mode & 0o777 == 0o600
        with pypdfium2.PdfDocument(path) as document:
            counts.append(len(document))
    return counts


def test_a_worker_prints_what_was_left_to_it(house: Commands) -> None:
    """The command answers at once; the worker writes the PDF; the list of jobs says where; nothing is printed twice."""
    told = house.well("passes", "print", "--ahead", "--background")
    assert re.match(r"job [0-9a-f-]{36} waits", told)
    assert "waiting" in house.well("jobs", "list")
    with _worker(house):
        _wait_for(lambda: "done" in house.well("jobs", "list"), 0.3, lambda: house("jobs", "list"))
    assert _pages(house) == [3]
    assert "badges-" in house.well("jobs", "list")
    assert "no badge was to print" in house.well("passes", "print", "--ahead", "-o", "x.pdf")
    lines = [json.loads(line) for line in (house.folder / "worker.log").read_text("utf-8").splitlines()[1:] if line]
    assert [line["kind"] for line in lines if line["event"] == "job done"] == ["print"]
    assert not any(row["surname"] in (house.folder / "worker.log").read_text("utf-8") for row in PEOPLE)


@pytest.mark.soak
def test_what_a_killed_worker_held_is_taken_up_again(any_house: Commands) -> None:
    """SIGKILL in the middle of a job: when its heart has been still for a minute another worker does it, once."""
    house = any_house
    house.well("passes", "print", "--ahead", "--background")
    states = _states(house)
    with _worker(house) as first:
        _wait_for(lambda: states() == [("running", 1)], 0.002, told=states)
        first.send_signal(signal.SIGKILL)
        first.wait(20)
    assert states() == [("running", 1)]
    assert "running" in house.well("jobs", "list")
    with _worker(house):
        time.sleep(1.5)
        assert states() == [("running", 1)], "a heart that beat a moment ago is not dead"
    house.set_clock(_LATER + timedelta(minutes=5))
    with _worker(house):
        _wait_for(lambda: states() == [("done", 2)], told=states)
    assert _pages(house) == [3]
    assert "no badge was to print" in house.well("passes", "print", "--ahead", "-o", "x.pdf")


def test_a_refusal_ends_a_job_with_its_sentence(house: Commands) -> None:
    """What another try does not mend is told where the jobs are listed."""
    house.well("passes", "print", "--background", "--size", "a99")
    with _worker(house):
        _wait_for(lambda: "failed" in house.well("jobs", "list"), 0.3)
    assert "no size “a99”" in house.well("jobs", "list")
    assert not (house.state / "made").exists()


def test_named_badges_are_printed_again_in_the_background(house: Commands) -> None:
    """References and the reason travel with the job."""
    lines = (house.folder / "references.csv").read_text("utf-8").split()
    reference = lines[1].partition(",")[2]
    house.well("passes", "print", "-o", "first.pdf", reference)
    house.well("passes", "print", "--background", "--reason", "sheet torn", reference)
    with _worker(house):
        _wait_for(lambda: "done" in house.well("jobs", "list"), 0.3, lambda: house("jobs", "list"))
    assert _pages(house) == [1]
