"""Photo and letter that an applicant adds or replaces by the own link, for as long as nothing is decided."""

from __future__ import annotations

from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.domain.applications import UNDECIDED, AffiliationKind, AffiliationSource
from accredit.services.applying import letter_of
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.drafts import KeptFiles
from accredit.services.event_loading import LoadedEvent
from accredit.services.intake import photo_of
from accredit.services.letters import ReadLetter
from accredit.services.screening_one import screen


def may_add_files(application: Application) -> bool:
    """Whether files are taken: a decision cites what was there when it was made."""
    return application.state in UNDECIDED


def files_of(application: Application) -> tuple[bytes | None, bool]:
    """The photo that is there, and whether there is a letter."""
    photo = application.photo.data if application.photo is not None else None
    return photo, application.letter is not None


def add_files(
    session: Session,
    context: Context,
    event: LoadedEvent,
    application: Application,
    files: KeptFiles,
    kind: AffiliationKind,
) -> frozenset[str]:
    """Puts the files in place of those that were there, and assesses anew; the names of what changed.

    A letter of the applicant's proves nothing before somebody of the staff has read it; what was proved otherwise stays.
    """
    if not may_add_files(application):
        return frozenset()
    changed = set()
    if files.photo is not None:
        _put_photo(application, files.photo)
        changed.add("photo")
    if files.letter is not None:
        _put_letter(context, application, files.letter)
        if application.affiliation is None:
            application.affiliation, application.affiliation_source = kind, AffiliationSource.APPLICANT
        changed.add("letter")
    if changed:
        subject = Subject("application", application.reference)
        record(session, context, Action.APPLICATION_AMENDED, subject, changed)
        screen(session, context, event, application)
    return frozenset(changed)


def _put_letter(context: Context, application: Application, letter: ReadLetter) -> None:
    held = application.letter
    if held is None:
        application.letter = letter_of(context, application, letter)
    else:
        held.media_type, held.pages, held.data = letter.media_type, letter.pages, letter.data
        held.received_at = context.now()


def _put_photo(application: Application, picture: bytes) -> None:
    fresh = photo_of(application, picture)
    if application.photo is None:
        application.photo = fresh
    else:
        application.photo.etag, application.photo.data = fresh.etag, fresh.data
