"""A library that we did not write reads our codes: the format is COSE and CWT, not something like them."""

from __future__ import annotations

import base64

import base45
import cbor2
import pytest
from credential_issuer import LIST_KEY, PASS_KEY, ROOT, STRANGER_KEY, claims, keyset, revocations
from cwt import COSE, COSEKey, VerifyError

from accredit.credential.codec import PREFIX, encode_pass
from accredit.credential.signing import SigningKey, sign_keyset, sign_revocations

COSE_SIGN1 = b"\xd2"  # CBOR tag 18, which our profile leaves out and the library asks for


def _public(key: SigningKey) -> COSEKey:
    x = base64.urlsafe_b64encode(key.public_bytes).rstrip(b"=").decode()
    return COSEKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "kid": chr(key.kid), "alg": "Ed25519", "x": x})


def test_python_cwt_reads_a_pass_once_the_tag_is_added() -> None:
    """Signature, expiry, beginning, serial and the private claim come out as RFC 8392 writes them."""
    facts = claims()
    signed = base45.b45decode(encode_pass(facts, PASS_KEY).removeprefix(PREFIX))

    told = cbor2.loads(COSE.new().decode(COSE_SIGN1 + signed, _public(PASS_KEY)))

    assert told == {
        4: int(facts.expires.timestamp()),
        5: int(facts.not_before.timestamp()),
        7: facts.serial,
        -70001: [facts.event, facts.category * 2, facts.grants, facts.document_tag, facts.name],
    }


def test_python_cwt_refuses_our_pass_under_another_key() -> None:
    """What it accepts, it accepts for the signature."""
    signed = base45.b45decode(encode_pass(claims(), PASS_KEY).removeprefix(PREFIX))
    stranger = SigningKey(PASS_KEY.kid, PASS_KEY.role, STRANGER_KEY.private)
    with pytest.raises(VerifyError):
        COSE.new().decode(COSE_SIGN1 + signed, _public(stranger))


@pytest.mark.parametrize(
    ("signed", "key"),
    [(sign_keyset(keyset(), ROOT), ROOT), (sign_revocations(revocations(), LIST_KEY), LIST_KEY)],
    ids=["key set", "revocations"],
)
def test_python_cwt_reads_key_sets_and_lists_too(signed: bytes, key: SigningKey) -> None:
    """Everything that is signed here is the same COSE."""
    assert isinstance(cbor2.loads(COSE.new().decode(COSE_SIGN1 + signed, _public(key))), dict)
