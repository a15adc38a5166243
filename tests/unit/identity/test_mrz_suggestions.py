"""Common slips are suggested to the officer, and never mended behind the officer's back."""

from __future__ import annotations

import pytest
from identity_specimens import BUILDERS, a_specimen, read, refuse

PASSPORT = BUILDERS["TD3"](a_specimen(surname="Boiko", document_number="C07734192"))


@pytest.mark.parametrize(
    "slip",
    [
        pytest.param(lambda zone: zone.replace("BOIKO", "B0IKO"), id="0 for O in the name"),
        pytest.param(lambda zone: zone.replace("BOIKO", "BO1KO"), id="1 for I in the name"),
        pytest.param(lambda zone: zone.replace("850723", "85O723"), id="O for 0 in a date"),
        pytest.param(lambda zone: zone.replace("210331", "2I033I"), id="I for 1 in a date"),
        pytest.param(lambda zone: zone.replace("C07734192", "CO7734192"), id="O for 0 in the number"),
        pytest.param(lambda zone: zone.replace("C07734192", "C0773419Z"), id="Z for 2 in the number"),
        pytest.param(lambda zone: zone.replace("<", "‹"), id="another keyboard's filler"),
        pytest.param(lambda zone: zone.replace("<<LENA", " LENA").replace(" ", "  "), id="spaces for fillers"),
        pytest.param(lambda zone: zone.replace("<<<<\n", "\n"), id="fillers left out at the end of the names"),
        pytest.param(lambda zone: zone.replace("\n", "<<\n"), id="too many fillers behind the names"),
    ],
)
def test_a_slip_is_refused_and_its_cure_suggested(slip) -> None:
    """The suggestion is the zone as the document has it."""
    assert refuse(slip(PASSPORT)).suggestion == PASSPORT


def test_a_letter_typed_as_digit_in_a_number_is_suggested() -> None:
    """Where both may stand, the check digit tells which it was."""
    passport = BUILDERS["TD3"](a_specimen(document_number="CO7734192"))
    assert refuse(passport.replace("CO7734192", "C07734192")).suggestion == passport


def test_two_cures_that_fit_equally_are_both_left_unsaid() -> None:
    """Both places of 0 and O have the same weight here: only the document can tell."""
    passport = BUILDERS["TD3"](a_specimen(document_number="B01S5Z8O7"))
    assert refuse(passport.replace("B01S5Z8O7", "BO1S5Z8O7")).suggestion is None


def test_a_suggestion_reads_well() -> None:
    """What is suggested would be taken, were it what the document says."""
    suggestion = refuse(PASSPORT.replace("850723", "85O723")).suggestion
    assert suggestion is not None
    assert read(suggestion).surname == "BOIKO"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("HELLO THERE", id="no zone"),
        pytest.param(PASSPORT.replace("850723", "850733"), id="a digit for a digit"),
        pytest.param(PASSPORT[:-5], id="the end of the second line missing"),
    ],
)
def test_what_no_common_slip_explains_gets_no_suggestion(text: str) -> None:
    """A guess would be worse than none."""
    assert refuse(text).suggestion is None


def test_a_suggestion_stays_out_of_what_a_log_might_print() -> None:
    """It is a whole zone, with the person and the number."""
    assert "BOIKO" not in repr(refuse(PASSPORT.replace("850723", "85O723")))
