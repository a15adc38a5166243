"""How a key ends: rotated, retired, or withdrawn because a stranger may have it.

Each writes a request that goes the way of every other: root's machine, then `keys import`. Who signs what stays as it is
until then, with one exception: a pass key that is withdrawn as a whole is named in the revocation list at once, so that
gates refuse its passes within seconds and need not wait for the custodians.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from accredit.credential.key_requests import entry_for, make_request
from accredit.credential.keysets import KeyEntry, KeyRole, KeySet, KeyStatus
from accredit.credential.signing import SigningKey
from accredit.db.models.passes import Badge, Pass, RevocationEntry
from accredit.domain.passes import LIVE
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.badge_contents import BACKDATED
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.key_folder import KeyFolder
from accredit.services.keys import KeysRefused, keyring_of, last_day_of_keys, make_server_keys
from accredit.services.revocations import withdrawn_kids
from accredit.services.roster import next_number


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The request for the root, the kids that were made for it, and whose passes must be issued anew.

    `is_listed` says that gates refuse the withdrawn key's passes already, by the revocation list.
    """

    text: str
    made: tuple[int, ...] = ()
    references: tuple[str, ...] = ()
    is_listed: bool = False


def rotate(
    session: Session, context: Context, event: LoadedEvent, folder: KeyFolder, *, in_use_from: datetime | None = None
) -> KeyChange:
    """A new pass key and list key, to sign from the import on, and the present ones retired; these go on verifying.

    With `in_use_from` the new keys are published now and sign from then, and nothing is retired yet: that reaches
    scanners that are seldom on a network before the first pass under the new key does. Raises `KeysNotSigned`.
    """
    context.require(Permission.KEYS_MANAGE)
    active = _active(keyring_of(context, event).keyset)
    made = make_server_keys(folder, context.entropy, renew=True)
    retire = [] if in_use_from is not None else [key.kid for key in active]
    text = _request(context, event, folder, made, begins=in_use_from, retire=retire)
    record(session, context, Action.KEYS_REQUESTED, Subject("event", event.event.key))
    return KeyChange(text, tuple(key.kid for key in made))


def retire(
    session: Session, context: Context, event: LoadedEvent, folder: KeyFolder, kid: int
) -> KeyChange | KeysRefused:
    """Asks the root to retire one key: it signs no more, what it signed stays good. Raises `KeysNotSigned`."""
    context.require(Permission.KEYS_MANAGE)
    active = _active(keyring_of(context, event).keyset)
    key = next((key for key in active if key.kid == kid), None)
    if key is None:
        return KeysRefused((f"There is no active key {kid}; see “accredit keys list”.",))
    if _is_last(key, active):
        words = (
            f"Key {kid} is the only active {key.role.value} key. Use “accredit keys rotate”, which makes the next one."
        )
        return KeysRefused((words,))
    text = _request(context, event, folder, (), retire=[kid])
    record(session, context, Action.KEYS_REQUESTED, Subject("event", event.event.key))
    return KeyChange(text)


def compromise(
    session: Session,
    context: Context,
    event: LoadedEvent,
    folder: KeyFolder,
    kid: int,
    *,
    since: datetime | None = None,
) -> KeyChange | KeysRefused:
    """Withdraws a key that a stranger may have; the answer names the passes to be issued anew. Raises `KeysNotSigned`.

    Without `since` every pass of the key is void: by the list at once, by the root's key set after the import. With it,
    passes issued before that moment stay good, which only a key set can say; and a thief who dates back is stopped only
    by the whole key. Where it was the only active key of its role the request brings the next one.
    """
    context.require(Permission.KEYS_MANAGE)
    keyset = keyring_of(context, event).keyset
    key = next((key for key in keyset.keys if key.kid == kid), None)
    if key is None:
        return KeysRefused((f"There is no key {kid} in the key set in use; see “accredit keys list”.",))
    made = _successor(context, folder, key) if _is_last(key, _active(keyset)) else ()
    moment = None if since is None else since - BACKDATED
    text = _request(context, event, folder, made, compromise={kid: moment})
    is_listed = key.role is KeyRole.PASS and since is None
    if is_listed and kid not in withdrawn_kids(session, event):
        _list(session, context, event, kid)
    record(session, context, Action.KEYS_REQUESTED, Subject("event", event.event.key))
    references = to_reissue(session, event, kid, moment) if key.role is KeyRole.PASS else ()
    return KeyChange(text, tuple(one.kid for one in made), references, is_listed)


def to_reissue(session: Session, event: LoadedEvent, kid: int, moment: datetime | None) -> tuple[str, ...]:
    """The references of the live passes whose badge is signed by `kid` and begins at `moment` or later (None: all)."""
    printed = (
        select(Pass)
        .join(Pass.badges)
        .where(Pass.event_id == event.record.id, Pass.state.in_(LIVE), Badge.kid == kid)
        .options(joinedload(Pass.application), selectinload(Pass.badges))
        .execution_options(populate_existing=True)
    )
    held = session.scalars(printed).unique()
    void = (one for one in held if _is_void(one.badges[-1], kid, moment))
    return tuple(sorted(one.application.reference for one in void))


def _is_void(badge: Badge, kid: int, moment: datetime | None) -> bool:
    return badge.kid == kid and (moment is None or badge.not_before >= moment)


def _active(keyset: KeySet) -> tuple[KeyEntry, ...]:
    return tuple(key for key in keyset.keys if key.status is KeyStatus.ACTIVE)


def _is_last(key: KeyEntry, active: Collection[KeyEntry]) -> bool:
    return key in active and not any(other.role is key.role for other in active if other.kid != key.kid)


def _successor(context: Context, folder: KeyFolder, key: KeyEntry) -> tuple[SigningKey, ...]:
    fresh = SigningKey.generate(folder.next_kid(), key.role, context.entropy)
    folder.add(fresh)
    return (fresh,)


def _request(
    context: Context,
    event: LoadedEvent,
    folder: KeyFolder,
    made: tuple[SigningKey, ...],
    *,
    begins: datetime | None = None,
    retire: Collection[int] = (),
    compromise: Mapping[int, datetime | None] | None = None,
) -> str:
    """All server keys as ever, the new ones from `begins` on; the root leaves those that it knows as they stand."""
    fresh, until, held = {key.kid for key in made}, last_day_of_keys(context, event), folder.keys()
    entries = [
        entry_for(key, not_before=begins if begins and key.kid in fresh else context.now(), not_after=until)
        for key in held
        if key.role is not KeyRole.ROOT
    ]
    return make_request(event.event.number, entries, retire=retire, compromise=compromise)


def _list(session: Session, context: Context, event: LoadedEvent, kid: int) -> None:
    entry = RevocationEntry(
        event_id=event.record.id,
        number=next_number(session, event.record),
        kid=kid,
        restored=False,
        at=context.now(),
    )
    session.add(entry)
    event.record.revocation_number = entry.number
    session.flush()
