"""The focal point of a body confirms its delegate by a signed link; until then the application waits.

Only for events that ask for it. The link names an application and a last moment, and nothing of the person; whoever holds it
can confirm that one delegate and do nothing else. Using it twice changes nothing more.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.models.lists import Edition, Entry
from accredit.domain.applications import UNDECIDED, AffiliationKind, AffiliationSource, ApplicationState
from accredit.domain.permissions import Permission
from accredit.domain.person_rules import WAITS_FOR_FOCAL_POINT
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.organisations import BodyKey
from accredit.services.references import find_application
from accredit.services.screening_one import screen
from accredit.services.surroundings import is_latest

VALID_FOR = timedelta(days=14)
_BODY = struct.Struct(">16sI4s")
_SEAL_BYTES = 16
_PURPOSE = "accredit focal point of event"


class LinkFault(StrEnum):
    """Why a link did nothing."""

    NOT_ASKED = "not_asked"
    BROKEN = "broken"
    EXPIRED = "expired"
    DECIDED = "decided"
    UNKNOWN_REFERENCE = "unknown_reference"


@dataclass(frozen=True, slots=True)
class LinkRefused:
    """Nothing was confirmed: the cause, and a sentence for whoever holds the link."""

    code: LinkFault
    message: str


@dataclass(frozen=True, slots=True)
class LinkShown:
    """What a link would confirm. Once it is confirmed nothing of the person is told any more."""

    is_confirmed: bool
    organisation: str = ""
    category: str = ""
    surname: str = field(default="", repr=False)
    given_names: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FocalLink:
    """The link for one application that waits; `token` is its last part."""

    reference: str
    organisation: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """An application that waits for a focal point; `body` is None where no listed body is settled yet."""

    id: UUID
    reference: str
    organisation: str
    body: BodyKey | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The focal point's word is noted; `again` where it had been before."""

    reference: str
    state: ApplicationState
    again: bool


def token_for(
    session: Session, context: Context, event: LoadedEvent, reference: str, *, valid_for: timedelta = VALID_FOR
) -> str | LinkRefused:
    """The last part of the link that the focal point is sent."""
    context.require(Permission.APPLICATIONS_REVIEW)
    application = find_application(session, event, reference)
    if not event.event.focal_point_confirms:
        return _not_asked()
    if application is None:
        words = "there is no application with this reference; compare it letter by letter"
        return LinkRefused(LinkFault.UNKNOWN_REFERENCE, words)
    return _token(context, event, application.id, application.organisation, valid_for)


def all_links(
    session: Session, context: Context, event: LoadedEvent, *, valid_for: timedelta = VALID_FOR
) -> tuple[FocalLink, ...] | LinkRefused:
    """The links of everybody who waits for a focal point and for nobody else's answer first, in the order of receipt."""
    context.require(Permission.APPLICATIONS_REVIEW)
    if not event.event.focal_point_confirms:
        return _not_asked()
    return tuple(
        FocalLink(one.reference, one.organisation, _token(context, event, one.id, one.organisation, valid_for))
        for one in waiting_for_focal_point(session, event)
    )


def waiting_for_focal_point(session: Session, event: LoadedEvent) -> tuple[Unconfirmed, ...]:
    """Everybody who waits until a focal point confirms, in the order of receipt."""
    wanted = (
        select(
            Application.id,
            Application.reference,
            Application.organisation,
            AssessmentRecord.findings,
            Edition.list_key,
            Entry.external_id,
        )
        .join(AssessmentRecord, AssessmentRecord.application_id == Application.id)
        .outerjoin(Entry, Entry.id == AssessmentRecord.entry_id)
        .outerjoin(Edition, Edition.id == Entry.edition_id)
        .where(Application.event_id == event.record.id, Application.state == ApplicationState.WAITING, is_latest())
        .order_by(Application.received_at, Application.id)
    )
    return tuple(
        Unconfirmed(row.id, row.reference, row.organisation, _body(row.list_key, row.external_id))
        for row in session.execute(wanted)
        if any(one["code"] == WAITS_FOR_FOCAL_POINT for one in row.findings)
    )


def _body(list_key: str | None, external_id: str | None) -> BodyKey | None:
    return BodyKey(list_key, external_id) if list_key is not None and external_id is not None else None


