"""The evening count: what was printed ahead and lies in the box still, what has to be destroyed, and what paper was spoiled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.passes import Badge, Pass
from accredit.domain.permissions import Permission
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent

_OVER = (PassState.REVOKED, PassState.REPLACED)


@dataclass(frozen=True, slots=True)
class Stock:
    """Counts of sheets. `in_box` and `to_destroy` are slots of the box; what is counted by hand must agree with them.

    `printed` are all first printings, `ahead` those printed before the pick-up, `handed_over` those ahead whose pass was
    collected; `spoiled` the sheets that a reprint replaced, each of which somebody destroyed.
    """

    printed: int
    ahead: int
    handed_over: int
    in_box: tuple[int, ...]
    to_destroy: tuple[int, ...]
    spoiled: int


def count_stock(session: Session, context: Context, event: LoadedEvent) -> Stock:
    """The count as of now."""
    context.require(Permission.PASSES_PRINT)
    wanted = select(Badge.slot, Badge.printed_ahead, Badge.reprints, Pass.state, Pass.collected_at)
    badges = session.execute(wanted.join(Badge.badge_pass).where(Pass.event_id == event.record.id)).all()
    ahead = [one for one in badges if one.printed_ahead]
    inside = [one for one in ahead if one.collected_at is None]
    return Stock(
        printed=len(badges),
        ahead=len(ahead),
        handed_over=len(ahead) - len(inside),
        in_box=_sorted(one.slot for one in inside if one.state not in _OVER),
        to_destroy=_sorted(one.slot for one in inside if one.state in _OVER),
        spoiled=sum(one.reprints for one in badges),
    )


def _sorted(slots: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(sorted(slot for slot in slots if slot is not None))


def in_runs(slots: Iterable[int]) -> str:
    """Slots as a person reads them: 1–12, 15, 20–31."""
    runs: list[list[int]] = []
    for slot in slots:
        if runs and slot == runs[-1][-1] + 1:
            runs[-1][1:] = [slot]
        else:
            runs.append([slot])
    return ", ".join("–".join(map(str, run)) for run in runs)
