"""What the document check answers: a colour, and the findings that make it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Colour(StrEnum):
    """Green goes on, amber is shown to the officer, red stops."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class DocumentFindingCode(StrEnum):
    """Everything that the check may find; an exact agreement finds nothing."""

    NAME_TRUNCATED = "name_truncated"
    NAME_SHORTENED = "name_shortened"
    NAME_ONE_ONLY = "name_one_only"
    NAME_ORDER = "name_order"
    NAME_EXTRA_GIVEN = "name_extra_given"
    NAME_EXTRA_SURNAME = "name_extra_surname"
    NAME_SPELLING = "name_spelling"
    NAME_ONE_SPELLING = "name_one_spelling"
    NAME_OTHER_SURNAME = "name_other_surname"
    NAME_NOT_COMPARABLE = "name_not_comparable"
    NAME_DIFFERS = "name_differs"
    BIRTH_DATE_INCOMPLETE = "birth_date_incomplete"
    BIRTH_DATE_SWAPPED = "birth_date_swapped"
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    BIRTH_CENTURY = "birth_century"
    NATIONALITY_NOT_SHOWN = "nationality_not_shown"
    NATIONALITY_UNKNOWN = "nationality_unknown"
    NATIONALITY_DIFFERS = "nationality_differs"
    ISSUED_TO_A_FOREIGNER = "issued_to_a_foreigner"
    NO_EXPIRY = "no_expiry"
    EXPIRED = "expired"
    SPECIMEN = "specimen"
    NOT_AN_IDENTITY_DOCUMENT = "not_an_identity_document"


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """One thing found, in words for the officer that hold neither name nor number."""

    code: DocumentFindingCode
    field: str
    colour: Colour
    message: str


@dataclass(frozen=True, slots=True)
class DocumentCheck:
    """The outcome: the worst colour of the findings, and all of them."""

    colour: Colour
    findings: tuple[DocumentFinding, ...] = ()


def worst(findings: Sequence[DocumentFinding]) -> Colour:
    """The colour that decides: red before amber before green."""
    order = list(Colour)
    return max((finding.colour for finding in findings), key=order.index, default=Colour.GREEN)
