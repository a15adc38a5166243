"""What reading a machine readable zone gives: the document's facts, or every problem with its cure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from accredit.identity.mrz_layout import MrzFormat


class MrzFault(StrEnum):
    """Why a zone is not taken."""

    EMPTY = "empty"
    BAD_LENGTH = "bad_length"
    BAD_CHARACTER = "bad_character"
    CHECK_DIGIT = "check_digit"
    BAD_DATE = "bad_date"
    UNKNOWN_STATE = "unknown_state"
    MISSING_NAME = "missing_name"
    MISSING_NUMBER = "missing_number"
    NOT_A_DOCUMENT = "not_a_document"
    OTHER_LAYOUT = "other_layout"


@dataclass(frozen=True, slots=True)
class MrzProblem:
    """One problem: where it is (line 0 is the whole zone) and what to do. Never holds what the zone says."""

    code: MrzFault
    field: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class MrzRejected:
    """A zone that is not taken. The suggestion is a mended zone for the officer to compare with the document, never a
    result: it reads well, and still nobody has seen it on paper. It holds personal data; the problems do not.
    """

    problems: tuple[MrzProblem, ...]
    suggestion: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date of which month and day may be unknown (ICAO Doc 9303-3 section 4.8); no day without a month."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def is_complete(self) -> bool:
        return self.month is not None and self.day is not None


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a zone says. Names are in the zone's spelling, with spaces for fillers; no field holds a filler.

    `sex` is F, M or empty; `expires_on` is None where the document runs without limit; `name_truncated` says that the
    name fills its field to the last place, so that something may be cut (9303-3 section 4.6). Number, optional data and
    person stay out of `repr`, so that a log line cannot carry them.
    """

    format: MrzFormat
    document_code: str
    issuing_state: str
    document_number: str = field(repr=False)
    birth_date: BirthDate = field(repr=False)
    sex: str
    expires_on: date | None
    nationality: str
    surname: str = field(repr=False)
    given_names: tuple[str, ...] = field(repr=False)
    name_truncated: bool
    optional_data: str = field(repr=False)
