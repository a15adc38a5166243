"""The French national identity card as issued until 2021: two lines of 36 characters in a layout of its own.

Thousands of people near Geneva carry it, and read by ICAO's layout every field of it is wrong. First line: ID, FRA,
surname (25), number of the issuing office (6). Second: card number (12) and check digit, given names (14), birth date
and check digit, sex, overall check digit over all that stands before it. The check digit is ICAO's (Doc 9303-3 section
4.9). The zone holds no expiry date, so that the officer has to read it on the card.
"""

from __future__ import annotations

from datetime import date

from accredit.identity.mrz_dates import read_birth_date
from accredit.identity.mrz_facts import Mrz, MrzFault, MrzProblem
from accredit.identity.mrz_layout import FILLER, MrzField, MrzFormat, check_digit

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
_ALPHABET = _LETTERS | frozenset("0123456789")
_GUARDED = ((0, 12), (27, 33))


def is_french_card(lines: tuple[str, ...]) -> bool:
    """Whether two lines of 36 characters are this card's: all three check digits of its layout hold."""
    upper, lower = lines
    if not upper.startswith("IDFRA") or not _ALPHABET.issuperset(upper + lower):
        return False
    return _overall_holds(upper, lower) and all(_holds(lower, start, end) for start, end in _GUARDED)


def read_french_card(lines: tuple[str, ...], today: date) -> Mrz | tuple[MrzProblem, ...]:
    """The facts of a zone that `is_french_card`; a TD2 by its size, without an expiry date."""
    upper, lower = lines
    names, given_names = upper[5:30], lower[13:27]
    birth_date = read_birth_date(lower[27:33], today)
    problems = _problems(names, given_names, lower[34], is_dated=birth_date is not None)
    if birth_date is None or problems:
        return problems
    return Mrz(
        format=MrzFormat.TD2,
        document_code="ID",
        issuing_state="FRA",
        document_number=lower[:12].replace(FILLER, ""),
        birth_date=birth_date,
        sex=lower[34].strip(FILLER),
        expires_on=None,
        nationality="FRA",
        surname=" ".join(names.replace(FILLER, " ").split()),
        given_names=tuple(given_names.replace(FILLER, " ").split()),
        name_truncated=not (names.endswith(FILLER) and given_names.endswith(FILLER)),
        optional_data="",
    )


def _problems(names: str, given_names: str, sex: str, *, is_dated: bool) -> tuple[MrzProblem, ...]:
    found = []
    if not _LETTERS.issuperset(names) or not names.strip(FILLER):
        found.append(
            _problem(MrzFault.MISSING_NAME, MrzField.NAMES, 1, "letters are expected from the 6th character on")
        )
    if not _LETTERS.issuperset(given_names):
        found.append(_problem(MrzFault.BAD_CHARACTER, MrzField.NAMES, 2, "characters 14 to 27 hold letters only"))
    if not is_dated:
        found.append(_problem(MrzFault.BAD_DATE, MrzField.BIRTH_DATE, 2, "characters 28 to 33 are not a date"))
    if sex not in ("F", "M", FILLER):
        found.append(_problem(MrzFault.BAD_CHARACTER, MrzField.SEX, 2, "character 35 is F, M or <"))
    return tuple(found)


def _problem(code: MrzFault, field: MrzField, line: int, what: str) -> MrzProblem:
    return MrzProblem(code, field, line, f"Line {line}, {field}: {what}. Compare it with the French card.")


def _holds(line: str, start: int, end: int) -> bool:
    return line[end] == str(check_digit(line[start:end]))


def _overall_holds(upper: str, lower: str) -> bool:
    return lower[35] == str(check_digit(upper + lower[:35]))
