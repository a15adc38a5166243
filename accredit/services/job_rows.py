"""The rows of background jobs: added with the business data, claimed by one worker, beating while they run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from accredit.db.models.jobs import Job, JobState
from accredit.services.context import Context

MOST_ATTEMPTS = 3
_LONGEST_ERROR = 2000


def add_job(session: Session, context: Context, kind: str, arguments: Mapping[str, Any]) -> Job:
    """A job that waits; the caller wakes a worker after its commit."""
    job = Job(
        id=context.new_id(),
        kind=kind,
        arguments=dict(arguments),
        state=JobState.WAITING,
        attempts=0,
        result={},
        created_at=context.now(),
    )
    session.add(job)
    session.flush()
    return job


def claim(session: Session, job_id: UUID, now: datetime) -> Job | None:
    """The job, running from now on; None where somebody else has it or it waits no more. Of two workers one gets it."""
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.WAITING)
        .values(state=JobState.RUNNING, attempts=Job.attempts + 1, heartbeat_at=now, error="")
    )
    assert isinstance(taken, CursorResult)
    return session.get(Job, job_id, populate_existing=True) if taken.rowcount == 1 else None


def beat(session: Session, job_id: UUID, done: int, total: int, now: datetime) -> bool:
    """Tells that the job goes on; False when it was cancelled or given to somebody else meanwhile."""
    going_on = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.RUNNING)
        .values(done=done, total=total, heartbeat_at=now)
    )
    assert isinstance(going_on, CursorResult)
    return bool(going_on.rowcount == 1)


def still_alive(session: Session, job_id: UUID, now: datetime) -> None:
    """Tells that the worker of a running job lives."""
    alive = update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING)
    session.execute(alive.values(heartbeat_at=now))


def finish(session: Session, job_id: UUID, result: Mapping[str, Any], now: datetime) -> None:
    """The job is done."""
    values = {"state": JobState.DONE, "result": dict(result), "finished_at": now}
    session.execute(update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING).values(**values))


def fail(session: Session, job_id: UUID, error: str, now: datetime) -> None:
    """The job failed for a reason that another try does not mend."""
    values = {"state": JobState.FAILED, "error": error[:_LONGEST_ERROR], "finished_at": now}
    session.execute(update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING).values(**values))


def reap(session: Session, now: datetime, stale_after: timedelta) -> None:
    """Puts back what a worker held when it died; what died too often has failed."""
    dead = (Job.state == JobState.RUNNING, Job.heartbeat_at < now - stale_after)
    told = f"the worker died {MOST_ATTEMPTS} times in this job"
    session.execute(
        update(Job)
        .where(*dead, Job.attempts >= MOST_ATTEMPTS)
        .values(state=JobState.FAILED, error=told, finished_at=now)
    )
    session.execute(update(Job).where(*dead).values(state=JobState.WAITING))


def waiting(session: Session) -> tuple[UUID, ...]:
    """The jobs that wait, the oldest first."""
    return tuple(session.scalars(select(Job.id).where(Job.state == JobState.WAITING).order_by(Job.created_at)))


def latest(session: Session, count: int) -> tuple[Job, ...]:
    """The newest jobs, the newest first."""
    return tuple(session.scalars(select(Job).order_by(Job.created_at.desc()).limit(count)))
