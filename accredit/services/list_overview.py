"""Every status list with its editions: how many entries, which edition is in force, and which categories read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from accredit.db.models.lists import Edition, Entry
from accredit.domain.events import Event


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition: what it was made of. `counts_now`: the rules of the event read this one."""

    as_of: date
    revision: int
    source_name: str
    loaded_at: datetime
    entries: int
    in_force: int
    counts_now: bool


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list: the categories that read it, and its editions, the newest first; a list that is missing has none."""

    key: str
    read_by: tuple[str, ...]
    editions: tuple[EditionLine, ...]

    @property
    def current(self) -> EditionLine | None:
        """The edition that the rules read, if there is one."""
        return next((one for one in self.editions if one.counts_now), None)


def lists_of(session: Session, event: Event | None) -> tuple[ListLine, ...]:
    """Every list that is loaded or that a category of the event reads, by key; by one statement."""
    found: dict[str, list[EditionLine]] = {}
    wanted = (
        select(Edition, func.count(Entry.id), func.coalesce(func.sum(cast(Entry.in_force, Integer)), 0))
        .outerjoin(Entry, Entry.edition_id == Edition.id)
        .group_by(Edition.id)
        .order_by(Edition.list_key, Edition.as_of.desc(), Edition.revision.desc())
    )
    for edition, entries, in_force in session.execute(wanted):
        lines = found.setdefault(edition.list_key, [])
        read = event is not None and edition.as_of <= event.reference_on and not any(one.counts_now for one in lines)
        lines.append(
            EditionLine(
                edition.as_of, edition.revision, edition.source_name, edition.loaded_at, entries, in_force, read
            )
        )
    read_by = _readers(event)
    keys = sorted({*found, *read_by})
    return tuple(ListLine(key, read_by.get(key, ()), tuple(found.get(key, ()))) for key in keys)


def _readers(event: Event | None) -> dict[str, tuple[str, ...]]:
    readers: dict[str, list[str]] = {}
    for category in event.categories if event is not None else ():
        for key in category.lists:
            readers.setdefault(key, []).append(category.key)
    return {key: tuple(categories) for key, categories in readers.items()}
