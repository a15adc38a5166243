"""Letters, notes verbales and nominations that come with an application: checked by content, kept sealed.

A picture is decoded and written anew; a PDF is opened in a process of its own, which only tells that it is one.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from accredit.rendering.photos import PhotoFault, PhotoRefused, reencode
from accredit.services.letter_child import LOCKED, MOST_PAGES, MOST_SECONDS, TOO_MANY_PAGES

LARGEST_LETTER = 5_000_000
PDF = "application/pdf"
JPEG = "image/jpeg"
_CHILD = Path(__file__).with_name("letter_child.py")
# A page of text stays readable at this size; the photo of a person needs far less.
_LONGER_SIDE = 2200
_MOST_BYTES = 1_500_000
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


class LetterFault(StrEnum):
    """Why a file is not taken as a letter."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_LETTER = "not_a_letter"
    TOO_MANY_PAGES = "too_many_pages"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class LetterRefused:
    """A refusal: `code` for the program, `message` for the person, with the cure."""

    code: LetterFault
    message: str


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter that can be kept."""

    media_type: str
    pages: int
    data: bytes


def read_letter(data: bytes) -> ReadLetter | LetterRefused:
    """The letter in these bytes, told apart by content and not by the file's name. Never raises, whatever the bytes."""
    if not data:
        return LetterRefused(LetterFault.EMPTY, "letter: the file is empty; choose it again")
    if len(data) > LARGEST_LETTER:
        limit = LARGEST_LETTER // 1_000_000
        return LetterRefused(LetterFault.TOO_LARGE, f"letter: the file is larger than {limit} MB; send a smaller one")
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    return _picture(data) if data.startswith(_PICTURES) else _no_letter()


def _picture(data: bytes) -> ReadLetter | LetterRefused:
    clean = reencode(data, max_side=_LONGER_SIDE, max_bytes=_MOST_BYTES, min_side=300)
    if isinstance(clean, bytes):
        return ReadLetter(JPEG, 1, clean)
    if clean.reason is PhotoFault.TOO_SMALL:
        return LetterRefused(LetterFault.NOT_A_LETTER, "letter: the picture is too small to be read; send a larger one")
    return _no_letter() if clean.reason is PhotoFault.NOT_AN_IMAGE else _too_much(clean)


def _too_much(refused: PhotoRefused) -> LetterRefused:
    return LetterRefused(LetterFault.TOO_LARGE, refused.message.replace("photo:", "letter:"))


def _pdf(data: bytes) -> ReadLetter | LetterRefused:
    try:
        # -I: neither the current folder nor the environment may put another module in the way; no secret goes along.
        ended = subprocess.run(  # noqa: S603  our own program, by its path
            [sys.executable, "-I", str(_CHILD)], input=data, capture_output=True, timeout=3 * MOST_SECONDS, env={}
        )
    except subprocess.TimeoutExpired:
        return _no_letter()
    if ended.returncode == TOO_MANY_PAGES:
        words = f"letter: the document has more than {MOST_PAGES} pages; send the letter alone"
        return LetterRefused(LetterFault.TOO_MANY_PAGES, words)
    if ended.returncode == LOCKED:
        return LetterRefused(LetterFault.LOCKED, "letter: the PDF asks for a password; save it without one")
    return ReadLetter(PDF, int(ended.stdout), data) if ended.returncode == 0 else _no_letter()


def _no_letter() -> LetterRefused:
    words = "letter: this file is not a readable PDF or picture; send a PDF, JPEG or PNG file"
    return LetterRefused(LetterFault.NOT_A_LETTER, words)
