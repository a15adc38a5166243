"""What an edition changes against the one before it: who is new, gone, renamed, and of another status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.lists import Edition, Entry
from accredit.services.list_rows import ListRow

NAMES_SHOWN = 20

Content = tuple[object, ...]
"""As `ListRow.content`: name, country, status, whether in force, aliases, details."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How many entries, and the first of them in words."""

    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListChanges:
    """The entries of two editions, compared by their number on the list.

    `changed` counts all that say anything else than before; those with another name or status stand in `renamed` and
    `restated` as well.
    """

    new: Changes
    changed: Changes
    renamed: Changes
    restated: Changes
    gone: Changes
    same: int


def contents(session: Session, edition: Edition) -> dict[str, Content]:
    """What the entries of an edition say, by their number on the list."""
    columns = (Entry.external_id, Entry.name, Entry.country, Entry.status, Entry.in_force, Entry.aliases, Entry.details)
    found = session.execute(select(*columns).where(Entry.edition_id == edition.id).order_by(Entry.external_id))
    return {row[0]: tuple(row[1:]) for row in found}


def compare(held: Mapping[str, Content], rows: Sequence[ListRow], *, shown: int = NAMES_SHOWN) -> ListChanges:
    """The rows of a file against what was held; of each kind of change the first `shown` are named."""
    now = {row.external_id: row for row in rows}
    pairs = [(held[key], row) for key, row in now.items() if key in held]
    new = [row.name for key, row in now.items() if key not in held]
    changed = [row.name for before, row in pairs if before != row.content]
    renamed = [f"{before[0]} → {row.name}" for before, row in pairs if before[0] != row.name]
    restated = [told for before, row in pairs if (told := _restated(before, row))]
    gone = [str(before[0]) for key, before in held.items() if key not in now]

    def first(names: list[str]) -> Changes:
        return Changes(len(names), tuple(names[:shown]))

    same = len(pairs) - len(changed)
    return ListChanges(first(new), first(changed), first(renamed), first(restated), first(gone), same)


def _restated(before: Content, row: ListRow) -> str:
    """The status before and now, where it is another one; empty where it is not."""
    was, is_now = (_status(before[2], before[3]), _status(row.status, row.in_force))
    return f"{row.name}: {was} → {is_now}" if was != is_now else ""


def _status(status: object, in_force: object) -> str:
    return str(status) if in_force else f"{status} (not in force)"
