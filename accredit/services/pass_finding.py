"""From what a person reads aloud, types or scans to the application and its pass."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accredit.credential.serials import parse_short_code
from accredit.db.models.applications import Application
from accredit.db.models.passes import GroundsGrant, Pass
from accredit.domain.passes import LIVE
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import find_application

# Made once: to put a statement together costs more than to ask it.
_AFRESH = {"populate_existing": True}
_OF_APPLICATION = select(Pass).where(Pass.application_id == bindparam("application_id"))
_LIVE = _OF_APPLICATION.where(Pass.state.in_(LIVE)).execution_options(**_AFRESH)
_LATEST = _OF_APPLICATION.order_by(Pass.roster_number.desc()).limit(1).execution_options(**_AFRESH)
_GROUNDS = (
    select(GroundsGrant).where(GroundsGrant.application_id == bindparam("application_id")).execution_options(**_AFRESH)
)


def serial_in(named: str | bytes) -> bytes | None:
    """The serial that was named, by its 5 bytes or by a short code; None where it must be a reference."""
    return named if isinstance(named, bytes) else parse_short_code(named)


def application_of(session: Session, event: LoadedEvent, named: str | bytes) -> Application | None:
    """The application behind a reference, a confirmation code, a short code or the 5 bytes of a serial; read afresh."""
    serial = serial_in(named)
    if serial is None:
        return find_application(session, event, str(named))
    wanted = (
        select(Application)
        .join(Pass, Pass.application_id == Application.id)
        .where(Pass.event_id == event.record.id, Pass.serial == serial)
    )
    return session.scalar(wanted.execution_options(populate_existing=True))


def live_pass(session: Session, application: Application) -> Pass | None:
    """The one pass of the application that is not over, read afresh."""
    return session.scalar(_LIVE, {"application_id": application.id})


def latest_pass(session: Session, application: Application) -> Pass | None:
    """The live pass, else the one that ended last."""
    return live_pass(session, application) or session.scalar(_LATEST, {"application_id": application.id})


def grounds_grant(session: Session, application: Application) -> GroundsGrant | None:
    """The written grants of a grounds-pass holder, read afresh; they may have been withdrawn."""
    return session.scalar(_GROUNDS, {"application_id": application.id})
