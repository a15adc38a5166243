"""An issuer in memory for the tests of this folder: fixed keys, one event, and claims of which a test states only what matters.

The keys come from a phrase that stands here for all to read: they are test keys, and no pass is ever signed with them.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import base45
from hypothesis import settings
from hypothesis import strategies as st

from accredit.credential import cbor
from accredit.credential.claims import Claims, cut_name
from accredit.credential.codec import PREFIX
from accredit.credential.cose import to_be_signed
from accredit.credential.keysets import KeyEntry, KeyRole, KeySet, KeyStatus
from accredit.credential.revocation import RevocationList
from accredit.credential.signing import SigningKey
from accredit.credential.trust import TrustBundle

PHRASE = "accredit test key, printed in a public file, good for nothing"
EVENT = 26
NOON = datetime(2017, 10, 11, 10, 0, tzinfo=UTC)
SPRING = datetime(2017, 4, 1, tzinfo=UTC)
WINTER = datetime(2017, 12, 1, tzinfo=UTC)
LEAK = datetime(2017, 10, 9, tzinfo=UTC)
REVOKED_SERIAL = bytes.fromhex("00badbadff")

FEW = settings(max_examples=150, deadline=None)
MANY = settings(max_examples=100_000, deadline=None)


def make_key(kid: int, role: KeyRole = KeyRole.PASS, *, phrase: str = PHRASE) -> SigningKey:
    """The one test key of this name and role."""
    seed = hashlib.sha256(f"{phrase} {role.value} {kid}".encode()).digest()
    return SigningKey.generate(kid, role, lambda size: seed[:size], demo=role is KeyRole.ROOT)


ROOT = make_key(0, KeyRole.ROOT)
PASS_KEY = make_key(1)
LIST_KEY = make_key(2, KeyRole.LIST)
RETIRED_KEY = make_key(3)
STOLEN_KEY = make_key(4)
LEAKED_KEY = make_key(5)
MEDIA_KEY = make_key(6)
STRANGER_KEY = make_key(77)


def entry(key: SigningKey, **changes: object) -> KeyEntry:
    """What the root says of `key`: active from spring to winter, unless told otherwise."""
    plain = KeyEntry(key.kid, key.role, key.public_bytes, KeyStatus.ACTIVE, SPRING, WINTER)
    return replace(plain, **changes)


def keyset(**changes: object) -> KeySet:
    """One key of every kind."""
    keys = (
        entry(PASS_KEY),
        entry(LIST_KEY),
        entry(RETIRED_KEY, status=KeyStatus.RETIRED),
        entry(STOLEN_KEY, status=KeyStatus.COMPROMISED),
        entry(LEAKED_KEY, status=KeyStatus.COMPROMISED, compromised_at=LEAK),
        entry(MEDIA_KEY, categories=frozenset({4, 5})),
    )
    plain = KeySet(3, NOON - timedelta(days=9), NOON + timedelta(days=9), EVENT, demo=True, keys=keys)
    return replace(plain, **changes)


def revocations(**changes: object) -> RevocationList:
    """A full list, number 7, with one serial."""
    plain = RevocationList(
        EVENT, 7, 0, NOON - timedelta(minutes=5), NOON + timedelta(hours=4), frozenset({REVOKED_SERIAL})
    )
    return replace(plain, **changes)


def trust(**changes: object) -> TrustBundle:
    """What a well-kept gate holds."""
    return replace(TrustBundle(EVENT, keyset(), revocations()), **changes)


def claims(**changes: object) -> Claims:
    """A pass collected on the first day with the passport seen, good for the three days."""
    plain = Claims(
        serial=bytes.fromhex("0000123456"),
        event=EVENT,
        category=7,
        printed_ahead=False,
        grants=0x0F,
        document_tag=bytes.fromhex("a1b2c3"),
        name="OKONKWO DUBOIS AMELIE",
        not_before=datetime(2017, 10, 10, 22, tzinfo=UTC),
        expires=datetime(2017, 10, 13, 22, tzinfo=UTC),
    )
    return replace(plain, **changes)


def as_text(data: bytes) -> str:
    """`data` as the text of a code, whatever it is."""
    return PREFIX + base45.b45encode(data).decode()


def signed_by_hand(
    payload: bytes, key: SigningKey, *, header: dict[int, object] | None = None, unprotected: object = None
) -> bytes:
    """A COSE_Sign1 with a true signature and whatever header a test wants."""
    protected = cbor.encode(header if header is not None else {1: -19, 4: bytes([key.kid])})
    signature = key.sign(to_be_signed(protected, payload))
    return cbor.encode([protected, {} if unprotected is None else unprotected, payload, signature])


_names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), max_size=30).map(cut_name)
_seconds = st.integers(0, 0xFFFF_FFFF)
any_claims = st.builds(
    lambda times, **facts: Claims(
        not_before=datetime.fromtimestamp(times[0], UTC), expires=datetime.fromtimestamp(times[1], UTC), **facts
    ),
    times=st.lists(_seconds, min_size=2, max_size=2, unique=True).map(sorted),
    serial=st.binary(min_size=5, max_size=5),
    event=st.integers(0, 255),
    category=st.integers(0, 11),
    printed_ahead=st.booleans(),
    grants=st.integers(0, 0xFFFF_FFFF),
    document_tag=st.none() | st.binary(min_size=3, max_size=3),
    name=_names,
)
any_value = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.integers(-300, 300) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
