"""What one badge carries: the signed text of its QR, and the facts that are printed around it.

The text is computed from the row of the badge and from nothing else that could change, so that a reprint is the same code.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accredit.credential.claims import Claims, cut_name
from accredit.credential.codec import encode_pass
from accredit.credential.reasons import PassState
from accredit.credential.serials import short_code
from accredit.credential.signing import SigningKey
from accredit.db.models.applications import Application
from accredit.db.models.passes import Badge, Pass
from accredit.domain.events import Event
from accredit.identity.transliteration import latin_name
from accredit.rendering.facts import BadgeFacts
from accredit.services.context import Context

_LONGEST_LATIN = 120
# A pass says since when it is good, and with that, within this margin, when it was issued: so the passes of a stolen key
# can be refused from a moment on. The margin lets in who walks straight to a gate whose clock is slow.
BACKDATED = timedelta(minutes=10)


def new_badge(context: Context, held: Pass, key: SigningKey, template: str) -> Badge:
    """The row of a first printing. A pass printed before its pick-up says so and names no document."""
    is_ahead = held.state is PassState.PREPARED
    return Badge(
        id=context.new_id(),
        pass_id=held.id,
        kid=key.kid,
        printed_ahead=is_ahead,
        document_tag=None if is_ahead else held.document_tag,
        name=cut_name(spelled_name(held.application)),
        not_before=_begins(held, context.now()),
        expires=held.valid_until,
        template=template,
        printed_at=context.now(),
        printed_by=context.actor.name,
    )


def _begins(held: Pass, now: datetime) -> datetime:
    begins = max(held.valid_from, now - BACKDATED)
    return begins if begins < held.valid_until else held.valid_from


def code_of(event: Event, held: Pass, badge: Badge, key: SigningKey) -> str:
    """The text of the QR; the same badge and key give the same text."""
    claims = Claims(
        serial=held.serial,
        event=event.number,
        category=held.category_code,
        printed_ahead=badge.printed_ahead,
        grants=held.grants,
        document_tag=badge.document_tag,
        name=badge.name,
        not_before=badge.not_before,
        expires=badge.expires,
    )
    return encode_pass(claims, key)


def facts_of(event: Event, held: Pass, badge: Badge, code: str) -> BadgeFacts:
    """Everything that stands on the paper."""
    application = held.application
    category = event.category_of_code(held.category_code)
    if category is None:
        raise ValueError(f"event {event.key} has no category {held.category_code} ({application.reference})")
    return BadgeFacts(
        reference=application.reference,
        surname=application.surname,
        given_names=application.given_names,
        latin_name=spelled_name(application),
        organisation=application.organisation,
        category_label=category.name.en,
        band=category.band,
        code=code,
        short_code=short_code(held.serial),
        opens=event.days_opened(held.grants),
        event_title=event.title.en,
        event_place=event.place.en,
        photo=application.photo.data if application.photo is not None else None,
        slot=str(badge.slot) if badge.slot is not None else None,
        ahead=badge.printed_ahead,
    )


def spelled_name(application: Application) -> str:
    """The Latin spelling of the passport, surname first: the applicant's own, else by ICAO's tables; empty where neither is."""
    surname = application.latin_surname or application.surname
    given_names = application.latin_given_names or application.given_names
    return latin_name(surname, given_names, width=_LONGEST_LATIN)
