"""Letters that come with an application: what is taken, and what every other file is told."""

from __future__ import annotations

import io

import pytest
from factories.letters import pdf_of_pages
from PIL import Image

from accredit.services.letters import JPEG, LARGEST_LETTER, PDF, LetterFault, LetterRefused, ReadLetter, read_letter


def _picture(kind: str, size: tuple[int, int] = (900, 1200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def test_a_pdf_is_kept_as_it_is() -> None:
    """With its number of pages."""
    data = pdf_of_pages(2)
    assert read_letter(data) == ReadLetter(PDF, 2, data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_written_anew(kind: str) -> None:
    """As a JPEG without anything that hid in the file."""
    data = _picture(kind) + b"<script>"
    read = read_letter(data)
    assert isinstance(read, ReadLetter)
    assert (read.media_type, read.pages) == (JPEG, 1)
    assert b"<script>" not in read.data


REFUSED = {
    "nothing": (b"", LetterFault.EMPTY),
    "text": (b"Dear Sir or Madam", LetterFault.NOT_A_LETTER),
    "web page": (b"<html><script>alert(1)</script>", LetterFault.NOT_A_LETTER),
    "lie in the first bytes": (b"%PDF-1.7\nnothing of the kind", LetterFault.NOT_A_LETTER),
    "page before the PDF": (b"<html>%PDF-1.4", LetterFault.NOT_A_LETTER),
    "half a picture": (_picture("PNG")[:200], LetterFault.NOT_A_LETTER),
    "stamp": (_picture("PNG", (40, 40)), LetterFault.NOT_A_LETTER),
    "too large": (b"%PDF-" + b"0" * LARGEST_LETTER, LetterFault.TOO_LARGE),
    "program": (b"MZ\x90\x00" * 100, LetterFault.NOT_A_LETTER),
    "archive": (b"PK\x03\x04" + b"\x00" * 100, LetterFault.NOT_A_LETTER),
    "lone halves": (b"\xed\xa0\x80" * 40, LetterFault.NOT_A_LETTER),
}


@pytest.mark.parametrize("name", REFUSED)
def test_another_file_is_refused_with_the_cure(name: str) -> None:
    """Told apart by content; the sentence names the field."""
    data, code = REFUSED[name]
    read = read_letter(data)
    assert isinstance(read, LetterRefused)
    assert read.code is code
    assert read.message.startswith("letter: ")


def test_a_book_is_no_letter() -> None:
    """More than twenty pages are refused."""
    read = read_letter(pdf_of_pages(21))
    assert isinstance(read, LetterRefused)
    assert read.code is LetterFault.TOO_MANY_PAGES
