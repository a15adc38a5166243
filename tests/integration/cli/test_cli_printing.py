"""Badges in the background as processes: killed at any moment, on a full disk, and sent to a printer by its command."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pypdfium2
import pytest
from factories.commands import OFFICE_DAY, PEOPLE, Commands
from factories.passes import prepared_pass
from sqlalchemy import NullPool, create_engine, text

from accredit.config import Settings
from accredit.db.session import writing
from accredit.services.event_loading import find_event
from accredit.wiring import House

_PATIENCE = 600.0
_LATER = OFFICE_DAY + timedelta(hours=2)


@pytest.fixture
def house(office: Commands) -> Commands:
    """An office with three prepared passes, on SQLite."""
    office.set_clock(_LATER)
    office.settings["ACCREDIT_DATABASE_URL"] = f"sqlite:///{office.state / 'accredit.db'}"
    return office


@contextmanager
def _worker(house: Commands, *, largest_file: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A worker for the length of a block; it may write no larger file than this."""

    def limited() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    with (house.folder / "worker.log").open("ab") as log:
        worker = subprocess.Popen(
            [*house.command, "worker"],
            cwd=house.folder,
            env=house.process_environment,
            stdout=log,
            stderr=log,
            preexec_fn=limited,
        )
        try:
            yield worker
        finally:
            if worker.poll() is None:
                worker.terminate()
                worker.wait(60)


def _wait_for(condition: Callable[[], bool], house: Commands) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, house("jobs", "list")
        time.sleep(0.1)


def _rows(house: Commands, asked: str) -> list[tuple[object, ...]]:
    engine = create_engine(house.settings["ACCREDIT_DATABASE_URL"], poolclass=NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


def _state(house: Commands) -> str:
    return str(_rows(house, "SELECT state FROM jobs ORDER BY created_at DESC LIMIT 1")[0][0])


def _on_paper(house: Commands) -> list[str]:
    """What stands on the pages of all finished files, a text a page."""
    texts = []
    for path in sorted((house.state / "made").glob("*.pdf")):
        with pypdfium2.PdfDocument(path) as document:
            texts += [page.get_textpage().get_text_range() for page in document]
    return texts


def _references(house: Commands) -> list[str]:
    asked = "SELECT a.reference FROM passes p JOIN applications a ON a.id = p.application_id"
    return [str(row[0]) for row in _rows(house, asked)]


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_full_disk_is_told_and_mended(house: Commands, database_url: str) -> None:
    """The worker may write no file of any size worth naming: the job says so, nothing counts as printed; retried, it prints."""
    house.settings["ACCREDIT_DATABASE_URL"] = database_url
    house.set_clock(OFFICE_DAY + timedelta(hours=1))
    house.well("init", "--demo")
    house.well("lists", "import", "--shipped")
    house.references(PEOPLE)
    house.well("screen", "--approve-clear")
    house.set_clock(_LATER)
    job = house.well("passes", "print", "--ahead", "--background").split()[1]
    with _worker(house, largest_file=12_000):
        _wait_for(lambda: _state(house) == "failed", house)
    assert "could not be written: file too large; free space, then try the job again" in house.well("jobs", "list")
    assert _rows(house, "SELECT count(*) FROM badges") == [(0,)]
    assert list((house.state / "made").iterdir()) == []
    house.well("jobs", "retry", job)
    with _worker(house):
        _wait_for(lambda: _state(house) == "done", house)
    assert len(_on_paper(house)) == 3


def test_a_printer_gets_the_files_of_its_desk(house: Commands) -> None:
    """Set up, printed in the background, sent by lp, and done by the word of a person."""
    fake = house.folder / "bin"
    fake.mkdir()
    (fake / "lp").write_text(
        f'#!/bin/sh\nfor last; do :; done\ncp "$last" "{house.folder}/came-out.pdf"\n'
        'echo "request id is hall-1 (1 file(s))"\n'
    )
    (fake / "lp").chmod(0o755)
    house.settings["PATH"] = f"{fake}:{os.environ['PATH']}"
    house.well("printers", "set", "left", "--queue", "hall", "--desk", "Desk 1")
    assert "queue hall" in house.well("printers", "list")
    house.well("passes", "print", "--ahead", "--sheet", "a4", "--background", "--desk", "Desk 1", "--to-printers")
    with _worker(house):
        _wait_for(lambda: _state(house) == "done", house)
    [line] = house.well("printers", "prints", "--desk", "Desk 1").splitlines()
    assert "sent  3 badges  Desk 1  A–C  left" in line
    with pypdfium2.PdfDocument(house.folder / "came-out.pdf") as document:
        assert len(document) == 1
    number = line.split()[0]
    house.well("printers", "done", number)
    assert f"{number}  done" in house.well("printers", "prints")
    refused = house("printers", "again", number, "--printer", "right")
    assert "choose one of these: left" in refused.err


def _prepare(house: Commands, count: int) -> None:
    """So many more prepared passes, past the rules."""
    made = House(Settings(state=house.state, database_url=house.settings["ACCREDIT_DATABASE_URL"]))
    with writing(made.engine) as session:
        event = find_event(session, "")
        assert event is not None
        for number in range(count):
            prepared_pass(session, made.context(), event, surname=f"{chr(65 + number % 26)}dule{number:04}")
        session.commit()
    made.close()


@pytest.mark.soak
def test_two_thousand_killed_at_any_moment_stand_in_one_file_each(house: Commands) -> None:
    """SIGKILL again and again while two thousand are printed: in the end each pass is on exactly one page."""
    _prepare(house, 2000)
    wanted = _references(house)
    assert len(wanted) == 2003
    house.well("passes", "print", "--ahead", "--background", "--sheet", "a4", "--desk", "1", "--desk", "2")
    moments, clock = random.Random(9303), _LATER
    for _ in range(2):  # the third attempt is the last one
        with _worker(house) as worker:
            _wait_for(lambda: _state(house) == "running", house)
            time.sleep(moments.uniform(0.5, 8.0))
            worker.send_signal(signal.SIGKILL)
            worker.wait(60)
        clock += timedelta(minutes=10)
        house.set_clock(clock)
    with _worker(house):
        _wait_for(lambda: _state(house) == "done", house)
    paper = " ".join(_on_paper(house))
    assert {reference: paper.count(reference) for reference in wanted} == dict.fromkeys(wanted, 1)
    slots = sorted(int(str(row[0])) for row in _rows(house, "SELECT slot FROM badges"))
    assert slots == list(range(1, len(wanted) + 1))
    assert not list((house.state / "made").glob("*.new"))
