"""What a scanner downloads: the full bundle, or what changed since its number.

The number is read before the rows. A change that is committed in between is then in the bundle already and comes once
more with the next delta; the other way round it would be missing for good.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from accredit.credential.bundle import Bundle, encode_bundle
from accredit.credential.document_tags import GROUNDS_TAG_BYTES
from accredit.credential.pass_list import PHOTO_MARK_BYTES, GroundsEntry, PassEntry
from accredit.credential.reasons import PassState
from accredit.credential.sealing import RosterLine, seal_photo, seal_row
from accredit.credential.signing import sign_bundle, sign_revocations
from accredit.db.models.applications import Application, Photo
from accredit.db.models.events import EventRecord
from accredit.db.models.passes import Pass
from accredit.domain.passes import LIVE, standing
from accredit.services.context import Context
from accredit.services.device_secrets import roster_key
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.gate_facts import checkpoint_entries, policy_of
from accredit.services.grounds_list import opened_by
from accredit.services.keys import keyring_of
from accredit.services.revocations import revocation_list
from accredit.services.splits import open_alerts


def build(session: Session, context: Context, event: LoadedEvent, since: int) -> bytes | None:
    """The signed bundle for a scanner that holds the roster numbered `since` (0: none); None where nothing is newer.

    A delta, but whole where the scanner cannot go on from its number: it has none, it claims one that was never given
    out, or the event's own file changed since. Raises `KeysNotSigned` without a list key.
    """
    keyring = keyring_of(context, event)
    number, settled = _numbers(session, event)
    if since == number:
        return None
    event = _read_again(session, event)
    base = since if settled <= since < number else 0
    now = context.now()
    due = now + timedelta(seconds=event.event.scanning.list_is_old_seconds)
    revocations = revocation_list(session, event, number, base, now, due)
    bundle = Bundle(
        event=event.event.number,
        event_key=event.event.key,
        title=event.event.title.en,
        number=number,
        base=base,
        issued_at=now,
        next_update=due,
        keyset=keyring.keyset_bytes,
        revocations=sign_revocations(revocations, keyring.list_key),
        time_zone=event.event.zone.key,
        checkpoints=checkpoint_entries(event.event),
        passes=_passes(session, context, event, base),
        grounds=_grounds(session, event, base),
        policy=policy_of(event.event),
        categories={one.code: one.name.en for one in event.event.categories},
        alerts=open_alerts(session, event, now),
    )
    return sign_bundle(encode_bundle(bundle), keyring.list_key)


def photo(session: Session, context: Context, event: LoadedEvent, serial: bytes) -> bytes | None:
    """The photo of a live pass, sealed for the event's scanners; None where there is none to show."""
    data = session.scalar(_PHOTO, {"event_id": event.record.id, "serial": serial})
    return None if data is None else seal_photo(roster_key(context, event), event.event.number, serial, data)


def _numbers(session: Session, event: LoadedEvent) -> tuple[int, int]:
    """The roster's number, and the one at which the event's file changed last; never from what the session remembers."""
    row = session.execute(
        select(EventRecord.roster_number, EventRecord.settings_number).where(EventRecord.id == event.record.id)
    ).one()
    return row.roster_number, row.settings_number


def _read_again(session: Session, event: LoadedEvent) -> LoadedEvent:
    """The event's file, at least as new as the number: else its old hours would go out under a number that hides the new."""
    session.refresh(event.record)
    return find_event(session, event.event.key) or event


_COLUMNS = (
    Pass.serial,
    Pass.state,
    Pass.category_code,
    Pass.grants,
    Pass.document_tag,
    Pass.valid_until,
    Application.surname,
    Application.given_names,
    Application.organisation,
    Photo.etag,
)
# Made once: scanners ask all day.
_CHANGED = (
    select(*_COLUMNS)
    .join(Application, Application.id == Pass.application_id)
    .outerjoin(Photo, Photo.application_id == Pass.application_id)
    .where(Pass.event_id == bindparam("event_id"), Pass.roster_number > bindparam("base"))
)
_PHOTO = (
    select(Photo.data)
    .join(Pass, Pass.application_id == Photo.application_id)
    .where(Pass.event_id == bindparam("event_id"), Pass.serial == bindparam("serial"), Pass.state.in_(LIVE))
)


def _passes(session: Session, context: Context, event: LoadedEvent, base: int) -> tuple[PassEntry, ...]:
    rows = session.execute(_CHANGED, {"event_id": event.record.id, "base": base})
    key, number, now = roster_key(context, event), event.event.number, context.now()
    return tuple(_entry(row, key, number, now) for row in rows)


def _entry(row: Any, key: bytes, event: int, now: datetime) -> PassEntry:
    state = standing(row.state, row.valid_until, now)
    if state not in LIVE:
        # Who comes in no more needs no name and no face on a scanner; the state says what to tell the person.
        return PassEntry(row.serial, state, row.category_code, row.grants)
    line = RosterLine(" ".join(filter(None, (row.surname, row.given_names))), row.organisation)
    tags = (row.document_tag,) if row.document_tag and state is not PassState.PREPARED else ()
    sealed = seal_row(key, event, row.serial, line)
    return PassEntry(row.serial, state, row.category_code, row.grants, tags, sealed, _mark(row.etag))


def _mark(etag: bytes | None) -> bytes | None:
    """The few bytes that change with the photo; all zero stands for none, so such a one is told as one."""
    if etag is None:
        return None
    mark = etag[:PHOTO_MARK_BYTES]
    return mark if any(mark) else mark[:-1] + b"\x01"


def _grounds(session: Session, event: LoadedEvent, base: int) -> tuple[GroundsEntry, ...]:
    """What each grounds pass opens now; a delta also tells those that open nothing any more."""
    opened = opened_by(session, event.record.id, base)
    return tuple(
        GroundsEntry(number[:GROUNDS_TAG_BYTES], grants) for number, grants in opened.items() if grants or base
    )
