"""The way of a key: the server asks (`keys request`), the offline root vouches (`keys sign`), the server checks (`keys import`).

A request is a small JSON text that the root's custodian can read before signing: event, for each key its role, kid,
public half, time and categories, and the kids to retire or to withdraw. It holds nothing secret.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from accredit.credential.keysets import KeyEntry, KeyRole, KeySet, KeyStatus

_KIND = "accredit key request"


class PublicHalf(Protocol):
    """What of a private key may be known to all."""

    @property
    def kid(self) -> int: ...
    @property
    def role(self) -> KeyRole: ...
    @property
    def public_bytes(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """The keys, all active, that a server asks the root to vouch for; and the kids to retire, and to declare compromised.

    `compromise` maps a kid to the time of compromise, or to None for the whole key.
    """

    event: int
    keys: tuple[KeyEntry, ...]
    retire: frozenset[int] = frozenset()
    compromise: Mapping[int, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """Why a request is not signed: a sentence that names the key or field and the cure."""

    message: str


def entry_for(
    key: PublicHalf, *, not_before: datetime, not_after: datetime, categories: frozenset[int] | None = None
) -> KeyEntry:
    """The active entry to request for a key. Raises ValueError where a field breaks its rule."""
    return KeyEntry(key.kid, key.role, key.public_bytes, KeyStatus.ACTIVE, not_before, not_after, categories)


def make_request(
    event: int,
    keys: Sequence[KeyEntry],
    *,
    retire: Collection[int] = (),
    compromise: Mapping[int, datetime | None] | None = None,
) -> str:
    """The text of a request for `keys` of `event`, and to retire or withdraw those kids."""
    rows = [
        {
            "role": key.role.value,
            "kid": key.kid,
            "public_key": base64.b64encode(key.public_key).decode(),
            "not_before": key.not_before.isoformat(),
            "not_after": key.not_after.isoformat(),
            "categories": None if key.categories is None else sorted(key.categories),
        }
        for key in keys
    ]
    document: dict[str, object] = {"kind": _KIND, "event": event, "keys": rows}
    if retire:
        document["retire"] = sorted(retire)
    if compromise:
        document["compromise"] = {str(kid): since and since.isoformat() for kid, since in sorted(compromise.items())}
    return json.dumps(document, indent=2) + "\n"


def read_request(text: str) -> KeyRequest | RequestRefused:
    """The request in `text`, or the sentence that says what is wrong with it."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return RequestRefused("The file is not JSON. Write it again with 'accredit keys request'.")
    match document:
        case {"kind": str(kind), "event": int() as event, "keys": [*rows]} if kind == _KIND and event is not True:
            pass
        case _:
            return RequestRefused("The file is no key request. Write one with 'accredit keys request'.")
    keys: list[KeyEntry] = []
    for at, row in enumerate(rows, start=1):
        try:
            keys.append(_entry(row))
        except (KeyError, TypeError, ValueError) as fault:
            return RequestRefused(f"Key {at} of the request is not usable ({fault}). Write the request again.")
    try:
        retire = frozenset(map(_plain_kid, document.get("retire", ())))
        compromise = {int(kid): _since(text) for kid, text in document.get("compromise", {}).items()}
    except (AttributeError, TypeError, ValueError):
        return RequestRefused("The keys to retire or to withdraw are not usable. Write the request again.")
    if not (keys or retire or compromise):
        return RequestRefused("The request asks for nothing. Write it again with 'accredit keys request'.")
    return KeyRequest(event, tuple(keys), retire, compromise)


