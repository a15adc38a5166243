"""COSE_Sign1: the narrow profile, against published vectors where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from credential_issuer import LIST_KEY, PASS_KEY, STRANGER_KEY, signed_by_hand

from accredit.credential import cbor
from accredit.credential.cose import CoseError, open1, parse1, sign1, signature_holds, to_be_signed
from accredit.credential.device_keys import DeviceKey, open_batch
from accredit.credential.reasons import Reason

DEVICE = DeviceKey.generate(lambda size: bytes(range(size)))


def _published(folder: Path) -> list[dict[str, object]]:
    names = sorted((folder / "credential" / "cose-wg-examples").glob("*/*.json"))
    return [json.loads(name.read_text()) for name in names]


def test_a_signed_payload_opens_under_its_key_and_content_type() -> None:
    """What was signed comes back, under the same key and as the same kind of thing only."""
    data = sign1(b"payload", key=LIST_KEY, content_type="bundle")

    assert open1(data, public_key=LIST_KEY.public_bytes, content_type="bundle") == b"payload"
    assert open1(data, public_key=STRANGER_KEY.public_bytes, content_type="bundle") is None
    for other in (None, "keyset", "revocations", "device", "scans"):
        assert open1(data, public_key=LIST_KEY.public_bytes, content_type=other) is None


def test_the_same_payload_is_always_signed_in_the_same_bytes() -> None:
    """Ed25519 and the encoding are deterministic: a reprint carries the same code."""
    assert sign1(b"payload", key=PASS_KEY) == sign1(b"payload", key=PASS_KEY)


def test_an_unknown_content_type_is_not_signed() -> None:
    """The kinds of signed things are a closed list."""
    with pytest.raises(ValueError, match="content type"):
        sign1(b"payload", key=PASS_KEY, content_type="poem")


ODD = {
    "kid in the unprotected header": signed_by_hand(b"", PASS_KEY, header={1: -19}, unprotected={4: b"\x01"}),
    "alg in the unprotected header": signed_by_hand(b"", PASS_KEY, header={4: b"\x01"}, unprotected={1: -19}),
    "something in the unprotected header": signed_by_hand(b"", PASS_KEY, unprotected={99: 0}),
    "unprotected is an array": signed_by_hand(b"", PASS_KEY, unprotected=[]),
    "alg -8, the old EdDSA": signed_by_hand(b"", PASS_KEY, header={1: -8, 4: b"\x01"}),
    "alg -7, ECDSA": signed_by_hand(b"", PASS_KEY, header={1: -7, 4: b"\x01"}),
    "alg as text": signed_by_hand(b"", PASS_KEY, header={1: "Ed25519", 4: b"\x01"}),
    "kid of two bytes": signed_by_hand(b"", PASS_KEY, header={1: -19, 4: b"\x00\x01"}),
    "kid as a number": signed_by_hand(b"", PASS_KEY, header={1: -19, 4: 1}),
    "one header more": signed_by_hand(b"", PASS_KEY, header={1: -19, 2: [1], 4: b"\x01"}),
    "three items": cbor.encode([cbor.encode({1: -19, 4: b"\x01"}), {}, b""]),
    "five items": cbor.encode([cbor.encode({1: -19, 4: b"\x01"}), {}, b"", bytes(64), 0]),
    "no payload": cbor.encode([cbor.encode({1: -19, 4: b"\x01"}), {}, None, bytes(64)]),
    "signature of 63 bytes": cbor.encode([cbor.encode({1: -19, 4: b"\x01"}), {}, b"", bytes(63)]),
    "protected header is no CBOR": cbor.encode([b"\xff", {}, b"", bytes(64)]),
    "protected header is an array": cbor.encode([b"\x80", {}, b"", bytes(64)]),
    "protected header is empty": cbor.encode([b"", {}, b"", bytes(64)]),
    "tag 18": b"\xd2" + sign1(b"", key=PASS_KEY),
    "a map": cbor.encode({}),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD.keys())
def test_another_shape_is_refused_even_if_the_signature_holds(data: bytes) -> None:
    """The profile is one shape; a true signature over another one opens nothing."""
    with pytest.raises(CoseError):
        parse1(data)


def test_a_batch_of_scans_opens_under_its_own_device_only() -> None:
    """An upload is believed where the enrolled device signed it, and answers with a reason otherwise."""
    batch = DEVICE.sign_batch(b"scans")
    other = DeviceKey.from_bytes(bytes(32))

    assert open_batch(batch, DEVICE.public_bytes) == b"scans"
    assert open_batch(batch, other.public_bytes).reason is Reason.BAD_SIGNATURE
    assert open_batch(batch[:-1], DEVICE.public_bytes).reason is Reason.MALFORMED
    assert (
        open_batch(sign1(b"scans", key=PASS_KEY, content_type="scans"), DEVICE.public_bytes).reason
        is Reason.UNKNOWN_KEY
    )


def test_a_device_key_never_shows_its_secret() -> None:
    """What ends in a log or a traceback tells nothing."""
    assert DEVICE.private_bytes.hex() not in repr(DEVICE)
    assert str(DEVICE.private_bytes) not in repr(DEVICE)


def test_every_published_ed25519_signature_is_judged_as_published(shared_data: Path) -> None:
    """All 151 Wycheproof cases, malleable and truncated signatures among them."""
    groups = json.loads((shared_data / "credential/wycheproof/ed25519_test.json").read_text())["testGroups"]
    cases = [(group["publicKey"]["pk"], case) for group in groups for case in group["tests"]]

    wrong = [
        case["tcId"]
        for public, case in cases
        if signature_holds(bytes.fromhex(public), bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
        is not (case["result"] == "valid")
    ]

    assert len(cases) == 151
    assert wrong == []


def test_the_signed_structure_is_that_of_the_working_group(shared_data: Path) -> None:
    """Where an example signs one header and payload without external data, our bytes to be signed are theirs."""
    checked = 0
    for example in _published(shared_data):
        outer = example["input"].get("sign0", {})
        if not outer or "external" in outer or "failures" in example["input"] or "sign-pass-01" in example["title"]:
            continue
        protected, _, payload, _ = cbor.decode(bytes.fromhex(example["output"]["cbor"]).removeprefix(b"\xd2"))
        assert to_be_signed(protected, payload).hex().upper() == example["intermediates"]["ToBeSign_hex"].upper()
        checked += 1
    assert checked >= 5


def test_no_published_example_passes_for_one_of_ours(shared_data: Path) -> None:
    """Other algorithms, tags and unsigned key names are refused, the good examples as well as the broken ones."""
    for example in _published(shared_data):
        whole = bytes.fromhex(example["output"]["cbor"])
        for data in (whole, whole.removeprefix(b"\xd2")):
            with pytest.raises(CoseError):
                parse1(data)


def test_the_published_ed25519_example_holds(shared_data: Path) -> None:
    """The working group's own Ed25519 signature verifies over our structure."""
    example = json.loads((shared_data / "credential/cose-wg-examples/eddsa-examples/eddsa-sig-01.json").read_text())
    protected, _, payload, signature = cbor.decode(bytes.fromhex(example["output"]["cbor"])[1:])
    public = bytes.fromhex(example["input"]["sign0"]["key"]["x_hex"])

    assert signature_holds(public, signature, to_be_signed(protected, payload))
    assert not signature_holds(public, signature, to_be_signed(protected, payload + b"."))
