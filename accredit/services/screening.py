"""Screening: every application gets its assessment; the clear ones can be approved without a person, nobody is refused so.

An assessment changes nobody's decision. `screen_all` works on any number with a fixed number of statements beside the
writing: lists, delegations and doubles are loaded once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, defer

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.domain.applications import UNDECIDED, ApplicationState
from accredit.domain.assessments import Outcome
from accredit.services.assessing import (
    Assessed,
    Assessor,
    applied_of,
    findings_of,
    row_of,
    says_the_same,
    settled_in,
)
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import AUTOMATIC, Context
from accredit.services.deciding import Reasons, write_approval
from accredit.services.delegate_lookup import load_delegate_lists
from accredit.services.earlier_decisions import dealt_with
from accredit.services.event_loading import LoadedEvent
from accredit.services.neighbours import load_neighbours
from accredit.services.organisations import load_registers
from accredit.services.queue_facts import note_assessment
from accredit.services.screening_one import add_assessment, kept_from, note_state
from accredit.services.surroundings import is_latest, load_delegations, load_same_people, unanswered

CHUNK = 500

Progress = Callable[[int, int], None]
"""Told how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """An application whose outcome is another one than before. A decided one keeps its decision: a person looks at it."""

    reference: str
    state: ApplicationState
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class ScreenReport:
    """How many were assessed, with which outcomes, how many are clear, and whose outcome changed."""

    screened: int
    outcomes: Mapping[Outcome, int]
    clear: int
    changed: tuple[OutcomeChange, ...] = ()


def assessor_for_all(session: Session, event: LoadedEvent) -> Assessor:
    """What is needed to assess everybody."""
    return Assessor(
        event.event,
        load_registers(session, event.event, event.event.categories),
        load_delegations(session, event.record.id),
        load_same_people(session, event.record.id),
        neighbours=load_neighbours(session, event.record.id),
        delegate_lists=load_delegate_lists(session, event),
    )


