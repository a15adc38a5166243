"""The verifier: every refusal by its name, in its order, and never an exception."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import base45
import pytest
from credential_issuer import (
    EVENT,
    FEW,
    LEAK,
    LEAKED_KEY,
    LIST_KEY,
    MANY,
    MEDIA_KEY,
    NOON,
    PASS_KEY,
    RETIRED_KEY,
    REVOKED_SERIAL,
    ROOT,
    STOLEN_KEY,
    STRANGER_KEY,
    any_claims,
    as_text,
    claims,
    entry,
    keyset,
    revocations,
    signed_by_hand,
    trust,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from accredit.credential import cbor
from accredit.credential.claims import Claims, Rejected, to_payload
from accredit.credential.codec import PREFIX, encode_pass
from accredit.credential.cose import sign1
from accredit.credential.keysets import KeyStatus
from accredit.credential.reasons import Reason
from accredit.credential.verifying import Verified, verify

TRUST = trust()
GOOD = encode_pass(claims(), PASS_KEY)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


def _refusal(text: str, **changes: object) -> Rejected:
    now = changes.pop("now", NOON)
    answer = verify(text, trust(**changes), now)
    assert isinstance(answer, Rejected)
    return answer


def test_a_good_pass_is_verified_with_its_facts() -> None:
    """The gate learns what was signed, and by which key."""
    assert verify(GOOD, TRUST, NOON) == Verified(claims(), PASS_KEY.kid, KeyStatus.ACTIVE)


@FEW
@given(any_claims)
def test_whatever_the_issuer_can_sign_the_verifier_can_judge(facts: Claims) -> None:
    """Any claims come back whole, accepted or refused for what they say."""
    answer = verify(encode_pass(facts, PASS_KEY), TRUST, NOON)
    assert answer.claims == facts


def test_without_a_revocation_list_the_signature_alone_decides() -> None:
    """A gate that has not fetched a list yet still verifies; that it has none is shown elsewhere."""
    assert isinstance(verify(GOOD, trust(revocations=None), NOON), Verified)


# --- keys


def test_a_key_that_is_not_in_the_set_is_unknown() -> None:
    """A forger's own key opens nothing, however well it signs."""
    assert _refusal(encode_pass(claims(), STRANGER_KEY)).reason is Reason.UNKNOWN_KEY


@pytest.mark.parametrize("key", [LIST_KEY, ROOT])
def test_a_key_of_another_role_is_as_unknown_as_a_strangers(key: object) -> None:
    """The online list key, even the root, cannot make a pass."""
    assert _refusal(as_text(sign1(to_payload(claims()), key=key))).reason is Reason.UNKNOWN_KEY


def test_a_retired_key_still_verifies_and_says_so() -> None:
    """Passes outlive the day on which their key stopped signing."""
    assert verify(encode_pass(claims(), RETIRED_KEY), TRUST, NOON).key_status is KeyStatus.RETIRED


def test_a_key_withdrawn_as_a_whole_refuses_every_pass() -> None:
    """With no time of compromise, nothing that the key ever signed is believed."""
    old = claims(not_before=LEAK - timedelta(days=100))
    for facts in (claims(), old):
        answer = _refusal(encode_pass(facts, STOLEN_KEY))
        assert (answer.reason, answer.claims) == (Reason.KEY_COMPROMISED, facts)


def test_a_key_compromised_at_a_time_keeps_the_passes_that_begin_before() -> None:
    """At the time itself and later the passes are refused; those from before stay good."""
    before, at = claims(not_before=LEAK - timedelta(seconds=1)), claims(not_before=LEAK)

    kept = verify(encode_pass(before, LEAKED_KEY), TRUST, NOON)
    assert kept == Verified(before, LEAKED_KEY.kid, KeyStatus.COMPROMISED)
    assert _refusal(encode_pass(at, LEAKED_KEY)).reason is Reason.KEY_COMPROMISED


