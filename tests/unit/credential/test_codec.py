"""The text of a code: what goes in comes out, in one spelling, in a QR of version 8-M."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import base45
import pytest
from credential_issuer import (
    EVENT,
    FEW,
    LIST_KEY,
    NOON,
    PASS_KEY,
    ROOT,
    any_claims,
    as_text,
    claims,
    trust,
)
from hypothesis import example, given
from hypothesis import strategies as st

from accredit.credential import codec
from accredit.credential.claims import Claims, ClaimsError, Rejected, cut_name, from_payload, to_payload
from accredit.credential.codec import MAX_BYTES, PREFIX, encode_pass, read_text
from accredit.credential.cose import sign1
from accredit.credential.reasons import Reason
from accredit.credential.verifying import verify

QR_8M_CHARACTERS = 221  # alphanumeric capacity, ISO/IEC 18004 table 7


def _decoded(text: str) -> Claims:
    return read_text(text).claims()


@FEW
@given(any_claims)
def test_decoding_undoes_encoding(facts: Claims) -> None:
    """Every fact of a pass is read back as it was written, and equal facts give an equal code."""
    text = encode_pass(facts, PASS_KEY)

    assert _decoded(text) == facts
    assert encode_pass(_decoded(text), PASS_KEY) == text
    assert len(text) <= QR_8M_CHARACTERS


def test_the_largest_pass_fills_the_qr_exactly() -> None:
    """A name of 27 bytes with 32 grants and a document tag takes 144 bytes, the most that version 8-M holds."""
    text = encode_pass(claims(name="X" * 27, category=11, grants=0xFFFF_FFFF), PASS_KEY)

    assert len(base45.b45decode(text.removeprefix(PREFIX))) == MAX_BYTES
    assert len(text) == QR_8M_CHARACTERS


@pytest.mark.parametrize(("event", "category"), [(255, 12), (256, 11), (65535, 127)])
def test_large_numbers_take_their_room_from_the_name(event: int, category: int) -> None:
    """A high event or category number never makes a code too large, and nobody is left without one."""
    large = claims(event=event, category=category, grants=0xFFFF_FFFF, name="X" * 27)

    text = encode_pass(large, PASS_KEY)

    assert len(base45.b45decode(text.removeprefix(PREFIX))) <= MAX_BYTES
    assert _decoded(text).name in {"X" * 25, "X" * 26}
    assert _decoded(text).category == category


@pytest.mark.parametrize("key", [LIST_KEY, ROOT])
def test_only_a_pass_key_signs_passes(key: object) -> None:
    """A key of another role is a mistake of the caller, found before anything is signed."""
    with pytest.raises(ValueError, match="signs no passes"):
        encode_pass(claims(), key)


@pytest.mark.parametrize("around", ["{}\r\n", " {} ", "\t{}\n", "{}"])
def test_what_a_reader_puts_around_the_text_is_dropped(around: str) -> None:
    """Line ends and spaces come from the reader, not from the badge."""
    assert _decoded(around.format(encode_pass(claims(), PASS_KEY))) == claims()


GOOD = encode_pass(claims(), PASS_KEY)
REFUSED = {
    "nothing": "",
    "the prefix alone": PREFIX,
    "no prefix": GOOD.removeprefix(PREFIX),
    "the prefix of the study": GOOD.replace("SEP1:", "UN1:"),
    "a later version": GOOD.replace("SEP1:", "SEP2:"),
    "small letters": GOOD.lower(),
    "the prefix twice": PREFIX + GOOD,
    "one character lost": GOOD[:-1],
    "one character more": GOOD + "0",
    "a character outside base45": GOOD[:-1] + "_",
    "a line end inside": GOOD[:40] + "\n" + GOOD[40:],
    "no-break space after": GOOD + "\u00a0",
    "a byte after the end": as_text(sign1(to_payload(claims()), key=PASS_KEY) + b"\0"),
    "three characters above 65535": PREFIX + ":::",
    "half a character": GOOD + "\ud800",
    "a short code": "00000J2PBQ",
    "longer than 400": PREFIX + "0" * 396,
    "a good code in a long text": GOOD + " " * 400,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_another_text_is_malformed(text: str) -> None:
    """A code has one spelling; everything else is malformed before any key is looked up."""
    answer = read_text(text)

    assert isinstance(answer, Rejected)
    assert answer.reason is Reason.MALFORMED
    assert answer.claims is None


def test_a_confirmation_is_told_apart() -> None:
    """The applicant who shows the confirmation instead of the pass is sent to the desk, not called a forger."""
    assert read_text("SEC1:K7QF-22XM").reason is Reason.CONFIRMATION_NOT_PASS


def test_a_list_shown_as_a_pass_is_malformed() -> None:
    """What carries a content type is no pass, whoever signed it."""
    assert (
        read_text(as_text(sign1(to_payload(claims()), key=PASS_KEY, content_type="revocations"))).reason
        is Reason.MALFORMED
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"serial": b"1234"},
        {"document_tag": b"ab"},
        {"category": 128},
        {"category": -1},
        {"event": 65536},
        {"grants": 2**32},
        {"name": "X" * 28},
        {"name": "É" * 14},
        {"name": "A\u202eB"},
        {"name": "E\u0301"},
        {"expires": claims().not_before},
        {"not_before": claims().not_before.replace(tzinfo=None)},
        {"expires": claims().expires.replace(year=2107)},
    ],
    ids=str,
)
def test_claims_keep_their_rules(broken: dict[str, object]) -> None:
    """Facts that the format cannot carry are refused when they are put together, not when they are read."""
    with pytest.raises(ValueError, match=r".+"):
        claims(**broken)


def test_an_error_of_claims_never_quotes_them() -> None:
    """A log of the issuer's mistakes holds no names."""
    with pytest.raises(ClaimsError) as caught:
        claims(name="OKONKWO\u202eAMELIE")
    assert "OKONKWO" not in str(caught.value)


