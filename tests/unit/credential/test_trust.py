"""Keys: what the root signs, how keys are asked for and change, and that nothing goes back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from credential_issuer import (
    EVENT,
    FEW,
    LEAK,
    LIST_KEY,
    NOON,
    PASS_KEY,
    ROOT,
    SPRING,
    STOLEN_KEY,
    STRANGER_KEY,
    WINTER,
    entry,
    keyset,
    make_key,
    revocations,
    signed_by_hand,
)
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential import cbor
from accredit.credential.claims import Rejected
from accredit.credential.cose import sign1
from accredit.credential.key_requests import (
    KeyRequest,
    RequestRefused,
    entry_for,
    import_faults,
    make_request,
    next_keyset,
    read_request,
)
from accredit.credential.keysets import KeyRole, KeySet, KeyStatus, keyset_to_payload
from accredit.credential.reasons import Reason
from accredit.credential.signing import SigningKey, sign_bundle, sign_keyset, sign_revocations
from accredit.credential.trust import (
    TrustBundle,
    fingerprint,
    newer,
    open_keyset,
    open_signed,
    open_with_own_keyset,
)

SIGNED = sign_keyset(keyset(), ROOT)
WINDOW = {"issued_at": NOON, "next_update": NOON + timedelta(days=30), "demo": True}


# --- the signed set


def test_a_key_set_comes_back_as_it_was_signed() -> None:
    """Every field and key survives, whatever the order of the keys was."""
    shuffled = keyset(keys=keyset().keys[::-1])

    assert open_keyset(SIGNED, ROOT.public_bytes) == keyset() == shuffled
    assert sign_keyset(shuffled, ROOT) == SIGNED


def test_three_keys_take_little_room() -> None:
    """A key set travels with every bundle; three keys stay below 300 bytes."""
    assert len(sign_keyset(keyset(keys=keyset().keys[:3]), ROOT)) < 300


def test_only_the_enrolled_root_is_believed() -> None:
    """A key set of another root, or of one of our own keys, is refused by name."""
    other_root = make_key(0, KeyRole.ROOT, phrase="another root")
    by_list_key = sign1(keyset_to_payload(keyset()), key=LIST_KEY, content_type="keyset")

    assert open_keyset(sign_keyset(keyset(), other_root), ROOT.public_bytes).reason is Reason.BAD_SIGNATURE
    assert open_keyset(by_list_key, ROOT.public_bytes).reason is Reason.UNKNOWN_KEY
    assert open_keyset(sign1(b"", key=ROOT, content_type="bundle"), ROOT.public_bytes).reason is Reason.MALFORMED
    assert open_keyset(b"", ROOT.public_bytes).reason is Reason.MALFORMED


def _wire() -> dict[int, object]:
    return cbor.decode(keyset_to_payload(keyset()))


ODD_SETS = {
    "a field more": {**_wire(), 7: 0},
    "a field less": {key: value for key, value in _wire().items() if key != 5},
    "number zero": {**_wire(), 1: 0},
    "number is true": {**_wire(), 1: True},
    "keys out of order": {**_wire(), 6: _wire()[6][::-1]},
    "a kid twice": {**_wire(), 6: [_wire()[6][0]] * 2},
    "a key with kid 0": {**_wire(), 6: [[0, *_wire()[6][0][1:]]]},
    "a key with kid 255": {**_wire(), 6: [[255, *_wire()[6][0][1:]]]},
    "a root among the keys": {**_wire(), 6: [[1, "root", *_wire()[6][0][2:]]]},
    "an unknown role": {**_wire(), 6: [[1, "king", *_wire()[6][0][2:]]]},
    "a short public key": {**_wire(), 6: [[1, "pass", b"short", *_wire()[6][0][3:]]]},
    "categories out of order": {**_wire(), 6: [[*_wire()[6][0][:6], [5, 4], None]]},
    "categories as text": {**_wire(), 6: [[*_wire()[6][0][:6], ["4"], None]]},
    "active and compromised": {**_wire(), 6: [[*_wire()[6][0][:7], 1]]},
    "a key of seven fields": {**_wire(), 6: [_wire()[6][0][:7]]},
}


@pytest.mark.parametrize("wire", ODD_SETS.values(), ids=ODD_SETS.keys())
def test_a_signed_set_of_another_shape_is_malformed(wire: dict[int, object]) -> None:
    """Even under the root's signature, only the one right spelling of a key set is taken."""
    data = sign1(cbor.encode(wire), key=ROOT, content_type="keyset")
    assert open_keyset(data, ROOT.public_bytes).reason is Reason.MALFORMED


