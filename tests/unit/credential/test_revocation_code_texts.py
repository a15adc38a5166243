"""Revocations as the text of a QR: small, one spelling, believed for their signature alone."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace

import pytest
from credential_issuer import (
    FEW,
    LIST_KEY,
    NOON,
    PASS_KEY,
    STRANGER_KEY,
    claims,
    keyset,
    revocations,
    signed_by_hand,
    trust,
)
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential.claims import Rejected
from accredit.credential.codec import PREFIX, encode_pass
from accredit.credential.cose import sign1
from accredit.credential.reasons import Reason
from accredit.credential.revocation import RevocationList, apply_delta, to_payload
from accredit.credential.revocation_codes import LIST_PREFIX, MAX_LIST_TEXT, is_list_text, list_text, open_list_text
from accredit.credential.signing import sign_revocations
from accredit.credential.texts import to_base45
from accredit.credential.verifying import verify


def _serials(count: int) -> frozenset[bytes]:
    return frozenset(hashlib.sha256(str(number).encode()).digest()[:5] for number in range(count))


DELTA = revocations(number=8, base=7, revoked=_serials(20))
TEXT = list_text(sign_revocations(DELTA, LIST_KEY)) or ""


def test_a_delta_of_twenty_is_a_code_of_a_few_hundred_characters() -> None:
    """It comes back as it was signed, whatever a reader adds around it."""
    assert len(TEXT) <= 400
    assert open_list_text(TEXT, keyset()) == DELTA
    assert open_list_text(f" {TEXT}\r\n", keyset()) == DELTA


def test_a_list_too_long_for_a_camera_is_no_code() -> None:
    """170 serials fit; the 1,000 of a full list come by the network."""
    assert len(list_text(sign_revocations(revocations(revoked=_serials(170)), LIST_KEY)) or "") <= MAX_LIST_TEXT
    assert list_text(sign_revocations(revocations(revoked=_serials(1000)), LIST_KEY)) is None


def test_a_pass_is_no_list_and_a_list_no_pass() -> None:
    """Prefix and content type keep the two apart, even under a key that could sign both."""
    issued = encode_pass(claims(), PASS_KEY)
    assert is_list_text(TEXT)
    assert not is_list_text(issued)
    assert verify(TEXT, trust(), NOON).reason is Reason.MALFORMED
    assert verify(TEXT.replace(LIST_PREFIX, PREFIX), trust(), NOON).reason is Reason.MALFORMED
    assert open_list_text(issued.replace(PREFIX, LIST_PREFIX), keyset()).reason is Reason.MALFORMED


def test_only_the_list_key_makes_a_list_that_holds() -> None:
    """A pass key, a stranger and a changed character are refused by name."""
    by_pass_key = sign1(to_payload(DELTA), key=PASS_KEY, content_type="revocations")
    forged = signed_by_hand(to_payload(DELTA), STRANGER_KEY, header={1: -19, 3: "revocations", 4: b"\x02"})
    swapped = TEXT[:-1] + ("A" if TEXT[-1] != "A" else "B")

    assert open_list_text(list_text(by_pass_key), keyset()).reason is Reason.UNKNOWN_KEY
    assert open_list_text(list_text(forged), keyset()).reason is Reason.BAD_SIGNATURE
    assert isinstance(open_list_text(swapped, keyset()), Rejected)
    assert open_list_text(TEXT.lower(), keyset()).reason is Reason.MALFORMED
    assert open_list_text(TEXT + " " * 9000, keyset()).reason is Reason.MALFORMED


@FEW
@given(
    st.text(max_size=80).map(LIST_PREFIX.__add__) | st.binary(max_size=200).map(lambda d: LIST_PREFIX + to_base45(d))
)
def test_no_text_makes_the_opening_raise(text: str) -> None:
    """Random text after the prefix is refused with a reason."""
    assert isinstance(open_list_text(text, keyset()), Rejected)


@pytest.mark.parametrize("held_count", [1000])
def test_a_delta_is_opened_and_applied_within_five_milliseconds(held_count: int) -> None:
    """On a list of 1,000 of 50,000, signature included; CPU time, the best of ten."""
    held = revocations(revoked=_serials(held_count))
    delta = replace(DELTA, revoked=frozenset(hashlib.sha256(f"new {at}".encode()).digest()[:5] for at in range(20)))
    text, taken = list_text(sign_revocations(delta, LIST_KEY)) or "", []
    for _ in range(10):
        began = time.process_time()
        opened = open_list_text(text, keyset())
        assert isinstance(opened, RevocationList)
        after = apply_delta(held, opened)
        taken.append(time.process_time() - began)
    assert isinstance(after, RevocationList)
    assert len(after.revoked) == 1020
    assert min(taken) <= 0.005
