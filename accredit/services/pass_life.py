"""How a pass ends, stops for a while, and comes back.

The end of an approval comes from `reviewing`, which has settled who may do that: it calls `withdraw` in the transaction
of its decision. Everything else here asks for the permission itself.

A pass that ends or stops gets a row in the revocation list in the same transaction. The number of such a row is the
roster number of the change, so that a bundle's delta and its revocations are cut at the same place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.passes import GroundsGrant, Pass, RevocationEntry
from accredit.domain.passes import MOVES, move
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_finding import application_of, grounds_grant, live_pass, serial_in
from accredit.services.roster import lock, next_number
from accredit.services.waiting_order import fill_places

_LONGEST_REASON = 2000


class Obstacle(StrEnum):
    """Why a pass stays as it is."""

    UNKNOWN = "unknown"
    NO_PASS = "no_pass"  # noqa: S105 - a pass is no password
    NOT_APPROVED = "not_approved"
    WRONG_STATE = "wrong_state"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    DOCUMENT_IN_USE = "document_in_use"
    NO_REASON = "no_reason"
    LONG_REASON = "long_reason"


@dataclass(frozen=True, slots=True)
class NotChanged:
    """The pass stays as it is: the code and a sentence for the staff."""

    code: Obstacle
    message: str


def withdraw(
    session: Session, context: Context, event: LoadedEvent, application: Application, reason: str
) -> tuple[Pass | GroundsGrant, ...]:
    """Ends whatever opens doors to this applicant, as part of a decision that ends *approved*; returns what was ended."""
    lock(session, event.record)
    ended: list[Pass | GroundsGrant] = []
    held = live_pass(session, application)
    if held is not None:
        ended.append(end(session, context, event, held, PassState.REVOKED, reason))
    grant = withdraw_grants(session, context, event, application)
    return (*ended, grant) if grant is not None else tuple(ended)


def withdraw_grants(
    session: Session, context: Context, event: LoadedEvent, application: Application
) -> GroundsGrant | None:
    """Ends what the grounds pass of this applicant opens; None where nothing did. The caller holds the roster's lock."""
    grant = grounds_grant(session, application)
    if grant is None or grant.withdrawn_at is not None:
        return None
    grant.withdrawn_at = context.now()
    grant.roster_number = next_number(session, event.record)
    record(session, context, Action.GROUNDS_WITHDRAWN, Subject("pass", application.reference), ("withdrawn_at",))
    return grant


def revoke(
    session: Session, context: Context, event: LoadedEvent, named: str | bytes, reason: str
) -> tuple[Pass | GroundsGrant, ...] | NotChanged:
    """Revokes for good. `named` is a reference, a short code, or the 5 bytes of a serial.

    The place in the delegation comes free, and goes to the next who waits.
    """
    context.require(Permission.PASSES_REVOKE)
    found = application_named(session, event, named, reason)
    if isinstance(found, NotChanged):
        return found
    lock(session, event.record)
    ended = _revoke(session, context, event, found, named, reason)
    if not isinstance(ended, NotChanged):
        fill_places(session, context, event, found)
    return ended


def _revoke(
    session: Session, context: Context, event: LoadedEvent, found: Application, named: str | bytes, reason: str
) -> tuple[Pass | GroundsGrant, ...] | NotChanged:
    if serial_in(named) is None:
        return withdraw(session, context, event, found, reason) or _no_live_pass(found)
    held = _named_pass(session, found, named)
    if isinstance(held, NotChanged):
        return held
    return (end(session, context, event, held, PassState.REVOKED, reason),)


def suspend(
    session: Session, context: Context, event: LoadedEvent, named: str | bytes, reason: str
) -> Pass | NotChanged:
    """Stops a pass until it is reinstated; it opens nothing meanwhile."""
    context.require(Permission.PASSES_REVOKE)
    found = pass_to_move(session, event, named, reason, PassState.SUSPENDED)
    if isinstance(found, NotChanged):
        return found
    found.suspended_from = found.state
    return end(session, context, event, found, PassState.SUSPENDED, reason)


