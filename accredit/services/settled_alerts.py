"""An alert of a pass that was admitted twice, seen by a person: with the reason, once, and gone from the gates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.credential.serials import short_code
from accredit.credential.split_alerts import SplitAlert
from accredit.db.models.gate import SplitAlertRecord
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.roster import lock, next_number
from accredit.services.splits import open_alerts

LONGEST_REASON = 400


class AlertObstacle(StrEnum):
    """Why an alert is not settled."""

    UNKNOWN = "unknown"
    SETTLED = "settled"
    NO_REASON = "no_reason"


@dataclass(frozen=True, slots=True)
class AlertNotSettled:
    """The code, and who settled it where somebody did."""

    code: AlertObstacle
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that nobody settled yet, and the short code of its pass."""

    split: SplitAlert
    code: str


def open_alert(session: Session, context: Context, event: LoadedEvent, alert_id: UUID) -> OpenAlert | AlertNotSettled:
    """The alert as the gates show it, or why they show it no more."""
    context.require(Permission.ALERTS_SETTLE)
    shown = next((one for one in open_alerts(session, event, context.now()) if one.id == alert_id), None)
    if shown is not None:
        return OpenAlert(shown, short_code(shown.serial))
    held = _held(session, event, alert_id)
    is_settled = held is not None and held.settled_at is not None
    return AlertNotSettled(AlertObstacle.SETTLED, held.settled_by) if held and is_settled else _UNKNOWN


def settle_alert(
    session: Session, context: Context, event: LoadedEvent, alert_id: UUID, reason: str
) -> SplitAlertRecord | AlertNotSettled:
    """Takes the alert from the dashboard, and from the gates with their next list; the scans stay as they were."""
    context.require(Permission.ALERTS_SETTLE)
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        return AlertNotSettled(AlertObstacle.NO_REASON)
    lock(session, event.record)
    held = _held(session, event, alert_id)
    if held is None:
        return _UNKNOWN
    if held.settled_at is not None:
        return AlertNotSettled(AlertObstacle.SETTLED, held.settled_by)
    held.settled_at, held.settled_by, held.settled_for = context.now(), context.actor.name, reason.strip()
    # Alerts travel whole in every list: under a new number scanners fetch the one without it.
    held.roster_number = next_number(session, event.record)
    record(session, context, Action.ALERT_SETTLED, Subject("alert", str(held.id)), ("settled_for",))
    session.flush()
    return held


_UNKNOWN = AlertNotSettled(AlertObstacle.UNKNOWN)


def _held(session: Session, event: LoadedEvent, alert_id: UUID) -> SplitAlertRecord | None:
    wanted = select(SplitAlertRecord).where(
        SplitAlertRecord.event_id == event.record.id, SplitAlertRecord.id == alert_id
    )
    return session.scalar(wanted.execution_options(populate_existing=True))
