"""The one validation of what applicants submit."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from factories.events import make_event
from hypothesis import given
from hypothesis import strategies as st

from accredit.domain.applications import AffiliationKind
from accredit.domain.submissions import FIELDS, FieldProblem, Submission, read_submission

EVENT = make_event()
NOW = datetime(2017, 9, 20, 12, tzinfo=UTC)
GOOD = {
    "surname": "Okoro-Vale",
    "given_names": "Tamsin",
    "birth_date": "1980-05-31",
    "nationality": "ken",
    "email": "tamsin@example.org",
    "organisation": "Alpine  Migrants\tForum",
    "category": "ngo",
    "received_at": "2017-09-04T23:59:59+02:00",
}


def _read(*, keeps_receipt: bool = True, **changes: str) -> Submission | tuple[FieldProblem, ...]:
    return read_submission({**GOOD, **changes}, EVENT, now=NOW, keeps_receipt=keeps_receipt)


def test_a_good_submission_is_read_field_by_field() -> None:
    """Blanks are tidied, codes put into capitals, empty optional fields get their meaning."""
    read = _read(affiliation="note-verbale", grounds_pass="Oui", grounds_pass_number="ab 12345")
    assert isinstance(read, Submission)
    assert read.organisation == "Alpine Migrants Forum"
    assert (read.nationality, read.birth_date) == ("KEN", date(1980, 5, 31))
    assert (read.affiliation, read.grounds_pass) == (AffiliationKind.NOTE_VERBALE, True)
    assert (read.grounds_pass_number, read.language) == ("AB12345", "en")
    assert read.received_at == datetime(2017, 9, 4, 21, 59, 59, tzinfo=UTC)


def test_only_an_import_brings_its_own_time_of_receipt() -> None:
    """Everybody else's application is received now, whatever the form says."""
    read = _read(keeps_receipt=False)
    assert isinstance(read, Submission)
    assert read.received_at == NOW


@pytest.mark.parametrize(("field", "name"), [("surname", "مه\u200cدوی"), ("given_names", "ශ්\u200dරී")])
def test_joiners_that_are_part_of_a_spelling_are_taken(field: str, name: str) -> None:
    """Persian parts letters with a sign that has no width, Sinhala joins them with another."""
    read = _read(**{field: name})
    assert isinstance(read, Submission)
    assert getattr(read, field) == name


CASES = [
    ("surname", "", "missing"),
    ("surname", "---", "no_letters"),
    ("surname", "x" * 121, "too_long"),
    ("surname", "Oko\x07ro", "bad_character"),
    ("surname", "\u202eNOSNHOJ", "bad_character"),
    ("given_names", "Tam\u200bsin", "bad_character"),
    ("given_names", "Tam\u00adsin", "bad_character"),
    ("organisation", "Alpine \u2066Forum\u2069", "bad_character"),
    ("email", "tam\u2060sin@example.org", "bad_character"),
    ("latin_surname", "Окоро", "not_latin"),
    ("latin_surname", "<<<", "no_letters"),
    ("latin_surname", "...", "no_letters"),
    ("latin_given_names", "--", "no_letters"),
    ("latin_given_names", "'", "no_letters"),
    ("birth_date", "31.05.1980", "bad_date"),
    ("birth_date", "1980-02-30", "bad_date"),
    ("birth_date", "2030-01-01", "impossible_date"),
    ("birth_date", "1880-01-01", "impossible_date"),
    ("nationality", "", "bad_country"),
    ("nationality", "Kenya", "bad_country"),
    ("organisation_country", "K3N", "bad_country"),
    ("email", "tamsin", "bad_email"),
    ("email", "", "missing"),
    ("organisation", "", "missing"),
    ("organisation", "x" * 301, "too_long"),
    ("category", "tourist", "unknown_category"),
    ("affiliation", "my word", "unknown_affiliation"),
    ("grounds_pass", "perhaps", "not_yes_or_no"),
    ("grounds_pass_number", "n°12", "bad_number"),
    ("received_at", "", "bad_time"),
    ("received_at", "2017-09-03T10:00:00", "bad_time"),
    ("received_at", "2017-09-20T12:06:00+00:00", "in_future"),
    ("received_at", "0001-01-01T00:00:00+14:00", "impossible_time"),
    ("language", "tlh", "unknown_language"),
    ("shoe_size", "44", "unknown_field"),
]


@pytest.mark.parametrize(("field", "value", "code"), CASES)
def test_a_broken_field_is_named_with_its_cure_and_never_repeated(field: str, value: str, code: str) -> None:
    """The message tells what to write; it does not hold what was typed."""
    read = _read(**{field: value})
    assert isinstance(read, tuple)
    assert [(problem.field, problem.code) for problem in read] == [(field, code)]
    assert "please" in read[0].message or "fields are" in read[0].message
    assert len(value) < 4 or value not in read[0].message


def test_all_problems_come_at_once() -> None:
    """Nobody mends a form field by field."""
    read = _read(surname="", email="x", category="y")
    assert isinstance(read, tuple)
    assert {problem.field for problem in read} == {"surname", "email", "category"}


def test_a_clock_that_is_a_little_ahead_is_not_the_future() -> None:
    """Five minutes are forgiven."""
    assert isinstance(_read(received_at="2017-09-20T12:04:59+00:00"), Submission)


@given(st.dictionaries(st.sampled_from([*FIELDS, "other"]), st.text(max_size=400)))
def test_whatever_is_typed_gives_a_submission_or_problems(fields: dict[str, str]) -> None:
    """No text raises, and no problem is without field, code and words."""
    read = read_submission(fields, EVENT, now=NOW, keeps_receipt=True)
    if isinstance(read, tuple):
        assert read
        assert all(problem.field and problem.code and problem.message for problem in read)


@given(st.datetimes(), st.integers(min_value=-23, max_value=23))
def test_any_time_of_receipt_is_taken_or_refused(moment: datetime, hours: int) -> None:
    """Also at the two ends of the calendar, where an offset leads out of it."""
    read = _read(received_at=f"{moment.isoformat()}{hours:+03}:00")
    if isinstance(read, Submission):
        assert read.received_at.astimezone(UTC) <= NOW.replace(minute=5)
