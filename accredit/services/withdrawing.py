"""Withdrawal by the applicant: at any time before the pass is collected. What was prepared ends in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.domain.applications import MOVES, ApplicationState
from accredit.services.auditing import Action
from accredit.services.context import Context
from accredit.services.deciding import write_move
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_finding import live_pass


class WithdrawFault(StrEnum):
    """Why nothing was withdrawn."""

    STALE = "stale"
    ALREADY = "already"
    CLOSED = "closed"
    COLLECTED = "collected"


@dataclass(frozen=True, slots=True)
class WithdrawRefused:
    """Nothing was withdrawn: the cause, and a sentence with the cure."""

    code: WithdrawFault
    message: str


def withdraw_own(
    session: Session, context: Context, event: LoadedEvent, application: Application, version: int | None
) -> WithdrawRefused | None:
    """Withdraws on the applicant's word; the caller has opened the signed link and locked the row."""
    obstacle = _obstacle(session, application, version)
    if obstacle is not None:
        return obstacle
    wanted = ApplicationState.WITHDRAWN
    write_move(session, context, event, application, wanted, Action.APPLICATION_WITHDRAWN, "withdrawn by the applicant")
    return None


def has_collected(session: Session, application: Application) -> bool:
    """Whether the pass is in the person's hands, or was when it was suspended."""
    held = live_pass(session, application)
    return held is not None and PassState.COLLECTED in {held.state, held.suspended_from}


def _obstacle(session: Session, application: Application, version: int | None) -> WithdrawRefused | None:
    if application.state is ApplicationState.WITHDRAWN:
        return WithdrawRefused(WithdrawFault.ALREADY, "This application is withdrawn already.")
    if version is not None and application.version != version:
        words = "This was changed in the meantime, perhaps in another window. Please look at it, then withdraw it."
        return WithdrawRefused(WithdrawFault.STALE, words)
    if (application.state, ApplicationState.WITHDRAWN) not in MOVES:
        return WithdrawRefused(WithdrawFault.CLOSED, "This application is closed; there is nothing to withdraw.")
    if has_collected(session, application):
        words = "You have your pass already; please bring it back to the registration desk."
        return WithdrawRefused(WithdrawFault.COLLECTED, words)
    return None