@FEW
@given(st.binary(max_size=200), st.integers(0, 2000), st.integers(1, 255))
def test_no_bytes_make_the_opening_raise(data: bytes, at: int, flip: int) -> None:
    """Random and damaged key sets are refused with a reason."""
    damaged = bytearray(SIGNED)
    damaged[at % len(damaged)] ^= flip
    by_root = sign1(data, key=ROOT, content_type="keyset")
    for odd in (data, bytes(damaged), by_root):
        assert isinstance(open_keyset(odd, ROOT.public_bytes), Rejected)


def test_key_sets_never_go_back() -> None:
    """A smaller number, another content under one number, or another event's set is not taken."""
    held = keyset()

    assert newer(None, held) == held
    assert newer(held, held) == held
    assert newer(held, keyset(number=4)).number == 4
    assert newer(held, keyset(number=2)).reason is Reason.STALE_LIST
    assert newer(held, keyset(keys=held.keys[:1])).reason is Reason.STALE_LIST
    assert newer(held, keyset(number=4, event=27)).reason is Reason.WRONG_EVENT
    assert newer(held, keyset(number=4, demo=False)).reason is Reason.WRONG_EVENT


def test_a_trust_bundle_is_of_one_event() -> None:
    """Keys and lists of two events, or a delta in place of a list, are a mistake of the program."""
    with pytest.raises(ValueError, match="another event"):
        TrustBundle(27, keyset())
    with pytest.raises(ValueError, match="another event"):
        TrustBundle(EVENT, keyset(), revocations(event=27))
    with pytest.raises(ValueError, match="delta"):
        TrustBundle(EVENT, keyset(), revocations(base=6))


def test_a_fingerprint_can_be_read_aloud() -> None:
    """Five groups of four, the same for the same key."""
    assert len(fingerprint(ROOT.public_bytes).split()) == 5
    assert fingerprint(ROOT.public_bytes) != fingerprint(PASS_KEY.public_bytes)


# --- what other keys sign


def test_a_bundle_opens_under_the_list_key_only() -> None:
    """Role, signature and content type must all agree."""
    good = sign_bundle(b"bundle", LIST_KEY)

    assert open_signed(good, keyset(), content_type="bundle").payload == b"bundle"
    assert open_signed(good, keyset(), content_type="revocations").reason is Reason.MALFORMED
    by_pass_key = sign1(b"bundle", key=PASS_KEY, content_type="bundle")
    assert open_signed(by_pass_key, keyset(), content_type="bundle").reason is Reason.UNKNOWN_KEY
    forged = signed_by_hand(b"bundle", STRANGER_KEY, header={1: -19, 3: "bundle", 4: b"\x02"})
    assert open_signed(forged, keyset(), content_type="bundle").reason is Reason.BAD_SIGNATURE


@pytest.mark.parametrize("since", [None, NOON + timedelta(days=1)])
def test_a_compromised_list_key_opens_nothing(since: object) -> None:
    """A list's date is its signer's word, so a time of compromise does not save it."""
    withdrawn = entry(LIST_KEY, status=KeyStatus.COMPROMISED, compromised_at=since)
    answer = open_signed(sign_bundle(b"", LIST_KEY), keyset(keys=(withdrawn,)), content_type="bundle")
    assert answer.reason is Reason.KEY_COMPROMISED


def _inside(payload: bytes) -> bytes:
    value = cbor.decode(payload)
    if not isinstance(value, dict) or not isinstance(value.get(1), bytes):
        raise ValueError("no key set inside")
    return value[1]


def _bundle(inner: bytes, key: SigningKey = LIST_KEY) -> bytes:
    return sign_bundle(cbor.encode({1: inner}), key)


def _open(data: bytes, known: KeySet | None = None) -> object:
    return open_with_own_keyset(data, ROOT.public_bytes, known, content_type="bundle", keyset_in=_inside)


def test_a_bundle_may_bring_the_keys_it_is_signed_under() -> None:
    """After a rotation the new list key is known from the root's word inside the bundle."""
    next_list_key = make_key(9, KeyRole.LIST)
    rotated = keyset(number=4, keys=(*keyset().keys, entry(next_list_key)))
    data = _bundle(sign_keyset(rotated, ROOT), next_list_key)

    opened = _open(data, keyset())
    assert opened[0] == rotated
    assert _inside(opened[1]) == sign_keyset(rotated, ROOT)


