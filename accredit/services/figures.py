"""Counts for the overview and the summary of a run: aggregates only, nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from accredit.credential.presence import day_began
from accredit.credential.reasons import Verdict
from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.models.gate import Device, Presence, Scan, SetAsideScan
from accredit.db.models.passes import Badge, GroundsGrant, Pass
from accredit.domain.applications import ApplicationState
from accredit.domain.permissions import Permission
from accredit.services import outbox
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by the values of the states and reasons; what has no entry was not counted once.

    `outcomes`: of the newest assessment of each application. `collected` counts passes that were handed over, also those that
    ended later; `passes` are all that were ever made. `inside` is by checkpoint, since the night. A scan that was corrected
    by a later one does not count by verdict and reason, but does in `scans`. `asked_by_reason` counts the scans that
    were answered "ask". `mail` counts the messages of the outbox by state.
    """

    applications: int
    by_state: dict[str, int]
    by_outcome: dict[str, int]
    by_category: dict[str, int]
    passes: int
    by_pass_state: dict[str, int]
    collected: int
    badges: int
    grounds_grants: int
    scans: int
    by_verdict: dict[str, int]
    by_reason: dict[str, int]
    by_checkpoint: dict[str, int]
    refused_by_reason: dict[str, int]
    asked_by_reason: dict[str, int]
    inside: dict[str, int]
    clock_suspect: int
    set_aside: int
    mail: dict[str, int]

    @property
    def approved(self) -> int:
        """Applications that are approved now."""
        return self.by_state.get(ApplicationState.APPROVED.value, 0)

    @property
    def refused(self) -> int:
        """Applications that are refused now."""
        return self.by_state.get(ApplicationState.REFUSED.value, 0)

    @property
    def waiting(self) -> int:
        """Applications that wait for a person."""
        undecided = (ApplicationState.SUBMITTED, ApplicationState.ASSESSED, ApplicationState.WAITING)
        return sum(self.by_state.get(state.value, 0) for state in undecided)

    @property
    def admitted(self) -> int:
        """Scans that let somebody through."""
        return self.by_verdict.get(Verdict.ADMIT.value, 0)


def figures(session: Session, context: Context, event: LoadedEvent) -> Figures:
    """The counts of the event as they stand now."""
    context.require(Permission.FIGURES_READ)
    of_event = Application.event_id == event.record.id
    by_state = _counted(session, Application.state, of_event)
    by_pass_state = _counted(session, Pass.state, Pass.event_id == event.record.id)
    counting = (Scan.event_id == event.record.id, ~is_corrected())
    return Figures(
        applications=sum(by_state.values()),
        by_state=by_state,
        by_outcome=_outcomes(session, event),
        by_category=_counted(session, Application.category, of_event),
        passes=sum(by_pass_state.values()),
        by_pass_state=by_pass_state,
        collected=_number(
            session, select(Pass).where(Pass.event_id == event.record.id, Pass.collected_at.is_not(None))
        ),
        badges=_number(session, select(Badge).join(Badge.badge_pass).where(Pass.event_id == event.record.id)),
        grounds_grants=_number(
            session,
            select(GroundsGrant).where(GroundsGrant.event_id == event.record.id, GroundsGrant.withdrawn_at.is_(None)),
        ),
        scans=_number(session, select(Scan).where(Scan.event_id == event.record.id)),
        by_verdict=_counted(session, Scan.verdict, *counting),
        by_reason=_counted(session, Scan.reason, *counting),
        by_checkpoint=_counted(session, Scan.checkpoint, *counting),
        refused_by_reason=_counted(session, Scan.reason, *counting, Scan.verdict == Verdict.REFUSE),
        asked_by_reason=_counted(session, Scan.reason, *counting, Scan.verdict == Verdict.ASK),
        inside=_inside(session, event, day_began(context.now(), event.event.zone)),
        clock_suspect=_number(session, select(Scan).where(Scan.event_id == event.record.id, Scan.clock_suspect)),
        set_aside=_number(
            session,
            select(SetAsideScan)
            .join(Device, Device.id == SetAsideScan.device_id)
            .where(Device.event_id == event.record.id),
        ),
        mail=outbox.counts(session, event.record.id).by_state,
    )


def _counted(session: Session, column: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(*where).group_by(column)).all()
    return dict(sorted((str(value), number) for value, number in rows))


def _number(session: Session, wanted: Select[Any]) -> int:
    return session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()


def is_corrected() -> ColumnElement[bool]:
    """Whether a later scan of the same device corrected or took back this one."""
    # Not EXISTS: without an index on the column, SQLite would read all scans of a device once for each of them.
    correcting = aliased(Scan)
    later = select(correcting.device_id, correcting.supersedes).where(correcting.supersedes.is_not(None))
    return tuple_(Scan.device_id, Scan.id).in_(later)


def _outcomes(session: Session, event: LoadedEvent) -> dict[str, int]:
    newest = (
        select(AssessmentRecord.application_id, func.max(AssessmentRecord.number).label("number"))
        .join(AssessmentRecord.application)
        .where(Application.event_id == event.record.id)
        .group_by(AssessmentRecord.application_id)
        .subquery()
    )
    rows = session.execute(
        select(AssessmentRecord.outcome, func.count())
        .join(
            newest,
            (newest.c.application_id == AssessmentRecord.application_id) & (newest.c.number == AssessmentRecord.number),
        )
        .group_by(AssessmentRecord.outcome)
    ).all()
    return dict(sorted((str(outcome), number) for outcome, number in rows))


def _inside(session: Session, event: LoadedEvent, since: datetime) -> dict[str, int]:
    rows = session.execute(
        select(Presence.checkpoint, func.count())
        .join(Pass, Pass.id == Presence.pass_id)
        .where(Pass.event_id == event.record.id, Presence.inside, Presence.scanned_at >= since)
        .group_by(Presence.checkpoint)
    )
    return dict(sorted((checkpoint, number) for checkpoint, number in rows))
