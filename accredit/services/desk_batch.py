"""Pick-ups from a file: what the desk wrote down while it worked on paper, or what a reader collected.

Each line is one JSON object: `reference` and `mrz`, and where they apply `settled` (the officer's reason) and `supervisor`
(true). Each pick-up is a transaction of its own: who has the pass in his hand must not lose it to a later line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accredit.services.context import Context
from accredit.services.desk import Collected, collect
from accredit.services.event_loading import find_event

_TEXTS = ("reference", "mrz", "settled")
_KNOWN = frozenset({*_TEXTS, "supervisor"})


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What became of one line: `code` is the answer's, or `bad_line`; `step` is empty for a bad line."""

    line: int
    reference: str
    collected: bool
    step: str
    code: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchReport:
    """All lines in their order."""

    rows: tuple[BatchRow, ...]

    @property
    def collected(self) -> int:
        """How many passes were handed over."""
        return sum(row.collected for row in self.rows)

    @property
    def stopped(self) -> tuple[BatchRow, ...]:
        """The lines that somebody must look at."""
        return tuple(row for row in self.rows if not row.collected)


@dataclass(frozen=True, slots=True)
class _Pickup:
    reference: str
    mrz: str
    settled: str
    supervisor: bool


def collect_batch(
    open_session: Callable[[], AbstractContextManager[Session]], context: Context, event_key: str, lines: Iterable[str]
) -> BatchReport:
    """Collects line by line, each committed before the next; blank lines are passed over.

    `open_session` opens a writing session. This is the one use case that commits, because each line is one of its own.
    Raises LookupError where there is no such event.
    """
    told = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    return BatchReport(tuple(_row(open_session, context, event_key, number, line) for number, line in told))


def _row(
    open_session: Callable[[], AbstractContextManager[Session]],
    context: Context,
    event_key: str,
    number: int,
    line: str,
) -> BatchRow:
    pickup = _read(line)
    if isinstance(pickup, str):
        return BatchRow(number, "", False, "", "bad_line", (f"Line {number}: {pickup}",))
    with open_session() as session:
        event = find_event(session, event_key)
        if event is None:
            raise LookupError(f"no event “{event_key}” is loaded")
        outcome = collect(
            session,
            context,
            event,
            pickup.reference,
            pickup.mrz,
            settled=pickup.settled,
            supervisor=pickup.supervisor,
        )
        session.commit()
    answer = outcome.answer
    is_collected = isinstance(outcome, Collected)
    return BatchRow(number, pickup.reference, is_collected, answer.step.value, answer.code, answer.sentences)


def _read(line: str) -> _Pickup | str:
    """The pick-up of one line, or what is wrong with the line; never repeats what it says."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return "this is not JSON; write one object on one line"
    if not isinstance(told, dict) or told.keys() - _KNOWN:
        return "write one object with reference, mrz, and where they apply settled and supervisor"
    texts = {name: told.get(name, "") for name in _TEXTS}
    wrong = next((name for name, value in texts.items() if not isinstance(value, str)), None)
    if wrong is not None:
        return f"{wrong} is not text; put it in quotation marks"
    missing = next((name for name in ("reference", "mrz") if not texts[name].strip()), None)
    if missing is not None:
        return f"{missing} is missing; add it"
    supervisor = told.get("supervisor", False)
    if not isinstance(supervisor, bool):
        return "supervisor is neither true nor false"
    return _Pickup(**texts, supervisor=supervisor)