def test_a_revocation_list_may_withdraw_a_whole_key() -> None:
    """The list reaches the gates within seconds; the root needs its custodians."""
    named = revocations(kids=frozenset({PASS_KEY.kid}))
    assert _refusal(GOOD, revocations=named).reason is Reason.KEY_COMPROMISED


def test_a_key_signs_its_categories_only() -> None:
    """Who can print media badges cannot print a delegate's."""
    assert isinstance(verify(encode_pass(claims(category=4), MEDIA_KEY), TRUST, NOON), Verified)
    answer = _refusal(encode_pass(claims(category=6), MEDIA_KEY))
    assert (answer.reason, answer.claims.category) == (Reason.WRONG_CATEGORY, 6)


def test_a_pass_cannot_outlive_its_key() -> None:
    """A pass may end with its key and not a second later."""
    end = claims().expires
    exact, short = entry(PASS_KEY, not_after=end), entry(PASS_KEY, not_after=end - timedelta(seconds=1))

    assert isinstance(verify(GOOD, trust(keyset=keyset(keys=(exact,))), NOON), Verified)
    answer = _refusal(GOOD, keyset=keyset(keys=(short,)))
    assert (answer.reason, answer.claims) == (Reason.UNKNOWN_KEY, claims())


def test_a_key_opens_nothing_before_its_time() -> None:
    """The next key is published a day ahead and believed from its day on."""
    early = entry(PASS_KEY, not_before=NOON + timedelta(seconds=121))
    assert _refusal(GOOD, keyset=keyset(keys=(early,))).reason is Reason.UNKNOWN_KEY


# --- signature


def test_another_keys_signature_is_bad() -> None:
    """A stranger who writes our key's name on the pass is found out."""
    forged = signed_by_hand(to_payload(claims()), STRANGER_KEY, header={1: -19, 4: b"\x01"})
    assert _refusal(as_text(forged)).reason is Reason.BAD_SIGNATURE


def test_a_signature_has_one_form() -> None:
    """Adding the order of the group to S gives a second signature in some systems; here it is bad."""
    whole = base45.b45decode(GOOD.removeprefix(PREFIX))
    scalar = int.from_bytes(whole[-32:], "little") + GROUP_ORDER
    answer = _refusal(as_text(whole[:-32] + scalar.to_bytes(32, "little")))
    assert answer.reason is Reason.BAD_SIGNATURE


def test_claims_are_not_there_before_the_signature_held() -> None:
    """What a forger wrote never reaches the screen or the journal as a serial."""
    forged = signed_by_hand(to_payload(claims()), STRANGER_KEY, header={1: -19, 4: b"\x01"})
    assert _refusal(as_text(forged)).claims is None
    assert _refusal(encode_pass(claims(), STRANGER_KEY)).claims is None


# --- payload


def _plain() -> dict[int, object]:
    return cbor.decode(to_payload(claims()))


SIGNED_NONSENSE = {
    "no CBOR": b"\xff",
    "nothing": b"",
    "an array": cbor.encode([]),
    "a claim missing": cbor.encode({key: value for key, value in _plain().items() if key != 5}),
    "a claim more": cbor.encode({**_plain(), 6: 1}),
    "serial of six bytes": cbor.encode({**_plain(), 7: bytes(6)}),
    "serial as text": cbor.encode({**_plain(), 7: "12345"}),
    "time as text": cbor.encode({**_plain(), 4: "2017"}),
    "time before 1970": cbor.encode({**_plain(), 5: -1}),
    "time after 2106": cbor.encode({**_plain(), 4: 2**32}),
    "ends before it begins": cbor.encode({**_plain(), 4: 0, 5: 1}),
    "four fields": cbor.encode({**_plain(), -70001: [26, 14, 15, None]}),
    "six fields": cbor.encode({**_plain(), -70001: [26, 14, 15, None, "X", 0]}),
    "event is true": cbor.encode({**_plain(), -70001: [True, 14, 15, None, "X"]}),
    "category is true": cbor.encode({**_plain(), -70001: [26, True, 15, None, "X"]}),
    "grants of 33 bits": cbor.encode({**_plain(), -70001: [26, 14, 2**32, None, "X"]}),
    "tag of two bytes": cbor.encode({**_plain(), -70001: [26, 14, 15, b"ab", "X"]}),
    "name of 28 bytes": cbor.encode({**_plain(), -70001: [26, 14, 15, None, "X" * 28]}),
    "name that turns the line around": cbor.encode({**_plain(), -70001: [26, 14, 15, None, "A\u202eB"]}),
    "a claim twice": b"\xa5\x04\x00" + to_payload(claims())[1:],
    "a byte after": to_payload(claims()) + b"\0",
}


