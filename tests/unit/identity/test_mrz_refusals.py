"""A bad zone is refused field by field, with the cure, and never with what it says."""

from __future__ import annotations

import pytest
from identity_specimens import BUILDERS, FRENCH_CARD, a_specimen, read, refuse

from accredit.identity.mrz import MrzFault, check_digit

PASSPORT = BUILDERS["TD3"](a_specimen())


def _changed(zone: str, line: int, at: int, text: str) -> str:
    """The zone with other characters from one place on; line and place counted from 1, as in the messages."""
    lines = zone.split("\n")
    old = lines[line - 1]
    lines[line - 1] = old[: at - 1] + text + old[at - 1 + len(text) :]
    return "\n".join(lines)


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\x02\x03"])
def test_nothing_is_refused_as_empty(text: str) -> None:
    """A reader that sent only its marks sent nothing."""
    assert [problem.code for problem in refuse(text).problems] == [MrzFault.EMPTY]


@pytest.mark.parametrize("text", ["HELLO", "A\nB\nC\nD", "P<CZENOVAK<<LENA"])
def test_another_number_of_lines_is_refused_with_the_right_one(text: str) -> None:
    """The officer learns that a zone has two or three lines."""
    (problem,) = refuse(text).problems
    assert problem.code == MrzFault.BAD_LENGTH
    assert "2 lines" in problem.message
    assert problem.line == 0


def test_a_short_line_is_named_with_both_lengths() -> None:
    """Line, length found, length expected."""
    (problem,) = refuse(PASSPORT[:-3]).problems
    assert (problem.code, problem.line) == (MrzFault.BAD_LENGTH, 2)
    assert "Line 2 has 41 characters instead of 44" in problem.message


@pytest.mark.parametrize(
    ("line", "at", "text", "field"),
    [
        (1, 6, "N0VAK", "names"),
        (1, 3, "C2E", "issuing State"),
        (2, 1, "AB-", "document number"),
        (2, 14, "8S0723", "birth date"),
        (2, 10, "A", "check digit of the document number"),
        (2, 44, "B", "overall check digit"),
        (1, 6, "ÑOVAK", "names"),
        (2, 1, "ﬁB", "document number"),
        (2, 29, "ß", "optional data"),
    ],
)
def test_a_character_that_cannot_stand_there_is_named_by_field(line: int, at: int, text: str, field: str) -> None:
    """Letters in dates, digits in names, anything outside A to Z, 0 to 9 and the filler anywhere."""
    (problem,) = refuse(_changed(PASSPORT, line, at, text)).problems
    assert (problem.code, problem.field, problem.line) == (MrzFault.BAD_CHARACTER, field, line)
    assert problem.message.startswith(f"Line {line}, {field} (character")


@pytest.mark.parametrize(
    ("at", "text", "field"),
    [(1, "AB1234568", "document number"), (14, "850724", "birth date"), (22, "210330", "expiry date")],
)
def test_a_check_digit_that_does_not_hold_names_its_field(at: int, text: str, field: str) -> None:
    """The overall digit fails as well, and is not reported: the field is what the officer has to look at."""
    (problem,) = refuse(_changed(PASSPORT, 2, at, text)).problems
    assert (problem.code, problem.field) == (MrzFault.CHECK_DIGIT, field)


def test_the_overall_digit_is_reported_where_the_others_hold() -> None:
    """As when two mistakes cancel out in one field."""
    overall = (int(PASSPORT[-1]) + 1) % 10
    (problem,) = refuse(PASSPORT[:-1] + str(overall)).problems
    assert (problem.code, problem.field) == (MrzFault.CHECK_DIGIT, "overall check digit")


def test_a_number_without_check_digit_is_refused() -> None:
    """A filler in its place announces a long number; with no rest behind it nothing guards the number."""
    zone = "I<CZED23145890<<<<<<<<<<<<<<<<\n7408122F1204159CZE<<<<<<<<<<<6\nNOVAK<<LENA<<<<<<<<<<<<<<<<<<<"
    assert [problem.field for problem in refuse(zone).problems] == ["document number"]


