"""What the rules would see of an application that is not sent yet, as far as its sender may know.

No decision is promised and nothing is told of others: whether the person applied before, how many come for the body, who
is invited or on hold stays with the reviewers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from accredit.domain.application_facts import Band
from accredit.domain.deadline_rule import is_late
from accredit.domain.events import Category, CategoryRule, Event
from accredit.domain.person_rules import age_on
from accredit.domain.submissions import Submission
from accredit.services.organisations import BodyFound, load_registers

_OF_AGE = 18


class DeadlineSeen(StrEnum):
    """How the application stands to the deadline of its category."""

    NONE = "none"
    IN_TIME = "in_time"
    LATE = "late"


class BodySeen(StrEnum):
    """How the name of the body was found."""

    FOUND = "found"
    NOT_IN_FORCE = "not_in_force"
    SIMILAR = "similar"
    NOT_FOUND = "not_found"
    NO_LIST = "no_list"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Preview:
    """What can be said before sending. `listed` and `list_key` where the body was found."""

    deadline: DeadlineSeen
    body: BodySeen
    listed: str
    list_key: str
    letter_is_missing: bool
    guardian_is_missing: bool


def deadline_seen(event: Event, category: Category, now: datetime) -> DeadlineSeen:
    """How somebody who sends now stands to the deadline of this category."""
    if not category.deadline:
        return DeadlineSeen.NONE
    return DeadlineSeen.LATE if is_late(event, now) else DeadlineSeen.IN_TIME


def is_minor(event: Event, submission: Submission) -> bool:
    """Whether the person is under age on the first day of the event."""
    return age_on(submission.birth_date, event.valid_from.astimezone(event.zone).date()) < _OF_AGE


def preview(session: Session, event: Event, submission: Submission, *, has_letter: bool) -> Preview:
    """The rules that may be told, asked as they will be."""
    category = event.category(submission.category)
    assert category is not None, "the fields were read against this event"
    body, listed, list_key = _body(session, event, category, submission)
    return Preview(
        deadline=deadline_seen(event, category, submission.received_at),
        body=body,
        listed=listed,
        list_key=list_key,
        letter_is_missing=not has_letter and category.rule is not CategoryRule.INVITED,
        guardian_is_missing=is_minor(event, submission) and not submission.guardian_name,
    )


def _body(session: Session, event: Event, category: Category, submission: Submission) -> tuple[BodySeen, str, str]:
    if category.rule is CategoryRule.INVITED:
        return BodySeen.INVITATION, "", ""
    found = load_registers(session, event, [category]).answer(
        category, submission.organisation, submission.organisation_country
    )
    return _seen(found)


def _seen(found: BodyFound) -> tuple[BodySeen, str, str]:
    answer = found.answer
    if answer.band is Band.ACCEPT and answer.body is not None:
        seen = BodySeen.FOUND if answer.body.in_force else BodySeen.NOT_IN_FORCE
        return seen, answer.body.name, answer.body.list_key
    if not answer.lists_loaded:
        return BodySeen.NO_LIST, "", ""
    return (BodySeen.SIMILAR if answer.band is Band.REVIEW else BodySeen.NOT_FOUND), "", ""
