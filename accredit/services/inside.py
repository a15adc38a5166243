"""Who is on the site and behind each door today, by every gate together: for the count of an evacuation.

By serials and numbers, never by names. Who was read at a door is on the site, whatever the gates missed; who was read on the
way out of a gate, and nowhere since, has left. People without a pass (by sight, on a grounds pass) are counted, not told apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, aliased

from accredit.credential.presence import day_began
from accredit.credential.reasons import CheckpointKind, Direction, Verdict
from accredit.db.models.gate import Presence, Scan
from accredit.db.models.passes import Pass
from accredit.services.event_loading import LoadedEvent

SITE = "site"
MOST_NAMED = 50_000
"""More serials than this are not handed out at once; their number is."""


@dataclass(frozen=True, slots=True)
class PlaceInside:
    """One place: the site as a whole, or a door by its key. `unnamed` people came in without a pass and did not go out."""

    place: str
    inside: tuple[bytes, ...]
    out: tuple[bytes, ...]
    unnamed: int


def who_is_inside(session: Session, event: LoadedEvent, now: datetime) -> tuple[PlaceInside, ...]:
    """Every place of the event, the site first, since the day of presence began."""
    since = day_began(now, event.event.zone)
    unnamed = _unnamed(session, event, since)
    kinds = {one.key: one.kind for one in event.event.checkpoints}
    last: dict[str, dict[bytes, tuple[datetime, bool]]] = defaultdict(dict)
    for serial, checkpoint, is_in, at in _movements(session, event, since):
        is_gate = kinds.get(checkpoint) is CheckpointKind.SITE
        if not is_gate:
            last[checkpoint][serial] = (at, is_in)
        known = last[SITE].get(serial)
        if known is None or known[0] <= at:
            # Out of a room is still on the site.
            last[SITE][serial] = (at, is_in or not is_gate)
    doors = [key for key, kind in kinds.items() if kind is not CheckpointKind.SITE]
    at_gates = sum(number for key, number in unnamed.items() if key not in doors)
    return (
        _place(SITE, last[SITE], at_gates),
        *(_place(key, last[key], unnamed[key]) for key in doors),
    )


def _place(key: str, last: dict[bytes, tuple[datetime, bool]], unnamed: int) -> PlaceInside:
    inside = tuple(sorted(serial for serial, (_, is_in) in last.items() if is_in))
    out = tuple(sorted(serial for serial, (_, is_in) in last.items() if not is_in))
    return PlaceInside(key, inside, out, max(0, unnamed))


def _movements(session: Session, event: LoadedEvent, since: datetime) -> list[tuple[bytes, str, bool, datetime]]:
    wanted = (
        select(Pass.serial, Presence.checkpoint, Presence.inside, Presence.scanned_at)
        .join(Pass, Pass.id == Presence.pass_id)
        .where(Pass.event_id == event.record.id, Presence.scanned_at >= since)
    )
    return [(row.serial, row.checkpoint, row.inside, row.scanned_at) for row in session.execute(wanted)]


def _unnamed(session: Session, event: LoadedEvent, since: datetime) -> Counter[str]:
    later = aliased(Scan)
    corrected = select(later.device_id, later.supersedes).where(
        later.event_id == event.record.id, later.scanned_at >= since, later.supersedes.is_not(None)
    )
    wanted = (
        select(Scan.checkpoint, Scan.direction, func.count())
        .where(
            Scan.event_id == event.record.id,
            Scan.scanned_at >= since,
            Scan.serial.is_(None),
            Scan.verdict == Verdict.ADMIT,
            ~Scan.clock_suspect,
            tuple_(Scan.device_id, Scan.id).not_in(corrected),
        )
        .group_by(Scan.checkpoint, Scan.direction)
    )
    counted: Counter[str] = Counter()
    for checkpoint, direction, number in session.execute(wanted):
        counted[checkpoint] += number if direction is Direction.ENTRY else -number
    return counted