@pytest.mark.parametrize("printed", ["851323", "850732", "850229", "<<<<<<", "85<<23", "<<0723", "850<<<"])
def test_an_impossible_birth_date_is_refused_even_if_its_check_digit_holds(printed: str) -> None:
    """No 13th month, no 29 February in 1985, no day without a month, no date without a year."""
    problems = refuse(BUILDERS["TD3"](a_specimen(birth_date=printed))).problems
    assert [(problem.code, problem.field) for problem in problems] == [(MrzFault.BAD_DATE, "birth date")]


def test_an_impossible_expiry_date_is_refused() -> None:
    """The check digits are made to hold; the date still is none."""
    upper, lower = PASSPORT.split("\n")
    lower = lower[:21] + "210431" + str(check_digit("210431")) + lower[28:43]
    lower += str(check_digit(lower[0:10] + lower[13:20] + lower[21:43]))
    problems = refuse(f"{upper}\n{lower}").problems
    assert [(problem.code, problem.field) for problem in problems] == [(MrzFault.BAD_DATE, "expiry date")]


@pytest.mark.parametrize(("line", "at", "field"), [(1, 3, "issuing State"), (2, 11, "nationality")])
def test_an_unknown_state_is_refused(line: int, at: int, field: str) -> None:
    """No check digit of a passport guards these letters; the list of codes does."""
    (problem,) = refuse(_changed(PASSPORT, line, at, "QQQ")).problems
    assert (problem.code, problem.field, problem.line) == (MrzFault.UNKNOWN_STATE, field, line)


def test_a_document_code_that_no_document_has_is_refused() -> None:
    """P for passports, I, A or C for cards, V for visas."""
    (problem,) = refuse(_changed(PASSPORT, 1, 1, "Q")).problems
    assert (problem.code, problem.field) == (MrzFault.NOT_A_DOCUMENT, "document code")


def test_a_sex_that_no_document_prints_is_refused() -> None:
    """No check digit guards it."""
    assert [problem.field for problem in refuse(_changed(PASSPORT, 2, 21, "K")).problems] == ["sex"]


def test_a_zone_without_name_or_number_is_refused() -> None:
    """Both are needed to know whose document it is."""
    assert refuse(BUILDERS["TD3"](a_specimen(surname="", given_names=""))).problems[0].code == MrzFault.MISSING_NAME
    assert refuse(BUILDERS["TD3"](a_specimen(document_number=""))).problems[0].code == MrzFault.MISSING_NUMBER


def test_all_that_is_wrong_is_told_at_once() -> None:
    """One reading shows every field, not one after the other."""
    zone = _changed(_changed(PASSPORT, 1, 3, "QQQ"), 2, 14, "850724")
    assert {problem.field for problem in refuse(zone).problems} == {"issuing State", "birth date"}


def test_no_message_holds_what_the_zone_says() -> None:
    """Messages go to screens and logs; number, name and dates stay in the zone."""
    zone = _changed(_changed(PASSPORT, 2, 1, "AB9876543"), 2, 14, "850724")
    told = "".join(problem.message + problem.field for problem in refuse(zone).problems) + repr(refuse(zone))
    for private in ("AB9876543", "AB1234567", "NOVAK", "LENA", "850724", "850723"):
        assert private not in told


@pytest.mark.parametrize(("line", "at", "text"), [(2, 1, "850992310285"), (2, 28, "850724"), (1, 6, "BERTRANT")])
def test_a_changed_french_card_is_refused(line: int, at: int, text: str) -> None:
    """Its own check digits guard number, birth date and the whole, names included."""
    card = a_specimen(surname="Bertrand", given_names="Julie", nationality="FRA", document_number="940992310285")
    zone = FRENCH_CARD(card)
    assert read(zone).surname == "BERTRAND"
    assert refuse(_changed(zone, line, at, text)).problems


@pytest.mark.parametrize(
    ("changes", "field"), [({"sex": "K"}, "sex"), ({"birth_date": "851323"}, "birth date"), ({"surname": ""}, "names")]
)
def test_a_french_card_that_means_nothing_is_refused(changes: dict[str, str], field: str) -> None:
    """Its check digits may hold over a date that is none."""
    facts = {"nationality": "FRA", "document_number": "940992310285", "surname": "Bertrand"} | changes
    (problem,) = refuse(FRENCH_CARD(a_specimen(**facts))).problems
    assert problem.field == field
    assert "French card" in problem.message
