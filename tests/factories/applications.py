"""Applications of fictitious people, valid until a test says otherwise."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.domain.applications import AffiliationSource
from accredit.domain.events import Event
from accredit.domain.submissions import Submission
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.intake import read_fields, submit
from accredit.services.screening_one import screen

IN_TIME = "2017-08-20T10:00:00+02:00"
_SURNAMES = ("ADEYEMI", "BRANDT", "CASTILLO", "DUBOIS", "EKLUND", "FARAH", "GRECO", "HAMADI", "IVANOV", "JANSEN")
_GIVEN = ("Amara", "Bela", "Chidi", "Dina", "Emre", "Fatou", "Goran", "Hana", "Ines", "Jonas", "Kofi")
# Somebody new each time, for as long as a test goes on: the third name counts on in letters.
_people = itertools.product(map("".join, itertools.product("ABCDEFGHIJ", repeat=4)), _GIVEN, _SURNAMES)


def application_fields(**changes: str) -> dict[str, str]:
    """The fields of an application of somebody new, in time, for a listed body, with a letter."""
    third, given, surname = next(_people)
    return {
        "surname": surname,
        "given_names": f"{given} {third.title()}",
        "birth_date": "1980-05-31",
        "nationality": "UTO",
        "email": f"{given}.{surname}@example.org".lower(),
        "organisation": "Alpine Migrants Forum",
        "category": "ngo",
        "affiliation": "letter",
        "received_at": IN_TIME,
        **changes,
    }


def make_submission(event: Event, context: Context, **changes: str) -> Submission:
    """A valid submission."""
    read = read_fields(application_fields(**changes), event, now=context.now(), keeps_receipt=True)
    assert isinstance(read, Submission), read
    return read


def submitted(
    session: Session, context: Context, event: LoadedEvent, *, hold: bool = False, **changes: str
) -> Application:
    """An application in the database, not screened yet."""
    submission = make_submission(event.event, context, **changes)
    made = submit(session, context, event, submission, security_hold=hold, source=AffiliationSource.IMPORT)
    assert isinstance(made, Application), made
    return made


def assessed(session: Session, context: Context, event: LoadedEvent, **changes: Any) -> Application:
    """The same, screened."""
    made = submitted(session, context, event, **changes)
    screen(session, context, event, made)
    return made
