"""The badge in the officer's hand: only his word says that it came out right; a printer's word is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.passes import Badge, Pass
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_finding import application_of, live_pass
from accredit.services.roster import lock


class HandObstacle(StrEnum):
    """Why nothing was written down."""

    UNKNOWN = "unknown"
    NOT_COLLECTED = "not_collected"
    NOT_PRINTED = "not_printed"


@dataclass(frozen=True, slots=True)
class NotInHand:
    """The code and what to do first."""

    code: HandObstacle
    message: str


def in_hand(session: Session, context: Context, event: LoadedEvent, named: str) -> Badge | NotInHand:
    """The officer holds the badge and hands it over. Said twice, the first word counts."""
    context.require(Permission.PASSES_COLLECT)
    lock(session, event.record)
    application = application_of(session, event, named)
    held = live_pass(session, application) if application is not None else None
    if held is None:
        return NotInHand(HandObstacle.UNKNOWN, "There is no pass of this person that is good.")
    if held.state is not PassState.COLLECTED:
        return NotInHand(HandObstacle.NOT_COLLECTED, "This pass is not handed out yet. Read the document first.")
    badge = last_badge(held)
    if badge is None:
        return NotInHand(HandObstacle.NOT_PRINTED, "Nothing is printed yet. Print the badge first.")
    if badge.in_hand_at is None:
        badge.in_hand_at, badge.in_hand_by = context.now(), context.actor.name
        record(session, context, Action.BADGE_IN_HAND, Subject("pass", held.application.reference), ("in_hand_at",))
        session.flush()
    return badge


def printings(session: Session, event: LoadedEvent, named: str) -> int:
    """How often a badge of this person's pass came off a press, reprints counted."""
    application = application_of(session, event, named)
    held = live_pass(session, application) if application is not None else None
    return sum(1 + badge.reprints for badge in held.badges) if held is not None else 0


def last_badge(held: Pass) -> Badge | None:
    """The badge that counts: the newest one."""
    return held.badges[-1] if held.badges else None
