"""The key set: which keys the root vouches for, for what, and how long; and opening what those keys signed.

The offline root signs key sets and nothing else. Each key in a set has one role: a list key can sign no pass, a pass
key no list. Key sets are numbered and never go back. Wire form: a map 1 number, 2 issued at, 3 next update, 4 event,
5 demo, 6 keys, each [kid, role, public key, status, not before, not after, categories or null, compromised at or
null].
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from accredit.credential import cbor, cose
from accredit.credential.claims import Rejected
from accredit.credential.device_keys import DEVICE_KID
from accredit.credential.instants import from_seconds, to_seconds, whole_second
from accredit.credential.reasons import Reason

ROOT_KID = 0
SKEW = timedelta(seconds=120)


class KeyRole(StrEnum):
    """The one thing that a key may sign: key sets, passes, lists and bundles, or device certificates."""

    ROOT = "root"
    PASS = "pass"  # noqa: S105  the role of a key, not a password
    LIST = "list"
    DEVICE = "device"


class KeyStatus(StrEnum):
    """active signs; retired only verifies, until its end; compromised is known to strangers."""

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One public key as the root vouches for it.

    `kid` 1..254, never used again in the event. A pass may not outlive `not_after`. `categories` None means all. A
    compromised key with `compromised_at` refuses the passes that begin at that time or later, without it all of them.
    Raises ValueError where a field breaks its rule.
    """

    kid: int
    role: KeyRole
    public_key: bytes
    status: KeyStatus
    not_before: datetime
    not_after: datetime
    categories: frozenset[int] | None = None
    compromised_at: datetime | None = None

    def __post_init__(self) -> None:
        if not ROOT_KID < self.kid < DEVICE_KID:
            raise ValueError("a kid is 1 to 254")
        if self.role is KeyRole.ROOT:
            raise ValueError("the root vouches for others, not for itself")
        if len(self.public_key) != cose.PUBLIC_KEY_BYTES:
            raise ValueError("a public key has 32 bytes")
        object.__setattr__(self, "not_before", whole_second(self.not_before))
        object.__setattr__(self, "not_after", whole_second(self.not_after))
        if self.not_before >= self.not_after:
            raise ValueError("a key ends after it begins")
        if self.compromised_at is not None:
            if self.status is not KeyStatus.COMPROMISED:
                raise ValueError("only a compromised key has a time of compromise")
            object.__setattr__(self, "compromised_at", whole_second(self.compromised_at))

    def is_known_at(self, now: datetime) -> bool:
        """Whether the key is in its window at `now`, give or take the skew of clocks."""
        return self.not_before - SKEW <= now <= self.not_after + SKEW


@dataclass(frozen=True, slots=True)
class KeySet:
    """All keys of one event as the root signed them, by kid; `number` grows. `demo`: keys that a real gate refuses."""

    number: int
    issued_at: datetime
    next_update: datetime
    event: int
    demo: bool
    keys: tuple[KeyEntry, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "issued_at", whole_second(self.issued_at))
        object.__setattr__(self, "next_update", whole_second(self.next_update))
        if self.number < 1:
            raise ValueError("key sets are numbered from 1")
        object.__setattr__(self, "keys", tuple(sorted(self.keys, key=lambda key: key.kid)))
        if len({key.kid for key in self.keys}) != len(self.keys):
            raise ValueError("a kid stands twice")

    def find(self, kid: int, role: KeyRole) -> KeyEntry | None:
        """The key named `kid`, if it has this role: a key of another role is as unknown as none."""
        return next((key for key in self.keys if key.kid == kid and key.role is role), None)


@dataclass(frozen=True, slots=True)
class Opened:
    """A payload whose signature held, and the key that made it."""

    key: KeyEntry
    payload: bytes


def newer(old: KeySet | None, new: KeySet) -> KeySet | Rejected:
    """The key set to keep. A smaller number, another content under the same number, or another event is refused."""
    if old is None or new == old:
        return new
    if new.event != old.event or new.demo != old.demo:
        return Rejected(Reason.WRONG_EVENT, "key set: of another event")
    if new.number <= old.number:
        return Rejected(Reason.STALE_LIST, f"key set: number {new.number} does not follow {old.number}")
    return new


