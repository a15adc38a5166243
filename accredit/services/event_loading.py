"""Events in the database: the row with its numbers, and the event as the rules know it.

The table of the data file is kept as it was read, with dates and times as ISO 8601 text; `parse_event` reads that text as
it reads TOML's own dates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.events import EventRecord
from accredit.db.models.passes import GroundsGrant, Pass
from accredit.domain.errors import EventInvalid, EventProblem
from accredit.domain.event_files import parse_event
from accredit.domain.events import Event
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.roster import lock, next_number

_ANY = select(EventRecord).limit(2)
_OF_KEY = select(EventRecord).where(EventRecord.key == bindparam("key")).limit(2)


@dataclass(frozen=True, slots=True)
class LoadedEvent:
    """An event as this transaction works on it: its row, and what its data file says."""

    record: EventRecord
    event: Event


@dataclass(frozen=True, slots=True)
class EventChange:
    """What loading an event file did; a file that says nothing new is neither created nor changed."""

    loaded: LoadedEvent
    created: bool
    changed: bool


def load_event(session: Session, context: Context, table: dict[str, Any]) -> EventChange:
    """Loads or changes the event of a parsed TOML file.

    Raises `EventInvalid`, with every problem, for a file that is wrong in itself, and for one that would give another
    meaning to what was issued under the event already: its number, the bits and codes that passes carry, a category in
    which somebody applied.
    """
    context.require(Permission.EVENT_MANAGE)
    event = parse_event(table)
    body = {name: _plain(value) for name, value in table.items()}
    held = session.scalar(select(EventRecord).where(EventRecord.key == event.key))
    _refuse_taken_number(session, event, held)
    if held is None:
        return EventChange(_create(session, context, event, body), created=True, changed=False)
    if held.body == body:
        return EventChange(LoadedEvent(held, event), created=False, changed=False)
    lock(session, held)
    problems = (*_changed_meanings(session, held, event), *_lost_categories(session, held, event))
    if problems:
        raise EventInvalid(problems)
    held.body, held.loaded_at = body, context.now()
    held.settings_number = next_number(session, held)
    record(session, context, Action.EVENT_LOADED, Subject("event", event.key), ("body",))
    return EventChange(LoadedEvent(held, event), created=False, changed=True)


def find_event(session: Session, key: str) -> LoadedEvent | None:
    """The event with this key; for an empty key the only one there is. None: no such event, or the key is needed."""
    found = session.scalars(_OF_KEY if key else _ANY, {"key": key} if key else None).all()
    if len(found) != 1:
        return None
    return _loaded(found[0])


def event_of_id(session: Session, event_id: UUID) -> LoadedEvent:
    """The event that a row of ours points to."""
    return _loaded(session.get_one(EventRecord, event_id))


def all_events(session: Session) -> tuple[EventRecord, ...]:
    """Every event that is loaded, by key."""
    return tuple(session.scalars(select(EventRecord).order_by(EventRecord.key)))


def _loaded(held: EventRecord) -> LoadedEvent:
    return LoadedEvent(held, _event(json.dumps(held.body, sort_keys=True)))


@lru_cache(maxsize=16)
def _event(body: str) -> Event:
    # By its text and not by a number: a change that was rolled back must not stay in a process's memory.
    return parse_event(json.loads(body))


def _plain(value: Any) -> Any:
    """The same value with dates and times as ISO 8601 text."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _create(session: Session, context: Context, event: Event, body: dict[str, Any]) -> LoadedEvent:
    made = EventRecord(
        id=context.new_id(), key=event.key, number=event.number, body=body, loaded_at=context.now(), roster_number=1
    )
    session.add(made)
    record(session, context, Action.EVENT_LOADED, Subject("event", event.key))
    return LoadedEvent(made, event)


def _refuse_taken_number(session: Session, event: Event, held: EventRecord | None) -> None:
    if held is not None and held.number != event.number:
        words = (
            f"event “{event.key}” was loaded as number {held.number}, which its credentials carry; write that number"
        )
        raise EventInvalid((EventProblem("number", words),))
    other = session.scalar(
        select(EventRecord.key).where(EventRecord.number == event.number, EventRecord.key != event.key)
    )
    if other is not None:
        words = f"number {event.number} is that of event “{other}”; choose one that no event ever had"
        raise EventInvalid((EventProblem("number", words),))


def _changed_meanings(session: Session, held: EventRecord, event: Event) -> list[EventProblem]:
    """Grants and categories are numbers inside passes and written grants: where there are any, none may change its meaning."""
    issued = (select(kind.id).where(kind.event_id == held.id).limit(1) for kind in (Pass, GroundsGrant))
    if all(session.scalar(wanted) is None for wanted in issued):
        return []
    before = parse_event(held.body)
    bits = {one.bit: one.key for one in event.grants}
    codes = {one.code: one.key for one in event.categories}
    return [
        *(
            EventProblem(
                "grants", f"bit {one.bit} is “{one.key}” in passes already; keep it, and give a new grant a new bit"
            )
            for one in before.grants
            if bits.get(one.bit) != one.key
        ),
        *(
            EventProblem(
                "categories",
                f"code {one.code} is “{one.key}” in passes already; keep it, and give a new category a new code",
            )
            for one in before.categories
            if codes.get(one.code) != one.key
        ),
    ]


def _lost_categories(session: Session, held: EventRecord, event: Event) -> list[EventProblem]:
    used = session.scalars(select(Application.category).where(Application.event_id == held.id).distinct())
    return [
        EventProblem("categories", f"there are applications in category “{key}”; keep it")
        for key in sorted(used)
        if event.category(key) is None
    ]
