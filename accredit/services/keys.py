"""The signing keys of the server: made here, vouched for by the offline root, taken into use here.

    keys request (server)  →  keys sign (root's machine)  →  keys import (server)

Both files that travel are text and hold nothing secret. At the first import the server follows the root that signed; two
people compare its fingerprint aloud. From then on no other root is taken, and no older key set.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from accredit.credential.claims import Rejected
from accredit.credential.key_requests import (
    KeyRequest,
    RequestRefused,
    entry_for,
    import_faults,
    make_request,
    next_keyset,
    read_request,
)
from accredit.credential.keysets import KeyRole, KeySet, newer, open_keyset
from accredit.credential.signing import SigningKey, sign_keyset
from accredit.credential.trust import fingerprint
from accredit.domain.errors import AccreditError
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context, KeyRing
from accredit.services.event_loading import LoadedEvent
from accredit.services.key_folder import KeyFolder
from accredit.services.roster import next_number

_TITLE = "accredit key set"
_ROOT_KID = 0
# A pass may not outlive its key, and what was printed must still verify when the last day is looked into.
_AFTER_THE_EVENT = timedelta(days=30)


class KeysNotSigned(AccreditError):
    """Something had to be signed, and the root has not vouched for this server's keys of this event."""

    def __init__(self) -> None:
        super().__init__(
            "the root has not signed this server's keys for this event; run “accredit keys request”, then sign and import"
        )


class EventIsOver(AccreditError):
    """Nothing is signed any more for an event that has ended."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the event {key} is over: no key is signed for it any more")


@dataclass(frozen=True, slots=True)
class KeysRefused:
    """Why keys are not signed or not taken into use: sentences with the cure."""

    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignedKeys:
    """A file for the server, and the fingerprint of the root that signed it."""

    text: str
    fingerprint: str
    number: int
    demo: bool


def keyring_of(context: Context, event: LoadedEvent) -> KeyRing:
    """The keys that sign for this event; raises `KeysNotSigned` where there are none."""
    if context.keyring is None or context.keyring.keyset.event != event.event.number:
        raise KeysNotSigned
    return context.keyring


def make_server_keys(
    folder: KeyFolder, entropy: Callable[[int], bytes], *, renew: bool = False
) -> tuple[SigningKey, ...]:
    """A pass key and a list key where the folder has none, or, to renew, another of each; returns what was made."""
    held = {key.role for key in _server_keys(folder)}
    made = []
    for role in (KeyRole.PASS, KeyRole.LIST):
        if renew or role not in held:
            key = SigningKey.generate(folder.next_kid(), role, entropy)
            folder.add(key)
            made.append(key)
    return tuple(made)


def request_keys(
    session: Session, context: Context, event: LoadedEvent, folder: KeyFolder, *, renew: bool = False
) -> str:
    """Makes the server's keys where they are missing, and the text that asks the root to vouch for what is here."""
    context.require(Permission.KEYS_MANAGE)
    until = last_day_of_keys(context, event)
    make_server_keys(folder, context.entropy, renew=renew)
    record(session, context, Action.KEYS_REQUESTED, Subject("event", event.event.key))
    held = _server_keys(folder)
    entries = [entry_for(key, not_before=context.now(), not_after=until) for key in held]
    return make_request(event.event.number, entries)


def last_day_of_keys(context: Context, event: LoadedEvent) -> datetime:
    """Until when keys of this event are asked for. Raises `EventIsOver` once that is past."""
    until = event.event.valid_until + _AFTER_THE_EVENT
    if context.now() >= until:
        raise EventIsOver(event.event.key)
    return until


def new_root(entropy: Callable[[int], bytes], *, demo: bool = False) -> str:
    """The text of a new root key: to be kept by two custodians on a machine without network, never on the server."""
    return SigningKey.generate(_ROOT_KID, KeyRole.ROOT, entropy, demo=demo).to_text()


def sign_request(
    root_text: str,
    request_text: str | None,
    previous_text: str | None,
    *,
    now: datetime,
    retire: Collection[int] = (),
    compromise: Mapping[int, datetime | None] | None = None,
) -> SignedKeys | KeysRefused:
    """The next key set, signed by the root: what was asked for, added to the previous set.

    Without a request the previous set is signed anew, with keys retired or declared compromised.
    """
    root = _root(root_text)
    if isinstance(root, KeysRefused):
        return root
    previous = _previous(root, previous_text)
    if isinstance(previous, KeysRefused):
        return previous
    request = read_request(request_text) if request_text is not None else None
    if isinstance(request, RequestRefused):
        return KeysRefused((request.message,))
    keyset = next_keyset(
        previous,
        request,
        demo=root.demo,
        issued_at=now,
        next_update=_next_update(previous, request, now),
        retire=retire,
        compromise=compromise,
    )
    if isinstance(keyset, RequestRefused):
        return KeysRefused((keyset.message,))
    return _signed(root, keyset)


