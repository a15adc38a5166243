"""What a gate trusts: the bundle of keys and revocations that the verifier takes, and how a gate comes to it.

The key set itself stands in `keysets`; its names are offered here too, so that a caller finds all of trust in one
place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from accredit.credential import cose
from accredit.credential.claims import Rejected
from accredit.credential.keysets import (
    ROOT_KID,
    SKEW,
    KeyEntry,
    KeyRole,
    KeySet,
    KeyStatus,
    Opened,
    newer,
    open_keyset,
    open_signed,
)
from accredit.credential.reasons import Reason
from accredit.credential.revocation import RevocationList

__all__ = [
    "ROOT_KID",
    "SKEW",
    "KeyEntry",
    "KeyRole",
    "KeySet",
    "KeyStatus",
    "Opened",
    "TrustBundle",
    "fingerprint",
    "newer",
    "open_keyset",
    "open_signed",
    "open_with_own_keyset",
]


@dataclass(frozen=True, slots=True)
class TrustBundle:
    """All that the verifier needs to know: the event, its keys, and the full revocation list (None: none fetched yet).

    Raises ValueError if key set or list belong to another event, or if the list is a delta.
    """

    event: int
    keyset: KeySet
    revocations: RevocationList | None = None

    def __post_init__(self) -> None:
        if self.keyset.event != self.event:
            raise ValueError("the key set is of another event")
        if self.revocations is not None and (self.revocations.event != self.event or self.revocations.base):
            raise ValueError("the revocation list is of another event, or a delta")


def fingerprint(public_key: bytes) -> str:
    """The first 80 bits of the key's SHA-256 in hexadecimal groups of four, for two people to compare aloud."""
    digest = hashlib.sha256(public_key).hexdigest()[:20]
    return " ".join(digest[at : at + 4] for at in range(0, 20, 4))


def open_with_own_keyset(
    data: bytes,
    root_public: bytes,
    known: KeySet | None,
    *,
    content_type: str,
    keyset_in: Callable[[bytes], bytes],
) -> tuple[KeySet, bytes] | Rejected:
    """Open what carries the very key set it is signed under (the gate's bundle): the key set to keep, and the payload.

    `keyset_in` finds the signed key set in the payload, which nobody vouches for at that moment: it raises ValueError
    for anything odd, and nothing else of the payload may be used before this function answers. The key set is taken
    only from the root, and never back.
    """
    try:
        inner = keyset_in(cose.parse1(data, content_type=content_type).payload)
    except ValueError as fault:
        return Rejected(Reason.MALFORMED, f"{content_type}: {fault}")
    opened = open_keyset(inner, root_public)
    kept = opened if isinstance(opened, Rejected) else newer(known, opened)
    if isinstance(kept, Rejected):
        return kept
    signed = open_signed(data, kept, content_type=content_type)
    return signed if isinstance(signed, Rejected) else (kept, signed.payload)
