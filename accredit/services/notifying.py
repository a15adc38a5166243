"""Telling people: one row in the outbox for each mail, in the transaction of what it tells.

The row says on what occasion, to whom and in which language. The text is made when it is sent (`rendering.mails`), so that
no personal word is stored twice; who sends is `services.outbox`. Nothing here waits for a mail server.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.outbox import Message
from accredit.domain.messages import Kind, MessageState
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent


def tell(
    session: Session,
    context: Context,
    event: LoadedEvent,
    application: Application,
    kind: Kind,
    *,
    recipient: str | None = None,
) -> None:
    """Puts one message into the outbox; none once the event is over.

    `recipient` is the address of a focal point, and nobody's else. The applicant's own address is read when the message is
    sent, and so is the question that a reviewer asked.
    """
    if not event.event.is_over(context.now()):
        row = _row(context, application.id, application.language, kind, context.now())
        session.add(Message(**row, recipient=recipient))


def tell_all(
    session: Session, context: Context, event: LoadedEvent, applications: Iterable[tuple[UUID, str]], kind: Kind
) -> None:
    """The same for many at once, by one statement. They are named by their id and their language."""
    now = context.now()
    rows = [_row(context, application_id, language, kind, now) for application_id, language in applications]
    if rows and not event.event.is_over(now):
        session.execute(insert(Message), rows)


def _row(context: Context, application_id: UUID, language: str, kind: Kind, now: datetime) -> dict[str, Any]:
    return {
        "id": context.new_id(),
        "application_id": application_id,
        "kind": kind,
        "language": language,
        "state": MessageState.WAITING,
        "attempts": 0,
        "unsure": False,
        "cause": "",
        "created_at": now,
        "next_try_at": now,
    }
