"""Revocations that a supervisor's screen shows as a QR: taken by a gate without network, onto exactly the list that it holds.

The pass list stays as old as it is; what is newer afterwards is who was withdrawn. The next sync fetches a full list.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from accredit.credential import revocation
from accredit.credential.claims import Rejected
from accredit.credential.reasons import Reason
from accredit.credential.revocation import RevocationList
from accredit.credential.revocation_codes import open_list_text
from scanner.replies import span
from scanner.store import writing
from scanner.trust_store import load_held

_NOT_OURS = "This code is no list of this event that this scanner can trust. Nothing changed; call the supervisor."


@dataclass(frozen=True, slots=True)
class ShownList:
    """What became of a shown list: whether it is in force now, and the sentence for the officer."""

    sentence: str
    is_taken: bool = False


def take_shown(connection: sqlite3.Connection, text: str, now: datetime) -> ShownList:
    """Verify a shown list and put it in force; `now` is the gate's reading of the time, for the age that is told.

    A list that is older, continues another one, or was not signed by a list key of the held key set changes nothing.
    """
    with writing(connection):
        held = load_held(connection)
        if held is None:
            return ShownList("This scanner has no list yet that the code could continue. Let it sync first.")
        received = open_list_text(text, held.trust.keyset)
        if isinstance(received, Rejected):
            return ShownList(_NOT_OURS)
        known = held.trust.revocations
        kept = revocation.newer(known, received)
        if isinstance(kept, Rejected):
            return ShownList(_refusal(kept, known, received))
        payload = revocation.to_payload(kept)
        connection.execute("UPDATE standing SET revocations = ?, listed = ?", (payload, kept.number))
    return ShownList(_told(known, kept, now), is_taken=True)


def _refusal(refused: Rejected, known: RevocationList | None, received: RevocationList) -> str:
    if refused.reason is not Reason.STALE_LIST or known is None:
        return _NOT_OURS
    if received.number <= known.number:
        return f"Nothing new: this scanner holds list {known.number}, the code brings {received.number}."
    return (
        f"The code continues list {received.base}, and this scanner holds {known.number}. "
        f"Ask for one made with --since {known.number}."
    )


def _told(known: RevocationList | None, kept: RevocationList, now: datetime) -> str:
    before = known.revoked if known is not None else frozenset()
    changes = f"{len(kept.revoked - before)} more passes withdrawn, {len(before - kept.revoked)} given back"
    age = span(max(0.0, (now - kept.issued_at).total_seconds()))
    return f"List {kept.number} of withdrawn passes is in force: {changes}. It is {age} old."
