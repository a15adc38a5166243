"""The rules of eligibility as a table: facts in, the telling finding and the outcome out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from factories.events import make_event
from factories.facts import make_body, make_facts

from accredit.domain.application_facts import Band, DelegateAnswer, OnList, OrganisationAnswer
from accredit.domain.applications import AffiliationKind
from accredit.domain.assessments import Finding, FindingOutcome, Outcome, Rule, combine
from accredit.domain.eligibility import assess, waits_for_others
from accredit.domain.person_rules import age_on

EVENT = make_event()
_LATE = datetime(2017, 9, 20, tzinfo=UTC)
_UNSETTLED = OrganisationAnswer(Band.REVIEW, "similar", None, ("E2: Alpine Forum",), ("Another country.",))
_NOWHERE = OrganisationAnswer(Band.NONE)
_NO_LIST = OrganisationAnswer(Band.NONE, lists_loaded=False)
_INVITED = {"category": "invited", "organisation": _NOWHERE, "affiliation": None}

_A, _C = FindingOutcome.AGAINST, FindingOutcome.CLEAR
_R, _N, _T = FindingOutcome.REVIEW, FindingOutcome.NOT_APPLICABLE, FindingOutcome.CANNOT_TELL


def _on(where: OnList) -> DelegateAnswer:
    return DelegateAnswer(where, date(2017, 9, 1))


_ON_THE_LIST = (Rule.AFFILIATION, _C, "on_delegate_list", Outcome.ELIGIBLE)

CASES: list[tuple[dict[str, Any], Rule, FindingOutcome, str, Outcome]] = [
    ({}, Rule.DEADLINE, _C, "in_time", Outcome.ELIGIBLE),
    ({"received_at": _LATE}, Rule.DEADLINE, _A, "late", Outcome.INELIGIBLE),
    ({"category": "observer", "received_at": _LATE}, Rule.DEADLINE, _N, "no_deadline", Outcome.ELIGIBLE),
    ({}, Rule.ORGANISATION, _C, "matched_exact", Outcome.ELIGIBLE),
    ({"organisation": _UNSETTLED}, Rule.ORGANISATION, _R, "candidates", Outcome.REVIEW),
    ({"organisation": _NOWHERE}, Rule.ORGANISATION, _R, "not_found", Outcome.REVIEW),
    ({"organisation": _NO_LIST}, Rule.ORGANISATION, _T, "no_list", Outcome.REVIEW),
    ({**_INVITED, "invited_as": "panellist"}, Rule.ORGANISATION, _N, "invited", Outcome.ELIGIBLE),
    ({}, Rule.CATEGORY, _C, "in_force", Outcome.ELIGIBLE),
    ({"organisation": _UNSETTLED}, Rule.CATEGORY, _T, "body_not_known", Outcome.REVIEW),
    ({"body": make_body(in_force=False, status="withdrawn")}, Rule.CATEGORY, _R, "not_in_force", Outcome.REVIEW),
    ({"body": make_body(in_force_on_deadline=False)}, Rule.CATEGORY, _R, "status_changed", Outcome.REVIEW),
    ({"body": make_body(in_force_on_deadline=None)}, Rule.CATEGORY, _C, "in_force", Outcome.ELIGIBLE),
    ({"category": "nhri", "body": make_body(status="A")}, Rule.CATEGORY, _C, "grade_clear", Outcome.ELIGIBLE),
    ({"category": "nhri", "body": make_body(status="B")}, Rule.CATEGORY, _R, "grade_review", Outcome.REVIEW),
    ({"category": "nhri", "body": make_body(status="C")}, Rule.CATEGORY, _A, "grade_against", Outcome.INELIGIBLE),
    (
        {"category": "nhri", "body": make_body(status="A", in_force=False)},
        Rule.CATEGORY,
        _R,
        "not_in_force",
        Outcome.REVIEW,
    ),
    (
        {"category": "nhri", "body": make_body(status="A", status_on_deadline="B")},
        Rule.CATEGORY,
        _R,
        "status_changed",
        Outcome.REVIEW,
    ),
    ({"category": "parliament", "body": make_body(status="member")}, Rule.CATEGORY, _C, "in_force", Outcome.ELIGIBLE),
    ({"category": "member-state", "organisation": _NOWHERE}, Rule.ORGANISATION, _R, "not_found", Outcome.REVIEW),
    (_INVITED, Rule.CATEGORY, _R, "not_on_invitation_list", Outcome.REVIEW),
    ({**_INVITED, "invited_as": "panellist"}, Rule.CATEGORY, _C, "on_invitation_list", Outcome.ELIGIBLE),
    ({"affiliation": None}, Rule.AFFILIATION, _T, "no_proof", Outcome.REVIEW),
    ({**_INVITED, "invited_as": "panellist"}, Rule.AFFILIATION, _N, "invited", Outcome.ELIGIBLE),
    ({}, Rule.PERSON, _C, "one_person", Outcome.ELIGIBLE),
    ({"same_person": ("K7QF-3M9P",)}, Rule.PERSON, _R, "same_person", Outcome.REVIEW),
    ({"same_grounds_pass": ("K7QF-3M9P",)}, Rule.PERSON, _R, "same_grounds_pass", Outcome.REVIEW),
    ({"spellings_disagree": True}, Rule.PERSON, _R, "spellings_disagree", Outcome.REVIEW),
    ({"affiliation_claimed": True}, Rule.AFFILIATION, _T, "own_claim", Outcome.REVIEW),
    ({"affiliation_claimed": True, "affiliation": None}, Rule.AFFILIATION, _T, "no_proof", Outcome.REVIEW),
    ({"delegate_list": _on(OnList.PERSON), "affiliation": None}, *_ON_THE_LIST),
    ({"delegate_list": _on(OnList.NAME), "affiliation_claimed": True}, *_ON_THE_LIST),
    ({"delegate_list": _on(OnList.ABSENT)}, Rule.AFFILIATION, _R, "not_on_delegate_list", Outcome.REVIEW),
    (
        {"delegate_list": _on(OnList.OTHER_BIRTH_DATE)},
        Rule.AFFILIATION,
        _R,
        "other_birth_date_on_delegate_list",
        Outcome.REVIEW,
    ),
    (
        {"delegate_list": _on(OnList.ABSENT), "affiliation": AffiliationKind.FOCAL_POINT},
        Rule.AFFILIATION,
        _C,
        "proved",
        Outcome.ELIGIBLE,
    ),
    ({**_INVITED, "invited_as": "panellist", "on_invitation": 1}, Rule.CATEGORY, _R, "invitation_used", Outcome.REVIEW),
    ({}, Rule.HOLD, _N, "no_hold", Outcome.ELIGIBLE),
    ({"held": True}, Rule.HOLD, _R, "hold", Outcome.REVIEW),
    ({"held": True, "waived": frozenset(Rule)}, Rule.HOLD, _R, "hold", Outcome.REVIEW),
    ({"birth_date": date(1999, 10, 11)}, Rule.PERSON, _R, "minor", Outcome.REVIEW),
    ({"birth_date": date(1999, 10, 10)}, Rule.PERSON, _C, "one_person", Outcome.ELIGIBLE),
    ({"delegates_before": 19}, Rule.QUOTA, _C, "within_quota", Outcome.ELIGIBLE),
    ({"delegates_before": 20}, Rule.QUOTA, _R, "quota_reached", Outcome.REVIEW),
    ({"category": "observer", "delegates_before": 99}, Rule.QUOTA, _N, "no_quota", Outcome.ELIGIBLE),
]


@pytest.mark.parametrize(("changes", "rule", "outcome", "code", "whole"), CASES)
def test_each_rule_finds_what_the_table_says(
    changes: dict[str, Any], rule: Rule, outcome: FindingOutcome, code: str, whole: Outcome
) -> None:
    """One fact changed gives one telling finding, in words for both sides and with its legal basis."""
    assessment = assess(EVENT, make_facts(EVENT, **changes))
    finding = assessment.finding(rule)
    assert finding is not None
    assert (finding.outcome, finding.code, assessment.outcome) == (outcome, code, whole)
    assert finding.applicant
    assert finding.staff
    assert finding.legal_basis
    assert [one.rule for one in assessment.findings] == list(Rule)


def test_only_clear_findings_make_an_assessment_clear() -> None:
    """Every outcome of one finding, alone: clear and not applicable are clear, nothing else is."""
    for outcome in FindingOutcome:
        assessment = combine((Finding(Rule.QUOTA, outcome, "x", "x", "x", "x"),))
        assert assessment.is_clear is (outcome in {_C, _N})
        assert (assessment.outcome is Outcome.INELIGIBLE) is (outcome is _A)


def test_a_finding_against_outweighs_what_waits_for_a_look() -> None:
    """Late and unproved is ineligible, with both findings told."""
    assessment = assess(EVENT, make_facts(EVENT, received_at=_LATE, affiliation=None))
    assert assessment.outcome is Outcome.INELIGIBLE
    assert {one.rule for one in assessment.findings if one.outcome in {_A, _T}} == {Rule.DEADLINE, Rule.AFFILIATION}


def test_a_waiver_stops_the_finding_from_counting_and_keeps_it_readable() -> None:
    """What was found stands beside the waiver."""
    assessment = assess(EVENT, make_facts(EVENT, received_at=_LATE, waived=frozenset({Rule.DEADLINE})))
    finding = assessment.finding(Rule.DEADLINE)
    assert finding is not None
    assert (assessment.outcome, assessment.is_clear) == (Outcome.ELIGIBLE, True)
    assert (finding.code, finding.evidence["waived"]) == ("waived", "late")
    assert "late" not in finding.code
    assert "after the end of 04 September 2017" in finding.staff


@pytest.mark.parametrize("category", ["ngo", "observer"])
def test_what_needs_no_waiver_is_not_waived(category: str) -> None:
    """A clear finding, or one that does not apply, stays what it is."""
    plain = assess(EVENT, make_facts(EVENT, category=category))
    waived = assess(EVENT, make_facts(EVENT, category=category, waived=frozenset(Rule)))
    assert waived == plain


def test_a_minor_who_applied_twice_is_both() -> None:
    """Settling the double must not hide that a guardian is needed."""
    facts = make_facts(EVENT, birth_date=date(2002, 1, 1), same_person=("K7QF-3M9P", "ABCD-2345"))
    finding = assess(EVENT, facts).finding(Rule.PERSON)
    assert finding is not None
    assert finding.code == "same_person"
    assert "ABCD-2345" in finding.staff
    assert "guardian" in finding.staff
    assert "under 18" in finding.applicant


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(1999, 10, 10), date(2017, 10, 10), 18),
        (date(1999, 10, 11), date(2017, 10, 10), 17),
    ],
)
def test_years_are_full_on_the_birthday(born: date, day: date, years: int) -> None:
    """A birthday on 29 February is kept on 1 March."""
    assert age_on(born, day) == years


def test_a_body_without_a_match_never_speaks_against_anybody() -> None:
    """None is never a refusal by itself, in no category."""
    for category in EVENT.categories:
        assessment = assess(EVENT, make_facts(EVENT, category=category.key, organisation=_NOWHERE))
        assert assessment.outcome is not Outcome.INELIGIBLE


@pytest.mark.parametrize(
    ("where", "words"),
    [(OnList.NAME, "by name alone"), (OnList.ABSENT, "nobody of this name"), (OnList.OTHER_BIRTH_DATE, "another day")],
)
def test_a_delegate_list_stands_in_the_evidence(where: OnList, words: str) -> None:
    """Of which day the list is, how the person stands on it, and what else came with the application."""
    finding = assess(EVENT, make_facts(EVENT, delegate_list=_on(where))).finding(Rule.AFFILIATION)
    assert finding is not None
    assert words in finding.staff
    assert (finding.evidence["delegate_list"], finding.evidence["on_list"]) == ("2017-09-01", where.value)
    assert finding.evidence["by"] == ("delegate-list" if where is OnList.NAME else "letter")


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({"delegates_before": 20}, True),
        ({"delegates_before": 20, "affiliation": None, "held": True}, True),
        ({"delegates_before": 20, "received_at": _LATE}, False),
        ({"delegates_before": 20, "waived": frozenset({Rule.QUOTA})}, False),
        ({}, False),
    ],
)
def test_beyond_the_quota_one_waits_unless_something_speaks_against(changes: dict[str, Any], waits: bool) -> None:
    """Whoever is refused anyway is a reviewer's matter at once."""
    assert waits_for_others(assess(EVENT, make_facts(EVENT, **changes))) is waits


@pytest.mark.parametrize(("organisation", "waits"), [({}, True), ({"organisation": _UNSETTLED}, False)])
def test_the_focal_point_is_waited_for_once_the_body_is_known(organisation: dict[str, Any], waits: bool) -> None:
    """Nobody knows whom to ask before a reviewer has said which body is meant."""
    event = make_event(focal_point_confirms=True)
    assert waits_for_others(assess(event, make_facts(event, **organisation))) is waits
