"""Applicants at their own page: the way in by the signed link, and what they type."""

from __future__ import annotations

from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.services.amending import Amended, AmendRefused, amend
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.own_fields import fields_of
from accredit.services.status_links import opened, token_for


def entered(session: Session, context: Context, event: LoadedEvent, application: Application) -> Application:
    """The application as its own link opens it, locked."""
    found = opened(session, context, event, token_for(context, event, application), to_change=True)
    assert isinstance(found, Application)
    return found


def corrects(
    session: Session, context: Context, event: LoadedEvent, application: Application, **fields: str
) -> Amended | AmendRefused:
    """What comes of it when the applicant types these fields anew."""
    typed = {**fields_of(application), **fields}
    own = entered(session, context, event, application)
    done = amend(session, context, event, own, typed, application.version)
    assert isinstance(done, (Amended, AmendRefused)), done
    return done