def test_a_bundle_cannot_bring_keys_of_its_own() -> None:
    """Without the root's signature, with an older key set, or signed by a key outside it, a bundle is refused."""
    own = keyset(keys=(entry(make_key(9, KeyRole.LIST)),))
    unsigned = sign1(keyset_to_payload(own), key=make_key(0, KeyRole.ROOT, phrase="own"), content_type="keyset")

    assert _open(_bundle(unsigned, make_key(9, KeyRole.LIST))).reason is Reason.BAD_SIGNATURE
    assert _open(_bundle(SIGNED, make_key(9, KeyRole.LIST))).reason is Reason.UNKNOWN_KEY
    assert _open(_bundle(SIGNED), keyset(number=4)).reason is Reason.STALE_LIST
    assert _open(sign_bundle(b"\xff", LIST_KEY)).reason is Reason.MALFORMED
    assert _open(_bundle(SIGNED)[:-1]).reason is Reason.MALFORMED


# --- private keys


def test_a_private_key_survives_its_text() -> None:
    """Role, number, secret and the demo mark are kept."""
    for key in (ROOT, PASS_KEY, LIST_KEY):
        again = SigningKey.from_text(key.to_text())
        assert (again, again.public_bytes) == (key, key.public_bytes)
    assert "demo yes" in ROOT.to_text()
    assert "demo" not in PASS_KEY.to_text()


def test_a_private_key_never_shows_its_secret() -> None:
    """What ends in a log or a traceback tells nothing."""
    secret = PASS_KEY.to_text().split("secret ")[1].split()[0]
    assert secret not in repr(PASS_KEY)
    with pytest.raises(ValueError, match="secret") as caught:
        SigningKey.from_text(PASS_KEY.to_text().replace(secret, secret[:-4]))
    assert secret[:20] not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("accredit private key", "another title"),
        ("role pass", "role king"),
        ("role pass", "role root"),
        ("role pass\n", ""),
        ("kid 1", "kid one"),
        ("kid 1", "kid 0"),
        ("kid 1", "kid 255"),
        ("kid 1", "kid 1\nkid 1"),
        ("kid 1", "kid 1\ncolour blue"),
    ],
)
def test_a_damaged_key_file_is_refused(old: str, new: str) -> None:
    """A key file that was edited names its line instead of becoming another key."""
    with pytest.raises(ValueError, match=r"role|kid|line"):
        SigningKey.from_text(PASS_KEY.to_text().replace(old, new))


def test_each_key_signs_only_what_its_role_allows() -> None:
    """A caller that takes the wrong key finds out before anything is signed."""
    with pytest.raises(ValueError, match="root"):
        sign_keyset(keyset(), PASS_KEY)
    with pytest.raises(ValueError, match="list"):
        sign_bundle(b"", PASS_KEY)
    with pytest.raises(ValueError, match="list"):
        sign_revocations(revocations(), ROOT)
    with pytest.raises(ValueError, match="demo"):
        sign_keyset(keyset(demo=False), ROOT)


# --- asking for keys


def _request(*keys: SigningKey) -> KeyRequest:
    entries = [entry_for(key, not_before=SPRING, not_after=WINTER) for key in keys]
    return read_request(make_request(EVENT, entries))


def test_a_request_survives_its_text_and_holds_no_secret() -> None:
    """The custodian reads what is asked; the file may lie anywhere."""
    entries = [
        entry_for(PASS_KEY, not_before=SPRING, not_after=WINTER, categories=frozenset({4, 11})),
        entry_for(LIST_KEY, not_before=SPRING, not_after=WINTER),
    ]
    text = make_request(EVENT, entries)

    assert read_request(text) == KeyRequest(EVENT, tuple(entries))
    assert '"role": "pass"' in text
    assert PASS_KEY.to_text().split("secret ")[1].strip() not in text


ROW = json.loads(make_request(EVENT, [entry(PASS_KEY)]))["keys"][0]


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        {"kind": "accredit key request", "event": EVENT, "keys": []},
        {"kind": "a poem", "event": EVENT, "keys": [ROW]},
        *(
            {"kind": "accredit key request", "event": EVENT, "keys": [{**ROW, **change}]}
            for change in (
                {"kid": "1"},
                {"kid": 0},
                {"role": "root"},
                {"role": None},
                {"public_key": "AAAA"},
                {"public_key": "not base64"},
                {"not_after": "tomorrow"},
                {"not_after": "2017-01-01T00:00:00"},
                {"not_after": "2016-01-01T00:00:00Z"},
                {"categories": 4},
                {"categories": ["4"]},
            )
        ),
        {"kind": "accredit key request", "event": EVENT, "keys": [{}]},
        {"kind": "accredit key request", "event": EVENT, "keys": ["key"]},
    ],
    ids=lambda document: json.dumps(document)[-60:],
)
def test_a_request_of_another_shape_is_refused_in_a_sentence(document: object) -> None:
    """What is wrong with a request is said to the person who carries the file."""
    answer = read_request(json.dumps(document))
    assert isinstance(answer, RequestRefused)
    assert answer.message.endswith(".")


