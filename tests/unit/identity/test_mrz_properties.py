"""What holds for every zone: what is built is read, what is changed is refused, and no text raises."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identity_specimens import BUILDERS, HEARING, long_numbers, read, refuse, specimens

from accredit.identity.mrz import BirthDate, Mrz, MrzRejected, parse_mrz
from accredit.identity.mrz_layout import LAYOUTS, MrzField, MrzFormat
from accredit.identity.specimens import Specimen

# Fields whose every character is under a check digit; sex, names and codes of States are under none in a passport.
CHECKED = (MrzField.DOCUMENT_NUMBER, MrzField.BIRTH_DATE, MrzField.EXPIRY)


@pytest.mark.parametrize("size", BUILDERS)
@settings(max_examples=60, deadline=None)
@given(specimen=specimens)
def test_what_is_built_is_read(size: str, specimen: Specimen) -> None:
    """Builder and parser agree on every field, in every size."""
    mrz = read(BUILDERS[size](specimen))
    born = specimen.birth_date
    assert isinstance(born, date)
    assert mrz.birth_date == BirthDate(born.year, born.month, born.day)
    assert (mrz.document_number, mrz.expires_on) == (specimen.document_number, specimen.expires_on)
    assert (mrz.surname, mrz.given_names) == (specimen.surname, tuple(specimen.given_names.split()))
    assert (mrz.nationality, mrz.issuing_state) == (specimen.nationality, specimen.nationality)
    assert (mrz.sex, mrz.optional_data) == (specimen.sex, "")


@pytest.mark.parametrize(("size", "most"), [("TD1", 22), ("TD2", 14)])
@settings(max_examples=60, deadline=None)
@given(specimen=specimens, number=long_numbers)
def test_long_numbers_are_read_as_built(size: str, most: int, specimen: Specimen, number: str) -> None:
    """A number goes on in the optional data as far as that reaches, and comes back in one piece."""
    number = number[:most]
    changed = Specimen(specimen.surname, "", specimen.birth_date, specimen.nationality, number, specimen.expires_on)
    assert read(BUILDERS[size](changed)).document_number == number


@pytest.mark.parametrize("size", BUILDERS)
@settings(max_examples=60, deadline=None)
@given(specimen=specimens, data=st.data())
def test_a_changed_digit_of_a_checked_field_is_refused(size: str, specimen: Specimen, data: st.DataObject) -> None:
    """Any other digit in number, birth date, expiry or their check digits fails."""
    zone = BUILDERS[size](specimen)
    at, other = data.draw(_changes(size, zone, "0123456789"))
    assert refuse(zone[:at] + other + zone[at + 1 :]).problems


@pytest.mark.parametrize("size", BUILDERS)
@settings(max_examples=60, deadline=None)
@given(specimen=specimens, data=st.data())
def test_a_changed_letter_of_a_checked_field_is_refused(size: str, specimen: Specimen, data: st.DataObject) -> None:
    """So does any letter whose value ends in another digit; the others are alike to ICAO's check digit."""
    zone = BUILDERS[size](specimen)
    at, other = data.draw(_changes(size, zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert refuse(zone[:at] + other + zone[at + 1 :]).problems


@settings(max_examples=300, deadline=None)
@given(text=st.text() | st.text("P<IV0189AZ \n", max_size=140))
def test_no_text_raises(text: str) -> None:
    """Whatever was typed, the answer is a refusal with reasons."""
    assert isinstance(parse_mrz(text, today=HEARING), Mrz | MrzRejected)


@pytest.mark.parametrize("size", BUILDERS)
@settings(max_examples=60, deadline=None)
@given(specimen=specimens, data=st.data())
def test_no_changed_zone_raises(size: str, specimen: Specimen, data: st.DataObject) -> None:
    """Nor does a zone with any character of any script anywhere; a refusal never prints the number."""
    zone = BUILDERS[size](specimen)
    at = data.draw(st.integers(0, len(zone) - 1))
    result = parse_mrz(zone[:at] + data.draw(st.characters()) + zone[at + 1 :], today=HEARING)
    if isinstance(result, MrzRejected) and len(specimen.document_number) == 9:
        assert specimen.document_number not in repr(result)


def _value(character: str) -> int:
    return 0 if character == "<" else int(character, 36)


def _changes(size: str, zone: str, alphabet: str) -> st.SearchStrategy[tuple[int, str]]:
    """One place of a checked field in the whole text, and a character that its check digit can tell from the old one."""
    layout = LAYOUTS[MrzFormat(size)]
    places = [
        (layout.width + 1) * (span.line - 1) + at
        for span in (layout.fields[field] for field in CHECKED)
        for at in range(span.start, span.end + 1)
    ]
    return st.tuples(st.sampled_from(places), st.sampled_from(alphabet)).filter(
        lambda change: _value(zone[change[0]]) % 10 != _value(change[1]) % 10
    )
