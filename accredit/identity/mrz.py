"""Machine readable zones: read one, or say what is wrong with it.

`parse_mrz` takes what a reader typed or a person copied. Order of the checks: number and length of the lines, the
alphabet of every field, then check digits, document code, dates, States and names together, so that one reading shows
all that is wrong. Lower case is folded; nothing else is mended, only suggested.
"""

from __future__ import annotations

from datetime import date

from accredit.identity import states
from accredit.identity.french_card import is_french_card, read_french_card
from accredit.identity.mrz_checks import bad_characters, bad_check_digits, place, read_number
from accredit.identity.mrz_dates import is_left_open, read_birth_date, read_expiry
from accredit.identity.mrz_facts import BirthDate as BirthDate
from accredit.identity.mrz_facts import Mrz as Mrz
from accredit.identity.mrz_facts import MrzFault as MrzFault
from accredit.identity.mrz_facts import MrzProblem as MrzProblem
from accredit.identity.mrz_facts import MrzRejected as MrzRejected
from accredit.identity.mrz_layout import FILLER, MRV_A, MRV_B, TD2, Layout, MrzField
from accredit.identity.mrz_layout import MrzFormat as MrzFormat
from accredit.identity.mrz_layout import check_digit as check_digit
from accredit.identity.mrz_lines import find_layout, read_lines
from accredit.identity.mrz_slips import suggest

_VISAS = frozenset({MRV_A.format, MRV_B.format})
_DOCUMENT_LETTERS = frozenset("PIAC")
_SEXES = {"F": "F", "M": "M", "X": "", FILLER: ""}


def parse_mrz(text: str, *, today: date) -> Mrz | MrzRejected:
    """Read a machine readable zone of size TD1, TD2, TD3, MRV-A or MRV-B (ICAO Doc 9303, parts 4 to 7).

    `today` settles the century of the dates. Never raises, whatever the text; a refusal carries one problem for each
    field, with line and cure, and a suggestion where common slips (O for 0, I for 1) explain it.
    """
    lines = read_lines(text)
    outcome = _examine(lines, today)
    if isinstance(outcome, Mrz):
        return outcome
    return MrzRejected(outcome, suggest(lines, lambda mended: isinstance(_examine(mended, today), Mrz)))


def _examine(lines: tuple[str, ...], today: date) -> Mrz | tuple[MrzProblem, ...]:
    layout = find_layout(lines)
    if not isinstance(layout, Layout):
        return layout
    if layout is TD2 and is_french_card(lines):
        return read_french_card(lines, today)
    problems = bad_characters(layout, lines)
    if problems:
        return problems
    problems = bad_check_digits(layout, lines) + _meaningless(layout, lines, today)
    return problems or _read(layout, lines, today)


def _meaningless(layout: Layout, lines: tuple[str, ...], today: date) -> tuple[MrzProblem, ...]:
    found = [
        _code_problem(layout, lines),
        _state_problem(layout, lines, MrzField.ISSUING_STATE),
        _number_problem(layout, lines),
        _birth_problem(layout, lines, today),
        _sex_problem(layout, lines),
        _expiry_problem(layout, lines, today),
        _state_problem(layout, lines, MrzField.NATIONALITY),
        _name_problem(layout, lines),
    ]
    return tuple(problem for problem in found if problem is not None)


def _code_problem(layout: Layout, lines: tuple[str, ...]) -> MrzProblem | None:
    first = lines[0][0]
    if first in ("V" if layout.format in _VISAS else _DOCUMENT_LETTERS):
        return None
    return _problem(
        layout,
        MrzField.DOCUMENT_CODE,
        MrzFault.NOT_A_DOCUMENT,
        "the zone of a passport begins with P, of a card with I, A or C. Take the zone, not the lines above it.",
    )


def _state_problem(layout: Layout, lines: tuple[str, ...], field: MrzField) -> MrzProblem | None:
    if states.is_known(layout.fields[field].of(lines)):
        return None
    cure = "no State or organisation has this code. Compare its three letters with the document."
    return _problem(layout, field, MrzFault.UNKNOWN_STATE, cure)


def _number_problem(layout: Layout, lines: tuple[str, ...]) -> MrzProblem | None:
    if read_number(layout, lines).number:
        return None
    cure = "there is none. Read the zone again; a document without a number cannot be taken."
    return _problem(layout, MrzField.DOCUMENT_NUMBER, MrzFault.MISSING_NUMBER, cure)


def _birth_problem(layout: Layout, lines: tuple[str, ...], today: date) -> MrzProblem | None:
    text = layout.fields[MrzField.BIRTH_DATE].of(lines)
    if read_birth_date(text, today) is not None:
        return None
    if is_left_open(text):
        cure = "the document gives none, so nothing can be compared. Ask the supervisor."
    else:
        cure = "this is not a date of the form year, month, day. Compare it with the document."
    return _problem(layout, MrzField.BIRTH_DATE, MrzFault.BAD_DATE, cure)


def _sex_problem(layout: Layout, lines: tuple[str, ...]) -> MrzProblem | None:
    if layout.fields[MrzField.SEX].of(lines) in _SEXES:
        return None
    return _problem(
        layout, MrzField.SEX, MrzFault.BAD_CHARACTER, "F, M or < stands here. Compare it with the document."
    )


def _expiry_problem(layout: Layout, lines: tuple[str, ...], today: date) -> MrzProblem | None:
    text = layout.fields[MrzField.EXPIRY].of(lines)
    if is_left_open(text) or read_expiry(text, today) is not None:
        return None
    cure = "this is not a date of the form year, month, day. Compare it with the document."
    return _problem(layout, MrzField.EXPIRY, MrzFault.BAD_DATE, cure)


def _name_problem(layout: Layout, lines: tuple[str, ...]) -> MrzProblem | None:
    if layout.fields[MrzField.NAMES].of(lines).strip(FILLER):
        return None
    return _problem(layout, MrzField.NAMES, MrzFault.MISSING_NAME, "there is no name. Read the zone again.")


def _problem(layout: Layout, field: MrzField, code: MrzFault, cure: str) -> MrzProblem:
    return MrzProblem(code, field, layout.fields[field].line, f"{place(layout, field)}: {cure}")


def _read(layout: Layout, lines: tuple[str, ...], today: date) -> Mrz:
    def text(field: MrzField) -> str:
        return layout.fields[field].of(lines)

    number = read_number(layout, lines)
    more = text(MrzField.MORE_OPTIONAL) if MrzField.MORE_OPTIONAL in layout.fields else ""
    surname, _, given_names = text(MrzField.NAMES).partition(FILLER * 2)
    birth_date = read_birth_date(text(MrzField.BIRTH_DATE), today)
    assert birth_date is not None, "the zone was examined before it is read"
    return Mrz(
        format=layout.format,
        document_code=_spaced(text(MrzField.DOCUMENT_CODE)),
        issuing_state=_spaced(text(MrzField.ISSUING_STATE)),
        document_number=number.number,
        birth_date=birth_date,
        sex=_SEXES[text(MrzField.SEX)],
        expires_on=read_expiry(text(MrzField.EXPIRY), today),
        nationality=_spaced(text(MrzField.NATIONALITY)),
        surname=_spaced(surname),
        given_names=tuple(_spaced(given_names).split()),
        name_truncated=not text(MrzField.NAMES).endswith(FILLER),
        optional_data=_spaced(f"{number.optional}{FILLER}{more}"),
    )


def _spaced(text: str) -> str:
    return " ".join(text.replace(FILLER, " ").split())