@pytest.mark.parametrize("payload", SIGNED_NONSENSE.values(), ids=SIGNED_NONSENSE.keys())
def test_signed_nonsense_is_malformed(payload: bytes) -> None:
    """A true signature over anything but the claims of a pass opens nothing."""
    answer = _refusal(as_text(signed_by_hand(payload, PASS_KEY)))
    assert (answer.reason, answer.claims) == (Reason.MALFORMED, None)


# --- event, time, revocation


def test_a_pass_of_another_event_is_told_so() -> None:
    """Last year's badge is not a forgery."""
    answer = _refusal(encode_pass(claims(event=EVENT - 1), PASS_KEY))
    assert (answer.reason, answer.claims.serial) == (Reason.WRONG_EVENT, claims().serial)


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [(-121, Reason.NOT_YET_VALID), (-120, None), (0, None)],
    ids=["121 s early", "120 s", "in time"],
)
def test_a_pass_begins_with_two_minutes_for_the_clock(seconds: int, reason: Reason | None) -> None:
    """A clock that is two minutes slow turns nobody away; three minutes do."""
    answer = verify(GOOD, TRUST, claims().not_before + timedelta(seconds=seconds))
    assert getattr(answer, "reason", None) is reason


@pytest.mark.parametrize(
    ("seconds", "reason"), [(0, None), (119, None), (120, Reason.EXPIRED)], ids=["at the end", "119 s", "120 s late"]
)
def test_a_pass_ends_with_two_minutes_for_the_clock(seconds: int, reason: Reason | None) -> None:
    """The same at its end."""
    answer = verify(GOOD, TRUST, claims().expires + timedelta(seconds=seconds))
    assert getattr(answer, "reason", None) is reason


def test_a_revoked_serial_is_refused_whatever_code_carries_it() -> None:
    """Revocation goes by the signed serial, never by the text of the code."""
    for facts in (claims(serial=REVOKED_SERIAL), claims(serial=REVOKED_SERIAL, name="", grants=1)):
        answer = _refusal(encode_pass(facts, PASS_KEY))
        assert (answer.reason, answer.claims) == (Reason.REVOKED, facts)


def test_the_order_of_the_reasons_is_fixed() -> None:
    """A pass with every fault is named by the first; each one mended shows the next."""
    wrong = claims(serial=REVOKED_SERIAL, event=1, category=6, expires=datetime(2017, 10, 11, tzinfo=UTC))
    media, stolen = entry(MEDIA_KEY, categories=frozenset({4})), entry(STOLEN_KEY, status=KeyStatus.COMPROMISED)
    only_media = replace(media, kid=STOLEN_KEY.kid, public_key=STOLEN_KEY.public_bytes)
    late = datetime(2017, 10, 12, tzinfo=UTC)
    steps = [
        (signed_by_hand(to_payload(wrong), STOLEN_KEY, unprotected={9: 9}), stolen, Reason.MALFORMED),
        (signed_by_hand(to_payload(wrong), STRANGER_KEY), stolen, Reason.UNKNOWN_KEY),
        (signed_by_hand(to_payload(wrong), STRANGER_KEY, header={1: -19, 4: b"\x04"}), stolen, Reason.BAD_SIGNATURE),
        (signed_by_hand(to_payload(wrong), STOLEN_KEY), stolen, Reason.WRONG_EVENT),
        (signed_by_hand(to_payload(replace(wrong, event=EVENT)), STOLEN_KEY), stolen, Reason.KEY_COMPROMISED),
        (signed_by_hand(to_payload(replace(wrong, event=EVENT)), STOLEN_KEY), only_media, Reason.WRONG_CATEGORY),
        (signed_by_hand(to_payload(replace(wrong, event=EVENT, category=4)), STOLEN_KEY), only_media, Reason.EXPIRED),
        (sign1(to_payload(claims(serial=REVOKED_SERIAL, category=4)), key=STOLEN_KEY), only_media, Reason.REVOKED),
    ]
    for data, key, reason in steps:
        assert _refusal(as_text(data), keyset=keyset(keys=(key,)), now=late).reason is reason


