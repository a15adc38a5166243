"""Rule 1: the deadline, which belongs to the category (DESIGN section 4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from accredit.domain.application_facts import ApplicationFacts
from accredit.domain.assessments import Finding, FindingOutcome, Rule
from accredit.domain.events import Event
from accredit.domain.sentences import Told

_A_DAY = timedelta(days=1)


def is_late(event: Event, received_at: datetime) -> bool:
    """Whether an application arrived after the end of the deadline day in the event's zone."""
    return _late_by(event, received_at) >= timedelta()


def may_be_refused_in_bulk(event: Event, received_at: datetime) -> bool:
    """Late by 24 hours or more. Less always goes to a person: the call named no time zone."""
    return _late_by(event, received_at) >= _A_DAY


def _late_by(event: Event, received_at: datetime) -> timedelta:
    """Time that really passed. Two times of one zone are subtracted by their clocks, and clocks are put forward and back."""
    return received_at.astimezone(UTC) - event.deadline_at.astimezone(UTC)


def deadline(event: Event, facts: ApplicationFacts) -> Finding:
    """Rule 1: the deadline belongs to the category."""
    basis = Told("Information note, Logistical arrangements: stakeholders must have applied by the deadline")
    if not facts.category.deadline:
        return Finding(
            Rule.DEADLINE,
            FindingOutcome.NOT_APPLICABLE,
            "no_deadline",
            "No deadline applies to you.",
            Told("category %(category)s has no deadline", category=facts.category.key),
            basis,
        )
    there = facts.received_at.astimezone(event.zone)
    shown = Told("%(day)s at %(time)s", day=there.date(), time=f"{there:%H:%M:%S}")
    evidence = {"received_at": facts.received_at.isoformat(), "deadline_at": event.deadline_at.isoformat()}
    if not is_late(event, facts.received_at):
        text = f"Your application arrived in time, on {shown}."
        return Finding(
            Rule.DEADLINE,
            FindingOutcome.CLEAR,
            "in_time",
            text,
            Told("received %(moment)s", moment=shown),
            basis,
            evidence,
        )
    late_by = _late_by(event, facts.received_at)
    code = "late" if late_by >= _A_DAY else "late_by_less_than_a_day"
    last_day = event.deadline_on.strftime("%d %B %Y")
    return Finding(
        Rule.DEADLINE,
        FindingOutcome.AGAINST,
        code,
        f"Your application arrived on {shown}; the last day to apply was {last_day}.",
        Told(
            "received %(moment)s, %(late_by)s after the end of %(last_day)s",
            moment=shown,
            late_by=late_by,
            last_day=event.deadline_on,
        ),
        basis,
        evidence,
    )
