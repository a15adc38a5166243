"""Pick-ups that the desk wrote on paper while server, network or power were gone, entered afterwards.

A table with one row a pick-up, as the print pack was filled in: `reference`, `time` (2017-10-11 08:45, in the event's zone),
`officer`, then the document: `mrz`, or `kind`, `issuing_state`, `number`, `expires_on`; where they differ from the
application also `surname`, `given_names`, `birth_date`, `nationality`. What is left empty of these was compared with the list
by the officer, who signed for it. `settled` is his reason where the two differ.

Each row is judged as if it were entered at its time, by the rules of that hour, and is a transaction of its own; the audit
trail has the hour and the name of who enters it. Rows that were entered before are told as such, so that a file can be
entered again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.passes import Badge, Pass
from accredit.domain.errors import AccreditError
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.desk import Collected, collect
from accredit.services.desk_badges import in_hand
from accredit.services.desk_documents import TypedDocument, read_typed
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.pass_finding import application_of, live_pass

_NEEDED = ("reference", "time", "officer")
_DOCUMENT = ("kind", "issuing_state", "number", "expires_on")
_PERSON = ("surname", "given_names", "birth_date", "nationality")
COLUMNS = (*_NEEDED, "mrz", *_DOCUMENT, *_PERSON, "settled")
_LONGEST_OFFICER = 60
_ON_PAPER = "entered from paper"


class Entry(StrEnum):
    """What became of a row."""

    ENTERED = "entered"
    KNOWN = "known"
    CONFLICT = "conflict"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One row of the table, by its line in the file; `told` says what is to do, and repeats nothing of the document."""

    line: int
    reference: str
    entry: Entry
    told: str


class TableUnusable(AccreditError):
    """The file is no such table; the text names the column and the cure."""


@dataclass(frozen=True, slots=True)
class _PaperPickup:
    reference: str
    at: datetime
    officer: str
    fields: Mapping[str, str]


def enter(
    open_session: Callable[[], AbstractContextManager[Session]], context: Context, event_key: str, text: str
) -> tuple[EntryRow, ...]:
    """Enters row by row, each committed before the next. Raises TableUnusable for a file that is no such table."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), restkey="", strict=True)
    _check_columns(reader.fieldnames or ())
    rows = []
    try:
        for row in reader:
            fields = {name: (value or "").strip() for name, value in row.items() if name}
            if any(fields.values()):
                rows.append(_row(open_session, context, event_key, reader.line_num, fields))
    except csv.Error:
        raise TableUnusable(f"line {reader.line_num} is no line of a CSV; look at its quotation marks") from None
    return tuple(rows)


def _check_columns(told: Sequence[str]) -> None:
    missing = [name for name in _NEEDED if name not in told]
    unknown = [name for name in told if name not in COLUMNS]
    if missing:
        raise TableUnusable(
            f"the column {missing[0]} is missing; the first line names the columns: {', '.join(COLUMNS)}"
        )
    if unknown:
        raise TableUnusable(f"there is a column that nobody reads; choose from {', '.join(COLUMNS)}")


def _row(
    open_session: Callable[[], AbstractContextManager[Session]],
    context: Context,
    event_key: str,
    line: int,
    fields: Mapping[str, str],
) -> EntryRow:
    with open_session() as session:
        event = find_event(session, event_key)
        if event is None:
            raise LookupError(f"no event “{event_key}” is loaded")
        pickup = _read(context, event, fields)
        if isinstance(pickup, str):
            return EntryRow(line, fields["reference"], Entry.BAD, pickup)
        entry, told = _enter(session, context, event, pickup)
        session.commit()
    return EntryRow(line, pickup.reference, entry, told)


def _read(context: Context, event: LoadedEvent, fields: Mapping[str, str]) -> _PaperPickup | str:
    """The pick-up of one row, or what is wrong with the row."""
    missing = next((name for name in _NEEDED if not fields[name]), None)
    if missing is not None:
        return f"{missing} is missing; add it"
    if len(fields["officer"]) > _LONGEST_OFFICER:
        return f"officer is longer than {_LONGEST_OFFICER} characters; write the number or the name"
    try:
        at = datetime.fromisoformat(fields["time"])
    except ValueError:
        return "time is none; write it as 2017-10-11 08:45"
    at = at if at.tzinfo is not None else at.replace(tzinfo=event.event.zone)
    if at > context.now():
        return "time is in the future; correct the hour or the day"
    return _PaperPickup(fields["reference"], at, fields["officer"], fields)


def _enter(session: Session, context: Context, event: LoadedEvent, pickup: _PaperPickup) -> tuple[Entry, str]:
    application = application_of(session, event, pickup.reference)
    if application is None:
        return Entry.CONFLICT, "nobody has this reference; compare it with the paper"
    held = live_pass(session, application)
    if held is not None and _is_known(held, pickup):
        return Entry.KNOWN, "entered before"
    document = _document(event, application, pickup)
    if isinstance(document, str) and not pickup.fields.get("mrz"):
        return Entry.BAD, document
    then = replace(context, clock=lambda: pickup.at, trail_clock=context.clock)
    outcome = collect(session, then, event, pickup.reference, document, settled=pickup.fields.get("settled", ""))
    if not isinstance(outcome, Collected):
        return Entry.CONFLICT, f"{outcome.answer.code}: {' '.join(outcome.answer.sentences)}"
    _sign(session, then, event, outcome.issued, pickup)
    return Entry.ENTERED, ""


def _sign(session: Session, then: Context, event: LoadedEvent, issued: Pass, pickup: _PaperPickup) -> None:
    """The officer of the paper, in the place of who enters it; the badge printed ahead went with the pass."""
    issued.collected_by = pickup.officer
    fields = ["collected_at", "collected_by"]
    if issued.badges:
        badge = in_hand(session, then, event, pickup.reference)
        if isinstance(badge, Badge):
            badge.in_hand_by = pickup.officer
            fields += ["in_hand_at", "in_hand_by"]
    record(session, then, Action.PICKUP_ENTERED, Subject("pass", issued.application.reference), fields)


def _is_known(held: Pass, pickup: _PaperPickup) -> bool:
    return held.collected_at == pickup.at and held.collected_by == pickup.officer


def _document(event: LoadedEvent, application: Application, pickup: _PaperPickup) -> str | TypedDocument:
    """The zone, or the document as typed; a sentence where that is not enough."""
    if pickup.fields.get("mrz"):
        return pickup.fields["mrz"].replace("/", "\n")
    person = {
        "surname": application.latin_surname or application.surname,
        "given_names": application.latin_given_names or application.given_names,
        "birth_date": application.birth_date.isoformat(),
        "nationality": application.nationality,
    }
    told = {name: pickup.fields.get(name, "") for name in (*_DOCUMENT, *_PERSON)}
    given = {name: value for name, value in told.items() if value}
    typed = read_typed({**person, **given, "reason": _ON_PAPER}, event.event, pickup.at.date())
    if isinstance(typed, TypedDocument):
        return typed
    return " ".join(problem.message for problem in typed)
