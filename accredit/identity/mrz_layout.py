"""Where each field of a machine readable zone stands, and the check digit that guards it.

Sources: ICAO Doc 9303-4 section 4.2 (TD3), 9303-5 section 4.2 (TD1), 9303-6 section 4.2 (TD2), 9303-7 section 4 (visas);
the check digit is 9303-3 section 4.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FILLER = "<"
_WEIGHTS = (7, 3, 1)


class MrzFormat(StrEnum):
    """The five sizes of ICAO Doc 9303."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"


class MrzField(StrEnum):
    """A field of the zone; the value is the name that an officer reads in a message."""

    WHOLE = "machine readable zone"
    DOCUMENT_CODE = "document code"
    ISSUING_STATE = "issuing State"
    DOCUMENT_NUMBER = "document number"
    DOCUMENT_NUMBER_CHECK = "check digit of the document number"
    BIRTH_DATE = "birth date"
    BIRTH_DATE_CHECK = "check digit of the birth date"
    SEX = "sex"
    EXPIRY = "expiry date"
    EXPIRY_CHECK = "check digit of the expiry date"
    NATIONALITY = "nationality"
    OPTIONAL = "optional data"
    OPTIONAL_CHECK = "check digit of the optional data"
    MORE_OPTIONAL = "second optional data"
    COMPOSITE_CHECK = "overall check digit"
    NAMES = "names"


