"""Jobs under administration."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from factories.applications import assessed
from factories.contexts import REVIEW_DAY, acting, at, make_context
from factories.events import loaded_event
from factories.lists import load_list, usual_lists
from sqlalchemy import Engine, func, select

from accredit.db.models.audit import AuditEntry
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.models.jobs import Job, JobState
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.job_control import cancel, job_line, job_lines, retry, start_once
from accredit.services.job_rows import add_job, beat, claim, fail, finish
from accredit.services.screening import outlook

CONTEXT = make_context(REVIEW_DAY)


def test_a_double_click_starts_one_job(engine: Engine) -> None:
    """While one waits, the same one is answered; once it runs, another may wait."""
    with writing(engine) as session:
        first = start_once(session, CONTEXT, "outlook", {})
        assert start_once(session, CONTEXT, "outlook", {}) == first
        claim(session, first, CONTEXT.now())
        assert start_once(session, CONTEXT, "outlook", {}) != first
        started = select(func.count()).where(AuditEntry.action == "job.started")
        assert session.scalar(started) == 2


def test_a_job_is_stopped_once(engine: Engine) -> None:
    """One that waits, one that runs; its next step finds that nobody wants it. One that is over stays as it is."""
    with writing(engine) as session:
        waits, runs, done = (add_job(session, CONTEXT, "print", {}).id for _ in range(3))
        for job in (runs, done):
            claim(session, job, CONTEXT.now())
        finish(session, done, {}, CONTEXT.now())
        assert cancel(session, CONTEXT, waits)
        assert cancel(session, CONTEXT, runs)
        assert not cancel(session, CONTEXT, runs)
        assert not beat(session, runs, 1, 2, CONTEXT.now())
        assert not cancel(session, CONTEXT, done)
        assert not cancel(session, CONTEXT, uuid4())


def test_a_failed_job_is_tried_again(engine: Engine) -> None:
    """It waits anew, without the old cause; one that waits or is done is not touched."""
    with writing(engine) as session:
        job = add_job(session, CONTEXT, "print", {}).id
        claim(session, job, CONTEXT.now())
        fail(session, job, "no template", CONTEXT.now())
        assert retry(session, CONTEXT, job)
        assert not retry(session, CONTEXT, job)
        session.expire_all()
        line = job_line(session, CONTEXT, job)
        assert line is not None
        assert (line.state, line.attempts, line.error, line.finished_at) == (JobState.WAITING, 0, "", None)
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "job"))
        assert list(actions) == ["job.retried"]


def test_a_job_that_no_worker_takes_is_seen(engine: Engine) -> None:
    """After two minutes it is clear that none runs."""
    with writing(engine) as session:
        add_job(session, CONTEXT, "print", {})
        later = at(CONTEXT, CONTEXT.now() + timedelta(minutes=3))
        assert [one.untaken for one in job_lines(session, CONTEXT)] == [False]
        assert [one.untaken for one in job_lines(session, later)] == [True]


def test_progress_is_told_where_there_is_one(engine: Engine) -> None:
    """In per cent; nothing before the kind knows how much there is."""
    with writing(engine) as session:
        job = add_job(session, CONTEXT, "print", {})
        line = job_line(session, CONTEXT, job.id)
        assert line is not None
        assert (line.percent, line.goes_on, line.can_be_retried) == (None, True, False)
        claim(session, job.id, CONTEXT.now())
        beat(session, job.id, 1, 3, CONTEXT.now())
        session.refresh(session.get_one(Job, job.id))
        told = job_line(session, CONTEXT, job.id)
        assert told is not None
        assert told.percent == 33


def test_jobs_are_for_administrators(engine: Engine) -> None:
    """A reviewer neither sees nor stops one."""
    outsider = acting(CONTEXT, "user:x", Role.REVIEWER)
    with writing(engine) as session:
        for call in (
            lambda: job_lines(session, outsider),
            lambda: cancel(session, outsider, uuid4()),
            lambda: retry(session, outsider, uuid4()),
        ):
            with pytest.raises(NotAllowed):
                call()


def test_the_outlook_tells_whose_outcome_would_change_and_writes_nothing(engine: Engine) -> None:
    """A body loses its status in a newer edition: its people would no more be eligible, and keep what they have."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        clear = assessed(session, CONTEXT, event)
        other = assessed(session, CONTEXT, event, organisation="Lakeside Diaspora Council")
        assert outlook(session, event) == ()
        rows = [{"name": "Alpine Migrants Forum", "status": "withdrawn"}]
        rows.append({"name": "Lakeside Diaspora Council", "status": "general"})
        load_list(session, CONTEXT, "ecosoc", rows, event.event.reference_on)
        before = session.scalar(select(func.count()).select_from(AssessmentRecord))
        steps: list[tuple[int, int]] = []
        [change] = outlook(session, event, progress=lambda done, total: steps.append((done, total)))
        assert (change.reference, change.before.value) == (clear.reference, "eligible")
        assert change.after.value != "eligible"
        assert other.reference != change.reference
        assert steps == [(2, 2)]
        assert session.scalar(select(func.count()).select_from(AssessmentRecord)) == before
