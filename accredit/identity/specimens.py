"""Zones of people who do not exist, with right check digits: for the demo, for training and for tests.

Nothing here reads a document or is imported by what does. The layouts are those of `mrz_layout`; the reading side never
uses a builder, so that a mistake cannot hide by being made twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accredit.identity.mrz_layout import (
    FILLER,
    GUARDED,
    LONG_NUMBER_FORMATS,
    MRV_A,
    MRV_B,
    TD1,
    TD2,
    TD3,
    Layout,
    MrzField,
    check_digit,
)
from accredit.identity.transliteration import to_mrz_spelling


@dataclass(frozen=True, slots=True)
class Specimen:
    """Who and what the zone shall say. Names may be in any script that ICAO has a table for.

    A birth date is a date, or six characters as they stand in the zone (`8507<<` where the day is unknown); no expiry
    date leaves the field open. The issuing State is the nationality unless given; the document code fits the size.
    """

    surname: str
    given_names: str
    birth_date: date | str
    nationality: str
    document_number: str
    expires_on: date | None
    sex: str = ""
    issuing_state: str = ""
    document_code: str = ""
    optional_data: str = ""


def build_td3(specimen: Specimen) -> str:
    """A passport: two lines of 44 characters (9303-4)."""
    return _build(TD3, specimen, "P")


def build_td1(specimen: Specimen) -> str:
    """A card: three lines of 30 characters (9303-5); a number of more than nine goes on in the optional data."""
    return _build(TD1, specimen, "I")


def build_td2(specimen: Specimen) -> str:
    """A larger card: two lines of 36 characters (9303-6); a number of more than nine goes on in the optional data."""
    return _build(TD2, specimen, "I")


def build_mrv_a(specimen: Specimen) -> str:
    """A visa of full size: two lines of 44 characters (9303-7)."""
    return _build(MRV_A, specimen, "V")


def build_mrv_b(specimen: Specimen) -> str:
    """A small visa: two lines of 36 characters (9303-7)."""
    return _build(MRV_B, specimen, "V")


def build_french_card(specimen: Specimen) -> str:
    """A French national identity card as issued until 2021; its number has twelve characters, no date of expiry."""
    upper = f"IDFRA{_fitted(to_mrz_spelling(specimen.surname), 25)}{_fitted('', 6)}"
    number = _fitted(specimen.document_number, 12)
    birth_date = _date(specimen.birth_date)
    given_names = _fitted(to_mrz_spelling(specimen.given_names).replace(FILLER, FILLER * 2), 14)
    sex = specimen.sex or FILLER
    lower = f"{number}{check_digit(number)}{given_names}{birth_date}{check_digit(birth_date)}{sex}"
    return f"{upper}\n{lower}{check_digit(upper + lower)}"


def _build(layout: Layout, specimen: Specimen, letter: str) -> str:
    lines = [[FILLER] * layout.width for _ in range(layout.line_count)]
    for field, text in _texts(layout, specimen, letter).items():
        span = layout.fields[field]
        lines[span.line - 1][span.start : span.end] = _fitted(text, span.end - span.start)
    for field, check in GUARDED.items():
        if check in layout.fields and not _is_split(layout, specimen, field):
            _put_check_digit(lines, layout, check, layout.fields[field].of(_joined(lines)))
    if layout.composite:
        covered = "".join(span.of(_joined(lines)) for span in layout.composite)
        _put_check_digit(lines, layout, MrzField.COMPOSITE_CHECK, covered)
    return "\n".join(_joined(lines))


def _texts(layout: Layout, specimen: Specimen, letter: str) -> dict[MrzField, str]:
    number, optional = _number_and_optional(layout, specimen)
    return {
        MrzField.DOCUMENT_CODE: specimen.document_code or letter,
        MrzField.ISSUING_STATE: specimen.issuing_state or specimen.nationality,
        MrzField.DOCUMENT_NUMBER: number,
        MrzField.BIRTH_DATE: _date(specimen.birth_date),
        MrzField.SEX: specimen.sex,
        MrzField.EXPIRY: _date(specimen.expires_on),
        MrzField.NATIONALITY: specimen.nationality,
        MrzField.OPTIONAL: optional,
        MrzField.NAMES: _names(specimen)[: layout.fields[MrzField.NAMES].end - layout.fields[MrzField.NAMES].start],
    }


def _number_and_optional(layout: Layout, specimen: Specimen) -> tuple[str, str]:
    number = specimen.document_number
    if len(number) <= 9:
        return number, specimen.optional_data
    if layout.format not in LONG_NUMBER_FORMATS:
        raise ValueError(f"a document number has at most nine characters in {layout.format}")
    return number[:9], f"{number[9:]}{check_digit(number)}{FILLER}{specimen.optional_data}".rstrip(FILLER)


def _is_split(layout: Layout, specimen: Specimen, field: MrzField) -> bool:
    is_long = layout.format in LONG_NUMBER_FORMATS and len(specimen.document_number) > 9
    return field is MrzField.DOCUMENT_NUMBER and is_long


def _names(specimen: Specimen) -> str:
    surname, given_names = to_mrz_spelling(specimen.surname), to_mrz_spelling(specimen.given_names)
    if (specimen.surname and not surname) or (specimen.given_names and not given_names):
        raise ValueError("ICAO has no table for the script of this name; give the Latin spelling of the document")
    return f"{surname}{FILLER * 2}{given_names}" if given_names else surname


def _date(value: date | str | None) -> str:
    if value is None:
        return FILLER * 6
    return value if isinstance(value, str) else f"{value:%y%m%d}"


def _fitted(text: str, width: int) -> str:
    if len(text) > width:
        raise ValueError(f"{len(text)} characters do not fit a field of {width}")
    return text.ljust(width, FILLER)


def _put_check_digit(lines: list[list[str]], layout: Layout, field: MrzField, covered: str) -> None:
    span = layout.fields[field]
    lines[span.line - 1][span.start] = str(check_digit(covered))


def _joined(lines: list[list[str]]) -> tuple[str, ...]:
    return tuple("".join(line) for line in lines)