@given(st.text(max_size=60))
@example("  Ÿ" * 20)
@example("MÜLLER\u200d-\u00adLÜDENSCHEIDT ANNA")
@example("0 \x1b\r0")
def test_any_name_can_be_cut_to_fit(name: str) -> None:
    """A cut name is never longer than 27 bytes, never ends inside a character, and is accepted in claims."""
    cut = cut_name(name)

    assert len(cut.encode()) <= 27
    assert claims(name=cut).name == cut
    assert cut_name(cut) == cut


def test_a_name_is_cut_at_a_character() -> None:
    """27 bytes hold thirteen letters of two bytes, not thirteen and a half."""
    assert cut_name("É" * 20) == "É" * 13
    assert cut_name("GARCIA  MARQUEZ\tGABRIEL JOSE DE LA CONCORDIA") == "GARCIA MARQUEZ GABRIEL JOSE"


def test_times_are_kept_to_the_second() -> None:
    """A pass made at some microsecond reads back equal to itself."""
    odd = claims(not_before=claims().not_before.replace(microsecond=999_999))

    assert odd == claims()
    assert _decoded(encode_pass(odd, PASS_KEY)) == odd
    assert odd.event == EVENT


def test_base45_is_that_of_the_rfc(shared_data: Path) -> None:
    """The package reads and writes the examples of RFC 9285 and refuses what overflows."""
    examples = json.loads((shared_data / "credential/base45/rfc9285_examples.json").read_text())

    for plain, text in examples["encode"]:
        assert base45.b45encode(plain.encode()).decode() == text
    for text, plain in examples["decode"]:
        assert base45.b45decode(text) == plain.encode()
    for text in examples["must_reject"]:
        with pytest.raises(ValueError, match="base45"):
            base45.b45decode(text)


def test_older_formats_are_read_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second prefix brings its own reader of claims; what was printed under the first stays good."""
    older = {PREFIX: from_payload, "SEP0:": lambda payload: replace(from_payload(payload), name="FROM THE OLD ONE")}
    monkeypatch.setattr(codec, "FORMATS", older)

    assert verify(GOOD.replace(PREFIX, "SEP0:"), trust(), NOON).claims.name == "FROM THE OLD ONE"
    assert verify(GOOD, trust(), NOON).claims == claims()
    assert verify(GOOD.replace(PREFIX, "SEP9:"), trust(), NOON).reason is Reason.MALFORMED
