"""What somebody should look at."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.devices import make_scanner
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.lists import load_list, usual_lists
from factories.passes import make_application
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.db.models.gate import SetAsideScan
from accredit.db.models.outbox import Message
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.messages import Kind, MessageState
from accredit.domain.permissions import Role
from accredit.services.alerts import AlertKind, alerts
from accredit.services.context import Context
from accredit.services.devices import switch_off
from accredit.services.event_loading import LoadedEvent
from accredit.services.job_rows import add_job, claim, fail

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())


def _told(session: Session, context: Context, event: LoadedEvent) -> dict[AlertKind, tuple[int, tuple[str, ...]]]:
    return {one.kind: (one.count, one.names) for one in alerts(session, context, event)}


def test_lists_that_are_missing_or_unread_are_named(engine: Engine) -> None:
    """A category reads it and nobody loaded it in time; or it was loaded, and no category reads it."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        assert _told(session, CONTEXT, event)[AlertKind.LIST_MISSING][1][:2] == ("ecosoc", "ganhri")
        usual_lists(session, CONTEXT)
        assert _told(session, CONTEXT, event) == {}
        load_list(session, CONTEXT, "ecosok", [{"name": "Alpine Migrants Forum"}])
        assert _told(session, CONTEXT, event) == {AlertKind.LIST_UNREAD: (1, ("ecosok",))}


def test_a_list_of_after_the_day_of_reference_is_missing(engine: Engine) -> None:
    """It is there and is not read."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        after = event.event.reference_on + timedelta(days=1)
        load_list(session, CONTEXT, "ecosoc", [{"name": "Alpine Migrants Forum"}], after)
        assert "ecosoc" in _told(session, CONTEXT, event)[AlertKind.LIST_MISSING][1]


def test_a_scanner_is_silent_only_while_its_checkpoint_is_open(engine: Engine) -> None:
    """At night nobody misses it; one that is switched off is missed by nobody."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        make_scanner(session, CONTEXT, event, "gate 1")
        assert _told(session, CONTEXT, event) == {}
        later = at(CONTEXT, HEARING_MORNING + timedelta(minutes=11))
        assert _told(session, later, event) == {AlertKind.DEVICE_SILENT: (1, ("gate 1",))}
        assert _told(session, at(CONTEXT, HEARING_MORNING + timedelta(hours=12)), event) == {}
        switch_off(session, CONTEXT, event, "gate 1")
        assert _told(session, later, event) == {}


def test_failed_jobs_and_doubtful_scans_are_counted(engine: Engine) -> None:
    """Jobs of the last days; scans that could not be taken."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        job = add_job(session, CONTEXT, "print", {})
        claim(session, job.id, CONTEXT.now())
        fail(session, job.id, "no template", CONTEXT.now())
        scanner = make_scanner(session, CONTEXT, event)
        set_aside = {"device_id": scanner.device.id, "cause": "broken", "body": b"", "received_at": CONTEXT.now()}
        session.add(SetAsideScan(scan_id=str(uuid4()), **set_aside))
        session.add(
            Message(
                id=uuid4(),
                application_id=make_application(session, event).id,
                kind=Kind.RECEIVED,
                language="en",
                state=MessageState.FAILED,
                created_at=CONTEXT.now(),
                next_try_at=CONTEXT.now(),
            )
        )
        session.flush()
        counts = {kind: count for kind, (count, _) in _told(session, CONTEXT, event).items()}
        assert counts == {AlertKind.JOBS_FAILED: 1, AlertKind.MAIL_FAILED: 1, AlertKind.SCANS_SET_ASIDE: 1}
        week_later = at(CONTEXT, CONTEXT.now() + timedelta(days=8))
        assert AlertKind.JOBS_FAILED not in _told(session, week_later, event)


def test_alerts_need_the_permission(engine: Engine) -> None:
    """Who may only hand in applications sees none."""
    with writing(engine) as session, pytest.raises(NotAllowed):
        alerts(session, acting(CONTEXT, "user:x", Role.INTAKE), loaded_event(session, CONTEXT))
