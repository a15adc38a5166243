"""The adult who comes with a minor: what may be submitted, and what the rule makes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from factories.events import make_event
from factories.facts import make_facts

from accredit.domain.assessments import FindingOutcome, Rule
from accredit.domain.eligibility import assess
from accredit.domain.submissions import FieldProblem, Submission, read_submission

EVENT = make_event()
GOOD = {
    "surname": "Okoro-Vale",
    "given_names": "Tamsin",
    "birth_date": "2002-05-31",
    "nationality": "KEN",
    "email": "tamsin@example.org",
    "organisation": "Alpine Migrants Forum",
    "category": "ngo",
}


def _read(**changes: str) -> Submission | tuple[FieldProblem, ...]:
    now = datetime(2017, 9, 20, 12, tzinfo=UTC)
    return read_submission({**GOOD, **changes}, EVENT, now=now, keeps_receipt=False)


@pytest.mark.parametrize("contact", ["+254 20 123 456", "ada@example.org", "020-123456, evenings", "٠٢٠١٢٣٤٥٦"])
def test_a_guardian_is_reached_by_telephone_or_mail(contact: str) -> None:
    """Digits of any script make a telephone number."""
    read = _read(guardian_name="Ada  Okoro", guardian_contact=contact)
    assert isinstance(read, Submission)
    assert (read.guardian_name, read.guardian_contact) == ("Ada Okoro", contact)


def test_nobody_has_to_name_a_guardian() -> None:
    """Not even a minor: a person of the staff asks."""
    read = _read()
    assert isinstance(read, Submission)
    assert (read.guardian_name, read.guardian_contact) == ("", "")


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"guardian_name": "Ada Okoro"}, "guardian_contact", "missing"),
        ({"guardian_contact": "ada@example.org"}, "guardian_name", "missing"),
        ({"guardian_name": "Ada Okoro", "guardian_contact": "ask me"}, "guardian_contact", "not_reachable"),
        ({"guardian_name": "Ada Okoro", "guardian_contact": "1" * 255}, "guardian_contact", "too_long"),
        ({"guardian_name": "1234", "guardian_contact": "ada@example.org"}, "guardian_name", "no_letters"),
        ({"guardian_name": "Ada\u202e", "guardian_contact": "ada@example.org"}, "guardian_name", "bad_character"),
    ],
)
def test_half_a_guardian_is_refused_with_the_cure(fields: dict[str, str], field: str, code: str) -> None:
    """A name without a way to reach the adult helps nobody, nor does a number without a name."""
    read = _read(**fields)
    assert isinstance(read, tuple)
    assert [(one.field, one.code) for one in read] == [(field, code)]
    assert "please" in read[0].message


@pytest.mark.parametrize(("named", "evidence"), [(True, "named"), (False, "none named")])
def test_a_minor_goes_to_a_person_with_the_guardian_as_evidence(named: bool, evidence: str) -> None:
    """Whether an adult is named is said; the applicant is asked only where none is."""
    facts = make_facts(EVENT, birth_date=date(2002, 5, 31), guardian_named=named)
    finding = assess(EVENT, facts).finding(Rule.PERSON)
    assert finding is not None
    assert (finding.outcome, finding.code) == (FindingOutcome.REVIEW, "minor")
    assert finding.evidence["guardian"] == evidence
    assert ("no guardian named" in finding.staff) is not named
    assert ("please name the adult" in finding.applicant) is not named


def test_a_guardian_makes_no_minor() -> None:
    """An adult who names one is an adult."""
    finding = assess(EVENT, make_facts(EVENT, guardian_named=True)).finding(Rule.PERSON)
    assert finding is not None
    assert (finding.outcome, finding.code) == (FindingOutcome.CLEAR, "one_person")
