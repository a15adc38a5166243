"""What came with an application as a file: the photo and the letter of the body."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from accredit.services.event_loading import LoadedEvent
from accredit.services.references import find_application


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A letter as it was uploaded."""

    reference: str
    media_type: str
    data: bytes = field(repr=False)


def photo_of(session: Session, event: LoadedEvent, reference: str) -> bytes | None:
    """The photo, a JPEG of our own making; None where there is none."""
    application = find_application(session, event, reference)
    held = application.photo if application is not None else None
    return held.data if held is not None else None


def letter_of(session: Session, event: LoadedEvent, reference: str) -> LetterFile | None:
    """The letter; None where there is none."""
    application = find_application(session, event, reference)
    held = application.letter if application is not None else None
    if application is None or held is None:
        return None
    return LetterFile(application.reference, held.media_type, held.data)
