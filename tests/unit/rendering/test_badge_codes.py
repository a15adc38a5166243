"""QR and Code 128 as pictures."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from accredit.rendering.codes import (
    CodeImpossible,
    code128_bits,
    code128_png,
    code128_side,
    qr_level,
    qr_png,
    qr_side,
    qr_version,
)

LONGEST_CREDENTIAL = "SEP1:" + "Z9" * 108
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def _opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def _read(png: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(_opened(png))]


def test_the_longest_credential_fits_version_8() -> None:
    """221 characters, the prefix and 144 bytes in base45, take 49 modules and not more."""
    assert len(LONGEST_CREDENTIAL) == 221
    assert qr_version(LONGEST_CREDENTIAL) == 8
    assert _opened(qr_png(LONGEST_CREDENTIAL)).size == (57, 57) == (qr_side(8), qr_side(8))


def test_one_character_more_raises_the_version() -> None:
    """A longer text is drawn denser instead of being refused."""
    assert qr_version(LONGEST_CREDENTIAL + "A") == 9
    assert _opened(qr_png(LONGEST_CREDENTIAL + "A")).width == qr_side(9)


def test_the_error_level_rises_only_where_the_version_stays() -> None:
    """A credential with a name stays at M; what is short gets the better level for nothing."""
    assert qr_level(LONGEST_CREDENTIAL) == "M"
    assert qr_level("SEP1:" + "Z9" * 76) == "Q"
    assert qr_level("SEC1:K7QF22XM") == "H"
    assert _opened(qr_png("SEP1:" + "Z9" * 76)).width == 57


def test_short_text_keeps_the_fixed_version() -> None:
    """All badges look alike: a short code does not shrink the symbol."""
    assert _opened(qr_png("SEP1:A")).width == 57


@settings(max_examples=25, deadline=None)
@given(st.text(ALPHANUMERIC, min_size=1, max_size=221))
def test_any_credential_text_is_read_back(text: str) -> None:
    """What was encoded is what a reader reads, whatever the mask does to the pattern."""
    assert _read(qr_png(text, dots=4)) == [text]


def test_text_outside_the_alphanumeric_set_is_read_back() -> None:
    """A web address or a name in another script is written as UTF-8."""
    assert _read(qr_png("https://example.org/a?b=ü", dots=4)) == ["https://example.org/a?b=ü"]


def test_qr_is_one_bit_with_a_white_quiet_zone() -> None:
    """Two colours only, and four modules of white on each side."""
    picture = _opened(qr_png(LONGEST_CREDENTIAL, dots=7))
    assert picture.mode == "1"
    assert picture.size == (399, 399)
    dark = picture.convert("L").point(lambda value: 255 - value).getbbox()
    assert dark == (28, 28, 371, 371)


def test_the_same_text_gives_the_same_bytes() -> None:
    """Pictures can be compared and cached by their bytes."""
    assert qr_png(LONGEST_CREDENTIAL) == qr_png(LONGEST_CREDENTIAL)
    assert code128_png("7K3M9QXZ0") == code128_png("7K3M9QXZ0")


@pytest.mark.parametrize("text", ["", "A" * 5000])
def test_impossible_qr_is_refused_without_repeating_the_text(text: str) -> None:
    """The error says why; a credential must not end in a log."""
    with pytest.raises(CodeImpossible) as caught:
        qr_png(text)
    assert "AAAA" not in str(caught.value)


@pytest.mark.parametrize("text", ["7K3M9QXZ0", "00000000$", "ABCDEFGH~", "12345678*", "ZZZZZZZZ="])
def test_code128_is_read_back(text: str) -> None:
    """Short codes with every check character of Crockford base32 decode from the picture."""
    picture = _opened(code128_png(text, dots=3, height=20))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text]
    assert picture.width == 3 * code128_side(text)


@settings(max_examples=150, deadline=None)
@given(
    st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U", min_size=1, max_size=12)
    | st.from_regex(r"99[0-9A-Z]{1,7}", fullmatch=True)
)
def test_any_short_code_is_read_back(text: str) -> None:
    """Digits in any place and number, a leading 99 above all, which the library on its own would lose."""
    picture = _opened(code128_png(text, dots=3, height=20))
    assert [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Code128)] == [text]


@pytest.mark.parametrize("text", ["994M4JJV0", "99GZE70R5", "9912GZE70", "99999999Z", "999999999"])
def test_a_leading_99_is_not_lost(text: str) -> None:
    """One short code in a thousand begins so."""
    picture = _opened(code128_png(text, dots=3, height=20))
    assert [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Code128)] == [text]


def test_code128_has_ten_white_modules_on_each_side() -> None:
    """Readers need the quiet zone as much as the bars."""
    row = list(_opened(code128_png("7K3M9QXZ0")).convert("L").tobytes())
    bars = code128_bits("7K3M9QXZ0")
    assert row == [255] * 10 + [0 if bit == "1" else 255 for bit in bars] + [255] * 10


@pytest.mark.parametrize("text", ["", "é", "王", "A\n", "A\x7f"])
def test_impossible_code128_is_refused(text: str) -> None:
    """Only printable ASCII can be typed back in by an officer."""
    with pytest.raises(CodeImpossible):
        code128_png(text)