def screen_all(
    session: Session,
    context: Context,
    event: LoadedEvent,
    *,
    again: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> ScreenReport:
    """Assesses every application that was not assessed yet; with `again` all that are not decided.

    With `again` the decided ones are computed as well and nothing of them is written: the report lists those whose
    outcome would be another one now.
    """
    states = set(UNDECIDED) if again else {ApplicationState.SUBMITTED}
    applications = _in_order_of_receipt(session, event, states)
    decided = _in_order_of_receipt(session, event, set(ApplicationState) - states, lock=False) if again else []
    assessor = assessor_for_all(session, event)
    before = _latest(session, event)
    total = len(applications) + len(decided)
    progress(0, total)
    outcomes: Counter[Outcome] = Counter()
    clear, changed = 0, []
    for start in range(0, len(applications), CHUNK):
        chunk = applications[start : start + CHUNK]
        assessed = [_assess_next(assessor, application, before.get(application.id)) for application in chunk]
        _write(session, context, chunk, assessed, before)
        outcomes.update(one.assessment.outcome for one in assessed)
        clear += sum(one.assessment.is_clear for one in assessed)
        changed += _changes(chunk, assessed, before)
        progress(start + len(chunk), total)
    changed += _would_change(assessor, decided, before)
    progress(total, total)
    if applications:
        record(session, context, Action.APPLICATION_ASSESSED, Subject("event", event.event.key), ("state",))
    return ScreenReport(len(applications), dict(outcomes), clear, tuple(changed))


def outlook(
    session: Session, event: LoadedEvent, *, progress: Progress = lambda _done, _total: None
) -> tuple[OutcomeChange, ...]:
    """Whose outcome would be another one by the lists and rules of now, decided or not; nothing is written."""
    undecided = _in_order_of_receipt(session, event, UNDECIDED, lock=False)
    decided = _in_order_of_receipt(session, event, set(ApplicationState) - UNDECIDED, lock=False)
    assessor = assessor_for_all(session, event)
    before = _latest(session, event)
    changed: list[OutcomeChange] = []
    for start in range(0, len(undecided), CHUNK):
        chunk = undecided[start : start + CHUNK]
        changed += _changes(chunk, [_assess_next(assessor, one, before.get(one.id)) for one in chunk], before)
        progress(start + len(chunk), len(undecided) + len(decided))
    for start in range(0, len(decided), CHUNK):
        changed += _would_change(assessor, decided[start : start + CHUNK], before)
        progress(len(undecided) + min(start + CHUNK, len(decided)), len(undecided) + len(decided))
    return tuple(changed)


def approve_clear(
    session: Session, context: Context, event: LoadedEvent, *, progress: Progress = lambda _done, _total: None
) -> tuple[str, ...]:
    """Approves, in the name of the automatic rule, those whose findings are all clear; answers their references.

    Each is assessed once more at this moment: a second application of the person, or a newer edition, may have come in
    since. Whoever is not clear any more keeps waiting for a person, with the new assessment; so does whoever a person
    decided about before.
    """
    automatic = replace(context, actor=AUTOMATIC)
    applications = _in_order_of_receipt(session, event, {ApplicationState.ASSESSED})
    before = _latest(session, event)
    theirs = dealt_with(session, event.record.id)
    candidates = [one for one in applications if one.id in before and before[one.id].is_clear and one.id not in theirs]
    assessor = assessor_for_all(session, event)
    approved = []
    for done, application in enumerate(candidates, 1):
        held = before[application.id]
        assessed = _assess_next(assessor, application, held)
        current = (
            held if says_the_same(held, assessed) else add_assessment(session, automatic, application, assessed, held)
        )
        if current.is_clear:
            write_approval(session, automatic, event, application, current, Reasons(staff="every finding is clear"))
            approved.append(application.reference)
        progress(done, len(candidates))
    return tuple(approved)


def _in_order_of_receipt(
    session: Session, event: LoadedEvent, states: Iterable[ApplicationState], *, lock: bool = True
) -> list[Application]:
    """Locked in the order of their ids, as everybody locks many; handed out in the order in which quotas are filled."""
    wanted = (
        select(Application)
        .where(Application.event_id == event.record.id, Application.state.in_(states))
        .order_by(Application.id)
        .options(defer(Application.email))
        .execution_options(populate_existing=True)
    )
    found = session.scalars(wanted.with_for_update() if lock else wanted)
    return sorted(found, key=lambda one: (one.received_at, one.id))


def _latest(session: Session, event: LoadedEvent) -> dict[UUID, AssessmentRecord]:
    wanted = (
        select(AssessmentRecord)
        .join(Application, Application.id == AssessmentRecord.application_id)
        .where(Application.event_id == event.record.id, is_latest())
    )
    return {one.application_id: one for one in session.scalars(wanted)}


def _assess_next(assessor: Assessor, application: Application, before: AssessmentRecord | None) -> Assessed:
    applied = applied_of(application)
    assessed = assessor.assess(applied, kept_from(before))
    assessor.delegations.put(assessed.body, applied.place)
    return assessed


def _write(
    session: Session,
    context: Context,
    chunk: Sequence[Application],
    assessed: Sequence[Assessed],
    before: Mapping[UUID, AssessmentRecord],
) -> None:
    numbers = [before[one.id].number + 1 if one.id in before else 1 for one in chunk]
    rows = [row_of(context, *one) for one in zip(chunk, assessed, numbers, strict=True)]
    session.execute(insert(AssessmentRecord), rows)
    asked = unanswered(session, [one.id for one in chunk if one.state is ApplicationState.WAITING])
    for application, one in zip(chunk, assessed, strict=True):
        note_assessment(application, one)
        note_state(application, one, is_asked=application.id in asked)
    session.flush()


def _changes(
    chunk: Sequence[Application], assessed: Sequence[Assessed], before: Mapping[UUID, AssessmentRecord]
) -> list[OutcomeChange]:
    return [
        OutcomeChange(application.reference, application.state, before[application.id].outcome, one.assessment.outcome)
        for application, one in zip(chunk, assessed, strict=True)
        if application.id in before and before[application.id].outcome is not one.assessment.outcome
    ]


def _would_change(
    assessor: Assessor, decided: Sequence[Application], before: Mapping[UUID, AssessmentRecord]
) -> list[OutcomeChange]:
    known = [one for one in decided if one.id in before]
    now = [assessor.assess(applied_of(one), settled_in(findings_of(before[one.id]))) for one in known]
    return _changes(known, now, before)
