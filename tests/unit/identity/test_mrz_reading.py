"""A good zone is read to its facts, in each of the five sizes."""

from __future__ import annotations

from datetime import date

import pytest
from identity_specimens import BUILDERS, FRENCH_CARD, a_specimen, read

from accredit.identity.mrz import BirthDate, MrzFormat, check_digit


def test_check_digits_follow_the_worked_examples_of_icao() -> None:
    """The examples of Doc 9303-3 Appendix A come out as printed there."""
    assert check_digit("520727") == 3
    assert check_digit("AB2134<<<") == 5
    assert check_digit("HA672242<658022549601086<<<<<<<<<<<<<<0") == 8


def test_a_check_digit_is_refused_for_characters_outside_the_alphabet() -> None:
    """The caller checks the alphabet first; a broken promise is an exception."""
    with pytest.raises(ValueError, match="A to Z"):
        check_digit("ab")


def test_the_passport_of_the_icao_example_is_read() -> None:
    """Doc 9303-4 prints the zone of Anna Maria Eriksson of Utopia."""
    zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    mrz = read(zone)
    assert (mrz.format, mrz.document_code, mrz.issuing_state, mrz.nationality) == (MrzFormat.TD3, "P", "UTO", "UTO")
    assert (mrz.surname, mrz.given_names, mrz.sex) == ("ERIKSSON", ("ANNA", "MARIA"), "F")
    assert (mrz.document_number, mrz.optional_data) == ("L898902C3", "ZE184226B")
    assert (mrz.birth_date, mrz.expires_on) == (BirthDate(1974, 8, 12), date(2012, 4, 15))
    assert not mrz.name_truncated


@pytest.mark.parametrize("size", BUILDERS)
def test_every_size_is_recognised_by_its_lines(size: str) -> None:
    """TD1, TD2, TD3 by length and number of lines; visas by the letter V in the first place."""
    mrz = read(BUILDERS[size](a_specimen()))
    assert mrz.format == size
    assert (mrz.surname, mrz.given_names, mrz.document_number) == ("NOVAK", ("LENA",), "AB1234567")


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(lambda zone: zone.replace("\n", "\r\n") + "\r\n", id="lines of a keyboard reader"),
        pytest.param(lambda zone: "\n\n  " + zone.replace("\n", "  \n\n\t") + " \n", id="spaces and blank lines"),
        pytest.param(lambda zone: zone.replace("\n", ""), id="one run"),
        pytest.param(lambda zone: zone.replace("\n", " "), id="spaces for line ends"),
        pytest.param(lambda zone: zone.lower(), id="lower case"),
        pytest.param(lambda zone: "\ufeff\x02" + zone + "\x03", id="marks of the reader"),
    ],
)
@pytest.mark.parametrize("size", BUILDERS)
def test_a_zone_may_come_as_readers_and_people_send_it(size: str, typed) -> None:
    """Line ends, spaces around and case are of no account."""
    zone = BUILDERS[size](a_specimen())
    assert read(typed(zone)) == read(zone)


@pytest.mark.parametrize("size", ["TD1", "TD2"])
def test_a_long_number_is_joined_from_the_optional_data(size: str) -> None:
    """Cards may print twelve characters; the filler stands in the place of the check digit (9303-5 and -6)."""
    mrz = read(BUILDERS[size](a_specimen(document_number="D2314589012X")))
    assert (mrz.document_number, mrz.optional_data) == ("D2314589012X", "")


def test_optional_data_behind_a_long_number_stays_optional_data() -> None:
    """Only what stands before the first filler belongs to the number."""
    mrz = read(BUILDERS["TD1"](a_specimen(document_number="1234567890", optional_data="OHDA123456")))
    assert (mrz.document_number, mrz.optional_data) == ("1234567890", "OHDA123456")


def test_a_long_number_whose_digit_counts_the_filler_is_taken() -> None:
    """Belgian cards make the check digit over the filler in the tenth place as well."""
    zone = "IDBEL000590240<6013<<<<<<<<<<<\n8512017F1311048BEL851201002007\nREINARTZ<<ULRIKE<KATIA<E<<<<<<"
    assert read(zone).document_number == "000590240601"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("850723", BirthDate(1985, 7, 23)),
        ("8507<<", BirthDate(1985, 7)),
        ("85<<<<", BirthDate(1985)),
        ("850700", BirthDate(1985, 7)),
        ("850000", BirthDate(1985)),
    ],
)
def test_unknown_parts_of_a_birth_date_stay_open(printed: str, expected: BirthDate) -> None:
    """Day, or month and day, may be fillers (9303-3 section 4.8), or zeros as some offices print them."""
    assert read(BUILDERS["TD3"](a_specimen(birth_date=printed))).birth_date == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("171011", BirthDate(2017, 10, 11)),
        ("171012", BirthDate(1917, 10, 12)),
        ("1710<<", BirthDate(2017, 10)),
        ("1711<<", BirthDate(1917, 11)),
        ("17<<<<", BirthDate(2017)),
        ("18<<<<", BirthDate(1918)),
        ("000229", BirthDate(2000, 2, 29)),
    ],
)
def test_a_birth_date_lies_in_the_latest_century_that_is_past(printed: str, expected: BirthDate) -> None:
    """Nobody is born tomorrow: what would be is a hundred years older."""
    assert read(BUILDERS["TD3"](a_specimen(birth_date=printed))).birth_date == expected


