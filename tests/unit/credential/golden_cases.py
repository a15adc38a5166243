"""Writes `golden/passes.json`: codes with every intermediate form, the clock to judge them at, and the answer to expect.

Run by hand (`PYTHONPATH=. python tests/unit/credential/golden_cases.py`) when the format changes under a new prefix;
the tests only read the file, so that a change of the code cannot quietly change what it is held to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import base45
from credential_issuer import (
    LEAK,
    LEAKED_KEY,
    LIST_KEY,
    MEDIA_KEY,
    NOON,
    PASS_KEY,
    PHRASE,
    RETIRED_KEY,
    REVOKED_SERIAL,
    ROOT,
    STOLEN_KEY,
    STRANGER_KEY,
    as_text,
    claims,
    keyset,
    revocations,
    signed_by_hand,
)

from accredit.credential import cbor
from accredit.credential.claims import Claims, to_payload
from accredit.credential.codec import PREFIX, encode_pass
from accredit.credential.cose import parse1, sign1, to_be_signed
from accredit.credential.signing import SigningKey, sign_keyset, sign_revocations

FILE = Path(__file__).parent / "golden" / "passes.json"
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


@dataclass(frozen=True)
class Case:
    """One code to judge. `facts` and `key` only where the code is what the issuer itself writes for them."""

    name: str
    description: str
    text: str
    expect: str
    now: datetime = NOON
    facts: Claims | None = None
    key: SigningKey | None = None
    names_serial: bool = field(default=False)


def _issued(
    name: str, description: str, expect: str, /, *, key: SigningKey = PASS_KEY, now: datetime = NOON, **changes: object
) -> Case:
    facts = claims(**changes)
    return Case(
        name, description, encode_pass(facts, key), expect, now, facts, key, names_serial=expect != "unknown_key"
    )


def accepted() -> list[Case]:
    """Codes that the gate verifies."""
    longest = {"name": "X" * 27, "category": 11, "grants": 0xFFFF_FFFF}
    first, last = claims().not_before, claims().expires
    return [
        _issued("at the desk", "Printed at the pick-up, the passport seen.", "ok"),
        _issued(
            "printed ahead", "Printed before a document was seen: no tag.", "ok", printed_ahead=True, document_tag=None
        ),
        _issued("longest", "144 bytes, the most that a QR of version 8-M holds.", "ok", **longest),
        _issued("no name", "The smallest badge carries none.", "ok", name=""),
        _issued("letters beyond ASCII", "A name in UTF-8, NFC.", "ok", name="NGŨGĨ WA THIONG’O"),
        _issued("serial of 0xff", "High bytes survive.", "ok", serial=b"\xff" * 5),
        _issued("retired key", "A retired key verifies until its end.", "ok", key=RETIRED_KEY),
        _issued(
            "before the leak", "A compromised key's older pass.", "ok", key=LEAKED_KEY, not_before=LEAK - timedelta(1)
        ),
        _issued("own category", "A media key and a media pass.", "ok", key=MEDIA_KEY, category=4),
        _issued("early by 120 s", "Clocks may differ by two minutes.", "ok", now=first - timedelta(seconds=120)),
        _issued("late by 119 s", "And at the end.", "ok", now=last + timedelta(seconds=119)),
        Case(
            "wedge reader",
            "A reader adds a line end.",
            encode_pass(claims(), PASS_KEY) + "\r\n",
            "ok",
            names_serial=True,
        ),
    ]


def refused() -> list[Case]:
    """Signed passes that are refused for what they say."""
    first, last = claims().not_before, claims().expires
    return [
        _issued("stranger's key", "Well signed by nobody we know.", "unknown_key", key=STRANGER_KEY),
        _issued("another event", "Last year's badge.", "wrong_event", event=25),
        _issued("withdrawn key", "All passes of this key are void.", "key_compromised", key=STOLEN_KEY),
        _issued("at the leak", "Begins when the key was stolen.", "key_compromised", key=LEAKED_KEY, not_before=LEAK),
        _issued("another category", "A media key signs a delegate.", "wrong_category", key=MEDIA_KEY, category=6),
        _issued("early by 121 s", "Before it begins.", "not_yet_valid", now=first - timedelta(seconds=121)),
        _issued("late by 120 s", "After its end.", "expired", now=last + timedelta(seconds=120)),
        _issued("revoked", "On the list.", "revoked", serial=REVOKED_SERIAL),
    ]


def forged() -> list[Case]:
    """Codes that the issuer never writes."""
    payload, text = to_payload(claims()), encode_pass(claims(), PASS_KEY)
    whole = base45.b45decode(text.removeprefix(PREFIX))
    plain = cbor.decode(payload)
    scalar = int.from_bytes(whole[-32:], "little") + GROUP_ORDER
    codes: dict[str, tuple[str, bytes, str]] = {
        "signature flipped": ("One bit of the signature.", whole[:-1] + bytes([whole[-1] ^ 1]), "bad_signature"),
        "payload flipped": ("One bit of the grants.", whole.replace(b"\x0f\x43", b"\x0e\x43"), "bad_signature"),
        "S plus L": ("The second form of the signature.", whole[:-32] + scalar.to_bytes(32, "little"), "bad_signature"),
        "our kid, their key": (
            "Forged.",
            signed_by_hand(payload, STRANGER_KEY, header={1: -19, 4: b"\x01"}),
            "bad_signature",
        ),
        "list key": ("A list key signs a pass.", sign1(payload, key=LIST_KEY), "unknown_key"),
        "the root itself": ("Even the root signs no passes.", sign1(payload, key=ROOT), "unknown_key"),
        "trailing byte": ("After the array.", whole + b"\0", "malformed"),
        "short signature": ("63 bytes.", cbor.encode([*cbor.decode(whole)[:3], bytes(63)]), "malformed"),
        "kid unprotected": (
            "Unsigned kid.",
            signed_by_hand(payload, PASS_KEY, header={1: -19}, unprotected={4: b"\1"}),
            "malformed",
        ),
        "alg unprotected": (
            "Unsigned alg.",
            signed_by_hand(payload, PASS_KEY, header={4: b"\1"}, unprotected={1: -19}),
            "malformed",
        ),
        "alg -8": (
            "The older name of the algorithm.",
            signed_by_hand(payload, PASS_KEY, header={1: -8, 4: b"\1"}),
            "malformed",
        ),
        "content type": (
            "A list shown as a pass.",
            sign1(payload, key=PASS_KEY, content_type="revocations"),
            "malformed",
        ),
        "tag 18": ("Tagged COSE.", b"\xd2" + whole, "malformed"),
        "claim twice": (
            "Signed, with exp twice.",
            signed_by_hand(b"\xa5\x04\x00" + payload[1:], PASS_KEY),
            "malformed",
        ),
        "claim more": ("Signed, with iat.", signed_by_hand(cbor.encode({**plain, 6: 1}), PASS_KEY), "malformed"),
        "event is true": (
            "Signed, with a truth value for a number.",
            signed_by_hand(cbor.encode({**plain, -70001: [True, *plain[-70001][1:]]}), PASS_KEY),
            "malformed",
        ),
    }
    texts = {
        "confirmation": ("The applicant's confirmation.", "SEC1:K7QF22XM", "confirmation_not_pass"),
        "other prefix": ("The prefix of another format.", text.replace("SEP1:", "HC1:"), "malformed"),
        "small letters": ("A second spelling.", text.lower(), "malformed"),
        "web address": ("Somebody else's QR.", "https://example.org/ticket/1", "malformed"),
        "empty": ("Nothing was read.", "", "malformed"),
        "too long": ("401 characters.", PREFIX + "0" * 396, "malformed"),
        "overflow": ("Three characters above 65535.", PREFIX + ":::", "malformed"),
    }
    return [Case(name, about, as_text(data), expect) for name, (about, data, expect) in codes.items()] + [
        Case(name, about, shown, expect) for name, (about, shown, expect) in texts.items()
    ]


def as_json(case: Case) -> dict[str, object]:
    """The case as the file holds it."""
    row: dict[str, object] = {
        "name": case.name,
        "description": case.description,
        "now": case.now.isoformat(),
        "expect": case.expect,
        "names_serial": case.names_serial,
        "text": case.text,
    }
    if case.facts is None or case.key is None:
        return row
    envelope = parse1(base45.b45decode(case.text.removeprefix(PREFIX)))
    return row | {
        "kid": case.key.kid,
        "claims": {
            "serial": case.facts.serial.hex(),
            "event": case.facts.event,
            "category": case.facts.category,
            "printed_ahead": case.facts.printed_ahead,
            "grants": case.facts.grants,
            "document_tag": case.facts.document_tag and case.facts.document_tag.hex(),
            "name": case.facts.name,
            "not_before": case.facts.not_before.isoformat(),
            "expires": case.facts.expires.isoformat(),
        },
        "payload": envelope.payload.hex(),
        "to_be_signed": to_be_signed(envelope.protected, envelope.payload).hex(),
        "cose": base45.b45decode(case.text.removeprefix(PREFIX)).hex(),
    }


def main() -> None:
    """Write the file."""
    document = {
        "note": "TEST KEYS ONLY, derived from the phrase below; no pass is ever signed with them",
        "phrase": PHRASE,
        "root_public": ROOT.public_bytes.hex(),
        "keyset": sign_keyset(keyset(), ROOT).hex(),
        "revocations": sign_revocations(revocations(), LIST_KEY).hex(),
        "passes": [as_json(case) for case in (*accepted(), *refused(), *forged())],
    }
    FILE.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
