"""Real workers and a real mail server, one of which is killed in the middle: nobody is forgotten, and the outbox says so."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from factories.commands import OFFICE_DAY, Commands, applicant
from smtp_sink import Sink
from sqlalchemy import NullPool, create_engine, text

pytestmark = pytest.mark.soak  # real workers that are killed

_PATIENCE = 120.0
_LETTERS = "ABCDEFGHIJ"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    """A mail server that is up."""
    folder = tmp_path / "mail"
    folder.mkdir()
    made = Sink(folder)
    made.start()
    yield made
    made.stop()


def _office(folder: Path, sink: Sink, people: int) -> Commands:
    """Somebody has imported this many applications; each is to be told that it is here."""
    office = Commands(folder)
    office.set_clock(OFFICE_DAY)
    office.settings["ACCREDIT_SMTP_URL"] = sink.url
    office.settings["ACCREDIT_MAIL_FROM"] = "passes@example.org"
    office.well("init", "--demo")
    office.references([_person(number) for number in range(people)])
    return office


def _person(number: int) -> dict[str, str]:
    letters = "".join(_LETTERS[int(digit)] for digit in f"{number:03}")
    return applicant(f"PERSON{letters}", "Amara", email=f"person{number}@example.org")


@contextmanager
def _worker(office: Commands) -> Iterator[subprocess.Popen[str]]:
    log = (office.folder / "worker.log").open("a", encoding="utf-8")
    worker = subprocess.Popen(
        [*office.command, "worker"],
        cwd=office.folder,
        env=office.process_environment,
        stdout=log,
        stderr=log,
        text=True,
    )
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.terminate()
            worker.wait(60)
        log.close()


def _states(office: Commands) -> Callable[[], dict[str, int]]:
    """The outbox by state, read as cheaply as can be."""
    engine = create_engine(f"sqlite:///{office.state / 'accredit.db'}", poolclass=NullPool)

    def read() -> dict[str, int]:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT state, count(*) FROM messages GROUP BY state"))
            return {row[0]: row[1] for row in rows}

    return read


def _wait_for(condition: Callable[[], bool], told: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain; {told()}"
        time.sleep(0.01)


def _marked(office: Commands) -> set[str]:
    """The ids of the messages that may have come twice, as the outbox says."""
    engine = create_engine(f"sqlite:///{office.state / 'accredit.db'}", poolclass=NullPool)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id FROM messages WHERE state = 'sent_unsure'")).scalars()
        return {str(one).replace("-", "") for one in rows}


def _twice(sink: Sink) -> set[str]:
    """The ids of the messages that did come twice; none came three times."""
    ids = Counter(str(one["Message-ID"]).strip("<>").partition("@")[0].replace("-", "") for one in sink.mails())
    assert max(ids.values()) <= 2
    return {one for one, times in ids.items() if times == 2}


def _killed_and_taken_up(folder: Path, sink: Sink, people: int) -> None:
    """A worker is killed in the middle, the server goes away for a while, another worker ends the work."""
    office = _office(folder, sink, people)
    states, so_far = _states(office), people // 3
    sink.holds_at(so_far)
    with _worker(office) as first:
        _wait_for(lambda: sink.taken() == so_far, states)
        first.send_signal(signal.SIGKILL)
        first.wait(60)
    # The server has the last one, and whoever sent it is dead before it heard so.
    assert states() == {"sent": so_far - 1, "sending": 1, "waiting": people - so_far}
    sink.stop()
    sink.goes_on()
    office.set_clock(OFFICE_DAY + timedelta(minutes=6))  # a message is taken out of a dead hand after five
    with _worker(office):
        _wait_for(lambda: "does not answer" in office.well("mail", "status"), states)
        assert sum(states().values()) == people
        sink.start()
        office.set_clock(OFFICE_DAY + timedelta(hours=1))
        office.well("mail", "retry")
        _wait_for(lambda: set(states()) <= {"sent", "sent_unsure"}, states)
    assert len(sink.by_recipient()) == people
    assert states() == {"sent": people - 1, "sent_unsure": 1}
    assert _twice(sink) == _marked(office)
    assert f"{people - 1:>7}  sent\n" in office.well("mail", "status")
    log = (office.folder / "worker.log").read_text("utf-8")
    assert "@example.org" not in log
    assert "PERSON" not in log


def test_a_killed_worker_and_a_server_that_is_away_lose_no_message(tmp_path: Path, sink: Sink) -> None:
    """Thirty people: each has the mail once, but the one in whose middle the worker died, and that one is marked."""
    _killed_and_taken_up(tmp_path, sink, 30)


def test_five_hundred_messages_survive_a_kill(tmp_path: Path, sink: Sink) -> None:
    """The same with five hundred."""
    _killed_and_taken_up(tmp_path, sink, 500)


def test_a_worker_that_is_asked_to_stop_ends_the_message_in_hand(tmp_path: Path, sink: Sink) -> None:
    """Nothing is left in its hand, and nothing is marked; the next worker goes on where it stopped."""
    office = _office(tmp_path, sink, 30)
    states = _states(office)
    with _worker(office):
        _wait_for(lambda: sink.taken() >= 5, states)
    assert "sending" not in states()
    with _worker(office):
        _wait_for(lambda: states() == {"sent": 30}, states)
    assert set(sink.by_recipient().values()) == {1}


def test_doctor_says_that_mail_waits_for_a_server(tmp_path: Path, sink: Sink) -> None:
    """Without settings nothing is sent, and both places that are asked say which settings are missing."""
    office = _office(tmp_path, sink, 2)
    assert "from passes@example.org" in office("doctor").out
    del office.settings["ACCREDIT_SMTP_URL"]
    told = office("doctor").out
    assert "messages wait" in told
    assert "set ACCREDIT_SMTP_URL, and run" in told
    said = office("mail", "status")
    assert "2  waiting" in said.out
    assert "ACCREDIT_SMTP_URL" in said.err
