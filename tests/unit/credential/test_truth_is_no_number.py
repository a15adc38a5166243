"""CBOR true is not 1: nowhere in a key set, a list or a request, though Python takes one for the other."""

from __future__ import annotations

import json

import pytest
from credential_issuer import EVENT, LIST_KEY, PASS_KEY, ROOT, entry, keyset, revocations

from accredit.credential import cbor
from accredit.credential.cose import sign1
from accredit.credential.key_requests import RequestRefused, make_request, read_request
from accredit.credential.keysets import keyset_to_payload, open_keyset
from accredit.credential.reasons import Reason
from accredit.credential.revocation import open_revocations
from accredit.credential.revocation import to_payload as list_to_payload

SET = cbor.decode(keyset_to_payload(keyset(number=1, keys=(entry(PASS_KEY, categories=frozenset({1})),))))
LIST = cbor.decode(list_to_payload(revocations(number=2, base=1, kids=frozenset({1}))))


def _key_with(at: int, value: object) -> dict[int, object]:
    key = list(SET[6][0])
    key[at] = value
    return {**SET, 6: [key]}


@pytest.mark.parametrize(
    "wire",
    [
        {**SET, 1: True},
        {**SET, 2: True},
        {**SET, 4: True},
        {**SET, 5: 1},
        _key_with(0, True),
        _key_with(4, True),
        _key_with(6, [True]),
        _key_with(6, True),
        _key_with(7, False),
    ],
    ids=["number", "issued at", "event", "demo is 1", "kid", "not before", "category", "categories", "compromised at"],
)
def test_a_key_set_takes_no_truth_value_for_a_number(wire: dict[int, object]) -> None:
    """Even the root's signature makes no key set of it."""
    data = sign1(cbor.encode(wire), key=ROOT, content_type="keyset")
    assert open_keyset(data, ROOT.public_bytes).reason is Reason.MALFORMED


@pytest.mark.parametrize("field", [1, 2, 3, 4, 5], ids=["event", "number", "base", "issued at", "next update"])
def test_a_list_takes_no_truth_value_for_a_number(field: int) -> None:
    """Nor does a list key's."""
    data = sign1(cbor.encode({**LIST, field: True}), key=LIST_KEY, content_type="revocations")
    assert open_revocations(data, keyset()).reason is Reason.MALFORMED


def test_a_list_takes_no_truth_value_for_a_kid() -> None:
    """A withdrawn key is named by its number."""
    data = sign1(cbor.encode({**LIST, 8: [True]}), key=LIST_KEY, content_type="revocations")
    assert open_revocations(data, keyset()).reason is Reason.MALFORMED


@pytest.mark.parametrize(
    "change",
    [
        {"event": True},
        {"retire": [True]},
        {"retire": ["1"]},
        {"compromise": {"x": None}},
        {"compromise": {"1": 7}},
        {"compromise": {"1": "2017-10-11T14:05"}},
        {"compromise": []},
        {"keys": []},
    ],
    ids=["event", "retire", "retire text", "kid", "time", "no zone", "a list", "asks for nothing"],
)
def test_a_request_is_held_to_its_shape(change: dict[str, object]) -> None:
    """JSON true is no kid and no event, and a time has its zone."""
    document = json.loads(make_request(EVENT, [entry(PASS_KEY)]))
    assert not isinstance(read_request(json.dumps(document)), RequestRefused)
    assert isinstance(read_request(json.dumps({**document, **change})), RequestRefused)
