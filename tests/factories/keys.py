"""Signing keys for a test: a root of its own and a server that it vouches for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from accredit.credential.keysets import KeyEntry, KeyRole, KeySet, KeyStatus
from accredit.credential.signing import SigningKey, sign_keyset
from accredit.domain.events import Event
from accredit.services.context import Context, KeyRing


@cache
def _key(kid: int, role: KeyRole) -> SigningKey:
    return SigningKey.generate(kid, role, lambda size: bytes([kid + 1]) * size)


def make_keyring(event: Event) -> KeyRing:
    """A key ring whose keys serve from a year before the event to a year after."""
    root, pass_key, list_key = _key(0, KeyRole.ROOT), _key(1, KeyRole.PASS), _key(2, KeyRole.LIST)
    begins, ends = event.valid_from - timedelta(days=365), event.valid_until + timedelta(days=365)
    entries = tuple(
        KeyEntry(key.kid, key.role, key.public_bytes, KeyStatus.ACTIVE, begins, ends) for key in (pass_key, list_key)
    )
    keyset = KeySet(1, begins, ends, event.number, False, entries)
    return KeyRing(root.public_bytes, keyset, sign_keyset(keyset, root), pass_key, list_key, (pass_key, list_key))


def with_keys(context: Context, event: Event) -> Context:
    """The context with signing keys for the event."""
    return replace(context, keyring=make_keyring(event))
