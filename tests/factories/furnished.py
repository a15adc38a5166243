"""An event with its lists, and people whom a reviewer approved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from factories.applications import assessed
from factories.events import loaded_event
from factories.lists import usual_lists
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.session import writing
from accredit.services.context import Context
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.reviewing import approve


@contextmanager
def furnished(engine: Engine, context: Context) -> Iterator[tuple[Session, LoadedEvent]]:
    """A writing session over the event and one edition of each list."""
    with writing(engine) as session:
        event = loaded_event(session, context)
        usual_lists(session, context)
        yield session, event


def approved(session: Session, context: Context, event: LoadedEvent, **changes: Any) -> Application:
    """Somebody whom a reviewer approved."""
    made = assessed(session, context, event, **changes)
    done = approve(session, context, event, made.reference, reason_staff="all is well")
    assert isinstance(done, Decided), done
    return made
