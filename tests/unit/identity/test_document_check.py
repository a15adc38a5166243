"""Green, amber or red: does this document belong to the person who applied?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from identity_specimens import BUILDERS, FRENCH_CARD, HEARING, a_specimen, read

from accredit.identity.documents import (
    AppliedPerson,
    Colour,
    DocumentCheck,
    DocumentFindingCode,
    DocumentType,
    check_document,
    document_type_of,
    name_agreement,
)
from accredit.identity.name_findings import name_finding
from accredit.identity.names import NameAgreementKind


def _applied(**changes: Any) -> AppliedPerson:
    facts: dict[str, Any] = {
        "surname": "Novák",
        "given_names": "Lena",
        "birth_date": date(1985, 7, 23),
        "nationality": "CZE",
    }
    return AppliedPerson(**(facts | changes))


def _check(applied: AppliedPerson, size: str = "TD3", on: date = HEARING, **document: Any) -> DocumentCheck:
    return check_document(applied, read(BUILDERS[size](a_specimen(**document))), on=on)


def _codes(check: DocumentCheck) -> set[str]:
    return {finding.code for finding in check.findings}


@pytest.mark.parametrize("size", ["TD1", "TD2", "TD3"])
def test_exact_agreement_is_green_without_findings(size: str) -> None:
    """Nothing to look at, nothing to settle."""
    check = _check(_applied(), size)
    assert (check.colour, check.findings) == (Colour.GREEN, ())


@pytest.mark.parametrize(
    ("on", "colour"),
    [(date(2021, 3, 30), "green"), (date(2021, 3, 31), "green"), (date(2021, 4, 1), "red")],
)
def test_a_document_is_valid_through_its_last_day(on: date, colour: str) -> None:
    """Valid on the day of the pick-up is enough."""
    assert _check(_applied(), on=on).colour == colour


def test_a_document_without_expiry_is_shown_to_the_officer() -> None:
    """It may run without limit, or have its date on the card alone, as the older French one."""
    assert _codes(_check(_applied(), expires_on=None)) == {"no_expiry"}
    card = read(FRENCH_CARD(a_specimen(nationality="FRA", document_number="940992310285")))
    check = check_document(_applied(nationality="FRA"), card, on=HEARING)
    assert (check.colour, _codes(check)) == (Colour.AMBER, {"no_expiry"})


@pytest.mark.parametrize(
    ("printed", "colour", "codes"),
    [
        (date(1985, 7, 23), "green", set()),
        ("8507<<", "amber", {"birth_date_incomplete"}),
        ("85<<<<", "amber", {"birth_date_incomplete"}),
        ("8506<<", "red", {"birth_date_differs"}),
        ("86<<<<", "red", {"birth_date_differs"}),
        (date(1985, 7, 24), "red", {"birth_date_differs"}),
        (date(1984, 7, 23), "red", {"birth_date_differs"}),
    ],
)
def test_another_birth_date_stops(printed: date | str, colour: str, codes: set[str]) -> None:
    """What a document leaves open is shown; what it says otherwise stops."""
    check = _check(_applied(), birth_date=printed)
    assert (check.colour, _codes(check)) == (colour, codes)


def test_day_and_month_exchanged_stop_with_their_own_words() -> None:
    """The supervisor sees at once that it may be a slip of the form."""
    check = _check(_applied(birth_date=date(1985, 3, 7)), birth_date=date(1985, 7, 3))
    assert (check.colour, _codes(check)) == (Colour.RED, {"birth_date_swapped"})


@pytest.mark.parametrize("printed", [date(1915, 7, 23), date(2015, 7, 23), "1507<<", "15<<<<"])
def test_a_century_apart_is_for_the_officer_to_see(printed: date | str) -> None:
    """The zone has two digits of the year: a person of a hundred is not turned away, a child is not taken for one."""
    check = _check(_applied(birth_date=date(1915, 7, 23)), birth_date=printed)
    assert check.colour is Colour.AMBER
    assert "birth_century" in _codes(check)


def test_the_century_that_the_zone_gives_is_green() -> None:
    """A child who applied as a child."""
    assert _check(_applied(birth_date=date(2015, 7, 23)), birth_date=date(2015, 7, 23)).colour is Colour.GREEN


@pytest.mark.parametrize(
    ("size", "document", "is_shown"),
    [
        ("TD3", {"issuing_state": "CHE"}, True),
        ("TD3", {"issuing_state": "CHE", "document_code": "PD"}, True),
        ("TD1", {"issuing_state": "CHE"}, True),
        ("TD1", {"issuing_state": "CHE", "document_code": "ID"}, True),
        ("TD2", {"issuing_state": "CHE", "document_code": "ID"}, True),
        ("TD3", {"issuing_state": "D", "nationality": "DEU"}, False),
        ("TD3", {"issuing_state": "GBR", "nationality": "GBD"}, False),
        ("TD3", {"issuing_state": "GBD", "nationality": "GBR"}, False),
        ("TD3", {"issuing_state": "RKS", "nationality": "XKX"}, False),
        ("TD3", {"issuing_state": "UNO", "nationality": "CZE"}, False),
        ("TD3", {"issuing_state": "EUE", "nationality": "CZE"}, False),
        ("TD3", {"issuing_state": "XPO", "nationality": "CZE"}, False),
        ("TD3", {"issuing_state": "CHE", "nationality": "XXA"}, False),
        ("TD3", {"issuing_state": "CHE", "nationality": "XXB"}, False),
        ("TD3", {"issuing_state": "CHE", "nationality": "XXC"}, False),
        ("TD3", {"issuing_state": "CHE", "document_code": "PT"}, False),
        ("TD1", {"issuing_state": "CHE", "document_code": "IR"}, False),
        ("TD1", {"issuing_state": "CHE", "document_code": "AR"}, False),
    ],
)
def test_a_national_document_of_another_state_is_shown(size: str, document: dict[str, str], is_shown: bool) -> None:
    """No check digit guards the issuing State; whoever issues to foreigners is known by code or by State."""
    check = _check(_applied(nationality=document.get("nationality", "CZE")), size, **document)
    assert ("issued_to_a_foreigner" in _codes(check)) is is_shown
    assert check.colour is Colour.AMBER or not is_shown


@pytest.mark.parametrize(
    ("applied", "document", "colour", "codes"),
    [
        ("D", "D", "green", set()),
        ("DEU", "D", "green", set()),
        ("deu", "D", "green", set()),
        ("CZE", "SVK", "amber", {"nationality_differs"}),
        ("SYR", "XXB", "amber", {"nationality_differs"}),
        ("GBR", "GBN", "amber", {"nationality_differs"}),
        ("", "CZE", "amber", {"nationality_unknown"}),
        ("Czech", "CZE", "amber", {"nationality_unknown"}),
        ("KEN", "UNO", "green", {"nationality_not_shown"}),
    ],
)
def test_another_nationality_is_shown(applied: str, document: str, colour: str, codes: set[str]) -> None:
    """A second nationality is ordinary; a laissez-passer shows none; codes are compared, not letters."""
    check = _check(_applied(nationality=applied), nationality=document)
    assert (check.colour, _codes(check)) == (colour, codes)


@pytest.mark.parametrize(
    ("document", "colour", "code"),
    [
        ({"given_names": "Lena Marie"}, "amber", "name_extra_given"),
        ({"surname": "Novák Dvořák"}, "amber", "name_extra_surname"),
        ({"surname": "Svobodová"}, "amber", "name_other_surname"),
        ({"surname": "Lena", "given_names": "Novák"}, "amber", "name_order"),
        ({"surname": "Novak Lena", "given_names": ""}, "amber", "name_one_only"),
        ({"given_names": "Lenna"}, "amber", "name_spelling"),
        ({"given_names": "Petra"}, "red", "name_differs"),
        ({"surname": "Svobodová", "given_names": "Petra"}, "red", "name_differs"),
    ],
)
def test_another_name_is_shown_and_another_person_stops(document: dict[str, str], colour: str, code: str) -> None:
    """Further, other and exchanged names are the officer's; a name of somebody else is the supervisor's."""
    check = _check(_applied(), **document)
    assert (check.colour, _codes(check)) == (colour, {code})


def test_a_name_cut_at_the_end_of_its_field_is_shown() -> None:
    """As far as the zone goes, it agrees; what it cut off may be all that tells twins apart."""
    names = {"surname": "Mendes Esteves Nogueira", "given_names": "Rui Guilherme"}
    check = _check(_applied(**names), "TD1", **names)
    assert (check.colour, _codes(check)) == (Colour.AMBER, {"name_truncated"})


@pytest.mark.parametrize(
    ("applied", "colour", "codes"),
    [
        ({"surname": "王", "given_names": "小明"}, "amber", {"name_not_comparable"}),
        ({"surname": "王", "given_names": "小明", "latin_surname": "Wang"}, "amber", {"name_not_comparable"}),
        (
            {"surname": "王", "given_names": "小明", "latin_surname": "Wang", "latin_given_names": "Xiaoming"},
            "green",
            set(),
        ),
        (
            {"surname": "王", "given_names": "小明", "latin_surname": "Chen", "latin_given_names": "Dong"},
            "red",
            {"name_differs"},
        ),
    ],
)
def test_a_script_without_a_table_needs_the_latin_spelling(
    applied: dict[str, str], colour: str, codes: set[str]
) -> None:
    """Without it nobody is green; with it, it decides, and the native spelling hides nothing."""
    check = _check(_applied(**applied), surname="Wang", given_names="Xiaoming")
    assert (check.colour, _codes(check)) == (colour, codes)


def test_the_better_of_latin_and_native_spelling_counts() -> None:
    """A Latin spelling of the applicant's own may differ where the native one gives the zone letter for letter."""
    own = _applied(surname="Юлина", given_names="Юлия", latin_surname="Yulina", latin_given_names="Julia")
    assert _check(own, surname="Юлина", given_names="Юлия").colour is Colour.GREEN


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        (("Novák", "Lena"), ("Okoro-Vale", "Tamsin")),
        (("Novák", "Lena"), ("Svobodová", "Lena")),
        (("Okoro-Vale", "Tamsin"), ("Novak", "Lena")),
        (("Новак", "Лена"), ("Okoro-Vale", "Tamsin")),
    ],
)
def test_two_spellings_of_two_names_are_shown(native: tuple[str, str], latin: tuple[str, str]) -> None:
    """Who is invited under one spelling and holds a document in the other is no green."""
    own = _applied(surname=native[0], given_names=native[1], latin_surname=latin[0], latin_given_names=latin[1])
    check = _check(own)
    assert (check.colour, _codes(check)) == (Colour.AMBER, {"name_one_spelling"})


