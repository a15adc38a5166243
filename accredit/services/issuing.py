"""Passes come to be here: prepared after an approval, or in the place of one that was lost. How they end: `pass_life`.

`reviewing` calls `prepare` in the transaction of its decision, and has settled who may decide. A replacement asks for the
permission itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.credential.serials import new_serial
from accredit.db.models.applications import Application
from accredit.db.models.gate import Presence
from accredit.db.models.passes import GroundsGrant, Pass
from accredit.domain.applications import ApplicationState
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.earlier_decisions import had_a_pass_revoked
from accredit.services.event_loading import LoadedEvent
from accredit.services.neighbours import is_held
from accredit.services.pass_finding import grounds_grant, live_pass
from accredit.services.pass_life import NotChanged, Obstacle, application_named, end, pass_to_move, withdraw
from accredit.services.roster import lock, next_number

_DRAWS = 16
_TAKEN = select(Pass.id).where(Pass.event_id == bindparam("event_id"), Pass.serial == bindparam("serial"))


@dataclass(frozen=True, slots=True)
class Held:
    """The person is on hold for security: no grounds pass opens a door to who cannot be stopped at the pick-up."""

    reference: str


@dataclass(frozen=True, slots=True)
class AlreadyPrepared:
    """The application has its live pass, or its written grants, since before."""

    held: Pass | GroundsGrant


def prepare(
    session: Session, context: Context, event: LoadedEvent, application: Application
) -> Pass | GroundsGrant | AlreadyPrepared | Held:
    """Prepares the pass of an approved application, or writes the grants of a grounds-pass holder.

    The application is approved before this is called; ValueError otherwise, and for a category that the event does not
    have. Nothing is granted to a grounds-pass holder who is on hold. Of two approvals at once one prepares, the other is
    told what is there.
    """
    if application.state is not ApplicationState.APPROVED:
        raise ValueError(
            f"application {application.reference} is {application.state.value}; only an approved one has a pass"
        )
    lock(session, event.record)
    if application.grounds_pass:
        return _grant(session, context, event, application)
    held = live_pass(session, application)
    return AlreadyPrepared(held) if held is not None else _prepare(session, context, event, application, None)


def replace(
    session: Session, context: Context, event: LoadedEvent, named: str | bytes, reason: str
) -> Pass | NotChanged:
    """A new pass with a new serial for one that was lost, stolen or holds data that changed; the old one is replaced.

    The new pass is prepared, whatever the old one was: only a verified document makes it collected. Where the person was
    last seen follows to the new pass. A suspended pass is not replaced, because that would end the suspension.
    """
    context.require(Permission.PASSES_REVOKE)
    found = pass_to_move(session, event, named, reason, PassState.REPLACED)
    if isinstance(found, NotChanged):
        return found
    reference = found.application.reference
    if found.state is PassState.SUSPENDED:
        return NotChanged(
            Obstacle.SUSPENDED, f"The pass of {reference} is suspended. Reinstate it first, or revoke it."
        )
    if found.application.state is not ApplicationState.APPROVED:
        return NotChanged(Obstacle.NOT_APPROVED, f"{reference} is {found.application.state.value}, not approved.")
    return put_in_place(session, context, event, found, reason)


def put_in_place(session: Session, context: Context, event: LoadedEvent, old: Pass, reason: str) -> Pass:
    """The same for a caller who settled that it may be done, and holds the roster's lock."""
    end(session, context, event, old, PassState.REPLACED, reason)
    made = _prepare(session, context, event, old.application, old)
    session.execute(update(Presence).where(Presence.pass_id == old.id).values(pass_id=made.id))
    return made


def prepare_for_grounds_holder(
    session: Session, context: Context, event: LoadedEvent, named: str, reason: str
) -> Pass | NotChanged:
    """A special event pass for a holder who cannot show a valid grounds pass of this duty station; a supervisor's act.

    The written grants end in the same step, so that the grounds pass, wherever it is, opens no door beside the new pass,
    which is collected with the document like any other. Where the grants, or such a pass, were taken back, nothing comes of
    this: it would undo somebody's revocation.
    """
    context.require(Permission.PICKUP_OVERRIDE)
    application = application_named(session, event, named, reason)
    if isinstance(application, NotChanged):
        return application
    if application.state is not ApplicationState.APPROVED:
        return NotChanged(Obstacle.NOT_APPROVED, f"{named} is {application.state.value}, not approved.")
    lock(session, event.record)
    if not application.grounds_pass or live_pass(session, application) is not None:
        return NotChanged(Obstacle.WRONG_STATE, f"{named} enters on a special event pass already.")
    grant = grounds_grant(session, application)
    if grant is None or grant.withdrawn_at is not None or had_a_pass_revoked(session, application):
        words = f"What {application.reference} may enter was taken back. A reviewer decides about it again."
        return NotChanged(Obstacle.REVOKED, words)
    withdraw(session, context, event, application, reason)
    made = _prepare(session, context, event, application, None)
    made.state_reason = reason.strip()
    return made


def _prepare(
    session: Session, context: Context, event: LoadedEvent, application: Application, old: Pass | None
) -> Pass:
    code, grants = _entitlement(event, application)
    made = Pass(
        id=context.new_id(),
        event_id=event.record.id,
        application=application,
        serial=_draw_serial(session, context, event),
        state=PassState.PREPARED,
        category_code=code,
        grants=grants,
        valid_from=event.event.valid_from,
        valid_until=event.event.valid_until,
        replaces_id=old.id if old is not None else None,
        roster_number=next_number(session, event.record),
        created_at=context.now(),
    )
    session.add(made)
    session.flush()
    record(session, context, Action.PASS_PREPARED, Subject("pass", application.reference))
    return made


def _grant(
    session: Session, context: Context, event: LoadedEvent, application: Application
) -> GroundsGrant | AlreadyPrepared | Held:
    grant = grounds_grant(session, application)
    if grant is not None and grant.withdrawn_at is None:
        return AlreadyPrepared(grant)
    if is_held(session, application):
        return Held(application.reference)
    if grant is None:
        grant = GroundsGrant(id=context.new_id(), event_id=event.record.id, application_id=application.id)
    # An approval after a withdrawal writes the grants anew: category and number may have been corrected in between.
    forgets = grant.number_hash not in (None, application.grounds_hash)
    grant.withdrawn_at = None
    grant.number_hash = application.grounds_hash
    grant.grants = _entitlement(event, application)[1]
    grant.roster_number = next_number(session, event.record)
    if forgets:
        # No row names the old number any more, so no delta could say that it opens nothing: scanners start anew.
        event.record.settings_number = grant.roster_number
    session.add(grant)
    session.flush()
    record(session, context, Action.GROUNDS_GRANTED, Subject("pass", application.reference))
    return grant


def _entitlement(event: LoadedEvent, application: Application) -> tuple[int, int]:
    """The number of the category and the mask of its grants."""
    category = event.event.category(application.category)
    if category is None:
        raise ValueError(f"event {event.event.key} has no category “{application.category}” ({application.reference})")
    return category.code, event.event.mask(category.grants)


def _draw_serial(session: Session, context: Context, event: LoadedEvent) -> bytes:
    for _ in range(_DRAWS):
        serial = new_serial(context.entropy)
        if session.scalar(_TAKEN, {"event_id": event.record.id, "serial": serial}) is None:
            return serial
    raise RuntimeError(f"{_DRAWS} serials drawn in a row were taken; the source of randomness is broken")