class Alphabet(StrEnum):
    """What may stand in a field besides the filler."""

    LETTERS = "letters A to Z"
    DIGITS = "digits 0 to 9"
    BOTH = "letters A to Z and digits 0 to 9"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line, counted from 0, the end left out; lines are counted from 1, as people do."""

    line: int
    start: int
    end: int

    def of(self, lines: tuple[str, ...]) -> str:
        return lines[self.line - 1][self.start : self.end]


@dataclass(frozen=True, slots=True)
class Layout:
    """One size of zone: its lines, the place of its fields, and what the overall check digit covers."""

    format: MrzFormat
    line_count: int
    width: int
    fields: dict[MrzField, Span]
    composite: tuple[Span, ...] = ()


ALPHABETS: dict[MrzField, Alphabet] = {
    MrzField.DOCUMENT_CODE: Alphabet.LETTERS,
    MrzField.ISSUING_STATE: Alphabet.LETTERS,
    MrzField.DOCUMENT_NUMBER: Alphabet.BOTH,
    MrzField.DOCUMENT_NUMBER_CHECK: Alphabet.DIGITS,
    MrzField.BIRTH_DATE: Alphabet.DIGITS,
    MrzField.BIRTH_DATE_CHECK: Alphabet.DIGITS,
    MrzField.SEX: Alphabet.LETTERS,
    MrzField.EXPIRY: Alphabet.DIGITS,
    MrzField.EXPIRY_CHECK: Alphabet.DIGITS,
    MrzField.NATIONALITY: Alphabet.LETTERS,
    MrzField.OPTIONAL: Alphabet.BOTH,
    MrzField.OPTIONAL_CHECK: Alphabet.DIGITS,
    MrzField.MORE_OPTIONAL: Alphabet.BOTH,
    MrzField.COMPOSITE_CHECK: Alphabet.DIGITS,
    MrzField.NAMES: Alphabet.LETTERS,
}

# Each guarded field with its own check digit; the overall digit is treated apart because it covers several stretches.
GUARDED: dict[MrzField, MrzField] = {
    MrzField.DOCUMENT_NUMBER: MrzField.DOCUMENT_NUMBER_CHECK,
    MrzField.BIRTH_DATE: MrzField.BIRTH_DATE_CHECK,
    MrzField.EXPIRY: MrzField.EXPIRY_CHECK,
    MrzField.OPTIONAL: MrzField.OPTIONAL_CHECK,
}


def _upper_line_of_two(width: int) -> dict[MrzField, Span]:
    return {
        MrzField.DOCUMENT_CODE: Span(1, 0, 2),
        MrzField.ISSUING_STATE: Span(1, 2, 5),
        MrzField.NAMES: Span(1, 5, width),
    }


def _lower_line_of_two(optional_end: int) -> dict[MrzField, Span]:
    return {
        MrzField.DOCUMENT_NUMBER: Span(2, 0, 9),
        MrzField.DOCUMENT_NUMBER_CHECK: Span(2, 9, 10),
        MrzField.NATIONALITY: Span(2, 10, 13),
        MrzField.BIRTH_DATE: Span(2, 13, 19),
        MrzField.BIRTH_DATE_CHECK: Span(2, 19, 20),
        MrzField.SEX: Span(2, 20, 21),
        MrzField.EXPIRY: Span(2, 21, 27),
        MrzField.EXPIRY_CHECK: Span(2, 27, 28),
        MrzField.OPTIONAL: Span(2, 28, optional_end),
    }


TD1 = Layout(
    MrzFormat.TD1,
    line_count=3,
    width=30,
    fields={
        MrzField.DOCUMENT_CODE: Span(1, 0, 2),
        MrzField.ISSUING_STATE: Span(1, 2, 5),
        MrzField.DOCUMENT_NUMBER: Span(1, 5, 14),
        MrzField.DOCUMENT_NUMBER_CHECK: Span(1, 14, 15),
        MrzField.OPTIONAL: Span(1, 15, 30),
        MrzField.BIRTH_DATE: Span(2, 0, 6),
        MrzField.BIRTH_DATE_CHECK: Span(2, 6, 7),
        MrzField.SEX: Span(2, 7, 8),
        MrzField.EXPIRY: Span(2, 8, 14),
        MrzField.EXPIRY_CHECK: Span(2, 14, 15),
        MrzField.NATIONALITY: Span(2, 15, 18),
        MrzField.MORE_OPTIONAL: Span(2, 18, 29),
        MrzField.COMPOSITE_CHECK: Span(2, 29, 30),
        MrzField.NAMES: Span(3, 0, 30),
    },
    composite=(Span(1, 5, 30), Span(2, 0, 7), Span(2, 8, 15), Span(2, 18, 29)),
)

TD2 = Layout(
    MrzFormat.TD2,
    line_count=2,
    width=36,
    fields=_upper_line_of_two(36) | _lower_line_of_two(35) | {MrzField.COMPOSITE_CHECK: Span(2, 35, 36)},
    composite=(Span(2, 0, 10), Span(2, 13, 20), Span(2, 21, 35)),
)

TD3 = Layout(
    MrzFormat.TD3,
    line_count=2,
    width=44,
    fields=_upper_line_of_two(44)
    | _lower_line_of_two(42)
    | {MrzField.OPTIONAL_CHECK: Span(2, 42, 43), MrzField.COMPOSITE_CHECK: Span(2, 43, 44)},
    composite=(Span(2, 0, 10), Span(2, 13, 20), Span(2, 21, 43)),
)

MRV_A = Layout(MrzFormat.MRV_A, line_count=2, width=44, fields=_upper_line_of_two(44) | _lower_line_of_two(44))
MRV_B = Layout(MrzFormat.MRV_B, line_count=2, width=36, fields=_upper_line_of_two(36) | _lower_line_of_two(36))

LAYOUTS: dict[MrzFormat, Layout] = {layout.format: layout for layout in (TD1, TD2, TD3, MRV_A, MRV_B)}

# ICAO 9303-5 and -6 let a number of more than nine characters go on in the optional data; a passport's cannot.
LONG_NUMBER_FORMATS = frozenset({MrzFormat.TD1, MrzFormat.TD2})


def check_digit(field: str) -> int:
    """The check digit of a field: weights 7, 3, 1 over the values of its characters, modulo 10 (9303-3 section 4.9).

    A digit counts as itself, A to Z as 10 to 35, the filler as 0. Note what that cannot see: characters whose values
    end in the same digit (0, A, K, U and the filler; 6 and G) are alike to it.

    Raises ValueError for any other character: a caller checks the alphabet first.
    """
    return sum(_value(character) * _WEIGHTS[place % 3] for place, character in enumerate(field)) % 10


def _value(character: str) -> int:
    if character == FILLER:
        return 0
    if "0" <= character <= "9":
        return ord(character) - ord("0")
    if "A" <= character <= "Z":
        return ord(character) - ord("A") + 10
    raise ValueError("a machine readable zone holds A to Z, 0 to 9 and < only")
