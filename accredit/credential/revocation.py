"""The exact, numbered list of passes that no longer open anything, and its deltas, small enough to be shown as one QR.

No filter that guesses: a false alarm would turn a delegate away. Serials stand sorted in one byte string, 5 bytes
each. Reasons and times stay on the server. Wire form: a map 1 event, 2 number, 3 base, 4 issued at, 5 next update, 6
revoked, 7 restored, 8 kids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from accredit.credential import cbor
from accredit.credential.claims import SERIAL_BYTES, Rejected
from accredit.credential.instants import from_seconds, to_seconds, whole_second
from accredit.credential.keysets import KeySet, open_signed
from accredit.credential.reasons import Reason


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A full list (`base` 0) or a delta onto exactly the list numbered `base`.

    `revoked` and `restored` are 5-byte serials; only a delta restores. `kids` are keys whose passes are all void; a
    kid never comes back. Raises ValueError where a field breaks its rule.
    """

    event: int
    number: int
    base: int
    issued_at: datetime
    next_update: datetime
    revoked: frozenset[bytes]
    restored: frozenset[bytes] = frozenset()
    kids: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "issued_at", whole_second(self.issued_at))
        object.__setattr__(self, "next_update", whole_second(self.next_update))
        if not 0 <= self.base < self.number:
            raise ValueError("a list is numbered from 1, and after its base")
        if self.restored and (not self.base or self.restored & self.revoked):
            raise ValueError("a full list restores nothing, and no serial is both revoked and restored")
        if any(len(serial) != SERIAL_BYTES for serial in self.revoked | self.restored):
            raise ValueError("a serial is 5 bytes")
        if any(not 0 < kid < 255 for kid in self.kids):
            raise ValueError("a kid is 1 to 254")


def apply_delta(held: RevocationList, delta: RevocationList) -> RevocationList | Rejected:
    """The full list after `delta`. Another event (wrong_event), older number or other base (stale_list) is refused.

    On stale_list with another base the caller fetches a full list.
    """
    if delta.event != held.event:
        return Rejected(Reason.WRONG_EVENT, "revocations: of another event")
    if delta.number <= held.number:
        return Rejected(Reason.STALE_LIST, f"revocations: number {delta.number} does not follow {held.number}")
    if not delta.base or delta.base != held.number:
        return Rejected(Reason.STALE_LIST, f"revocations: a delta onto {delta.base} does not fit {held.number}")
    return replace(
        delta,
        base=0,
        revoked=(held.revoked - delta.restored) | delta.revoked,
        restored=frozenset(),
        kids=held.kids | delta.kids,
    )


def newer(held: RevocationList | None, received: RevocationList) -> RevocationList | Rejected:
    """The full list to keep after receiving a full list or a delta; nothing ever goes back.

    The same list again is accepted; another content under the same number is not.
    """
    if received.base:
        if held is None:
            return Rejected(Reason.STALE_LIST, "revocations: a delta, and no list to apply it to")
        return apply_delta(held, received)
    if held is None or received == held:
        return received
    if received.event != held.event:
        return Rejected(Reason.WRONG_EVENT, "revocations: of another event")
    if received.number <= held.number:
        return Rejected(Reason.STALE_LIST, f"revocations: number {received.number} does not follow {held.number}")
    return received


def difference(old: RevocationList, new: RevocationList) -> RevocationList:
    """The delta that leads from the full list `old` to the full list `new`. Raises ValueError where there is none."""
    if old.base or new.base or old.event != new.event:
        raise ValueError("a delta lies between two full lists of one event")
    if old.kids - new.kids:
        raise ValueError("a withdrawn kid never comes back")
    return replace(
        new,
        base=old.number,
        revoked=new.revoked - old.revoked,
        restored=old.revoked - new.revoked,
        kids=new.kids - old.kids,
    )


def open_revocations(data: bytes, keyset: KeySet) -> RevocationList | Rejected:
    """The list in `data` if a list key of `keyset` signed it inside that key's time, for the same event.

    Else malformed, unknown_key, bad_signature, key_compromised or wrong_event.
    """
    opened = open_signed(data, keyset, content_type="revocations")
    if isinstance(opened, Rejected):
        return opened
    try:
        listed = from_payload(opened.payload)
    except ValueError as fault:
        return Rejected(Reason.MALFORMED, f"revocations: {fault}")
    if listed.event != keyset.event:
        return Rejected(Reason.WRONG_EVENT, "revocations: of another event")
    if not opened.key.is_known_at(listed.issued_at):
        return Rejected(Reason.UNKNOWN_KEY, f"revocations: key {opened.key.kid} did not sign at that time")
    return listed


def to_payload(listed: RevocationList) -> bytes:
    """The bytes that the list key signs."""
    return cbor.encode(
        {
            1: listed.event,
            2: listed.number,
            3: listed.base,
            4: to_seconds(listed.issued_at),
            5: to_seconds(listed.next_update),
            6: b"".join(sorted(listed.revoked)),
            7: b"".join(sorted(listed.restored)),
            8: sorted(listed.kids),
        }
    )


def from_payload(payload: bytes) -> RevocationList:
    """The list in a payload whose signature held. Raises ValueError for another shape."""
    match cbor.decode(payload):
        case {
            1: event,
            2: number,
            3: base,
            4: issued,
            5: update,
            6: bytes() as revoked,
            7: bytes() as restored,
            8: list() as kids,
        }:
            listed = RevocationList(
                cbor.as_integer(event),
                cbor.as_integer(number),
                cbor.as_integer(base),
                from_seconds(issued),
                from_seconds(update),
                _serials(revoked),
                _serials(restored),
                frozenset(map(cbor.as_integer, kids)),
            )
        case _:
            raise ValueError("fields are missing or of another kind")
    # Catches what the shape let through: unsorted or repeated serials, further fields.
    if to_payload(listed) != payload:
        raise ValueError("not in its one right spelling")
    return listed


def _serials(joined: bytes) -> frozenset[bytes]:
    return frozenset(joined[at : at + SERIAL_BYTES] for at in range(0, len(joined), SERIAL_BYTES))
