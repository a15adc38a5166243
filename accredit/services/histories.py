"""What became of one application: who did what, when and why, from the audit trail and the facts that its rows stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.models.decisions import Decision
from accredit.db.models.review import Proposal, ProposalState, Question
from accredit.services.auditing import Action
from accredit.services.overrides import proposals_of
from accredit.services.questions import questions_of


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `told` is what the applicant reads, `staff` what the staff keeps; either may be empty."""

    at: datetime
    actor: str
    action: str
    staff: str = ""
    told: str = ""
    waived: tuple[str, ...] = ()
    legal_basis: str = ""


def history(session: Session, application: Application) -> tuple[Step, ...]:
    """Every step, the latest first."""
    wanted = select(AuditEntry).where(
        AuditEntry.subject_kind == "application", AuditEntry.subject_id == application.reference
    )
    entries = session.scalars(wanted.order_by(AuditEntry.number)).all()
    decisions = _decisions(session, application)
    proposals, questions = proposals_of(session, application), questions_of(session, application)
    facts: dict[str, Iterator[Step]] = {
        Action.APPLICATION_APPROVED: map(_of_decision, (one for one in decisions if one.verdict == "approved")),
        Action.APPLICATION_REFUSED: map(_of_decision, (one for one in decisions if one.verdict == "refused")),
        Action.APPLICATION_ASKED: map(_asked, questions),
        Action.APPLICATION_ANSWERED: map(_answered, _in_time(questions)),
        Action.OVERRIDE_PROPOSED: map(_proposed, proposals),
        Action.OVERRIDE_DECLINED: map(_declined, _settled(proposals, ProposalState.DECLINED)),
    }
    return tuple(_step(entry, facts) for entry in entries)[::-1]


def last_step(session: Session, application: Application) -> Step | None:
    """The latest thing that was done about it, without its words."""
    wanted = select(AuditEntry).where(
        AuditEntry.subject_kind == "application", AuditEntry.subject_id == application.reference
    )
    entry = session.scalar(wanted.order_by(AuditEntry.number.desc()).limit(1))
    return Step(entry.at, entry.actor, entry.action) if entry is not None else None


def _step(entry: AuditEntry, facts: dict[str, Iterator[Step]]) -> Step:
    """The row of the trail with the words of its fact: both were written together, so that the n-th belongs to the n-th."""
    fact = next(facts.get(entry.action, iter(())), None)
    bare = Step(entry.at, entry.actor, entry.action)
    if fact is None:
        return bare
    return Step(bare.at, bare.actor, bare.action, fact.staff, fact.told, fact.waived, fact.legal_basis)


def _decisions(session: Session, application: Application) -> list[Decision]:
    wanted = select(Decision).where(Decision.application_id == application.id)
    return list(session.scalars(wanted.order_by(Decision.decided_at, Decision.id)))


def _of_decision(one: Decision) -> Step:
    waived = tuple(one.waived)
    return Step(one.decided_at, one.actor, "", one.reason_staff, one.reason_applicant, waived, one.legal_basis)


def _asked(one: Question) -> Step:
    return Step(one.asked_at, one.asked_by, "", told=one.words)


def _answered(one: Question) -> Step:
    return Step(one.answered_at or one.asked_at, "", "", told=one.answer or "")


def _proposed(one: Proposal) -> Step:
    return Step(one.proposed_at, one.proposed_by, "", one.reason_staff, one.reason_applicant, tuple(one.waived))


def _declined(one: Proposal) -> Step:
    return Step(one.settled_at or one.proposed_at, one.settled_by, "", one.settled_for)


def _in_time(questions: Iterable[Question]) -> list[Question]:
    return sorted((one for one in questions if one.answered_at), key=lambda one: one.answered_at or one.asked_at)


def _settled(proposals: Iterable[Proposal], state: ProposalState) -> list[Proposal]:
    return sorted((one for one in proposals if one.state is state), key=lambda one: one.settled_at or one.proposed_at)