def test_what_is_no_json_is_refused_in_a_sentence() -> None:
    """The wrong file on the stick is told apart from a broken request."""
    assert "not JSON" in read_request(SIGNED.hex()).message
    assert isinstance(read_request("[" * 100_000), RequestRefused)


def test_the_first_key_set_comes_from_the_first_request() -> None:
    """Request, signature and import fit together, and the server can check what it got."""
    made = next_keyset(None, _request(PASS_KEY, LIST_KEY), **WINDOW)
    opened = open_keyset(sign_keyset(made, ROOT), ROOT.public_bytes)

    assert (opened.number, opened.event, opened.demo) == (1, EVENT, True)
    assert import_faults(opened, [PASS_KEY, LIST_KEY]) == ()


def test_a_rotation_keeps_the_old_key_for_verifying() -> None:
    """The next set holds both; the retired key signs no more and stays until its end."""
    first = next_keyset(None, _request(PASS_KEY, LIST_KEY), **WINDOW)
    second = next_keyset(first, _request(make_key(10)), retire=[PASS_KEY.kid], **WINDOW)

    assert second.number == 2
    assert second.find(PASS_KEY.kid, KeyRole.PASS).status is KeyStatus.RETIRED
    assert second.find(10, KeyRole.PASS).status is KeyStatus.ACTIVE
    assert len(import_faults(second, [PASS_KEY, LIST_KEY])) == 1


def test_a_compromise_only_ever_widens() -> None:
    """A withdrawn key never comes back, neither by a request nor by a later time of compromise."""
    first = next_keyset(None, _request(PASS_KEY, LIST_KEY), **WINDOW)
    since = next_keyset(first, None, compromise={PASS_KEY.kid: LEAK}, **WINDOW)
    later = next_keyset(since, _request(PASS_KEY), compromise={PASS_KEY.kid: LEAK + timedelta(days=1)}, **WINDOW)
    whole = next_keyset(later, None, compromise={PASS_KEY.kid: None}, **WINDOW)
    again = next_keyset(whole, _request(PASS_KEY), compromise={PASS_KEY.kid: LEAK}, retire=[PASS_KEY.kid], **WINDOW)

    found = [held.find(PASS_KEY.kid, KeyRole.PASS) for held in (since, later, whole, again)]
    assert {key.status for key in found} == {KeyStatus.COMPROMISED}
    assert [key.compromised_at for key in found] == [LEAK, LEAK, None, None]


def test_a_kid_is_never_given_to_another_key() -> None:
    """A number that once stood for a key stands for it until the event is over."""
    first = next_keyset(None, _request(PASS_KEY, LIST_KEY), **WINDOW)

    for taken in (make_key(1, phrase="another"), make_key(1, KeyRole.LIST)):
        assert isinstance(next_keyset(first, _request(taken), **WINDOW), RequestRefused)


@pytest.mark.parametrize(
    ("previous", "request_", "changes"),
    [
        (None, None, {}),
        (keyset(), KeyRequest(27, (entry(make_key(10)),)), {}),
        (keyset(), None, {"demo": False}),
        (keyset(), None, {"retire": [99]}),
        (keyset(), None, {"compromise": {99: None}}),
        (keyset(), KeyRequest(EVENT, (entry(PASS_KEY, kid=10),)), {}),
    ],
    ids=[
        "nothing to sign",
        "another event",
        "real root, demo keys",
        "retire unknown",
        "withdraw unknown",
        "one key twice",
    ],
)
def test_what_cannot_be_signed_is_refused_in_a_sentence(
    previous: KeySet | None, request_: KeyRequest | None, changes: dict[str, object]
) -> None:
    """The custodian learns which key or file is at fault."""
    answer = next_keyset(previous, request_, **{**WINDOW, **changes})
    assert isinstance(answer, RequestRefused)
    assert answer.message.endswith(".")


def test_an_import_names_the_keys_that_are_missing() -> None:
    """A server does not start to sign with keys that no gate will know."""
    faults = import_faults(keyset(), [make_key(1, phrase="another"), LIST_KEY, STOLEN_KEY])
    assert len(faults) == 2
    assert "pass key 1" in faults[0]
    assert "no active pass key" in faults[1]