def test_the_words_of_the_other_spelling_are_at_hand_for_the_screen() -> None:
    """The officer asks about the name that is not in the document."""
    own = _applied(latin_surname="Okoro-Vale", latin_given_names="Lena")
    (difference,) = name_agreement(own, read(BUILDERS["TD3"](a_specimen()))).differences
    assert (difference.applied, difference.document) == ("Okoro Vale", "NOVAK")


def test_a_specimen_of_utopia_stops() -> None:
    """No such document was ever issued to a person."""
    check = _check(_applied(nationality="UTO"), nationality="UTO")
    assert (check.colour, _codes(check)) == (Colour.RED, {"specimen"})


def test_a_visa_is_no_identity_document() -> None:
    """It names its passport's holder, and is not the passport."""
    check = _check(_applied(), "MRV-A", issuing_state="CHE")
    assert (check.colour, _codes(check)) == (Colour.RED, {"not_an_identity_document"})


def test_the_worst_finding_gives_the_colour_and_all_are_told() -> None:
    """An officer who sees red still sees what else to ask."""
    check = _check(_applied(), on=date(2022, 1, 1), given_names="Lena Marie", nationality="SVK")
    assert check.colour is Colour.RED
    assert _codes(check) == {"expired", "name_extra_given", "nationality_differs"}


