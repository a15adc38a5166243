"""Uploads that wait for a yes: kept until what they would change was seen, then used or thrown away.

Whoever confirms acts for himself: the file is judged anew then, and the audit trail names who confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accredit.db.models.staging import StagedFile
from accredit.domain.permissions import Permission
from accredit.services.context import Context

KEPT_FOR = timedelta(days=2)
"""A file that nobody confirmed is thrown away after that, at the next upload."""

_LONGEST_NAME = 200


class Purpose(StrEnum):
    """What a file is meant to change."""

    EVENT = "event"
    LIST = "list"


_NEEDED = {Purpose.EVENT: Permission.EVENT_MANAGE, Purpose.LIST: Permission.LISTS_IMPORT}

Staged = StagedFile
"""An upload as the routes pass it on, without opening the room of the rows."""


def stage(
    session: Session, context: Context, purpose: Purpose, name: str, data: bytes, facts: Mapping[str, Any]
) -> Staged:
    """Keeps a file for its preview."""
    context.require(_NEEDED[purpose])
    session.execute(delete(StagedFile).where(StagedFile.staged_at < context.now() - KEPT_FOR))
    made = StagedFile(
        id=context.new_id(),
        purpose=purpose.value,
        name="".join(filter(str.isprintable, name))[:_LONGEST_NAME] or "file",
        facts=dict(facts),
        data=data,
        staged_by=context.actor.name,
        staged_at=context.now(),
    )
    session.add(made)
    session.flush()
    return made


def staged(session: Session, context: Context, purpose: Purpose, file_id: UUID) -> Staged | None:
    """The file of this id, or None: it was confirmed, thrown away, or is too old."""
    context.require(_NEEDED[purpose])
    wanted = select(StagedFile).where(StagedFile.id == file_id, StagedFile.purpose == purpose.value)
    found = session.scalar(wanted)
    return found if found is not None and found.staged_at >= context.now() - KEPT_FOR else None


def remember(session: Session, file: Staged, facts: Mapping[str, Any]) -> None:
    """Other facts of a file that waits, such as which column is which."""
    file.facts = dict(facts)
    session.flush()


def take(session: Session, context: Context, purpose: Purpose, file_id: UUID) -> Staged | None:
    """The file, taken from its place: of two who confirm at once, or of two clicks, one gets it."""
    found = staged(session, context, purpose, file_id)
    if found is None:
        return None
    gone = delete(StagedFile).where(StagedFile.id == file_id).returning(StagedFile.id)
    taken = session.execute(gone.execution_options(synchronize_session=False)).scalar_one_or_none()
    session.expunge(found)
    return found if taken is not None else None
