"""The revocation list as the gates receive it: in each bundle, and as a code that is shown to a scanner without network.

Its number is the roster's. A delta leads from exactly the list that a scanner holds, and nothing ever goes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.credential.revocation import RevocationList
from accredit.credential.revocation_codes import list_text
from accredit.credential.signing import sign_revocations
from accredit.db.models.passes import RevocationEntry
from accredit.domain.permissions import Permission
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.keys import keyring_of
from accredit.services.roster import number_of


@dataclass(frozen=True, slots=True)
class RevocationCode:
    """The text of a code for scanners whose list is numbered `base` (0: any older one), and what it brings them."""

    text: str
    number: int
    base: int
    revoked: int
    restored: int
    signed_bytes: int


@dataclass(frozen=True, slots=True)
class NoRevocationCode:
    """Why there is no code to show: a sentence with the cure."""

    message: str


def revocations_as_code(
    session: Session, context: Context, event: LoadedEvent, since: int | None = None
) -> RevocationCode | NoRevocationCode:
    """The signed delta after the list numbered `since`, or without it the whole list, as the text of one code.

    Raises `KeysNotSigned` without a list key.
    """
    context.require(Permission.PASSES_REVOKE)
    keyring = keyring_of(context, event)
    number = number_of(session, event.record)
    base = since or 0
    if base >= number:
        return NoRevocationCode(_nothing_after(base, number))
    now = context.now()
    due = now + timedelta(seconds=event.event.scanning.list_is_old_seconds)
    listed = revocation_list(session, event, number, base, now, due)
    signed = sign_revocations(listed, keyring.list_key)
    text = list_text(signed)
    if text is None:
        return NoRevocationCode(_too_long(len(listed.revoked) + len(listed.restored), base))
    return RevocationCode(text, number, base, len(listed.revoked), len(listed.restored), len(signed))


def revocation_list(
    session: Session, event: LoadedEvent, number: int, base: int, now: datetime, due: datetime
) -> RevocationList:
    """The list as of this roster number, whole or as the delta after `base`. Of a serial's rows the last one counts."""
    rows = session.execute(
        select(RevocationEntry.serial, RevocationEntry.kid, RevocationEntry.restored)
        .where(
            RevocationEntry.event_id == event.record.id,
            RevocationEntry.number > base,
            RevocationEntry.number <= number,
        )
        .order_by(RevocationEntry.number)
    ).all()
    last = {row.serial: row.restored for row in rows if row.serial is not None}
    revoked = frozenset(serial for serial, restored in last.items() if not restored)
    restored = frozenset(last) - revoked if base else frozenset()
    kids = frozenset(row.kid for row in rows if row.kid is not None)
    return RevocationList(event.event.number, number, base, now, due, revoked, restored, kids)


def withdrawn_kids(session: Session, event: LoadedEvent) -> frozenset[int]:
    """The keys whose passes are all void by the list, whether or not the root has said so yet."""
    named = select(RevocationEntry.kid).where(
        RevocationEntry.event_id == event.record.id, RevocationEntry.kid.is_not(None)
    )
    return frozenset(kid for kid in session.scalars(named) if kid is not None)


def _nothing_after(base: int, number: int) -> str:
    if base > number:
        return f"No list was ever numbered {base}; the newest is {number}. Read the number off the scanner once more."
    return f"Nothing changed since list {base}; the scanner is up to date."


def _too_long(passes: int, base: int) -> str:
    told = f"{passes} passes are too many for one code."
    if base:
        return f"{told} Bring the scanner to a network and let it sync."
    return f"{told} Say with --since which list the scanner holds (“accredit-scanner status”): the code then brings what changed."