def next_keyset(
    previous: KeySet | None,
    request: KeyRequest | None,
    *,
    demo: bool,
    issued_at: datetime,
    next_update: datetime,
    retire: Collection[int] = (),
    compromise: Mapping[int, datetime | None] | None = None,
) -> KeySet | RequestRefused:
    """The key set for the root to sign: the previous one with the requested keys added, numbered one higher.

    `retire` and `compromise` name kids; the latter with the time of compromise, or None for the whole key. A kid is
    never given to another key, and a withdrawn key never comes back; a key asked for again stays as it stands.
    """
    source = request if request is not None else previous
    if source is None:
        return RequestRefused("There is neither a key set nor a request. Give the file of 'accredit keys request'.")
    if previous is not None and request is not None and previous.event != request.event:
        return RequestRefused(f"The request is for event {request.event}, the key set for event {previous.event}.")
    if previous is not None and previous.demo != demo:
        return RequestRefused("A demo root and a real one do not continue each other's key sets.")
    keys = _joined(previous.keys if previous else (), request.keys if request else ())
    if not isinstance(keys, RequestRefused):
        asked = (request.retire, request.compromise) if request is not None else (frozenset[int](), {})
        keys = _with_status(keys, {*retire, *asked[0]}, {**asked[1], **(compromise or {})})
    if isinstance(keys, RequestRefused):
        return keys
    number = previous.number + 1 if previous is not None else 1
    return KeySet(number, issued_at, next_update, source.event, demo, tuple(keys.values()))


def import_faults(keyset: KeySet, held: Iterable[PublicHalf]) -> tuple[str, ...]:
    """What keeps a server that holds these private keys from using `keyset`; empty if nothing does.

    Every held key must stand in it with its role and public half, and one usable key each must be there for passes
    and for lists.
    """
    faults: list[str] = []
    usable: set[KeyRole] = set()
    for key in held:
        entry = keyset.find(key.kid, key.role)
        if entry is None or entry.public_key != key.public_bytes:
            faults.append(f"The root has not signed the {key.role.value} key {key.kid} that this server holds.")
        elif entry.status is KeyStatus.ACTIVE:
            usable.add(key.role)
    faults += [
        f"The key set has no active {role.value} key that this server holds."
        for role in (KeyRole.PASS, KeyRole.LIST)
        if role not in usable
    ]
    return tuple(faults)


def _joined(old: Sequence[KeyEntry], asked: Sequence[KeyEntry]) -> dict[int, KeyEntry] | RequestRefused:
    keys = {key.kid: key for key in old}
    for key in asked:
        held = keys.setdefault(key.kid, key)
        if (held.public_key, held.role) != (key.public_key, key.role):
            return RequestRefused(f"The number {key.kid} belongs to another key. Request the new key under a new kid.")
    publics = {key.public_key for key in keys.values()}
    if len(publics) != len(keys):
        return RequestRefused("One key is asked for under two kids. Make a key of its own for each role.")
    return keys


def _with_status(
    keys: dict[int, KeyEntry], retire: Collection[int], compromise: Mapping[int, datetime | None]
) -> dict[int, KeyEntry] | RequestRefused:
    unknown = sorted({*retire, *compromise} - keys.keys())
    if unknown:
        return RequestRefused(f"There is no key {unknown[0]} to retire or to withdraw.")
    changed = dict(keys)
    for kid in retire:
        if keys[kid].status is KeyStatus.ACTIVE:
            changed[kid] = replace(keys[kid], status=KeyStatus.RETIRED)
    for kid, since in compromise.items():
        changed[kid] = replace(keys[kid], status=KeyStatus.COMPROMISED, compromised_at=_earlier(keys[kid], since))
    return changed


def _earlier(key: KeyEntry, since: datetime | None) -> datetime | None:
    # What was once refused is never accepted again: the whole key stays withdrawn, and the time only moves back.
    if key.status is not KeyStatus.COMPROMISED or since is None:
        return since
    return None if key.compromised_at is None else min(since, key.compromised_at)


def _entry(row: Mapping[str, object]) -> KeyEntry:
    kid, classes = _plain_kid(row["kid"]), row["categories"]
    if classes is not None and not (isinstance(classes, list) and all(type(number) is int for number in classes)):
        raise ValueError("categories are no list of numbers")
    return KeyEntry(
        kid,
        KeyRole(str(row["role"])),
        base64.b64decode(str(row["public_key"]), validate=True),
        KeyStatus.ACTIVE,
        datetime.fromisoformat(str(row["not_before"])),
        datetime.fromisoformat(str(row["not_after"])),
        None if classes is None else frozenset(classes),
    )


def _plain_kid(value: object) -> int:
    # Python takes true for 1.
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("kid is not a number")
    return value


def _since(text: object) -> datetime | None:
    if text is None:
        return None
    since = datetime.fromisoformat(str(text))
    if since.tzinfo is None:
        raise ValueError("a time without a zone")
    return since