def open_keyset(data: bytes, root_public: bytes) -> KeySet | Rejected:
    """The key set in `data` if the root with `root_public` (32 bytes) signed it as kid 0.

    Else malformed, unknown_key or bad_signature.
    """
    try:
        envelope = cose.parse1(data, content_type="keyset")
    except cose.CoseError as fault:
        return Rejected(Reason.MALFORMED, f"key set: {fault}")
    if envelope.kid != ROOT_KID:
        return Rejected(Reason.UNKNOWN_KEY, "key set: not signed by a root")
    if not envelope.holds(root_public):
        return Rejected(Reason.BAD_SIGNATURE, "key set: the signature is not this root's")
    try:
        return keyset_from_payload(envelope.payload)
    except ValueError as fault:
        return Rejected(Reason.MALFORMED, f"key set: {fault}")


def open_signed(data: bytes, keyset: KeySet, *, content_type: str, role: KeyRole = KeyRole.LIST) -> Opened | Rejected:
    """The payload of something signed under `keyset` by a key of `role`.

    Else malformed, unknown_key, bad_signature or key_compromised. A compromised list key opens nothing, whatever the
    time of compromise: the time in a list is its signer's word, and the server signs a new list under the next key at
    once.
    """
    try:
        envelope = cose.parse1(data, content_type=content_type)
    except cose.CoseError as fault:
        return Rejected(Reason.MALFORMED, f"{content_type}: {fault}")
    entry = keyset.find(envelope.kid, role)
    if entry is None:
        return Rejected(Reason.UNKNOWN_KEY, f"{content_type}: no {role.value} key {envelope.kid} in the key set")
    if not envelope.holds(entry.public_key):
        return Rejected(Reason.BAD_SIGNATURE, f"{content_type}: the signature does not hold")
    if entry.status is KeyStatus.COMPROMISED:
        return Rejected(Reason.KEY_COMPROMISED, f"{content_type}: key {envelope.kid} is withdrawn")
    return Opened(entry, envelope.payload)


def keyset_to_payload(keyset: KeySet) -> bytes:
    """The bytes that the root signs."""
    keys = [_entry_to_wire(key) for key in keyset.keys]
    times = (to_seconds(keyset.issued_at), to_seconds(keyset.next_update))
    return cbor.encode({1: keyset.number, 2: times[0], 3: times[1], 4: keyset.event, 5: keyset.demo, 6: keys})


def keyset_from_payload(payload: bytes) -> KeySet:
    """The key set in a payload whose signature held. Raises ValueError for another shape."""
    match cbor.decode(payload):
        case {1: number, 2: issued, 3: update, 4: event, 5: bool() as demo, 6: list() as keys}:
            number, event = cbor.as_integer(number), cbor.as_integer(event)
        case _:
            raise ValueError("fields are missing or of another kind")
    keyset = KeySet(number, from_seconds(issued), from_seconds(update), event, demo, tuple(map(_entry_from_wire, keys)))
    if keyset_to_payload(keyset) != payload:
        raise ValueError("not in its one right spelling")
    return keyset


def _entry_to_wire(key: KeyEntry) -> list[object]:
    return [
        key.kid,
        key.role.value,
        key.public_key,
        key.status.value,
        to_seconds(key.not_before),
        to_seconds(key.not_after),
        None if key.categories is None else sorted(key.categories),
        None if key.compromised_at is None else to_seconds(key.compromised_at),
    ]


def _entry_from_wire(wire: cbor.CborValue) -> KeyEntry:
    match wire:
        case [kid, str() as role, bytes() as public, str() as status, begins, ends, classes, since]:
            return KeyEntry(
                cbor.as_integer(kid),
                KeyRole(role),
                public,
                KeyStatus(status),
                from_seconds(begins),
                from_seconds(ends),
                _categories(classes),
                None if since is None else from_seconds(since),
            )
    raise ValueError("a key has another shape")


def _categories(wire: cbor.CborValue) -> frozenset[int] | None:
    if wire is None:
        return None
    if isinstance(wire, list):
        return frozenset(map(cbor.as_integer, wire))
    raise ValueError("categories of a key are no list of numbers")
