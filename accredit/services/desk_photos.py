"""The photo that the desk takes: encoded anew like every other, in the place of the one that came with the application."""

from __future__ import annotations

from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.domain.permissions import Permission
from accredit.rendering.photos import Crop, PhotoRefused, reencode
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.intake import photo_of
from accredit.services.pass_finding import application_of, live_pass
from accredit.services.roster import lock, next_number


def take_photo(
    session: Session, context: Context, event: LoadedEvent, named: str, data: bytes, crop: Crop | None = None
) -> Application | PhotoRefused | None:
    """Keeps the photo of this person; None where nobody has this reference. Scanners learn of it with the next list."""
    context.require(Permission.PASSES_COLLECT)
    lock(session, event.record)
    application = application_of(session, event, named)
    if application is None:
        return None
    picture = reencode(data, crop=crop)
    if isinstance(picture, PhotoRefused):
        return picture
    made = photo_of(application, picture)
    if application.photo is None:
        application.photo = made
    else:
        application.photo.etag, application.photo.data = made.etag, made.data
    held = live_pass(session, application)
    if held is not None:
        held.roster_number = next_number(session, event.record)
    record(session, context, Action.PHOTO_TAKEN, Subject("application", application.reference), ("photo",))
    session.flush()
    return application
