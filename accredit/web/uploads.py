"""Photo and letter in a form: read by their content, in place of those that were kept before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request

from accredit.domain.submissions import FieldProblem
from accredit.rendering.photos import MAX_INPUT_BYTES, Crop, PhotoRefused, reencode
from accredit.services.drafts import KeptFiles
from accredit.services.letters import LARGEST_LETTER, LetterRefused, read_letter

_PHOTOS = ("photo_now", "photo")


@dataclass(frozen=True, slots=True)
class Sent:
    """The files after this request, and what is wrong with those that it brought."""

    files: KeptFiles
    problems: tuple[FieldProblem, ...]


def read(kept: KeptFiles) -> Sent:
    """Takes the files of this request; one that cannot be taken leaves the one that was kept."""
    files, problems = kept, []
    sent = (_uploaded(name, MAX_INPUT_BYTES) for name in _PHOTOS)
    photo = next((one for one in sent if one is not None), None)
    if photo is not None:
        picture = _photo(photo)
        if isinstance(picture, PhotoRefused):
            problems.append(FieldProblem("photo", picture.reason.value, picture.message))
        else:
            files = replace(files, photo=picture)
    letter = _uploaded("letter", LARGEST_LETTER)
    if letter is not None:
        document = read_letter(letter)
        if isinstance(document, LetterRefused):
            problems.append(FieldProblem("letter", document.code.value, document.message))
        else:
            files = replace(files, letter=document)
    return Sent(files, tuple(problems))


def _uploaded(name: str, largest: int) -> bytes | None:
    """The bytes of a file, one more than is allowed at most; None where none was chosen."""
    sent = request.files.get(name)
    return sent.stream.read(largest + 1) if sent is not None and sent.filename else None


def _photo(data: bytes) -> bytes | PhotoRefused:
    return reencode(data, crop=_crop(request.form.get("crop", "")))


def _crop(told: str) -> Crop | None:
    """The part that the person chose; the whole picture where nothing sensible was told."""
    try:
        left, top, width, height = (float(part) for part in told.split(",", 4))
        return Crop(left, top, width, height)
    except ValueError:
        return None
