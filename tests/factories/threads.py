"""Several people at once, each with a session and a transaction of his own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.db.session import writing
from accredit.services.event_loading import LoadedEvent, find_event

_Answer = TypeVar("_Answer")


def at_once(engine: Engine, act: Callable[[Session, LoadedEvent], _Answer], threads: int) -> list[_Answer]:
    """What each of so many threads answers; all start together, and each commits once."""
    start = threading.Barrier(threads)
    answers: list[_Answer] = []

    def run() -> None:
        start.wait()
        with writing(engine) as session:
            event = find_event(session, "")
            assert event is not None
            answer = act(session, event)
            session.commit()
        answers.append(answer)

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(answers) == threads, "a thread failed or hangs"
    return answers
