"""How many applications stand behind each filter of the queue, counted under the other filters that are on.

One statement counts the whole event by all filters at once, along an index; the sums for a page are made of it here. Every
change of an application leaves a row in the audit trail, so that what was counted holds until that has grown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditHead
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome
from accredit.services.event_loading import LoadedEvent
from accredit.services.review_queue import Found, Narrowing, narrowing_conditions

_COLUMNS = (
    Application.state,
    Application.outcome,
    Application.category,
    Application.list_key,
    Application.is_late,
    Application.is_flagged,
)
_OFF: dict[str, Any] = {one.name: one.default for one in fields(Narrowing)}


@dataclass(frozen=True, slots=True)
class Cell:
    """How many applications are alike in everything that the queue is narrowed by."""

    state: ApplicationState
    outcome: Outcome | None
    category: str
    list_key: str
    is_late: bool
    is_flagged: bool
    number: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Under each filter its values with their numbers; `total` is what the queue shows now."""

    total: int
    states: dict[str, int]
    outcomes: dict[str, int]
    categories: dict[str, int]
    lists: dict[str, int]
    countries: dict[str, int]
    late: int
    flagged: int


@dataclass(slots=True)
class CountsKept:
    """The counts of whole events, kept by this process until something changes."""

    _kept: dict[UUID, tuple[int, tuple[Cell, ...], dict[str, int]]] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)

    def counts(self, session: Session, event: LoadedEvent, narrowing: Narrowing, found: Found) -> Counts:
        """The counts for a page narrowed so."""
        cells, countries = self._of_event(session, event)
        if narrowing.country or found.ids is not None:
            only = Narrowing(country=narrowing.country)
            cells = _counted(session, event, only, found)
        return _summed(cells, countries, narrowing)

    def _of_event(self, session: Session, event: LoadedEvent) -> tuple[tuple[Cell, ...], dict[str, int]]:
        number = session.scalar(select(AuditHead.number)) or 0
        with self._turn:
            kept = self._kept.get(event.record.id)
        if kept is not None and kept[0] == number:
            return kept[1], kept[2]
        cells, countries = _counted(session, event, Narrowing(), Found()), _countries(session, event)
        with self._turn:
            self._kept[event.record.id] = (number, cells, countries)
        return cells, countries


def _counted(session: Session, event: LoadedEvent, narrowing: Narrowing, found: Found) -> tuple[Cell, ...]:
    """Along an index that holds all of it; the few that words found are put together here, for they lie anywhere in it."""
    where = narrowing_conditions(event, narrowing, found)
    if found.ids is not None:
        alike: Counter[tuple[Any, ...]] = Counter(
            tuple(row) for row in session.execute(select(*_COLUMNS).where(*where))
        )
        return tuple(Cell(*(*values, number)) for values, number in alike.items())
    wanted = select(*_COLUMNS, func.count()).where(*where).group_by(*_COLUMNS)
    return tuple(Cell(*row) for row in session.execute(wanted))


def _countries(session: Session, event: LoadedEvent) -> dict[str, int]:
    country = Application.organisation_country
    wanted = select(country, func.count()).where(Application.event_id == event.record.id).group_by(country)
    return dict(sorted((key, number) for key, number in session.execute(wanted) if key))


def _summed(cells: Iterable[Cell], countries: dict[str, int], narrowing: Narrowing) -> Counts:
    """Each filter is counted as if it were off and the others on: what a click on it would show."""
    cells = tuple(cells)

    def under(name: str, key: str) -> dict[str, int]:
        without, summed = replace(narrowing, **{name: _OFF[name]}), Counter[str]()
        for cell in cells:
            if _fits(cell, without):
                summed[str(getattr(cell, key) or "")] += cell.number
        return dict(summed)

    return Counts(
        total=sum(cell.number for cell in cells if _fits(cell, narrowing)),
        states=under("states", "state"),
        outcomes=under("outcome", "outcome"),
        categories=under("category", "category"),
        lists=under("listed", "list_key"),
        countries=countries,
        late=under("late", "is_late").get("True", 0),
        flagged=under("flagged", "is_flagged").get("True", 0),
    )


def _fits(cell: Cell, narrowing: Narrowing) -> bool:
    return (
        (not narrowing.states or cell.state in narrowing.states)
        and narrowing.outcome in {None, cell.outcome}
        and narrowing.category in {"", cell.category}
        and narrowing.listed in {"", cell.list_key or "-"}
        and narrowing.late in {None, cell.is_late}
        and narrowing.flagged in {None, cell.is_flagged}
    )
