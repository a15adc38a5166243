"""Everything that a reviewer has on one screen: the case, the bodies that may be meant, who else looks, what was asked and
proposed, the same person and the same body again, and the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application, Letter
from accredit.db.models.review import Proposal, Question
from accredit.domain.assessments import Finding, Rule
from accredit.domain.events import CategoryRule
from accredit.domain.permissions import Permission
from accredit.matching.sentences import sentence
from accredit.services.assessing import category_of
from accredit.services.case_files import CaseFile, show
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.flag_sentences import told_of
from accredit.services.histories import Step, history
from accredit.services.name_differences import SideBySide, side_by_side
from accredit.services.organisations import Suggestion, load_registers
from accredit.services.overrides import open_proposal
from accredit.services.questions import open_question
from accredit.services.references import find_application
from accredit.services.same_body import Body, Other, body_of, same_person
from accredit.services.viewings import Onlooker, onlookers


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed body that may be meant. `number` is LIST/NUMBER; `by` its other name that came nearest, if that did."""

    number: str
    name: str
    country: str
    status: str
    in_force: bool
    by: str
    words: SideBySide
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """What stands on it. `listed` compares the name that the rules settled on; None where none is settled."""

    case: CaseFile
    candidates: tuple[Candidate, ...]
    listed: SideBySide | None
    flags: tuple[str, ...]
    question: Question | None
    proposal: Proposal | None
    same_person: tuple[Other, ...]
    body: Body
    others_here: tuple[Onlooker, ...]
    history: tuple[Step, ...]
    letter_type: str | None


def screen_of(session: Session, context: Context, event: LoadedEvent, reference: str) -> Screen | None:
    """The screen for one application, by a fixed number of statements; None where there is no such application."""
    context.require(Permission.APPLICATIONS_READ)
    application = find_application(session, event, reference)
    case = show(session, event, reference)
    if application is None or case is None:
        return None
    organisation = _organisation(case)
    candidates = _candidates(session, event, application, organisation)
    return Screen(
        case=case,
        candidates=candidates,
        listed=_listed(application, organisation),
        flags=_flags(organisation, candidates),
        question=open_question(session, application),
        proposal=open_proposal(session, application),
        same_person=same_person(session, event, application),
        body=body_of(session, event, application),
        others_here=onlookers(session, context, application),
        history=history(session, application),
        letter_type=session.scalar(select(Letter.media_type).where(Letter.application_id == application.id)),
    )


def _organisation(case: CaseFile) -> Finding | None:
    found: Sequence[Finding] = case.assessment.findings if case.assessment is not None else ()
    return next((one for one in found if one.rule is Rule.ORGANISATION), None)


def _listed(application: Application, organisation: Finding | None) -> SideBySide | None:
    listed = organisation.evidence.get("listed") if organisation is not None else None
    return side_by_side(application.organisation, listed) if listed else None


def _flags(organisation: Finding | None, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Why the name was not accepted, in sentences; those that a candidate has beside it are not told twice."""
    evidence = organisation.evidence if organisation is not None else {}
    beside = {flag for one in candidates for flag in one.flags}
    return tuple(value for name, value in evidence.items() if name.startswith("flag_") and value not in beside)


def _candidates(
    session: Session, event: LoadedEvent, application: Application, organisation: Finding | None
) -> tuple[Candidate, ...]:
    """As the lists stand now; none where the organisation is settled, or does not count."""
    category = category_of(event.event, application.category)
    settled = organisation is not None and "listed" in organisation.evidence
    if settled or category.rule is CategoryRule.INVITED:
        return ()
    registers = load_registers(session, event.event, [category])
    found = registers.suggestions(category, application.organisation, application.organisation_country)
    return tuple(_candidate(application, one) for one in found)


def _candidate(application: Application, one: Suggestion) -> Candidate:
    nearest = one.by if one.by and one.by != one.entry.name else ""
    return Candidate(
        number=f"{one.list_key}/{one.entry.external_id}",
        name=one.entry.name,
        country=one.entry.country,
        status=one.entry.status,
        in_force=one.entry.in_force,
        by=nearest,
        words=side_by_side(application.organisation, nearest or one.entry.name),
        flags=tuple(told_of(sentence(flag)) for flag in one.flags),
    )
