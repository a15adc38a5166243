"""Findings and the assessment they make: "no", "not applicable" and "cannot tell" stay apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

RULE_CHANGES: Mapping[int, str] = {
    1: "the first rules",
    2: "a name whose two spellings disagree goes to a person, a minor's finding says whether a guardian is named, "
    "and the list of delegates that a body handed in counts",
}
"""What each version of the rules brought, for those who read a decision of an older one."""

RULE_VERSION = max(RULE_CHANGES)
"""Grows with every change of a rule, so that a decision can name the rules it was made under."""


class Outcome(StrEnum):
    """What all rules together say. Ineligible is a proposal to a reviewer, never a refusal by itself."""

    ELIGIBLE = "eligible"
    REVIEW = "review"
    INELIGIBLE = "ineligible"


class FindingOutcome(StrEnum):
    """What one rule says."""

    CLEAR = "clear"
    REVIEW = "review"
    AGAINST = "against"
    NOT_APPLICABLE = "not_applicable"
    CANNOT_TELL = "cannot_tell"


class Rule(StrEnum):
    """The rules, in the order in which they are explained."""

    DEADLINE = "deadline"
    ORGANISATION = "organisation"
    CATEGORY = "category"
    AFFILIATION = "affiliation"
    PERSON = "person"
    QUOTA = "quota"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found, with its evidence and two texts: one for the applicant, one for the staff."""

    rule: Rule
    outcome: FindingOutcome
    code: str
    applicant: str
    staff: str
    legal_basis: str
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The outcome of all rules, with every finding and the version of the rules."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    rule_version: int = RULE_VERSION

    @property
    def is_clear(self) -> bool:
        """Whether every finding is clear or does not apply: the only case that is approved without a person."""
        return all(one.outcome in {FindingOutcome.CLEAR, FindingOutcome.NOT_APPLICABLE} for one in self.findings)

    def finding(self, rule: Rule) -> Finding | None:
        """What this rule found."""
        return next((one for one in self.findings if one.rule is rule), None)


def combine(findings: tuple[Finding, ...]) -> Assessment:
    """One finding against makes it ineligible; anything that a person must look at makes it a review."""
    outcomes = {one.outcome for one in findings}
    if FindingOutcome.AGAINST in outcomes:
        return Assessment(Outcome.INELIGIBLE, findings)
    if outcomes & {FindingOutcome.REVIEW, FindingOutcome.CANNOT_TELL}:
        return Assessment(Outcome.REVIEW, findings)
    return Assessment(Outcome.ELIGIBLE, findings)


def numbered(word: str, values: tuple[str, ...]) -> dict[str, str]:
    """Several values as evidence: candidate_1, candidate_2, …"""
    return {f"{word}_{number}": value for number, value in enumerate(values, 1)}
