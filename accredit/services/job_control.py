"""Jobs under administration: what they do, started once, stopped, tried again, and who did so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from accredit.db.models.jobs import Job, JobState
from accredit.domain.permissions import Permission
from accredit.services import job_rows
from accredit.services.auditing import Action, Subject, record, take_turn
from accredit.services.context import Context

UNTAKEN_AFTER = timedelta(minutes=2)
"""A worker looks each minute; a job that waits for longer has no worker."""

_GOING_ON = (JobState.WAITING, JobState.RUNNING)
_OVER = (JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job as the administrators see it. `result` is what its kind left; `untaken`: no worker looks."""

    id: UUID
    kind: str
    state: JobState
    attempts: int
    done: int
    total: int
    error: str
    result: Mapping[str, Any]
    arguments: Mapping[str, Any]
    created_at: datetime
    finished_at: datetime | None
    untaken: bool

    @property
    def goes_on(self) -> bool:
        """Whether it can still be stopped."""
        return self.state in _GOING_ON

    @property
    def can_be_retried(self) -> bool:
        """Whether it ended without having done its work."""
        return self.state in _OVER

    @property
    def percent(self) -> int | None:
        """How far it is; None where its kind does not tell."""
        return 100 * self.done // self.total if self.total else None


def job_lines(session: Session, context: Context, count: int = 50) -> tuple[JobLine, ...]:
    """The newest jobs, the newest first."""
    context.require(Permission.EVENT_MANAGE)
    return tuple(_line(context, job) for job in job_rows.latest(session, count))


def job_line(session: Session, context: Context, job_id: UUID) -> JobLine | None:
    """One job."""
    context.require(Permission.EVENT_MANAGE)
    job = session.get(Job, job_id)
    return _line(context, job) if job is not None else None


def _line(context: Context, job: Job) -> JobLine:
    return JobLine(
        id=job.id,
        kind=job.kind,
        state=job.state,
        attempts=job.attempts,
        done=job.done,
        total=job.total,
        error=job.error,
        result=job.result,
        arguments=job.arguments,
        created_at=job.created_at,
        finished_at=job.finished_at,
        untaken=job.state is JobState.WAITING and context.now() - job.created_at > UNTAKEN_AFTER,
    )


def start_once(session: Session, context: Context, kind: str, arguments: Mapping[str, Any]) -> UUID:
    """The job of this kind that waits already, or a new one: a double click starts one.

    The caller asks for the permission that its kind needs, and wakes a worker after the commit.
    """
    take_turn(session)
    waiting = select(Job.id).where(Job.kind == kind, Job.state == JobState.WAITING).limit(1)
    held = session.scalar(waiting)
    if held is not None:
        return held
    job = job_rows.add_job(session, context, kind, arguments)
    record(session, context, Action.JOB_STARTED, Subject("job", str(job.id)))
    return job.id


def cancel(session: Session, context: Context, job_id: UUID) -> bool:
    """Stops a job that waits or runs; one that runs ends at its next step. False where it was over already."""
    context.require(Permission.EVENT_MANAGE)
    values = {"state": JobState.CANCELLED, "finished_at": context.now()}
    return _moved(session, context, job_id, _GOING_ON, values, Action.JOB_CANCELLED)


def retry(session: Session, context: Context, job_id: UUID) -> bool:
    """Puts a job that failed or was stopped back; it begins anew, and what it wrote already it writes over.

    The caller wakes a worker after the commit. False where the job goes on, or is done.
    """
    context.require(Permission.EVENT_MANAGE)
    values = {
        "state": JobState.WAITING,
        "attempts": 0,
        "done": 0,
        "total": 0,
        "error": "",
        "finished_at": None,
        "heartbeat_at": None,
        "created_at": context.now(),
    }
    return _moved(session, context, job_id, _OVER, values, Action.JOB_RETRIED)


def _moved(
    session: Session,
    context: Context,
    job_id: UUID,
    states: tuple[JobState, ...],
    values: Mapping[str, object],
    action: Action,
) -> bool:
    moved = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_(states))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(moved, CursorResult)
    if moved.rowcount == 1:
        record(session, context, action, Subject("job", str(job_id)), ("state",))
    return moved.rowcount == 1
