"""A pick-up that was a mistake is undone within the minute: the wrong card, the wrong of two passports on the counter.

What was written down of the document goes, because it was of another person; that it was undone, by whom and when, stands in
the audit trail. A badge that was printed at this pick-up opens doors by its signature alone, so it has to end: the pass is
replaced by a new one with a new serial, and the list refuses the old one. Where no such badge is out, the pass is prepared
again. Either way the roster's number grows, and every scanner learns of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from accredit.credential.reasons import PassState, Verdict
from accredit.db.models.gate import Scan
from accredit.db.models.passes import Pass
from accredit.domain.passes import move
from accredit.domain.permissions import Permission, allowed
from accredit.domain.sentences import Told
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context, name_of
from accredit.services.event_loading import LoadedEvent
from accredit.services.issuing import put_in_place
from accredit.services.pass_finding import application_of, live_pass
from accredit.services.roster import lock, next_number

UNDO_WITHIN = timedelta(minutes=1)
_LOOKED_BACK = timedelta(minutes=15)  # a badge may be in the hand that long after its document was read
_MOST_SHOWN = 5
_UNDONE = "the pick-up was undone at the desk"


class UndoObstacle(StrEnum):
    """Why the pick-up stands."""

    UNKNOWN = "unknown"
    NOT_COLLECTED = "not_collected"
    ANOTHER_OFFICER = "another_officer"
    TOO_LATE = "too_late"
    SCANNED = "scanned"


@dataclass(frozen=True, slots=True)
class Undone:
    """The pass that can be handed out now. `replaced`: it has a new serial, and the sheet that was printed is void."""

    prepared: Pass
    replaced: bool


@dataclass(frozen=True, slots=True)
class NotUndone:
    """The pick-up stands: the code and what to do instead."""

    code: UndoObstacle
    message: str


def undo(session: Session, context: Context, event: LoadedEvent, named: str) -> Undone | NotUndone:
    """Takes the last minute's pick-up of this person back; its own officer may, and a supervisor."""
    context.require(Permission.PASSES_COLLECT)
    lock(session, event.record)
    application = application_of(session, event, named)
    held = live_pass(session, application) if application is not None else None
    refused = _refused(session, context, held)
    if refused is not None or held is None:
        return refused or _UNKNOWN
    record(session, context, Action.PICKUP_UNDONE, Subject("pass", held.application.reference), ("state",))
    _forget_the_document(held)
    if any(not badge.printed_ahead for badge in held.badges):
        return Undone(put_in_place(session, context, event, held, _UNDONE), replaced=True)
    held.state = move(held.application.reference, held.state, PassState.PREPARED)
    held.state_reason = _UNDONE
    held.roster_number = next_number(session, event.record)
    session.flush()
    return Undone(held, replaced=False)


def may_be_undone_until(held: Pass) -> datetime | None:
    """The last moment; None for a pass that is not collected. Counted from the last step: collected, or in the hand."""
    if held.state is not PassState.COLLECTED or held.collected_at is None:
        return None
    in_hand = [badge.in_hand_at for badge in held.badges if badge.in_hand_at is not None]
    return max([held.collected_at, *in_hand]) + UNDO_WITHIN


_UNKNOWN = NotUndone(UndoObstacle.UNKNOWN, "There is no pass that could be taken back.")


def _refused(session: Session, context: Context, held: Pass | None) -> NotUndone | None:
    if held is None:
        return _UNKNOWN
    until = may_be_undone_until(held)
    if until is None:
        return NotUndone(UndoObstacle.NOT_COLLECTED, "This pass is not handed out; there is nothing to undo.")
    is_supervisor = allowed(context.actor.roles, Permission.PICKUP_OVERRIDE)
    if held.collected_by != context.actor.name and not is_supervisor:
        officer = name_of(held.collected_by or "")
        told = Told("%(officer)s handed this pass over. Ask there, or the supervisor.", officer=officer)
        return NotUndone(UndoObstacle.ANOTHER_OFFICER, told)
    if context.now() > until:
        words = "The minute is over. The supervisor replaces the pass, or revokes it."
        return NotUndone(UndoObstacle.TOO_LATE, words)
    if _was_admitted(session, held):
        words = "The pass was let in at a gate already. The supervisor replaces it, or revokes it."
        return NotUndone(UndoObstacle.SCANNED, words)
    return None


def _was_admitted(session: Session, held: Pass) -> bool:
    scans = select(func.count()).where(
        Scan.event_id == held.event_id, Scan.serial == held.serial, Scan.verdict == Verdict.ADMIT
    )
    return bool(session.scalar(scans))


def _forget_the_document(held: Pass) -> None:
    held.document_hash = held.document_tag = held.document_type = held.document_state = None
    held.document_expires_on = held.document_tail = None
    held.collected_at = held.collected_by = held.collected_through = None


def undoable(session: Session, context: Context, event: LoadedEvent) -> tuple[Pass, ...]:
    """What this officer handed over and may still take back, the latest first."""
    wanted = (
        select(Pass)
        .where(
            Pass.event_id == event.record.id,
            Pass.state == PassState.COLLECTED,
            Pass.collected_by == context.actor.name,
            Pass.collected_at > context.now() - _LOOKED_BACK,
        )
        .order_by(Pass.collected_at.desc())
        .options(selectinload(Pass.badges), joinedload(Pass.application))
    )
    found = session.scalars(wanted.limit(_MOST_SHOWN)).all()
    return tuple(one for one in found if (may_be_undone_until(one) or context.now()) > context.now())
