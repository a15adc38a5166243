"""Every badge of the demonstration, read back from the page as a gate reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2
import pytest
import zxingcpp
from demo_runs import HEARING, DemoRun
from pypdfium2 import PdfDocument

from accredit.credential.serials import parse_short_code, short_code
from accredit.credential.verifying import Verified, verify

DPI = 300
SHARES = 4
FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
_SHORT_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z*~$=]")


@pytest.fixture
def document(demo_run: DemoRun) -> Iterator[PdfDocument]:
    """The PDF of the badges that were printed on the day before."""
    with pypdfium2.PdfDocument(demo_run.badges) as opened:
        yield opened


@pytest.mark.parametrize("share", range(SHARES))
def test_both_codes_of_every_page_are_read_and_hold(document: PdfDocument, demo_run: DemoRun, share: int) -> None:
    """At 300 dpi the QR is read and verifies against the run's keys; the bars say the short code of the same serial."""
    trust = demo_run.trust()
    pages = range(share, len(document), SHARES)
    for number in pages:
        found = _codes(document, number)
        (signed,) = found["QRCode"]
        verified = verify(signed, trust, HEARING)
        assert isinstance(verified, Verified), f"page {number + 1}: {verified}"
        assert short_code(verified.claims.serial) in found["Code128"], f"page {number + 1}: {found['Code128']}"
        assert _printed_serial(document, number) == verified.claims.serial, f"page {number + 1}"
    assert len(pages) >= 50


def test_the_badge_of_the_replacement_verifies_too(demo_run: DemoRun) -> None:
    """It was printed at the pick-up, so it is active by its signature and names the document."""
    with pypdfium2.PdfDocument(demo_run.folder / "badge-of-the-replacement.pdf") as document:
        assert len(document) == 1
        (signed,) = _codes(document, 0)["QRCode"]
        verified = verify(signed, demo_run.trust(), HEARING)
    assert isinstance(verified, Verified)
    assert not verified.claims.printed_ahead
    assert verified.claims.document_tag is not None


def test_every_pass_has_a_page_and_no_page_is_there_twice(document: PdfDocument, demo_run: DemoRun) -> None:
    """The serials on the pages are those of the passes in the database, less the one printed later."""
    on_pages = [_printed_serial(document, number) for number in range(len(document))]
    in_database = {serial for (serial,) in demo_run.on_server("SELECT serial FROM passes")}
    assert len(on_pages) == len(set(on_pages)) == demo_run.summary["passes"] - 1
    assert set(on_pages) < in_database


def _codes(document: PdfDocument, number: int) -> dict[str, list[str]]:
    """All that the decoder reads, also where it reads the page a second time, shrunk, and takes a part of the bars for a code."""
    page = document[number].render(scale=DPI / 72, grayscale=True).to_pil()
    found: dict[str, list[str]] = {"QRCode": [], "Code128": []}
    for one in zxingcpp.read_barcodes(page, formats=FORMATS):
        found[one.format.name].append(one.text)
    return found


def _printed_serial(document: PdfDocument, number: int) -> bytes | None:
    written = document[number].get_textpage().get_text_range()
    (found,) = _SHORT_CODE.findall(written)
    return parse_short_code(found)
