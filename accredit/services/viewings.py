"""Who else has an application on the screen: a note, no lock. Who decides second is told by the version of the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.review import Viewing
from accredit.services.context import Context

_COUNTS_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody else who opened it lately."""

    actor: str
    opened_at: datetime


def note_viewing(session: Session, context: Context, application: Application) -> None:
    """This reviewer has it open now."""
    key = (application.id, context.actor.name)
    session.merge(Viewing(application_id=key[0], actor=key[1], opened_at=context.now()))


def onlookers(session: Session, context: Context, application: Application) -> tuple[Onlooker, ...]:
    """The others who opened it within the last quarter of an hour, the last one first."""
    wanted = select(Viewing.actor, Viewing.opened_at).where(
        Viewing.application_id == application.id,
        Viewing.actor != context.actor.name,
        Viewing.opened_at > context.now() - _COUNTS_FOR,
    )
    return tuple(Onlooker(*row) for row in session.execute(wanted.order_by(Viewing.opened_at.desc())))
