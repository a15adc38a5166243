"""The six digits of a date in a machine readable zone, and the century that they leave out (9303-3 section 4.8)."""

from __future__ import annotations

from datetime import date

from accredit.identity.mrz_facts import BirthDate
from accredit.identity.mrz_layout import FILLER

# 9303-3 asks for fillers; some issuing offices print zeros for a day or month that nobody knows.
_UNKNOWN = frozenset({FILLER * 2, "00"})
_HALF_A_CENTURY = 50


def read_birth_date(text: str, today: date) -> BirthDate | None:
    """The birth date of YYMMDD, in the latest century that is not in the future; None where it cannot be one.

    Month and day may be unknown, a day without a month may not, nor may the year: without it there is nothing to compare.
    """
    year, month, day = text[:2], text[2:4], text[4:]
    if not _is_number(year):
        return None
    if month in _UNKNOWN:
        return _year_only(int(year), today) if day in _UNKNOWN else None
    if not _is_number(month) or not 1 <= int(month) <= 12:
        return None
    if day in _UNKNOWN:
        return _year_and_month(int(year), int(month), today)
    return _full_birth_date(int(year), int(month), int(day), today) if _is_number(day) else None


def read_expiry(text: str, today: date) -> date | None:
    """The expiry date of YYMMDD, in the century that puts it nearest to today; None where it is not a date.

    A document may be long expired or run far ahead, never by half a century.
    """
    if not all(_is_number(text[place : place + 2]) for place in (0, 2, 4)):
        return None
    year = _century_of(today) + int(text[:2])
    if year >= today.year + _HALF_A_CENTURY:
        year -= 100
    elif year < today.year - _HALF_A_CENTURY:
        year += 100
    return _date_or_none(year, int(text[2:4]), int(text[4:]))


def is_left_open(text: str) -> bool:
    """Whether the field says nothing at all: fillers only."""
    return text.strip(FILLER) == ""


def _year_only(two_digits: int, today: date) -> BirthDate:
    year = _century_of(today) + two_digits
    return BirthDate(year if year <= today.year else year - 100)


def _year_and_month(two_digits: int, month: int, today: date) -> BirthDate:
    year = _century_of(today) + two_digits
    return BirthDate(year if (year, month) <= (today.year, today.month) else year - 100, month)


def _full_birth_date(two_digits: int, month: int, day: int, today: date) -> BirthDate | None:
    year = _century_of(today) + two_digits
    for candidate in (year, year - 100):
        born = _date_or_none(candidate, month, day)
        if born is not None and born <= today:
            return BirthDate(candidate, month, day)
    return None


def _century_of(today: date) -> int:
    return today.year // 100 * 100


def _is_number(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isdigit()


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
