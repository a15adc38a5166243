"""What an event file would change, before it is loaded: key by key, and how many applications and passes that concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.events import EventRecord
from accredit.db.models.gate import Device
from accredit.db.models.passes import Pass
from accredit.domain.applications import UNDECIDED
from accredit.domain.event_files import parse_event
from accredit.domain.events import Category, Event
from accredit.domain.passes import LIVE
from accredit.services.context import Context
from accredit.services.event_loading import load_event


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key of the file: what it said and what it would say. None: it was not there, or would be there no more."""

    key: str
    before: str | None
    after: str | None


class Concern(StrEnum):
    """Whom a change concerns."""

    IN_TIME_NOW = "in_time_now"
    LATE_NOW = "late_now"
    UNDECIDED_IN_CATEGORY = "undecided_in_category"
    PASSES_KEEP_GRANTS = "passes_keep_grants"
    SCANNERS_LEARN = "scanners_learn"


@dataclass(frozen=True, slots=True)
class Effect:
    """How many applications, passes or scanners; `category` where it is about one."""

    concern: Concern
    count: int
    category: str = ""


@dataclass(frozen=True, slots=True)
class EventPreview:
    """What loading the file would do. Without a change it would do nothing."""

    event: Event
    is_new: bool
    changes: tuple[KeyChange, ...]
    effects: tuple[Effect, ...]


def preview_event(session: Session, context: Context, table: dict[str, Any]) -> EventPreview:
    """Tries the file out in this session, which must not be committed: what is told is what loading it would do.

    Raises `EventInvalid` with every problem, as `load_event` does.
    """
    key = table.get("key")
    held = session.scalar(select(EventRecord).where(EventRecord.key == key)) if isinstance(key, str) else None
    body = dict(held.body) if held is not None else {}
    tried = load_event(session, context, table).loaded
    changes = tuple(_changes(body, tried.record.body))
    if held is None or not changes:
        return EventPreview(tried.event, held is None, changes, ())
    effects = _effects(session, held, parse_event(body), tried.event)
    return EventPreview(tried.event, False, changes, tuple(one for one in effects if one.count))


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[KeyChange]:
    was, will = dict(_flat(before)), dict(_flat(after))
    for key in sorted({*was, *will}):
        if was.get(key) != will.get(key):
            yield KeyChange(key, was.get(key), will.get(key))


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf by its dotted key. Tables of a list go by their own key or day, so that an inserted one moves no other."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _flat(one, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        for number, one in enumerate(value, 1):
            yield from _flat(one, f"{key}.{one.get('key') or one.get('day') or number}")
    elif isinstance(value, list):
        yield key, ", ".join(map(str, value))
    else:
        yield key, {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _effects(session: Session, held: EventRecord, before: Event, after: Event) -> Iterator[Effect]:
    yield from _of_deadline(session, held, before, after)
    for category in after.categories:
        was = before.category(category.key)
        if was is not None and _judged_otherwise(was, category):
            undecided = (Application.category == category.key, Application.state.in_(UNDECIDED))
            yield Effect(Concern.UNDECIDED_IN_CATEGORY, _applications(session, held, *undecided), category.key)
        if was is not None and was.grants != category.grants:
            yield Effect(Concern.PASSES_KEEP_GRANTS, _passes(session, held, category), category.key)
    devices = select(func.count()).where(
        Device.event_id == held.id, Device.enrolled_at.is_not(None), Device.switched_off_at.is_(None)
    )
    yield Effect(Concern.SCANNERS_LEARN, session.scalar(devices) or 0)


def _of_deadline(session: Session, held: EventRecord, before: Event, after: Event) -> Iterator[Effect]:
    """Who would be late, or late no more, of the categories that have a deadline."""
    if before.deadline_at == after.deadline_at:
        return
    first, last = sorted((before.deadline_at, after.deadline_at))
    bound = [category.key for category in after.categories if category.deadline]
    between = (Application.received_at >= first, Application.received_at < last, Application.category.in_(bound))
    concern = Concern.IN_TIME_NOW if after.deadline_at > before.deadline_at else Concern.LATE_NOW
    yield Effect(concern, _applications(session, held, *between))


def _judged_otherwise(was: Category, will: Category) -> bool:
    judged = ("rule", "lists", "deadline", "quota", "clear_grades", "review_grades")
    return any(getattr(was, name) != getattr(will, name) for name in judged)


def _applications(session: Session, held: EventRecord, *where: Any) -> int:
    return session.scalar(select(func.count()).where(Application.event_id == held.id, *where)) or 0


def _passes(session: Session, held: EventRecord, category: Category) -> int:
    wanted = select(func.count()).where(
        Pass.event_id == held.id, Pass.category_code == category.code, Pass.state.in_(LIVE)
    )
    return session.scalar(wanted) or 0
