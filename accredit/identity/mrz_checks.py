"""What must hold in a zone before its fields mean anything: its alphabet and its check digits."""

from __future__ import annotations

from dataclasses import dataclass

from accredit.identity.mrz_facts import MrzFault, MrzProblem
from accredit.identity.mrz_layout import (
    ALPHABETS,
    FILLER,
    GUARDED,
    LONG_NUMBER_FORMATS,
    Alphabet,
    Layout,
    MrzField,
    check_digit,
)

_ALLOWED: dict[Alphabet, frozenset[str]] = {
    Alphabet.LETTERS: frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ<"),
    Alphabet.DIGITS: frozenset("0123456789<"),
    Alphabet.BOTH: frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"),
}

# Fields that may be left open; 9303-4 section 4.2.2 then allows the filler as their check digit.
_MAY_BE_OPEN = frozenset({MrzField.EXPIRY, MrzField.OPTIONAL})


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A document number, whether its check digit holds, and what is left of the optional data behind it."""

    number: str
    holds: bool
    optional: str


def bad_characters(layout: Layout, lines: tuple[str, ...]) -> tuple[MrzProblem, ...]:
    """One problem for each field that holds a character which cannot stand there."""
    return tuple(
        _bad_character(layout, field)
        for field, span in layout.fields.items()
        if not _ALLOWED[ALPHABETS[field]].issuperset(span.of(lines))
    )


def bad_check_digits(layout: Layout, lines: tuple[str, ...]) -> tuple[MrzProblem, ...]:
    """One problem for each check digit that does not hold.

    The overall digit is reported only where the others hold: it fails with any of them, and would send the officer to
    look at the whole zone when the field is known.
    """
    wrong = [field for field, check in GUARDED.items() if check in layout.fields and not _holds(layout, lines, field)]
    if not wrong and layout.composite and not _composite_holds(layout, lines):
        wrong = [MrzField.COMPOSITE_CHECK]
    return tuple(_bad_check_digit(layout, field) for field in wrong)


def read_number(layout: Layout, lines: tuple[str, ...]) -> NumberReading:
    """The document number, joined where it is longer than nine characters (9303-5 and 9303-6 section 4.2.2).

    Such a number has the filler in the place of its check digit; the rest of it and then the digit open the optional
    data. Issuing States disagree whether that filler counts when the digit is made (Belgium and Portugal print both):
    either is taken, and the overall digit guards the same characters once more.
    """
    number = layout.fields[MrzField.DOCUMENT_NUMBER].of(lines)
    check = layout.fields[MrzField.DOCUMENT_NUMBER_CHECK].of(lines)
    optional = layout.fields[MrzField.OPTIONAL].of(lines)
    rest, _, left = optional.partition(FILLER)
    if layout.format not in LONG_NUMBER_FORMATS or check != FILLER or len(rest) < 2:
        return NumberReading(number.replace(FILLER, ""), check == str(check_digit(number)), optional)
    tail, digit = rest[:-1], rest[-1]
    holds = digit in {str(check_digit(number + tail)), str(check_digit(number + FILLER + tail))}
    return NumberReading((number + tail).replace(FILLER, ""), holds, left)


def place(layout: Layout, field: MrzField) -> str:
    """Where to look: line, field and characters, counted from 1 as on paper."""
    span = layout.fields[field]
    if span.end - span.start == 1:
        return f"Line {span.line}, {field} (character {span.end})"
    return f"Line {span.line}, {field} (characters {span.start + 1} to {span.end})"


def _holds(layout: Layout, lines: tuple[str, ...], field: MrzField) -> bool:
    if field is MrzField.DOCUMENT_NUMBER:
        return read_number(layout, lines).holds
    text = layout.fields[field].of(lines)
    check = layout.fields[GUARDED[field]].of(lines)
    if check == FILLER:
        return field in _MAY_BE_OPEN and text.strip(FILLER) == ""
    return check == str(check_digit(text))


def _composite_holds(layout: Layout, lines: tuple[str, ...]) -> bool:
    covered = "".join(span.of(lines) for span in layout.composite)
    return layout.fields[MrzField.COMPOSITE_CHECK].of(lines) == str(check_digit(covered))


def _bad_character(layout: Layout, field: MrzField) -> MrzProblem:
    message = f"{place(layout, field)}: only {ALPHABETS[field]} and < may stand here. Compare it with the document."
    return MrzProblem(MrzFault.BAD_CHARACTER, field, layout.fields[field].line, message)


def _bad_check_digit(layout: Layout, field: MrzField) -> MrzProblem:
    if field is MrzField.COMPOSITE_CHECK:
        message = (
            f"{place(layout, field)} does not fit the fields that it covers. "
            f"Compare every character with the document, the optional data too."
        )
    else:
        message = (
            f"{place(layout, field)}: its check digit does not fit. "
            f"Compare both with the document; 0 and O, 1 and I, 5 and S are easily mistaken."
        )
    return MrzProblem(MrzFault.CHECK_DIGIT, field, layout.fields[field].line, message)
