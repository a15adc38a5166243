"""The one verifier: text, trust and time in; claims or one named reason out. It touches nothing else and never raises.

Order, each step with its reason: length, prefix, base45, strict CBOR, four items, empty unprotected map, exact
protected header (malformed) · a pass key of that kid (unknown_key) · the signature (bad_signature) · only then the
payload (malformed) · event (wrong_event) · key withdrawn (key_compromised) · key's category (wrong_category) · key's
time (unknown_key) · the pass's time, with 120 s for clocks (not_yet_valid, expired) · the revocation list (revoked).
Grants, hours and earlier scans are `admission`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accredit.credential.claims import Claims, ClaimsError, Rejected
from accredit.credential.codec import read_text
from accredit.credential.keysets import SKEW, KeyEntry, KeyRole, KeyStatus
from accredit.credential.reasons import Reason
from accredit.credential.trust import TrustBundle

__all__ = ["Rejected", "Verified", "verify"]


@dataclass(frozen=True, slots=True)
class Verified:
    """A pass whose signature, event, key, time and revocation hold. `key_status` tells a retired key, and an old compromise."""

    claims: Claims
    kid: int
    key_status: KeyStatus


def verify(text: str, trust: TrustBundle, now: datetime) -> Verified | Rejected:
    """Judge the text of a code at the aware time `now`.

    Never raises: a surprise in the code or in here is malformed, never a way in. `Rejected.claims` is set from the
    moment that the signature held and the claims could be read.
    """
    try:
        return _verify(text, trust, now)
    except Exception as surprise:  # fail closed; the type alone, since a message might quote the code
        return Rejected(Reason.MALFORMED, f"unexpected {type(surprise).__name__}")


def _verify(text: str, trust: TrustBundle, now: datetime) -> Verified | Rejected:
    coded = read_text(text)
    if isinstance(coded, Rejected):
        return coded
    envelope = coded.envelope
    key = trust.keyset.find(envelope.kid, KeyRole.PASS)
    if key is None:
        return Rejected(Reason.UNKNOWN_KEY, f"key: no pass key {envelope.kid} in key set {trust.keyset.number}")
    if not envelope.holds(key.public_key):
        return Rejected(Reason.BAD_SIGNATURE, f"signature: not made by key {key.kid}")
    try:
        claims = coded.claims()
    except ClaimsError as fault:
        return Rejected(Reason.MALFORMED, f"claims: {fault}")
    return _judge(claims, key, trust, now)


def _judge(claims: Claims, key: KeyEntry, trust: TrustBundle, now: datetime) -> Verified | Rejected:
    fault = _fault_of_key(claims, key, trust, now) or _fault_of_pass(claims, trust, now)
    return Verified(claims, key.kid, key.status) if fault is None else fault


def _fault_of_key(claims: Claims, key: KeyEntry, trust: TrustBundle, now: datetime) -> Rejected | None:
    if claims.event != trust.event:
        return Rejected(Reason.WRONG_EVENT, f"event: {claims.event}, not {trust.event}", claims)
    if _is_withdrawn(claims, key, trust):
        return Rejected(Reason.KEY_COMPROMISED, f"key: {key.kid} is withdrawn", claims)
    if key.categories is not None and claims.category not in key.categories:
        return Rejected(Reason.WRONG_CATEGORY, f"key: {key.kid} may not sign category {claims.category}", claims)
    if claims.expires > key.not_after:
        return Rejected(Reason.UNKNOWN_KEY, f"key: {key.kid} may not sign a pass that outlives it", claims)
    if not key.is_known_at(now):
        return Rejected(Reason.UNKNOWN_KEY, f"key: {key.kid} is not in use at this time", claims)
    return None


def _is_withdrawn(claims: Claims, key: KeyEntry, trust: TrustBundle) -> bool:
    if trust.revocations is not None and key.kid in trust.revocations.kids:
        return True
    if key.status is not KeyStatus.COMPROMISED:
        return False
    # The pass begins when its signer says; a thief who dates back is stopped only by withdrawing the whole key.
    return key.compromised_at is None or claims.not_before >= key.compromised_at


def _fault_of_pass(claims: Claims, trust: TrustBundle, now: datetime) -> Rejected | None:
    if now < claims.not_before - SKEW:
        return Rejected(Reason.NOT_YET_VALID, "time: before the pass begins", claims)
    if now >= claims.expires + SKEW:
        return Rejected(Reason.EXPIRED, "time: after the pass has expired", claims)
    if trust.revocations is not None and claims.serial in trust.revocations.revoked:
        return Rejected(Reason.REVOKED, f"revocations: on list {trust.revocations.number}", claims)
    return None
