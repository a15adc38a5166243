"""Why an application stands where it stands: every finding with its evidence, and the same rules run again.

A recomputation takes what was taken then: the rules' version, the editions, the waivers, and what was known of other
applications. It answers whether the assessment can be had again, not whether it would be made today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord, Decision
from accredit.db.models.delegates import DelegateList
from accredit.db.models.lists import Edition
from accredit.domain.application_facts import DelegateAnswer, OnList
from accredit.domain.assessments import RULE_CHANGES, RULE_VERSION, Finding, Outcome, Rule
from accredit.domain.events import Event
from accredit.services.assessing import (
    Assessed,
    Assessor,
    applied_of,
    category_of,
    findings_of,
    latest_assessment,
    settled_in,
)
from accredit.services.event_loading import LoadedEvent
from accredit.services.organisations import load_registers
from accredit.services.references import find_application
from accredit.services.surroundings import Around, Delegations


class Sameness(StrEnum):
    """What a recomputation found."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The answer, in a word and a sentence.

    `after` is by the rules of this installation: None where the assessment was made by newer ones.
    """

    sameness: Sameness
    message: str
    before: Outcome
    after: Outcome | None = None


def explain(session: Session, event: LoadedEvent, reference: str) -> tuple[str, ...] | None:
    """Lines of text: the latest assessment with every finding, and the decisions. None: no such application."""
    application = find_application(session, event, reference)
    if application is None:
        return None
    assessment = latest_assessment(session, application)
    lines = [
        f"{application.reference}: {application.category}, {application.state.value}",
        f"received {_shown(event.event, application.received_at)}",
    ]
    if assessment is None:
        return (*lines, "not assessed yet")
    lines += _of_assessment(session, event.event, application, assessment)
    return (*lines, *_of_decisions(session, event.event, application))


def recompute(session: Session, event: LoadedEvent, reference: str) -> Recomputed | None:
    """Runs the rules again as they were run for the latest assessment. None: no such application, or not assessed.

    Rules of an older version are gone; it is then said what they lacked, and what today's say of the same facts.
    """
    application = find_application(session, event, reference)
    assessment = latest_assessment(session, application) if application is not None else None
    if application is None or assessment is None:
        return None
    version = assessment.rule_version
    if version > RULE_VERSION:
        told = f"assessed by version {version} of the rules; this installation has version {RULE_VERSION}: update it"
        return Recomputed(Sameness.CANNOT_TELL, told, assessment.outcome)
    now = _again(session, event.event, application, assessment)
    different = _differences(findings_of(assessment), now.assessment.findings)
    if version < RULE_VERSION:
        told = _by_newer_rules(version, now.assessment.outcome, different)
        return Recomputed(Sameness.CANNOT_TELL, told, assessment.outcome, now.assessment.outcome)
    if now.assessment.outcome is assessment.outcome and not different:
        told = f"the same rules and lists give {now.assessment.outcome.value} again, with the same findings"
        return Recomputed(Sameness.SAME, told, assessment.outcome, now.assessment.outcome)
    told = f"was {assessment.outcome.value}, is {now.assessment.outcome.value}; {'; '.join(different)}"
    return Recomputed(Sameness.DIFFERENT, told, assessment.outcome, now.assessment.outcome)


def _by_newer_rules(version: int, outcome: Outcome, different: Sequence[str]) -> str:
    since = "; ".join(f"version {one}: {words}" for one, words in RULE_CHANGES.items() if one > version)
    today = f"{outcome.value}; {'; '.join(different)}" if different else f"{outcome.value}, with the same findings"
    gone = f"assessed by version {version} of the rules, which this installation no longer runs"
    return f"{gone} ({since}). Version {RULE_VERSION} says of the same facts: {today}. Nothing changes by this"


def _shown(event: Event, moment: datetime) -> str:
    return f"{moment.astimezone(event.zone):%d %B %Y %H:%M:%S} ({event.zone.key})"


def _of_assessment(
    session: Session, event: Event, application: Application, assessment: AssessmentRecord
) -> Iterator[str]:
    clear = ", clear" if assessment.is_clear else ""
    yield f"outcome: {assessment.outcome.value}{clear}; assessed {_shown(event, assessment.made_at)}"
    yield f"rules of version {assessment.rule_version}; lists: {', '.join(_editions(session, assessment)) or 'none'}"
    for finding in findings_of(assessment):
        yield from _of_finding(finding)
        if "minor" in finding.evidence and application.guardian_name:
            # A person's name stays sealed in its own row; the finding only says that there is one.
            yield f"    guardian's name: {application.guardian_name}"
            yield f"    guardian's contact: {application.guardian_contact}"


def _editions(session: Session, assessment: AssessmentRecord) -> list[str]:
    wanted = select(Edition).where(Edition.id.in_([UUID(one) for one in assessment.editions]))
    found = session.scalars(wanted.order_by(Edition.list_key, Edition.as_of, Edition.revision))
    sent = session.scalars(select(DelegateList).where(DelegateList.id.in_([UUID(one) for one in assessment.editions])))
    return [
        *(f"{one.list_key} of {one.as_of}, revision {one.revision}" for one in found),
        *(f"delegates of {one.list_key}/{one.external_id} of {one.as_of}, revision {one.revision}" for one in sent),
    ]


def _of_finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.rule.value}: {finding.outcome.value.replace('_', ' ')} ({finding.code})"
    yield f"    {finding.staff}"
    yield f"    to the applicant: {finding.applicant}"
    for name, value in finding.evidence.items():
        yield f"    {name.replace('_', ' ')}: {value}"
    yield f"    basis: {finding.legal_basis}"


def _of_decisions(session: Session, event: Event, application: Application) -> Iterator[str]:
    wanted = select(Decision).where(Decision.application_id == application.id).order_by(Decision.decided_at)
    for decision in session.scalars(wanted):
        waived = f", waived: {', '.join(decision.waived)}" if decision.waived else ""
        yield f"{decision.verdict.value} by {decision.actor}, {_shown(event, decision.decided_at)}{waived}"
        if decision.reason_staff:
            yield f"    for the staff: {decision.reason_staff}"
        if decision.reason_applicant:
            yield f"    to the applicant: {decision.reason_applicant}"


def _again(session: Session, event: Event, application: Application, assessment: AssessmentRecord) -> Assessed:
    findings = findings_of(assessment)
    category = category_of(event, application.category)
    registers = load_registers(session, event, [category], assessment.editions, assessment.aliases_number)
    assessor = Assessor(event, registers, Delegations(), {})
    applied, settled = applied_of(application), settled_in(findings)
    found = assessor.find(applied, settled)
    if found is None:
        return assessor.assess(applied, settled)
    return assessor.judge(applied, settled, found, _around(findings))


def _evidence(findings: Sequence[Finding], rule: Rule) -> dict[str, str]:
    return next((dict(one.evidence) for one in findings if one.rule is rule), {})


def _around(findings: Sequence[Finding]) -> Around:
    """What was known of other applications, and of the body's delegates, stands in the evidence."""
    of_person = _evidence(findings, Rule.PERSON)
    return Around(
        delegates_before=int(_evidence(findings, Rule.QUOTA).get("before", "0")),
        on_invitation=int(_evidence(findings, Rule.CATEGORY).get("on_invitation", "0")),
        same_person=tuple(value for name, value in of_person.items() if name.startswith("same_person")),
        same_grounds_pass=tuple(value for name, value in of_person.items() if name.startswith("same_grounds_pass")),
        held="held" in _evidence(findings, Rule.HOLD),
        delegate_list=_delegate_list(_evidence(findings, Rule.AFFILIATION)),
    )


def _delegate_list(evidence: Mapping[str, str]) -> DelegateAnswer | None:
    if "on_list" not in evidence:
        return None
    return DelegateAnswer(OnList(evidence["on_list"]), date.fromisoformat(evidence["delegate_list"]))


def _differences(before: Sequence[Finding], after: Sequence[Finding]) -> list[str]:
    now = {one.rule: one for one in after}
    return [
        f"{one.rule.value} was {one.code}, is {other.code}"
        for one in before
        for other in [now[one.rule]]
        if (one.outcome, one.code) != (other.outcome, other.code)
    ]
