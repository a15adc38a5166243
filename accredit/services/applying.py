"""An application on its way in, whole: person, photo, letter, assessment and the message, in one transaction.

Whoever sends once more under the same key (a double click, a page that was loaded again, a program that got no answer) is
told of the application that is there already.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from accredit.db.models.applications import Application, Letter
from accredit.db.models.intake import SubmissionKey
from accredit.domain.messages import Kind
from accredit.domain.submissions import Submission
from accredit.services import intake
from accredit.services.auditing import take_turn
from accredit.services.context import Context
from accredit.services.drafts import KeptFiles
from accredit.services.event_loading import LoadedEvent
from accredit.services.letters import ReadLetter
from accredit.services.notifying import tell
from accredit.services.screening_one import screen


@dataclass(frozen=True, slots=True)
class Sender:
    """Under which key something is sent: who sends, the key, and what exactly was sent under it."""

    key: bytes
    digest: bytes
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The application that is in now. `again`: it was in before; `differs`: what was sent now is not what is in."""

    application: Application
    again: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True)
class EventOver:
    """Nothing was taken: it came in when the event was over already, the last day of which was `last_day`."""

    last_day: date


def sender(
    context: Context, who: str, key: str, fields: Mapping[str, str], *, account_id: UUID | None = None
) -> Sender:
    """The key of one submission: hashed with the sender's name, so that two senders never share one by chance."""
    told = "\x1f".join(f"{name}\x1e{value}" for name, value in sorted(fields.items()) if value)
    own = hashlib.sha256(f"{who}\x1f{key}".encode("utf-8", "replace")).digest()
    digest = hmac.digest(context.secrets.pepper, told.encode("utf-8", "replace"), hashlib.sha256)
    return Sender(own, digest, account_id)


def sent_before(session: Session, event: LoadedEvent, key: bytes) -> Application | None:
    """The application that came in under this key."""
    held = session.get(SubmissionKey, key)
    found = session.get(Application, held.application_id) if held is not None else None
    return found if found is not None and found.event_id == event.record.id else None


def send(
    session: Session, context: Context, event: LoadedEvent, submission: Submission, by: Sender, files: KeptFiles
) -> Taken | intake.AlreadyHere | EventOver:
    """Takes an application in with its files, assesses it and tells the person; none once the event is over.

    What is late for its category is taken until then, and marked as late. What was in before is told of at any time.
    """
    take_turn(session)  # whoever sends the same at the same moment waits here, and then finds it
    held = session.get(SubmissionKey, by.key, populate_existing=True)
    if held is not None:
        return Taken(session.get_one(Application, held.application_id), again=True, differs=held.digest != by.digest)
    if event.event.is_over(submission.received_at):
        return EventOver(event.event.last_day)
    made = intake.submit(session, context, event, submission)
    if isinstance(made, intake.AlreadyHere):
        return made
    assert isinstance(made, Application), "the photo was looked at when it was uploaded"
    _attach(context, made, files)
    session.flush()  # the key and the assessment point to it
    session.add(
        SubmissionKey(
            key=by.key,
            application_id=made.id,
            digest=by.digest,
            account_id=by.account_id,
            taken_at=context.now(),
        )
    )
    screen(session, context, event, made)
    tell(session, context, event, made, Kind.RECEIVED)
    return Taken(made)


def _attach(context: Context, application: Application, files: KeptFiles) -> None:
    if files.photo is not None:
        application.photo = intake.photo_of(application, files.photo)
    if files.letter is not None:
        application.letter = letter_of(context, application, files.letter)


def letter_of(context: Context, application: Application, letter: ReadLetter) -> Letter:
    """The row of a letter that was read."""
    return Letter(
        application_id=application.id,
        media_type=letter.media_type,
        pages=letter.pages,
        data=letter.data,
        received_at=context.now(),
    )
