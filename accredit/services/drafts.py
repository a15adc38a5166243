"""Files that were uploaded with a form before it was sent, so that nobody has to choose them again when something is wrong.

They are kept sealed under the hash of a random token that only the form knows, for a day.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accredit.db.models.intake import Draft
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.letters import ReadLetter

KEPT_FOR = timedelta(hours=24)
_TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """The files of one form; the photo is the small one that will be kept."""

    photo: bytes | None = None
    letter: ReadLetter | None = None


def new_token(entropy: Callable[[int], bytes]) -> str:
    """A token for a new form: 192 random bits."""
    return base64.urlsafe_b64encode(entropy(_TOKEN_BYTES)).decode()


def is_token(text: str) -> bool:
    """Whether a text has the shape of a token; one that was forged in this shape opens nothing."""
    return _TOKEN.fullmatch(text) is not None


def kept_files(session: Session, context: Context, event: LoadedEvent, token: str) -> KeptFiles:
    """The files of this form; none where it never had any, or they were kept for long enough."""
    draft = session.get(Draft, _hash(token))
    if draft is None or draft.event_id != event.record.id or draft.expires_at <= context.now():
        return KeptFiles()
    letter = ReadLetter(draft.letter_type, draft.letter_pages, draft.letter) if draft.letter is not None else None
    return KeptFiles(draft.photo, letter)


def keep_files(session: Session, context: Context, event: LoadedEvent, token: str, files: KeptFiles) -> None:
    """Keeps the files of this form for another day, in place of those that it had; drops what nobody came back for."""
    gone = select(Draft.token_hash).where(Draft.expires_at <= context.now()).with_for_update(skip_locked=True)
    session.execute(delete(Draft).where(Draft.token_hash.in_(gone)).execution_options(synchronize_session=False))
    letter = files.letter
    values = {
        "photo": files.photo,
        "letter": letter.data if letter is not None else None,
        "letter_type": letter.media_type if letter is not None else "",
        "letter_pages": letter.pages if letter is not None else 0,
        "expires_at": context.now() + KEPT_FOR,
    }
    try:
        with session.begin_nested():
            session.add(Draft(token_hash=_hash(token), event_id=event.record.id, **values))
    except IntegrityError:  # it has files already, or somebody pressed twice
        session.execute(update(Draft).where(Draft.token_hash == _hash(token)).values(**values))


def drop_files(session: Session, token: str) -> None:
    """The form was sent; what it needed is with the application."""
    session.execute(delete(Draft).where(Draft.token_hash == _hash(token)))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