def _token(context: Context, event: LoadedEvent, application_id: UUID, organisation: str, valid_for: timedelta) -> str:
    body = _BODY.pack(application_id.bytes, int((context.now() + valid_for).timestamp()), _mark(organisation))
    return base64.urlsafe_b64encode(body + _seal(context, event, body)).decode().rstrip("=")


def path_of(token: str) -> str:
    """Where the link of this token leads; the address of the service goes in front of it."""
    return f"/focal/{token}"


def shown_by_link(session: Session, context: Context, event: LoadedEvent, token: str) -> LinkShown | LinkRefused:
    """What the link would confirm; nothing is changed. Needs no account: the link is the right."""
    application = _named(session, context, event, token)
    if isinstance(application, LinkRefused):
        return application
    if application.affiliation_source is AffiliationSource.FOCAL_POINT:
        return LinkShown(is_confirmed=True)
    if application.state not in UNDECIDED:
        return _decided()
    return LinkShown(
        False, application.organisation, application.category, application.surname, application.given_names
    )


def confirm_by_focal_point(
    session: Session, context: Context, event: LoadedEvent, token: str
) -> Confirmed | LinkRefused:
    """Notes that the body confirms its delegate, and screens the application anew. Needs no account: the link is the right."""
    application = _named(session, context, event, token, to_change=True)
    if isinstance(application, LinkRefused):
        return application
    if application.affiliation_source is AffiliationSource.FOCAL_POINT:
        return Confirmed(application.reference, application.state, again=True)
    if application.state not in UNDECIDED:
        return _decided()
    application.affiliation = AffiliationKind.FOCAL_POINT
    application.affiliation_source = AffiliationSource.FOCAL_POINT
    record(
        session, context, Action.APPLICATION_AMENDED, Subject("application", application.reference), ("affiliation",)
    )
    screen(session, context, event, application)
    return Confirmed(application.reference, application.state, again=False)


def _named(
    session: Session, context: Context, event: LoadedEvent, token: str, *, to_change: bool = False
) -> Application | LinkRefused:
    """The application of a genuine link, read afresh; with `to_change` its row stays locked until the commit."""
    if not event.event.focal_point_confirms:
        return _not_asked()
    opened = _opened(context, event, token)
    if isinstance(opened, LinkRefused):
        return opened
    application_id, mark = opened
    wanted = select(Application).where(Application.event_id == event.record.id, Application.id == application_id)
    wanted = wanted.with_for_update() if to_change else wanted
    application = session.scalar(wanted.execution_options(populate_existing=True))
    # The focal point of one body has no say for another one that the applicant names by now.
    return application if application is not None and _mark(application.organisation) == mark else _broken()


def _mark(organisation: str) -> bytes:
    return hashlib.sha256(organisation.encode()).digest()[:4]


def _opened(context: Context, event: LoadedEvent, token: str) -> tuple[UUID, bytes] | LinkRefused:
    """The application that a genuine link names, and the mark of the body for which it was made."""
    try:
        data = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return _broken()
    body, seal = data[: _BODY.size], data[_BODY.size :]
    if len(body) != _BODY.size or not hmac.compare_digest(seal, _seal(context, event, body)):
        return _broken()
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != token:
        return _broken()  # the last letter has bits to spare: one link has one spelling
    application_id, until, mark = _BODY.unpack(body)
    if context.now() > datetime.fromtimestamp(until, UTC):
        return LinkRefused(LinkFault.EXPIRED, "This link is too old; please ask the organiser for a new one.")
    return UUID(bytes=application_id), mark


def _seal(context: Context, event: LoadedEvent, body: bytes) -> bytes:
    key = hmac.digest(context.secrets.session_key, f"{_PURPOSE} {event.event.number}".encode(), hashlib.sha256)
    return hmac.digest(key, body, hashlib.sha256)[:_SEAL_BYTES]


def _broken() -> LinkRefused:
    return LinkRefused(LinkFault.BROKEN, "This link is not whole; please copy it from the letter once more.")


def _decided() -> LinkRefused:
    return LinkRefused(LinkFault.DECIDED, "This application was decided already; please write to the organiser.")


def _not_asked() -> LinkRefused:
    return LinkRefused(LinkFault.NOT_ASKED, "For this event no focal point is asked; nothing needs to be confirmed.")
