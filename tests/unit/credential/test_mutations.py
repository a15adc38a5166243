"""Codes broken at random: refused with a reason, never with an exception, and what is accepted has one spelling.

`verify` turns any surprise into malformed, so these tests go below it: a surprise there is a defect all the same.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import base45
import pytest
from credential_issuer import NOON, PASS_KEY, as_text, claims, signed_by_hand, trust

from accredit.credential.claims import Claims, Rejected, to_payload
from accredit.credential.codec import PREFIX, encode_pass
from accredit.credential.reasons import Reason
from accredit.credential.verifying import Verified, _verify, verify

TRUST = trust()
GOLDEN = json.loads((Path(__file__).parent / "golden" / "passes.json").read_text())["passes"]
SEEDS = [row["text"] for row in GOLDEN if row["text"].startswith(PREFIX)]
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def _broken_bytes(data: bytes, draw: random.Random) -> bytes:
    """One to three changes: a bit, a byte more or less, a piece twice, moved or cut, another code's tail."""
    out = bytearray(data)
    for _ in range(draw.randint(1, 3)):
        at, length = draw.randrange(len(out) + 1), draw.randint(1, 8)
        match draw.randrange(6):
            case 0 if out:
                out[at % len(out)] ^= 1 << draw.randrange(8)
            case 1:
                out[at:at] = draw.randbytes(length)
            case 2:
                del out[at : at + length]
            case 3:
                out[at:at] = out[:length]
            case 4 if out:
                out[at % len(out)] = draw.randrange(256)
            case _:
                out = out[:at]
    return bytes(out)


def _broken_text(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) + 1)
    other = draw.choice(ALPHABET) if draw.random() < 0.8 else chr(draw.randrange(0x20, 0x3000))
    return draw.choice([text[:at] + other + text[at + 1 :], text[:at] + other + text[at:], text[:at] + text[at + 1 :]])


def _mutated(draw: random.Random) -> str:
    text = draw.choice(SEEDS)
    try:
        data = base45.b45decode(text.removeprefix(PREFIX))
    except ValueError:
        return _broken_text(text, draw)
    match draw.randrange(3):
        case 0:
            return _broken_text(text, draw)
        case 1:
            return as_text(_broken_bytes(data, draw))
        case _:  # our own key over a broken payload: what only a faulty issuer could write
            return as_text(signed_by_hand(_broken_bytes(to_payload(claims()), draw), PASS_KEY))


def _judged(text: str) -> None:
    answer = _verify(text, TRUST, NOON)
    assert answer == verify(text, TRUST, NOON)
    if isinstance(answer, Rejected):
        assert answer.reason in Reason
        return
    assert isinstance(answer, Verified)
    _has_one_spelling(text, answer.claims)


def _has_one_spelling(text: str, facts: Claims) -> None:
    """What was accepted is what the issuer writes for these claims, to the last character."""
    assert text.strip(" \t\r\n") in {encode_pass(facts, PASS_KEY), *SEEDS}


def _run(seed: int, count: int) -> None:
    draw = random.Random(seed)
    for _ in range(count):
        _judged(_mutated(draw))


def test_mutated_codes_are_refused_without_a_surprise() -> None:
    """A few thousand, at each run."""
    _run(1, 3_000)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_thousand_mutated_codes_are_refused_without_a_surprise(seed: int) -> None:
    """No exception, bare or past the verifier, and every accepted code re-encodes to itself."""
    _run(seed + 100, 50_000)


def test_the_seeds_hold_good_codes() -> None:
    """Broken from good ones, or the test would only ever see noise."""
    accepted = [text for text in SEEDS if isinstance(verify(text, TRUST, NOON), Verified)]
    assert len(accepted) >= 5
