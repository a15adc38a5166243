"""Security holds: put on and lifted by a supervisor or a senior reviewer, or put on by an import.

A hold concerns the person, so every application of this person in the event feels it. Nobody is approved by rule meanwhile,
the desk asks the supervisor, and a grounds pass, which is shown to no desk, opens nothing. Why stays sealed with the row.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.domain.applications import ApplicationState
from accredit.domain.messages import Kind
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.issuing import prepare
from accredit.services.neighbours import hashes_of
from accredit.services.notifying import tell
from accredit.services.pass_finding import grounds_grant
from accredit.services.pass_life import NotChanged, Obstacle, application_named, withdraw_grants
from accredit.services.roster import lock

_FIELDS = ("security_hold", "hold_reason")


@dataclass(frozen=True, slots=True)
class HoldSet:
    """The hold was put on or lifted; `grants` are the references whose written grants ended or were written by that."""

    reference: str
    on: bool
    grants: tuple[str, ...] = ()


def set_hold(
    session: Session, context: Context, event: LoadedEvent, reference: str, on: bool, reason: str
) -> HoldSet | NotChanged:
    """Puts the hold on or lifts it, with a reason.

    Lifting it writes the grants that an approval could not write; grants that were withdrawn come back only by another
    approval. A pass that was collected already is not touched: suspend it.
    """
    context.require(Permission.APPLICATIONS_HOLD)
    found = application_named(session, event, reference, reason)
    if isinstance(found, NotChanged):
        return found
    session.refresh(found, with_for_update=True)
    if found.security_hold is on:
        words = f"{found.reference} is {'on hold already' if on else 'not on hold; look at the other applications'}."
        return NotChanged(Obstacle.WRONG_STATE, words)
    return put_hold(session, context, event, found, on, reason)


def put_hold(
    session: Session, context: Context, event: LoadedEvent, application: Application, on: bool, reason: str
) -> HoldSet:
    """The same for a caller who settled that it may be done; `application` is locked."""
    application.security_hold = on
    application.hold_reason = reason.strip()
    application.version += 1
    action = Action.APPLICATION_HELD if on else Action.APPLICATION_RELEASED
    record(session, context, action, Subject("application", application.reference), _FIELDS)
    session.flush()
    lock(session, event.record)
    change = _withdraw if on else _write
    grants = tuple(
        one.reference for one in _with_grounds_pass(session, application) if change(session, context, event, one)
    )
    return HoldSet(application.reference, on, grants)


def _with_grounds_pass(session: Session, application: Application) -> tuple[Application, ...]:
    """This person's approved applications that name a grounds pass."""
    hashes = hashes_of(application)
    wanted = select(Application).where(
        Application.event_id == application.event_id,
        Application.state == ApplicationState.APPROVED,
        Application.grounds_pass.is_(True),
        or_(Application.person_hash.in_(hashes), Application.person_hash_native.in_(hashes)),
    )
    return tuple(session.scalars(wanted.order_by(Application.id)))


def _withdraw(session: Session, context: Context, event: LoadedEvent, one: Application) -> bool:
    return withdraw_grants(session, context, event, one) is not None


def _write(session: Session, context: Context, event: LoadedEvent, one: Application) -> bool:
    if grounds_grant(session, one) is not None:
        return False
    prepare(session, context, event, one)
    if grounds_grant(session, one) is None:
        return False
    tell(session, context, event, one, Kind.APPROVED)
    return True