@pytest.mark.parametrize(
    ("printed", "expected"), [(date(1995, 12, 7), 1995), (date(2027, 1, 1), 2027), (date(2066, 1, 1), 2066)]
)
def test_an_expiry_date_lies_in_the_century_nearest_to_today(printed: date, expected: int) -> None:
    """A document is neither half a century expired nor half a century ahead."""
    mrz = read(BUILDERS["TD3"](a_specimen(expires_on=printed)))
    assert mrz.expires_on is not None
    assert mrz.expires_on.year == expected


@pytest.mark.parametrize("check", ["0", "<"])
def test_a_document_without_expiry_is_read(check: str) -> None:
    """The field is left open, with 0 or the filler as its check digit."""
    zone = BUILDERS["TD3"](a_specimen(expires_on=None))
    upper, lower = zone.split("\n")
    assert read(f"{upper}\n{lower[:27]}{check}{lower[28:]}").expires_on is None


def test_open_optional_data_may_have_the_filler_for_a_check_digit() -> None:
    """German passports print it so (9303-4 section 4.2.2)."""
    zone = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\nC11T002JM4D<<9608122F1310317<<<<<<<<<<<<<<<6"
    mrz = read(zone)
    assert (mrz.issuing_state, mrz.nationality, mrz.optional_data) == ("D", "D", "")


@pytest.mark.parametrize(
    ("surname", "given_names", "expected"),
    [
        ("Suharto", "", ("SUHARTO", ())),
        ("van der Berg-Meier", "Jan Piet", ("VAN DER BERG MEIER", ("JAN", "PIET"))),
        ("O'Connor", "Aoife", ("OCONNOR", ("AOIFE",))),
        ("", "Anna Maria", ("", ("ANNA", "MARIA"))),
    ],
)
def test_names_part_at_the_double_filler(surname: str, given_names: str, expected: tuple[str, tuple[str, ...]]) -> None:
    """Surname before, given names behind; either may be missing."""
    mrz = read(BUILDERS["TD3"](a_specimen(surname=surname, given_names=given_names)))
    assert (mrz.surname, mrz.given_names) == expected


def test_a_name_that_fills_its_field_is_marked_as_perhaps_cut() -> None:
    """A letter in the last place is how a zone says it (9303-3 section 4.6)."""
    long = a_specimen(surname="Mendes Esteves Nogueira", given_names="Rui Guilherme")
    assert read(BUILDERS["TD1"](long)).name_truncated
    assert read(BUILDERS["TD1"](long)).given_names == ("RUI", "G")
    assert not read(BUILDERS["TD3"](long)).name_truncated


@pytest.mark.parametrize(("printed", "expected"), [("F", "F"), ("M", "M"), ("X", ""), ("", "")])
def test_sex_is_f_m_or_open(printed: str, expected: str) -> None:
    """X and the filler both mean that the document does not say."""
    assert read(BUILDERS["TD2"](a_specimen(sex=printed))).sex == expected


def test_what_a_log_might_print_holds_no_person_and_no_number() -> None:
    """The representation of a zone leaves out number, names, birth date and optional data."""
    shown = repr(read(BUILDERS["TD3"](a_specimen(optional_data="PERSONAL99"))))
    for private in ("AB1234567", "NOVAK", "LENA", "1985", "PERSONAL99"):
        assert private not in shown


def test_the_french_card_of_before_2021_is_read_in_its_own_layout() -> None:
    """Its number has twelve characters, its given names stand in the second line, its expiry only on the card."""
    card = a_specimen(surname="Bertrand", given_names="Julie Anne", nationality="FRA", document_number="940992310285")
    mrz = read(FRENCH_CARD(card))
    assert (mrz.format, mrz.issuing_state, mrz.nationality) == (MrzFormat.TD2, "FRA", "FRA")
    assert (mrz.surname, mrz.given_names, mrz.sex) == ("BERTRAND", ("JULIE", "ANNE"), "F")
    assert (mrz.document_number, mrz.birth_date) == ("940992310285", BirthDate(1985, 7, 23))
    assert mrz.expires_on is None
