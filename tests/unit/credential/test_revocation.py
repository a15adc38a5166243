"""The revocation list: exact, small, signed, and never going back."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from credential_issuer import (
    EVENT,
    FEW,
    LIST_KEY,
    NOON,
    PASS_KEY,
    REVOKED_SERIAL,
    STRANGER_KEY,
    entry,
    keyset,
    revocations,
    signed_by_hand,
)
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential import cbor
from accredit.credential.claims import Rejected
from accredit.credential.cose import sign1
from accredit.credential.keysets import KeyStatus
from accredit.credential.reasons import Reason
from accredit.credential.revocation import (
    apply_delta,
    difference,
    from_payload,
    newer,
    open_revocations,
    to_payload,
)
from accredit.credential.signing import sign_revocations

A, B, C = (bytes([number] * 5) for number in (1, 2, 3))
serial_sets = st.frozensets(st.binary(min_size=5, max_size=5), max_size=12)


def _serials(count: int) -> frozenset[bytes]:
    return frozenset(hashlib.sha256(str(number).encode()).digest()[:5] for number in range(count))


def test_a_list_comes_back_as_it_was_signed() -> None:
    """Full lists and deltas, with kids, survive the wire."""
    full = revocations(revoked=frozenset({A, B}), kids=frozenset({1, 9}))
    delta = revocations(number=8, base=7, revoked=frozenset({C}), restored=frozenset({A}))

    for listed in (full, delta):
        assert open_revocations(sign_revocations(listed, LIST_KEY), keyset()) == listed


def test_a_thousand_revocations_fit_a_radio_link_and_a_delta_fits_a_qr() -> None:
    """1,000 revoked passes take at most 5.5 kB signed, a delta of 20 at most 260 bytes."""
    full = revocations(revoked=_serials(1000))
    delta = revocations(number=8, base=7, revoked=_serials(20))

    assert len(full.revoked) == 1000
    assert len(sign_revocations(full, LIST_KEY)) <= 5500
    assert len(sign_revocations(delta, LIST_KEY)) <= 260


def test_only_a_list_key_in_its_time_is_believed() -> None:
    """Another role, a stranger, a withdrawn key, another event or a key before its time is refused by name."""
    good = sign_revocations(revocations(), LIST_KEY)
    withdrawn = keyset(keys=(entry(LIST_KEY, status=KeyStatus.COMPROMISED),))
    too_early = keyset(keys=(entry(LIST_KEY, not_before=NOON + timedelta(hours=1)),))
    forged = signed_by_hand(to_payload(revocations()), STRANGER_KEY, header={1: -19, 3: "revocations", 4: b"\x02"})
    answers = {
        Reason.UNKNOWN_KEY: sign1(to_payload(revocations()), key=PASS_KEY, content_type="revocations"),
        Reason.BAD_SIGNATURE: forged,
        Reason.MALFORMED: sign1(to_payload(revocations()), key=LIST_KEY, content_type="bundle"),
        Reason.WRONG_EVENT: sign_revocations(revocations(event=27), LIST_KEY),
    }

    for reason, data in answers.items():
        assert open_revocations(data, keyset()).reason is reason
    assert open_revocations(good, withdrawn).reason is Reason.KEY_COMPROMISED
    assert open_revocations(good, too_early).reason is Reason.UNKNOWN_KEY


def _wire() -> dict[int, object]:
    return cbor.decode(to_payload(revocations(number=8, base=7, revoked=frozenset({A, B}), kids=frozenset({1, 2}))))


ODD = {
    "unsorted serials": {**_wire(), 6: B + A},
    "a serial twice": {**_wire(), 6: A + A},
    "half a serial": {**_wire(), 6: A + b"xx"},
    "revoked and restored": {**_wire(), 7: A},
    "a full list that restores": {**_wire(), 3: 0, 7: C},
    "a base after its number": {**_wire(), 3: 8},
    "a negative base": {**_wire(), 3: -1},
    "number is true": {**_wire(), 2: True, 3: 0},
    "kids unsorted": {**_wire(), 8: [2, 1]},
    "kid 0": {**_wire(), 8: [0]},
    "kid as text": {**_wire(), 8: ["1"]},
    "a field more": {**_wire(), 9: 0},
    "a field less": {key: value for key, value in _wire().items() if key != 7},
    "a time as text": {**_wire(), 4: "noon"},
    "an array": [],
}


@pytest.mark.parametrize("wire", ODD.values(), ids=ODD.keys())
def test_a_signed_list_of_another_shape_is_malformed(wire: object) -> None:
    """A list has one spelling, so that two gates with the same number hold the same list."""
    data = sign1(cbor.encode(wire), key=LIST_KEY, content_type="revocations")
    assert open_revocations(data, keyset()).reason is Reason.MALFORMED


def test_a_delta_revokes_and_restores() -> None:
    """After the delta the list is full again, dated and numbered as the delta was."""
    held = revocations(revoked=frozenset({A, B}), kids=frozenset({1}))
    delta = revocations(
        number=9,
        base=7,
        issued_at=NOON,
        revoked=frozenset({C}),
        restored=frozenset({A}),
        kids=frozenset({4}),
    )

    after = apply_delta(held, delta)
    assert (after.number, after.base, after.issued_at) == (9, 0, NOON)
    assert after.revoked == {B, C}
    assert after.restored == frozenset()
    assert after.kids == {1, 4}


@pytest.mark.parametrize(
    ("delta", "reason"),
    [
        (revocations(number=9, base=6), Reason.STALE_LIST),
        (revocations(number=9, base=8), Reason.STALE_LIST),
        (revocations(number=7, base=6), Reason.STALE_LIST),
        (revocations(number=5, base=4), Reason.STALE_LIST),
        (revocations(number=9, base=0), Reason.STALE_LIST),
        (revocations(number=8, base=7, event=27), Reason.WRONG_EVENT),
    ],
    ids=["older base", "newer base", "same number", "older number", "a full list", "another event"],
)
def test_a_delta_fits_exactly_one_list(delta: object, reason: Reason) -> None:
    """A delta onto another list, or one that goes back, changes nothing."""
    assert apply_delta(revocations(), delta).reason is reason


def test_lists_never_go_back() -> None:
    """An older or a different list under the same number is refused; the same again is no news."""
    held = revocations()

    assert newer(None, held) == held
    assert newer(held, held) == held
    assert newer(held, revocations(number=8)).number == 8
    assert newer(held, revocations(number=8, base=7)).base == 0
    assert newer(held, revocations(number=6)).reason is Reason.STALE_LIST
    assert newer(held, revocations(revoked=frozenset())).reason is Reason.STALE_LIST
    assert newer(held, revocations(number=8, event=27)).reason is Reason.WRONG_EVENT
    assert newer(None, revocations(number=8, base=7)).reason is Reason.STALE_LIST


@FEW
@given(serial_sets, serial_sets)
def test_a_difference_leads_from_one_list_to_the_next(before: frozenset[bytes], after: frozenset[bytes]) -> None:
    """What the server computes as the delta, the scanner applies to the same full list."""
    old = revocations(revoked=before, kids=frozenset({3}))
    new = revocations(number=9, revoked=after, kids=frozenset({3, 4}))

    assert apply_delta(old, difference(old, new)) == new
    assert from_payload(to_payload(difference(old, new))) == difference(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (revocations(number=8, base=7), revocations(number=9)),
        (revocations(), revocations(number=9, base=8)),
        (revocations(), revocations(number=9, event=27)),
        (revocations(), revocations(number=7)),
        (revocations(kids=frozenset({3})), revocations(number=8)),
    ],
    ids=["from a delta", "to a delta", "another event", "not after it", "a kid that came back"],
)
def test_there_is_no_difference_between_lists_that_do_not_follow(old: object, new: object) -> None:
    """A delta that could not be applied is never made."""
    with pytest.raises(ValueError, match=r".+"):
        difference(old, new)


@FEW
@given(st.binary(max_size=120))
def test_no_bytes_make_the_opening_raise(data: bytes) -> None:
    """Random bytes, bare or signed by our own list key, are refused with a reason."""
    for odd in (data, sign1(data, key=LIST_KEY, content_type="revocations")):
        assert isinstance(open_revocations(odd, keyset()), Rejected)


def test_the_revoked_serial_of_the_tests_is_in_the_list() -> None:
    """Guards the other tests of this folder."""
    assert revocations().revoked == {REVOKED_SERIAL}
    assert revocations().event == EVENT