def test_the_differences_of_the_names_are_at_hand_for_the_screen() -> None:
    """Messages hold no name; the screen asks for the words."""
    mrz = read(BUILDERS["TD3"](a_specimen(given_names="Lena Marie")))
    (difference,) = name_agreement(_applied(), mrz).differences
    assert (difference.applied, difference.document) == ("", "MARIE")


def test_no_message_holds_a_name_or_number() -> None:
    """Findings are stored and logged with the pick-up; the document's content is not."""
    check = _check(
        _applied(surname="Kowalczyk", given_names="Zofia", birth_date=date(1971, 1, 2), nationality="POL"),
        on=date(2030, 1, 1),
    )
    told = repr(check) + repr(_applied())
    for private in ("NOVAK", "LENA", "Kowalczyk", "Zofia", "AB1234567", "1985", "1971", "850723"):
        assert private.lower() not in told.lower()


def test_every_way_of_agreement_has_its_words() -> None:
    """A new kind of agreement must be told to the officer, in a sentence."""
    for kind in NameAgreementKind:
        finding = name_finding(kind)
        assert (finding is None) == (kind is NameAgreementKind.EXACT)
        assert finding is None or finding.message.endswith(".")
        assert finding is None or finding.code in set(DocumentFindingCode)


@pytest.mark.parametrize(
    ("size", "document", "expected"),
    [
        ("TD3", {}, DocumentType.PASSPORT),
        ("TD3", {"document_code": "PD"}, DocumentType.PASSPORT),
        ("TD3", {"issuing_state": "GBR", "nationality": "GBN"}, DocumentType.PASSPORT),
        ("TD3", {"issuing_state": "CHE", "nationality": "XXB"}, DocumentType.TRAVEL_DOCUMENT),
        ("TD3", {"issuing_state": "CHE", "nationality": "XXA"}, DocumentType.TRAVEL_DOCUMENT),
        ("TD3", {"document_code": "PU"}, DocumentType.TRAVEL_DOCUMENT),
        ("TD3", {"issuing_state": "XPO"}, DocumentType.TRAVEL_DOCUMENT),
        ("TD2", {"document_code": "P"}, DocumentType.TRAVEL_DOCUMENT),
        ("TD3", {"issuing_state": "UNO", "nationality": "UNO"}, DocumentType.LAISSEZ_PASSER),
        ("TD3", {"issuing_state": "UNA", "nationality": "KEN"}, DocumentType.LAISSEZ_PASSER),
        ("TD3", {"issuing_state": "EUE", "nationality": "FRA"}, DocumentType.LAISSEZ_PASSER),
        ("TD1", {}, DocumentType.IDENTITY_CARD),
        ("TD2", {"document_code": "ID"}, DocumentType.IDENTITY_CARD),
        ("TD1", {"issuing_state": "D", "nationality": "DEU"}, DocumentType.IDENTITY_CARD),
        ("TD1", {"document_code": "IR", "issuing_state": "CHE", "nationality": "KEN"}, DocumentType.RESIDENCE_PERMIT),
        ("TD1", {"issuing_state": "CHE", "nationality": "KEN"}, DocumentType.RESIDENCE_PERMIT),
        ("TD1", {"document_code": "AC"}, DocumentType.LEGITIMATION_CARD),
        ("MRV-A", {}, DocumentType.VISA),
        ("MRV-B", {}, DocumentType.VISA),
    ],
)
def test_the_kind_of_document_is_known_by_its_zone(size: str, document: dict[str, str], expected: DocumentType) -> None:
    """By size, code, issuing State and nationality; which kinds count is for the event to say."""
    assert document_type_of(read(BUILDERS[size](a_specimen(**document)))) is expected
