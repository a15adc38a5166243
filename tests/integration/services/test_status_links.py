"""The signed link to the own status page: genuine, forged, cut, replaced, expired."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from factories.applications import assessed
from factories.contexts import acting, at, make_context
from factories.events import loaded_event
from factories.lists import usual_lists
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.event_loading import LoadedEvent
from accredit.services.status_links import (
    HOLDS_AFTER_THE_EVENT,
    StatusLinkFault,
    StatusLinkRefused,
    link_for,
    opened,
    renew,
    token_for,
)

CONTEXT = make_context()
APPLICANT = acting(CONTEXT, "applicant")


@contextmanager
def _one(engine: Engine) -> Iterator[tuple[Session, LoadedEvent, Application]]:
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        made = assessed(session, CONTEXT, event)
        session.flush()
        yield session, event, made


def _fault(found: Application | StatusLinkRefused) -> StatusLinkFault:
    assert isinstance(found, StatusLinkRefused)
    return found.code


def test_the_link_opens_its_own_application_and_says_nothing_of_the_person(engine: Engine) -> None:
    """Whoever has it is let in; neither name nor reference stands in it."""
    with _one(engine) as (session, event, made):
        other = assessed(session, CONTEXT, event)
        session.flush()
        token = token_for(APPLICANT, event, made)
        assert opened(session, APPLICANT, event, token) is made
        assert opened(session, APPLICANT, event, token_for(APPLICANT, event, other)) is other
        assert link_for(APPLICANT, event, made) == f"/status/{token}"
        assert made.reference.replace("-", "") not in token.upper()


def test_a_forged_or_cut_link_opens_nothing(engine: Engine) -> None:
    """Every changed letter, every cut, another spelling of the same bytes, and letters of no alphabet."""
    with _one(engine) as (session, event, made):
        token = token_for(APPLICANT, event, made)
        changed = [f"{token[:n]}{'B' if token[n] == 'A' else 'A'}{token[n + 1 :]}" for n in range(len(token))]
        cut = [token[:n] for n in range(0, len(token), 5)]
        last = "".join(chr(ord(token[-1]) + 1))
        for one in (*changed, *cut, token + "A", token + "==", token[:-1] + last, "é" * 46, "A" * 46):
            assert _fault(opened(session, APPLICANT, event, one)) is StatusLinkFault.BROKEN, one


def test_a_link_that_went_astray_is_made_void(engine: Engine) -> None:
    """A reviewer makes a new one; the old one says that there is a newer one."""
    with _one(engine) as (session, event, made):
        old = token_for(APPLICANT, event, made)
        new = renew(session, CONTEXT, event, made.reference)
        assert new is not None
        assert _fault(opened(session, APPLICANT, event, old)) is StatusLinkFault.REVOKED
        assert opened(session, APPLICANT, event, new.removeprefix("/status/")) is made
        assert renew(session, CONTEXT, event, "XXXX-XXXX") is None
        with pytest.raises(NotAllowed):
            renew(session, acting(CONTEXT, "test:gate", Role.GATE), event, made.reference)


def test_a_link_ends_a_month_after_the_event(engine: Engine) -> None:
    """Until then it holds, and afterwards it says so."""
    with _one(engine) as (session, event, made):
        token, last = token_for(APPLICANT, event, made), event.event.valid_until + HOLDS_AFTER_THE_EVENT
        assert opened(session, at(APPLICANT, last), event, token) is made
        late = opened(session, at(APPLICANT, last + timedelta(seconds=1)), event, token)
        assert _fault(late) is StatusLinkFault.OVER
