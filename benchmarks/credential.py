"""What a credential costs: bytes, QR version, and microseconds of CPU to sign, to verify, and from text to claims.

    python -m benchmarks.credential [--json]

CPU time, the median of batches of 50. `sign_us` and `verify_us` are the whole COSE envelope (CBOR and Ed25519);
`text_to_claims_us` is all that a gate does with a code: base45, strict CBOR, signature, claims, key, time, revocations.
The pass is the one that most people carry: a document tag and a name of 22 bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import base45

from accredit.credential.claims import Claims, to_payload
from accredit.credential.codec import PREFIX, encode_pass
from accredit.credential.cose import parse1, sign1
from accredit.credential.keysets import KeyEntry, KeyRole, KeySet, KeyStatus
from accredit.credential.revocation import RevocationList, apply_delta, open_revocations
from accredit.credential.signing import SigningKey, sign_revocations
from accredit.credential.trust import TrustBundle
from accredit.credential.verifying import Verified, verify
from accredit.rendering.codes import qr_level, qr_version

_NOON = datetime(2017, 10, 11, 10, tzinfo=UTC)
_EVENT = 26
_BATCH, _BATCHES = 50, 25
_NAME = "SPECIMEN ANNA MARGARET"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Keys of the benchmark, from a phrase, and the trust that a gate holds of them."""

    pass_key: SigningKey
    list_key: SigningKey
    trust: TrustBundle


def issuer() -> Issuer:
    """One pass key, one list key, and a list of 1,000 revoked."""
    pass_key, list_key = (_key(kid, role) for kid, role in ((1, KeyRole.PASS), (2, KeyRole.LIST)))
    span = _NOON - timedelta(days=90), _NOON + timedelta(days=90)
    entries = tuple(KeyEntry(k.kid, k.role, k.public_bytes, KeyStatus.ACTIVE, *span) for k in (pass_key, list_key))
    keyset = KeySet(1, _NOON, span[1], _EVENT, True, entries)
    return Issuer(pass_key, list_key, TrustBundle(_EVENT, keyset, _list(7, 0, 1000)))


def figures() -> dict[str, object]:
    """Everything that is printed."""
    known = issuer()
    claims = _claims(_NAME)
    text = encode_pass(claims, known.pass_key)
    data, payload = base45.b45decode(text.removeprefix(PREFIX)), to_payload(claims)
    assert isinstance(verify(text, known.trust, _NOON), Verified)
    return {
        "sign_us": _median_us(lambda: sign1(payload, key=known.pass_key)),
        "verify_us": _median_us(lambda: parse1(data).holds(known.pass_key.public_bytes)),
        "text_to_claims_us": _median_us(lambda: verify(text, known.trust, _NOON)),
        "bytes": len(data),
        "qr_version": qr_version(text, smallest=1),
        "qr_level": qr_level(text),
        "longest_bytes": len(base45.b45decode(encode_pass(_claims("X" * 27), known.pass_key).removeprefix(PREFIX))),
        **_revocations(known),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", dest="as_json", action="store_true", help="one JSON object")
    asked = parser.parse_args(arguments)
    told = figures()
    print(json.dumps(told) if asked.as_json else "\n".join(f"{key:<32} {value}" for key, value in told.items()))


def _revocations(known: Issuer) -> dict[str, object]:
    """The full list of 1,000 and a delta of 20: their bytes, and how long a gate takes over opening and applying it."""
    held = known.trust.revocations
    assert held is not None
    full, delta = sign_revocations(held, known.list_key), sign_revocations(_list(8, 7, 20), known.list_key)

    def opened_and_applied() -> None:
        opened = open_revocations(delta, known.trust.keyset)
        assert isinstance(opened, RevocationList)
        assert isinstance(apply_delta(held, opened), RevocationList)

    return {
        "full_list_of_1000_bytes": len(full),
        "delta_of_20_bytes": len(delta),
        "delta_of_20_applied_us": _median_us(opened_and_applied),
    }


def _claims(name: str) -> Claims:
    serial = hashlib.sha256(name.encode()).digest()[:5]
    begins, ends = datetime(2017, 10, 9, 22, tzinfo=UTC), datetime(2017, 10, 13, 22, tzinfo=UTC)
    return Claims(serial, _EVENT, 7, False, 0x0F, serial[:3], name, begins, ends)


def _list(number: int, base: int, count: int) -> RevocationList:
    serials = frozenset(hashlib.sha256(f"{number} {at}".encode()).digest()[:5] for at in range(count))
    return RevocationList(_EVENT, number, base, _NOON, _NOON + timedelta(hours=12), serials)


def _key(kid: int, role: KeyRole) -> SigningKey:
    return SigningKey.generate(kid, role, lambda size: hashlib.sha256(f"benchmark {kid}".encode()).digest()[:size])


def _median_us(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_BATCHES):
        began = time.process_time()
        for _ in range(_BATCH):
            work()
        taken.append((time.process_time() - began) / _BATCH)
    return round(sorted(taken)[_BATCHES // 2] * 1e6, 1)


if __name__ == "__main__":
    main()
