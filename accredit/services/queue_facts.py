"""What the queue of the reviewers is narrowed, ordered and searched by: written where it changes, so that reading it is cheap."""

from __future__ import annotations

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.review import OrganisationWord
from accredit.domain.assessments import FindingOutcome, Rule
from accredit.matching.normalise import readable, roman_words
from accredit.services.assessing import Assessed

LONGEST_WORD = 40
_LONGEST_KEY = 300
_MOST_WORDS = 40


def words_of(text: str) -> tuple[str, ...]:
    """The words by which a text is found, each once: small Latin letters, whatever script, case and accents it has."""
    words = [word[:LONGEST_WORD] for word in roman_words(readable(text))]
    return tuple(dict.fromkeys(words))[:_MOST_WORDS]


def organisation_key(name: str) -> str:
    """By what the queue is put into the order of organisations; the same for two spellings of one name."""
    return " ".join(roman_words(readable(name)))[:_LONGEST_KEY]


def note_organisation(session: Session, application: Application) -> None:
    """After the organisation was typed, or typed anew; the application is in the session and the key is its own."""
    key = organisation_key(application.organisation)
    before = application.organisation_key
    if before == key:
        return
    application.organisation_key = key
    session.flush()  # the words are written past the unit of work, and point at it
    if before:
        session.execute(delete(OrganisationWord).where(OrganisationWord.application_id == application.id))
    rows = organisation_rows(application)
    if rows:
        session.execute(insert(OrganisationWord), rows)


def organisation_rows(application: Application) -> list[dict[str, object]]:
    """The rows of one application, for whoever writes many at once."""
    return [
        {"application_id": application.id, "word": word, "event_id": application.event_id}
        for word in words_of(application.organisation)
    ]


def note_assessment(application: Application, assessed: Assessed) -> None:
    """After the latest assessment was made."""
    found = assessed.assessment
    application.outcome = found.outcome
    application.list_key = assessed.body.list_key if assessed.body is not None else ""
    application.is_flagged = not found.is_clear
    deadline = found.finding(Rule.DEADLINE)
    application.is_late = deadline is not None and deadline.outcome is FindingOutcome.AGAINST