def import_keys(
    session: Session, context: Context, event: LoadedEvent, folder: KeyFolder, text: str
) -> SignedKeys | KeysRefused:
    """Takes a signed key set into use. Scanners learn of it with their next bundle."""
    context.require(Permission.KEYS_MANAGE)
    read = _read(text)
    if isinstance(read, KeysRefused):
        return read
    root_public, data = read
    followed = folder.root_public()
    if followed not in (None, root_public):
        return KeysRefused(("Another root signed this file than the one this server follows. Call its custodians.",))
    keyset = open_keyset(data, root_public)
    if isinstance(keyset, Rejected):
        return KeysRefused((f"The root's signature does not hold ({keyset.detail}). Fetch the file again.",))
    faults = _faults(event, folder, keyset)
    if faults:
        return KeysRefused(faults)
    folder.adopt(root_public, data)
    next_number(session, event.record)
    record(session, context, Action.KEYS_IMPORTED, Subject("event", event.event.key))
    return SignedKeys(text, fingerprint(root_public), keyset.number, keyset.demo)


def make_demo_keys(
    session: Session, context: Context, event: LoadedEvent, folder: KeyFolder
) -> SignedKeys | KeysRefused:
    """All three steps at once under a root marked DEMO, which a scanner refuses unless told. Never for a real event."""
    request = request_keys(session, context, event, folder)
    here = folder.keys()
    root = next((key for key in here if key.role is KeyRole.ROOT), None)
    if root is None:
        root = SigningKey.generate(_ROOT_KID, KeyRole.ROOT, context.entropy, demo=True)
        folder.add(root)
    held = folder.keyset_bytes()
    previous = _text(root.public_bytes, held) if held is not None else None
    signed = sign_request(root.to_text(), request, previous, now=context.now())
    return signed if isinstance(signed, KeysRefused) else import_keys(session, context, event, folder, signed.text)


def _server_keys(folder: KeyFolder) -> tuple[SigningKey, ...]:
    here = folder.keys()
    return tuple(key for key in here if key.role is not KeyRole.ROOT)


def _faults(event: LoadedEvent, folder: KeyFolder, keyset: KeySet) -> tuple[str, ...]:
    if keyset.event != event.event.number:
        return (f"The key set is for event {keyset.event}; this one is event {event.event.number}.",)
    held_public, held = folder.root_public(), folder.keyset_bytes()
    old = open_keyset(held, held_public) if held is not None and held_public is not None else None
    kept = newer(old if isinstance(old, KeySet) else None, keyset)
    if isinstance(kept, Rejected):
        return (f"This key set does not follow the one in use ({kept.detail}). Fetch the newest file.",)
    return import_faults(keyset, _server_keys(folder))


def _root(text: str) -> SigningKey | KeysRefused:
    try:
        root = SigningKey.from_text(text)
    except ValueError as fault:
        return KeysRefused((f"The file of the root key is not usable: {fault}.",))
    if root.role is not KeyRole.ROOT:
        return KeysRefused((f"This is a {root.role.value} key. Give the file of the root key.",))
    return root


def _previous(root: SigningKey, text: str | None) -> KeySet | KeysRefused | None:
    if text is None:
        return None
    read = _read(text)
    if isinstance(read, KeysRefused):
        return read
    keyset = open_keyset(read[1], root.public_bytes)
    if isinstance(keyset, Rejected):
        return KeysRefused((f"The previous key set is not this root's ({keyset.detail}).",))
    return keyset


def _next_update(previous: KeySet | None, request: KeyRequest | None, now: datetime) -> datetime:
    keys = (previous.keys if previous is not None else ()) + (request.keys if request is not None else ())
    return max((key.not_after for key in keys), default=now + _AFTER_THE_EVENT)


def _signed(root: SigningKey, keyset: KeySet) -> SignedKeys:
    text = _text(root.public_bytes, sign_keyset(keyset, root))
    return SignedKeys(text, fingerprint(root.public_bytes), keyset.number, keyset.demo)


def _text(root_public: bytes, keyset: bytes) -> str:
    root, signed = base64.b64encode(root_public).decode(), base64.b64encode(keyset).decode()
    return f"{_TITLE}\nroot {root}\nsigned {signed}\n"


def _read(text: str) -> tuple[bytes, bytes] | KeysRefused:
    """The root's public half and the signed set in the text of a key set."""
    match text.split():
        case [*title, "root", root, "signed", signed] if " ".join(title) == _TITLE:
            try:
                return base64.b64decode(root, validate=True), base64.b64decode(signed, validate=True)
            except binascii.Error:
                return KeysRefused(("The file of the key set was damaged on its way. Fetch it again.",))
    return KeysRefused(("This is no file of “accredit keys sign”. Give the file that the root's machine wrote.",))