# --- it never raises


def test_a_broken_caller_gets_a_refusal_too() -> None:
    """Fail closed: a time without a zone, or no text at all, admits nobody and stops no queue."""
    assert verify(GOOD, TRUST, NOON.replace(tzinfo=None)).reason is Reason.MALFORMED
    assert verify(None, TRUST, NOON).reason is Reason.MALFORMED
    assert verify(b"SEP1:", TRUST, NOON).reason is Reason.MALFORMED


def test_a_refusal_never_names_the_person() -> None:
    """The detail goes to logs: a stage and a field, no name and no serial."""
    for facts in (claims(event=1), claims(serial=REVOKED_SERIAL), claims(category=6)):
        detail = _refusal(encode_pass(facts, MEDIA_KEY)).detail
        assert facts.name not in detail
        assert facts.serial.hex() not in detail


def _changed_character_is_refused(at: int, other: str) -> None:
    at %= len(GOOD)
    changed = GOOD[:at] + other + GOOD[at + 1 :]
    answer = verify(changed, TRUST, NOON)
    assert answer == verify(GOOD, TRUST, NOON) if changed == GOOD else isinstance(answer, Rejected)


def _changed_byte_is_refused(at: int, flip: int) -> None:
    whole = bytearray(base45.b45decode(GOOD.removeprefix(PREFIX)))
    whole[at % len(whole)] ^= flip
    assert isinstance(verify(as_text(bytes(whole)), TRUST, NOON), Rejected)


def _is_refused(text: str) -> None:
    assert isinstance(verify(text, TRUST, NOON), Rejected)


_places = st.integers(0, 10_000)
_flips = st.integers(1, 255)
_letters = st.sampled_from(ALPHABET) | st.characters()
_bytes = st.binary(max_size=260)
_payloads = st.binary(max_size=80)


@FEW
@given(_places, _letters)
def test_any_changed_character_is_refused(at: int, other: str) -> None:
    """No character of a code can be another one."""
    _changed_character_is_refused(at, other)


@FEW
@given(_places, _flips)
def test_any_changed_byte_is_refused(at: int, flip: int) -> None:
    """No bit of a code can be another one."""
    _changed_byte_is_refused(at, flip)


@FEW
@given(st.text(max_size=420) | st.text(ALPHABET, max_size=400).map(PREFIX.__add__) | _bytes.map(as_text))
def test_no_text_makes_the_verifier_raise_or_admit(text: str) -> None:
    """Random text, random base45 and random bytes are refused with a reason."""
    _is_refused(text)


@FEW
@given(_payloads)
def test_no_signed_payload_makes_the_verifier_raise(payload: bytes) -> None:
    """Even our own key over random bytes gives a named refusal."""
    assert verify(as_text(signed_by_hand(payload, PASS_KEY)), TRUST, NOON).reason in Reason


@pytest.mark.soak
@settings(MANY)
@given(_places, _letters, _flips, _bytes, st.text(ALPHABET, max_size=400))
def test_nothing_slips_through_in_a_hundred_thousand_cases(
    at: int, other: str, flip: int, data: bytes, text: str
) -> None:
    """The same properties, for long."""
    _changed_character_is_refused(at, other)
    _changed_byte_is_refused(at, flip)
    _is_refused(as_text(data))
    _is_refused(PREFIX + text)
