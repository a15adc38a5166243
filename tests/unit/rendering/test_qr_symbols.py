"""Our shortcut through the QR library against the library itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from accredit.rendering.qr_symbols import qr_pixels

LEVELS = (ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q, ERROR_CORRECT_H)
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def _by_the_library(data: QRData, version: int, level: int) -> bytes:
    code = QRCode(version=version, error_correction=level, mask_pattern=3, border=4)
    code.add_data(data, optimize=0)
    code.make(fit=False)
    return bytes(0 if dark else 255 for row in code.get_matrix() for dark in row)


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(ALPHANUMERIC, min_size=1, max_size=224),
    version=st.sampled_from([6, 8, 9]),
    level=st.sampled_from(LEVELS),
)
def test_every_module_is_the_librarys(text: str, version: int, level: int) -> None:
    """Any text at any level; what does not fit is refused by both."""
    data = QRData(text.encode(), mode=MODE_ALPHA_NUM, check_data=False)
    try:
        expected = _by_the_library(data, version, level)
    except DataOverflowError:
        with pytest.raises(ValueError, match="does not fit"):
            qr_pixels(data, version, level, 4)
        return
    assert qr_pixels(data, version, level, 4) == (expected, 17 + 4 * version + 8)


@pytest.mark.parametrize("version", [1, 7, 10, 12, 14, 27, 40])
@pytest.mark.parametrize("level", LEVELS)
def test_every_size_is_the_librarys(version: int, level: int) -> None:
    """Blocks of different lengths, version information and remainder bits are where the library puts them."""
    data = QRData("Zoë".encode(), mode=MODE_8BIT_BYTE, check_data=False)
    assert qr_pixels(data, version, level, 4)[0] == _by_the_library(data, version, level)
