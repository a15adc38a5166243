"""The rules of eligibility (DESIGN section 4): small functions from facts to a finding, and `assess`, which combines them.

The facts are plain: the matcher's answer and the rows of the database come in as values. Nothing here refuses anybody; a
finding against is a proposal that a reviewer carries out or waives.
"""

from __future__ import annotations

from collections.abc import Callable

from accredit.domain.application_facts import ApplicationFacts
from accredit.domain.assessments import Assessment, Finding, FindingOutcome, Rule, combine
from accredit.domain.body_rules import category, organisation
from accredit.domain.deadline_rule import deadline
from accredit.domain.events import Event
from accredit.domain.person_rules import QUOTA_REACHED, WAITS_FOR_FOCAL_POINT, affiliation, hold, person, quota
from accredit.domain.sentences import Told


def assess(event: Event, facts: ApplicationFacts) -> Assessment:
    """The findings of all rules and their outcome. Pure: the same facts give the same assessment."""
    rules: tuple[Callable[[Event, ApplicationFacts], Finding], ...] = (
        deadline,
        organisation,
        category,
        affiliation,
        person,
        quota,
        hold,
    )
    return combine(tuple(_waived(rule(event, facts), facts.waived) for rule in rules))


def _waived(finding: Finding, waived: frozenset[Rule]) -> Finding:
    """A waiver stands beside what was found: the finding stays readable and stops counting. A hold is never waived."""
    if (
        finding.rule is Rule.HOLD
        or finding.rule not in waived
        or finding.outcome in {FindingOutcome.CLEAR, FindingOutcome.NOT_APPLICABLE}
    ):
        return finding
    evidence = {**finding.evidence, "waived": finding.code}
    return Finding(
        finding.rule,
        FindingOutcome.CLEAR,
        "waived",
        finding.applicant,
        Told("waived by a reviewer; found before: %(found)s", found=finding.staff),
        finding.legal_basis,
        evidence,
    )


def waits_for_others(assessment: Assessment) -> bool:
    """Whether nobody of the staff needs to look before somebody else has acted: the focal point of the body has confirmed,
    or a delegate before this one has given his place back. Which body it is has to be known first.
    """
    against = any(one.outcome is FindingOutcome.AGAINST for one in assessment.findings)
    body = assessment.finding(Rule.ORGANISATION)
    is_known = body is not None and body.outcome is FindingOutcome.CLEAR
    waits = any(one.code in {WAITS_FOR_FOCAL_POINT, QUOTA_REACHED} for one in assessment.findings)
    return waits and is_known and not against
