"""The signed link to the own status page: whoever holds it may see, correct and withdraw that one application.

It names the application by its id and the version of its link, and nothing of the person. It holds until the event is
over for a month, or until somebody makes a new one because the old one went astray.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import find_application

HOLDS_AFTER_THE_EVENT = timedelta(days=30)
_BODY = struct.Struct(">16sH")
_SEAL_BYTES = 16
_PURPOSE = "accredit status page of event"


class StatusLinkFault(StrEnum):
    """Why a link opens nothing."""

    BROKEN = "broken"
    REVOKED = "revoked"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class StatusLinkRefused:
    """The link opens nothing: the cause, and a sentence for whoever holds it."""

    code: StatusLinkFault
    message: str


def token_for(context: Context, event: LoadedEvent, application: Application) -> str:
    """The last part of the link: 46 letters and digits."""
    body = _BODY.pack(application.id.bytes, application.link_version)
    return base64.urlsafe_b64encode(body + _seal(context, event, body)).decode().rstrip("=")


def link_for(context: Context, event: LoadedEvent, application: Application) -> str:
    """The path of the own status page; the address of the service goes in front of it."""
    return f"/status/{token_for(context, event, application)}"


def opened(
    session: Session, context: Context, event: LoadedEvent, token: str, *, to_change: bool = False
) -> Application | StatusLinkRefused:
    """The application that a genuine link opens; with `to_change` its row stays locked until the commit."""
    named = _named(context, event, token)
    if named is None:
        return _broken()
    application_id, version = named
    wanted = select(Application).where(Application.event_id == event.record.id, Application.id == application_id)
    if to_change:
        wanted = wanted.with_for_update()
    application = session.scalar(wanted.execution_options(populate_existing=True))
    if application is None:
        return _broken()
    if application.link_version != version:
        words = "This link was replaced by a newer one; please take the one in the newest mail."
        return StatusLinkRefused(StatusLinkFault.REVOKED, words)
    if context.now() > event.event.valid_until + HOLDS_AFTER_THE_EVENT:
        words = "The event has been over for a while, and so is this link; please write to the organiser."
        return StatusLinkRefused(StatusLinkFault.OVER, words)
    return application


def renew(session: Session, context: Context, event: LoadedEvent, reference: str) -> str | None:
    """Makes every link of this application void and answers the path of the new one; None: no such application."""
    context.require(Permission.APPLICATIONS_REVIEW)
    application = find_application(session, event, reference, to_change=True)
    if application is None:
        return None
    application.link_version += 1
    subject = Subject("application", application.reference)
    record(session, context, Action.APPLICATION_AMENDED, subject, ("link_version",))
    return link_for(context, event, application)


def _named(context: Context, event: LoadedEvent, token: str) -> tuple[UUID, int] | None:
    """What a genuine token names. Only the one spelling that was handed out is taken."""
    try:
        data = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return None
    body, seal = data[: _BODY.size], data[_BODY.size :]
    if len(body) != _BODY.size or not hmac.compare_digest(seal, _seal(context, event, body)):
        return None
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != token:
        return None
    application_id, version = _BODY.unpack(body)
    return UUID(bytes=application_id), version


def _seal(context: Context, event: LoadedEvent, body: bytes) -> bytes:
    key = hmac.digest(context.secrets.session_key, f"{_PURPOSE} {event.event.number}".encode(), hashlib.sha256)
    return hmac.digest(key, body, hashlib.sha256)[:_SEAL_BYTES]


def _broken() -> StatusLinkRefused:
    words = "This link is not whole; please copy it from the mail once more, to its last letter."
    return StatusLinkRefused(StatusLinkFault.BROKEN, words)
