"""What each grounds pass opens now, by the keyed hash of its number.

Two applications may name the same pass, and one withdrawal leaves the other: that is the same person twice. Where another
person's grants for the number were withdrawn, the automatic rule's word opens nothing any more; only a person can tell
whose card it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import Decision, DecisionVerdict
from accredit.db.models.passes import GroundsGrant


@dataclass(frozen=True, slots=True)
class _Named:
    """One application's grants for a number; `automatic`: no person ever approved it."""

    grants: int
    withdrawn: bool
    hashes: frozenset[bytes]
    automatic: bool


_COLUMNS = (
    GroundsGrant.number_hash,
    GroundsGrant.grants,
    GroundsGrant.withdrawn_at,
    Application.id,
    Application.person_hash,
    Application.person_hash_native,
)


def opened_by(session: Session, event_id: UUID, base: int) -> dict[bytes, int]:
    """Number hash → grants, zero where nothing is open any more, of the numbers that changed after the roster number `base`."""
    changed = select(GroundsGrant.number_hash).where(
        GroundsGrant.event_id == event_id, GroundsGrant.roster_number > base, GroundsGrant.number_hash.is_not(None)
    )
    return _opened(session, event_id, GroundsGrant.number_hash.in_(changed))


def opened_by_number(session: Session, event_id: UUID, number_hash: bytes) -> int | None:
    """The grants of the grounds pass with this number hash; None where nobody was granted anything for it."""
    return _opened(session, event_id, GroundsGrant.number_hash == number_hash).get(number_hash)


def _opened(session: Session, event_id: UUID, wanted: ColumnElement[bool]) -> dict[bytes, int]:
    rows = session.execute(
        select(*_COLUMNS)
        .join(Application, Application.id == GroundsGrant.application_id)
        .where(GroundsGrant.event_id == event_id, wanted)
    )
    automatic = _approved_by_rule_alone(session, event_id)
    named: dict[bytes, list[_Named]] = {}
    for row in rows:
        hashes = frozenset(filter(None, (row.person_hash, row.person_hash_native)))
        told = _Named(row.grants, row.withdrawn_at is not None, hashes, row.id in automatic)
        named.setdefault(row.number_hash, []).append(told)
    return {number: _mask(known) for number, known in named.items()}


def _mask(known: Sequence[_Named]) -> int:
    mask = 0
    for one in known:
        taken_back = any(other.withdrawn and other.hashes.isdisjoint(one.hashes) for other in known)
        if not one.withdrawn and not (taken_back and one.automatic):
            mask |= one.grants
    return mask


def _approved_by_rule_alone(session: Session, event_id: UUID) -> frozenset[UUID]:
    approvals = session.execute(
        select(Decision.application_id, Decision.automatic)
        .join(GroundsGrant, GroundsGrant.application_id == Decision.application_id)
        .where(GroundsGrant.event_id == event_id, Decision.verdict == DecisionVerdict.APPROVED)
        .distinct()
    ).all()
    by_people = {row.application_id for row in approvals if not row.automatic}
    return frozenset(row.application_id for row in approvals) - by_people
