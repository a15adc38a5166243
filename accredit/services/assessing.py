"""From an application to its assessment: gathers the facts, asks the rules, keeps the answer as a record.

The rules are the domain's and pure. Everything that they may know comes in here as plain values, so that the same facts
give the same assessment at any later time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.domain.application_facts import ApplicationFacts
from accredit.domain.applications import AffiliationKind, AffiliationSource
from accredit.domain.assessments import Assessment, Finding, FindingOutcome, Rule
from accredit.domain.eligibility import assess
from accredit.domain.events import Category, CategoryRule, Event
from accredit.domain.sentences import Told, as_data, of_data
from accredit.identity.two_spellings import spellings_disagree
from accredit.services.context import Context
from accredit.services.delegate_lookup import DelegateLists
from accredit.services.neighbours import Neighbours
from accredit.services.organisations import BodyFound, BodyKey, Registers
from accredit.services.person_names import person_words
from accredit.services.surroundings import Around, Delegations, Place, of_person, others


@dataclass(frozen=True, slots=True)
class Applied:
    """What of an application the rules are asked about, copied from its row."""

    id: UUID
    category: str
    organisation: str
    organisation_country: str
    words: tuple[str, ...] = field(repr=False)
    birth_date: date = field(repr=False)
    person_hashes: tuple[bytes, ...] = field(repr=False)
    affiliation: AffiliationKind | None
    affiliation_claimed: bool
    grounds_hash: bytes | None = field(repr=False)
    received_at: datetime
    guardian_named: bool = False
    spellings_disagree: bool = False
    native_words: tuple[str, ...] = field(default=(), repr=False)

    @property
    def spellings(self) -> frozenset[tuple[str, ...]]:
        """The words of the name, in Latin letters as given and as the native spelling gives them."""
        return frozenset(filter(None, (self.words, self.native_words)))

    @property
    def place(self) -> Place:
        """Where it stands in the order of receipt."""
        return (self.received_at, self.id)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a reviewer settled about it: rules that are waived, and the number of the body that is meant."""

    waived: frozenset[Rule] = frozenset()
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment, and the editions, the list of delegates among them, and the entry that it rests on."""

    assessment: Assessment
    editions: tuple[str, ...]
    entry_id: UUID | None
    body: BodyKey | None
    alias_id: UUID | None = None
    aliases_number: int = 0


def applied_of(application: Application) -> Applied:
    """The facts in this row."""
    return Applied(
        id=application.id,
        category=application.category,
        organisation=application.organisation,
        organisation_country=application.organisation_country,
        words=person_words(
            application.surname, application.given_names, application.latin_surname, application.latin_given_names
        ),
        birth_date=application.birth_date,
        person_hashes=tuple(filter(None, (application.person_hash, application.person_hash_native))),
        affiliation=application.affiliation,
        affiliation_claimed=application.affiliation_source is AffiliationSource.APPLICANT,
        grounds_hash=application.grounds_hash,
        received_at=application.received_at.astimezone(UTC),  # one spelling in evidence, whatever offset it came with
        guardian_named=application.guardian_name is not None,
        native_words=person_words(application.surname, application.given_names, "", ""),
        spellings_disagree=spellings_disagree(
            application.surname, application.given_names, application.latin_surname, application.latin_given_names
        ),
    )


def category_of(event: Event, key: str) -> Category:
    """The category in which somebody applied. Loading an event refuses to lose one, so that a missing one is a fault."""
    category = event.category(key)
    if category is None:
        raise ValueError(f"event {event.key} has no category “{key}”, in which somebody applied")
    return category


@dataclass(frozen=True, slots=True)
class Assessor:
    """Assesses any number of applications of one event against what was loaded once.

    `left_out` are applications that count for nothing here: the one that is being replaced.
    """

    event: Event
    registers: Registers
    delegations: Delegations
    people: Mapping[bytes, tuple[tuple[str, UUID], ...]]
    left_out: frozenset[UUID] = frozenset()
    neighbours: Neighbours = field(default_factory=Neighbours)
    delegate_lists: DelegateLists = field(default_factory=DelegateLists)

    def find(self, applied: Applied, settled: Settled) -> BodyFound | None:
        """The body or the invitation; None where the body that a reviewer named is on no list of the category."""
        category = category_of(self.event, applied.category)
        if category.rule is CategoryRule.INVITED:
            return self.registers.invited(category, applied.words)
        if settled.confirmed:
            return self.registers.confirmed(category, settled.confirmed)
        return self.registers.answer(category, applied.organisation, applied.organisation_country)

    def assess(self, applied: Applied, settled: Settled = Settled()) -> Assessed:
        """The assessment as of now. A confirmed body that is no longer listed is looked for by its name again."""
        found = self.find(applied, settled)
        if found is None:
            found = self.find(applied, Settled(settled.waived))
            assert found is not None  # only a confirmation can name a body that no list has
        return self.judge(applied, settled, found, self._around(applied, found))

    def _around(self, applied: Applied, found: BodyFound) -> Around:
        body, hashes, own = found.body, applied.person_hashes, (applied.id, *self.left_out)
        return Around(
            delegates_before=self.delegations.before(body, applied.place) if body is not None else 0,
            on_invitation=self.delegations.others(body, applied.place) if body is not None else 0,
            same_person=others(of_person(self.people, hashes), *own),
            same_grounds_pass=self.neighbours.others(applied.grounds_hash, hashes, own),
            held=self.neighbours.is_held(hashes),
            delegate_list=self.delegate_lists.answer(body, applied.spellings, applied.birth_date),
        )

    def judge(self, applied: Applied, settled: Settled, found: BodyFound, around: Around) -> Assessed:
        """The rules over these facts."""
        category = category_of(self.event, applied.category)
        facts = ApplicationFacts(
            category=category,
            received_at=applied.received_at,
            birth_date=applied.birth_date,
            organisation_typed=applied.organisation,
            organisation=found.answer,
            affiliation=applied.affiliation,
            affiliation_claimed=applied.affiliation_claimed,
            invited_as=found.invited_as,
            same_person=around.same_person,
            same_grounds_pass=around.same_grounds_pass,
            on_invitation=around.on_invitation,
            held=around.held,
            delegates_before=around.delegates_before,
            guardian_named=applied.guardian_named,
            spellings_disagree=applied.spellings_disagree,
            delegate_list=around.delegate_list,
            waived=settled.waived,
        )
        delegates = self.delegate_lists.list_of(found.body)
        editions = (*self.registers.editions_of(category), *([str(delegates)] if delegates is not None else []))
        number = self.registers.aliases_number
        return Assessed(assess(self.event, facts), editions, found.entry_id, found.body, found.alias_id, number)


def row_of(context: Context, application: Application, assessed: Assessed, number: int) -> dict[str, Any]:
    """The columns of the record."""
    return {
        "id": context.new_id(),
        "application_id": application.id,
        "number": number,
        "outcome": assessed.assessment.outcome,
        "is_clear": assessed.assessment.is_clear,
        "rule_version": assessed.assessment.rule_version,
        "findings": [_as_json(finding) for finding in assessed.assessment.findings],
        "editions": list(assessed.editions),
        "entry_id": assessed.entry_id,
        "alias_id": assessed.alias_id,
        "aliases_number": assessed.aliases_number,
        "made_at": context.now(),
    }


def latest_assessment(session: Session, application: Application) -> AssessmentRecord | None:
    """The assessment that counts."""
    wanted = select(AssessmentRecord).where(AssessmentRecord.application_id == application.id)
    return session.scalar(wanted.order_by(AssessmentRecord.number.desc()).limit(1))


def findings_of(record: AssessmentRecord) -> tuple[Finding, ...]:
    """The findings as the rules gave them."""
    return tuple(_from_json(told) for told in record.findings)


def assessment_of(record: AssessmentRecord) -> Assessment:
    """The assessment as the rules gave it."""
    return Assessment(record.outcome, findings_of(record), record.rule_version)


def settled_in(findings: Sequence[Finding]) -> Settled:
    """What a reviewer had settled when these were found."""
    waived = frozenset(finding.rule for finding in findings if finding.code == "waived")
    body = next((finding.evidence for finding in findings if finding.rule is Rule.ORGANISATION), {})
    confirmed = f"{body['list']}/{body['entry']}" if body.get("how") == "confirmed" else ""
    return Settled(waived, confirmed)


def says_the_same(record: AssessmentRecord, assessed: Assessed) -> bool:
    """Whether a new assessment would only repeat this one."""
    found = _without_patterns(_as_json(finding) for finding in assessed.assessment.findings)
    held = _without_patterns(record.findings)
    return (held, record.editions, record.entry_id) == (found, list(assessed.editions), assessed.entry_id)


def _without_patterns(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The findings as they read in English: an older one has no patterns, and says the same."""
    return [{name: value for name, value in one.items() if name != "told"} for one in findings]


def _as_json(finding: Finding) -> dict[str, Any]:
    """The finding in English; under `told` its sentences with their patterns, for pages in another language."""
    texts = {"staff": finding.staff, **finding.evidence}
    return {
        "told": {name: as_data(text) for name, text in texts.items() if isinstance(text, Told)},
        "rule": finding.rule.value,
        "outcome": finding.outcome.value,
        "code": finding.code,
        "applicant": finding.applicant,
        "staff": finding.staff,
        "legal_basis": finding.legal_basis,
        "evidence": dict(finding.evidence),
    }


def _from_json(told: Mapping[str, Any]) -> Finding:
    patterns = {name: of_data(data) for name, data in told.get("told", {}).items()}
    evidence = {name: patterns.get(name, text) for name, text in told["evidence"].items()}
    return Finding(
        rule=Rule(told["rule"]),
        outcome=FindingOutcome(told["outcome"]),
        code=told["code"],
        applicant=told["applicant"],
        staff=patterns.get("staff", told["staff"]),
        legal_basis=told["legal_basis"],
        evidence=evidence,
    )