def reinstate(
    session: Session, context: Context, event: LoadedEvent, named: str | bytes, reason: str
) -> Pass | NotChanged:
    """Gives a suspended pass back what it was; nothing else comes back."""
    context.require(Permission.PASSES_REVOKE)
    found = application_named(session, event, named, reason)
    if isinstance(found, NotChanged):
        return found
    lock(session, event.record)
    held = _named_pass(session, found, named)
    if isinstance(held, NotChanged):
        return held
    if held.state is not PassState.SUSPENDED or held.suspended_from is None:
        return NotChanged(Obstacle.WRONG_STATE, f"The pass of {found.reference} is not suspended.")
    if held.suspended_from is PassState.COLLECTED and _document_in_use(session, held):
        words = f"The document of {found.reference} collected another pass meanwhile. Revoke one of the two."
        return NotChanged(Obstacle.DOCUMENT_IN_USE, words)
    _put(session, event, held, held.suspended_from, reason)
    held.suspended_from = None
    _list(session, context, event, held, restored=True)
    record(session, context, Action.PASS_REINSTATED, Subject("pass", found.reference), ("state", "state_reason"))
    return held


def end(session: Session, context: Context, event: LoadedEvent, held: Pass, state: PassState, reason: str) -> Pass:
    """Moves a live pass to revoked, replaced or suspended, and lists its serial. The caller holds the roster's lock."""
    _put(session, event, held, state, reason)
    _list(session, context, event, held, restored=False)
    action = {
        PassState.REVOKED: Action.PASS_REVOKED,
        PassState.REPLACED: Action.PASS_REPLACED,
        PassState.SUSPENDED: Action.PASS_SUSPENDED,
    }[state]
    record(session, context, action, Subject("pass", held.application.reference), ("state", "state_reason"))
    return held


def _put(session: Session, event: LoadedEvent, held: Pass, state: PassState, reason: str) -> None:
    held.state = move(held.application.reference, held.state, state)
    held.state_reason = reason.strip()
    held.roster_number = next_number(session, event.record)


def _list(session: Session, context: Context, event: LoadedEvent, held: Pass, *, restored: bool) -> None:
    entry = RevocationEntry(
        event_id=event.record.id, number=held.roster_number, serial=held.serial, restored=restored, at=context.now()
    )
    session.add(entry)
    event.record.revocation_number = entry.number
    session.flush()


def application_named(
    session: Session, event: LoadedEvent, named: str | bytes, reason: str
) -> Application | NotChanged:
    """The application that a reference, short code or serial names, with a reason to act on it."""
    if not reason.strip():
        return NotChanged(Obstacle.NO_REASON, "Give a reason in a few words; it stays with the pass.")
    if len(reason) > _LONGEST_REASON:
        return NotChanged(Obstacle.LONG_REASON, f"The reason is longer than {_LONGEST_REASON} characters; shorten it.")
    found = application_of(session, event, named)
    if found is None:
        words = "No application of this event has this reference, and no pass this number. Compare it letter by letter."
        return NotChanged(Obstacle.UNKNOWN, words)
    return found


def pass_to_move(
    session: Session, event: LoadedEvent, named: str | bytes, reason: str, state: PassState
) -> Pass | NotChanged:
    """The live pass that was named, under the roster's lock, if the move is possible."""
    found = application_named(session, event, named, reason)
    if isinstance(found, NotChanged):
        return found
    # A replacement writes a row that points at the application: its lock comes before the roster's (see `roster`).
    session.refresh(found, with_for_update=True)
    lock(session, event.record)
    held = _named_pass(session, found, named)
    if isinstance(held, NotChanged):
        return held
    if (held.state, state) not in MOVES:
        words = f"The pass of {found.reference} is {held.state.value} and cannot become {state.value}."
        return NotChanged(Obstacle.WRONG_STATE, words)
    return held


def _named_pass(session: Session, application: Application, named: str | bytes) -> Pass | NotChanged:
    """The live pass; a serial that names an earlier one never touches the pass that took its place."""
    held, serial = live_pass(session, application), serial_in(named)
    if held is None:
        return _no_live_pass(application)
    if serial is not None and held.serial != serial:
        words = f"This pass of {application.reference} is over already; another one took its place."
        return NotChanged(Obstacle.WRONG_STATE, words)
    return held


def _no_live_pass(application: Application) -> NotChanged:
    return NotChanged(Obstacle.NO_PASS, f"{application.reference} has no pass that is still good.")


def _document_in_use(session: Session, held: Pass) -> bool:
    others = select(Pass.id).where(
        Pass.event_id == held.event_id, Pass.document_hash == held.document_hash, Pass.state == PassState.COLLECTED
    )
    return session.scalar(others) is not None
