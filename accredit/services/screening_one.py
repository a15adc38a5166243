"""Screening of one application: its assessment, and whether it waits for somebody else before a reviewer looks.

Nothing here decides anything, so that whatever ends an approval may screen the next in line.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.domain.applications import UNDECIDED, ApplicationState, move
from accredit.domain.eligibility import waits_for_others
from accredit.domain.errors import IllegalTransition
from accredit.domain.events import CategoryRule
from accredit.services.assessing import (
    Applied,
    Assessed,
    Assessor,
    Settled,
    applied_of,
    category_of,
    findings_of,
    latest_assessment,
    row_of,
    settled_in,
)
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.delegate_lookup import load_delegate_lists
from accredit.services.event_loading import LoadedEvent
from accredit.services.neighbours import load_neighbours_of
from accredit.services.organisations import load_registers
from accredit.services.queue_facts import note_assessment
from accredit.services.surroundings import Delegations, load_delegations, load_same_people, unanswered


def assessor_for(
    session: Session,
    event: LoadedEvent,
    applied: Applied,
    confirmed: str = "",
    left_out: frozenset[UUID] = frozenset(),
) -> Assessor:
    """What is needed to assess one application, by a few statements; the delegation is that of the confirmed body, if any."""
    category = category_of(event.event, applied.category)
    registers = load_registers(session, event.event, [category])
    neighbours = load_neighbours_of(session, event.record.id, applied.person_hashes, applied.grounds_hash)
    bare = Assessor(event.event, registers, Delegations(), {}, left_out, neighbours)
    people = load_same_people(session, event.record.id, applied.person_hashes)
    found = bare.find(applied, Settled(confirmed=confirmed)) or bare.find(applied, Settled())
    body = found.body if found is not None else None
    if body is None:
        return replace(bare, people=people)
    sent = load_delegate_lists(session, event, body)
    if category.quota == 0 and category.rule is not CategoryRule.INVITED:
        return replace(bare, people=people, delegate_lists=sent)
    delegations = load_delegations(session, event.record.id, body)
    return replace(bare, people=people, delegations=delegations, delegate_lists=sent)


def screen(
    session: Session, context: Context, event: LoadedEvent, application: Application, *, afresh: bool = False
) -> AssessmentRecord:
    """Assesses an application that is not decided, and answers the new assessment.

    `afresh`: it names another body or category by now, and what a reviewer confirmed of the one before does not hold.
    Raises `IllegalTransition` for a decided one: that is reopened first, by a person.
    """
    if application.state not in UNDECIDED:
        raise IllegalTransition(f"application {application.reference}", application.state, ApplicationState.ASSESSED)
    before = latest_assessment(session, application)
    applied = applied_of(application)
    kept = Settled() if afresh else kept_from(before)
    assessed = assessor_for(session, event, applied, kept.confirmed).assess(applied, kept)
    made = add_assessment(session, context, application, assessed, before)
    asked = application.state is ApplicationState.WAITING and application.id in unanswered(session, [application.id])
    note_state(application, assessed, is_asked=asked)
    record(session, context, Action.APPLICATION_ASSESSED, Subject("application", application.reference), ("state",))
    return made


def add_assessment(
    session: Session, context: Context, application: Application, assessed: Assessed, before: AssessmentRecord | None
) -> AssessmentRecord:
    """The record of a new assessment, after the one before it."""
    made = AssessmentRecord(**row_of(context, application, assessed, before.number + 1 if before else 1))
    session.add(made)
    note_assessment(application, assessed)
    session.flush()  # a decision that cites it is written next
    return made


def kept_from(before: AssessmentRecord | None) -> Settled:
    """What was settled before and still holds: the body that a reviewer confirmed. A waiver ends with its decision."""
    return Settled(confirmed=settled_in(findings_of(before)).confirmed) if before is not None else Settled()


def note_state(application: Application, assessed: Assessed, *, is_asked: bool = False) -> None:
    """Assessed; or waiting, where somebody else must act before a reviewer looks. `is_asked`: the applicant was asked."""
    application.state = move(application.reference, application.state, ApplicationState.ASSESSED)
    if is_asked or waits_for_others(assessed.assessment):
        application.state = move(application.reference, application.state, ApplicationState.WAITING)
    application.version += 1
