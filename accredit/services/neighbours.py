"""What other applications say about this person: a hold for security, and who else gave the same grounds pass number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application


@dataclass(frozen=True, slots=True)
class Bearer:
    """An application that names a grounds pass, and by which hashes its person is known."""

    reference: str
    id: UUID
    hashes: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The person hashes on hold, and hash of the grounds pass number → the applications that name it."""

    held: frozenset[bytes] = frozenset()
    bearers: Mapping[bytes, tuple[Bearer, ...]] = field(default_factory=dict)

    def is_held(self, hashes: Collection[bytes]) -> bool:
        """Whether the person of these hashes is on hold."""
        return not self.held.isdisjoint(hashes)

    def others(
        self, grounds_hash: bytes | None, hashes: Collection[bytes], left_out: Collection[UUID]
    ) -> tuple[str, ...]:
        """The references of other people who gave this number."""
        return tuple(
            one.reference
            for one in self.bearers.get(grounds_hash or b"", ())
            if one.hashes.isdisjoint(hashes) and one.id not in left_out
        )


def load_neighbours(session: Session, event_id: UUID) -> Neighbours:
    """For any number of applications of the event, by two statements; whatever has become of the others."""
    several = (
        select(Application.grounds_hash)
        .where(Application.event_id == event_id, Application.grounds_hash.is_not(None))
        .group_by(Application.grounds_hash)
        .having(func.count() > 1)
    )
    return Neighbours(held_people(session, event_id), _bearers(session, event_id, several))


def load_neighbours_of(
    session: Session, event_id: UUID, hashes: Collection[bytes], grounds_hash: bytes | None
) -> Neighbours:
    """For one application; the last statement only where it names a grounds pass."""
    bearers = {} if grounds_hash is None else _bearers(session, event_id, [grounds_hash])
    return Neighbours(held_people(session, event_id, hashes), bearers)


_HASHES = (Application.person_hash, Application.person_hash_native)
_ON_HOLD = select(*_HASHES).where(Application.event_id == bindparam("event_id"), Application.security_hold.is_(True))
_HELD = (_ON_HOLD,)
# One select for each index: asked for both at once, a database walks the whole event.
_HELD_OF = tuple(_ON_HOLD.where(each.in_(bindparam("hashes", expanding=True))) for each in _HASHES)


def held_people(session: Session, event_id: UUID, hashes: Collection[bytes] = ()) -> frozenset[bytes]:
    """The hashes of whoever is on hold in any application of the event; with `hashes` of these people alone."""
    wanted, asked = (
        (_HELD_OF, {"event_id": event_id, "hashes": tuple(hashes)}) if hashes else (_HELD, {"event_id": event_id})
    )
    found = [row for each in wanted for row in session.execute(each, asked)]
    return frozenset(one for row in found for one in row if one is not None)


def hashes_of(application: Application) -> frozenset[bytes]:
    """By which hashes the person of this application is known."""
    return frozenset(filter(None, (application.person_hash, application.person_hash_native)))


def is_held(session: Session, application: Application) -> bool:
    """Whether this person is on hold, by this application or by another one of the event."""
    return application.security_hold or bool(held_people(session, application.event_id, hashes_of(application)))


_COLUMNS = (
    Application.grounds_hash,
    Application.reference,
    Application.id,
    Application.person_hash,
    Application.person_hash_native,
)


def _bearers(session: Session, event_id: UUID, numbers: Select[Any] | list[bytes]) -> dict[bytes, tuple[Bearer, ...]]:
    found: dict[bytes, list[Bearer]] = {}
    wanted = select(*_COLUMNS).where(Application.event_id == event_id, Application.grounds_hash.in_(numbers))
    for row in session.execute(wanted.order_by(Application.received_at, Application.id)):
        hashes = frozenset(filter(None, (row.person_hash, row.person_hash_native)))
        found.setdefault(row.grounds_hash, []).append(Bearer(row.reference, row.id, hashes))
    return {number: tuple(known) for number, known in found.items()}
