"""Approved applications and their passes. The people are made up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from accredit.db.models.applications import Application, Photo
from accredit.db.models.passes import GroundsGrant, Pass
from accredit.domain.applications import ApplicationState
from accredit.identity.specimens import Specimen, build_td3
from accredit.services.context import Context
from accredit.services.desk import Collected, collect
from accredit.services.desk_words import note_names
from accredit.services.event_loading import LoadedEvent
from accredit.services.issuing import prepare
from accredit.services.person_names import person_hashes

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"
_numbers = count(1)


def _reference() -> str:
    number = next(_numbers)
    return f"T{number // 1000:03d}-{number % 1000:03d}{_LETTERS[number % 22]}"


PEPPER = b"p" * 32


def make_application(session: Session, event: LoadedEvent, **changes: Any) -> Application:
    """An approved application that nobody decided: for what comes after a decision. Names differ by person."""
    number = next(_numbers)
    surname = "Okonjo" + _LETTERS[number % 22] + _LETTERS[number // 22 % 22]
    told = {
        "id": uuid4(),
        "event_id": event.record.id,
        "reference": _reference(),
        "state": ApplicationState.APPROVED,
        "category": "ngo",
        "surname": surname,
        "given_names": "Adaeze",
        "latin_surname": "",
        "latin_given_names": "",
        "birth_date": date(1980, 5, 31),
        "nationality": "KEN",
        "email": "adaeze@example.org",
        "organisation": "Alpine Migrants Forum",
        "organisation_country": "CHE",
        "affiliation": None,
        "grounds_pass": False,
        "grounds_hash": None,
        "language": "en",
        "received_at": datetime(2017, 8, 20, 9, 0, tzinfo=UTC),
        "recorded_at": datetime(2017, 8, 20, 9, 0, tzinfo=UTC),
    }
    application = Application(**{**told, **changes})
    hashes = person_hashes(PEPPER, event.event.number, application)
    application.person_hash, application.person_hash_native = hashes
    session.add(application)
    note_names(session, application)
    return application


def make_photo(session: Session, application: Application, data: bytes = b"a small picture") -> Photo:
    """A photo of the applicant; any bytes will do where nobody prints it."""
    made = Photo(application_id=application.id, etag=b"\x01" * 8, data=data)
    session.add(made)
    session.flush()
    return made


def prepared_pass(session: Session, context: Context, event: LoadedEvent, **changes: Any) -> Pass:
    """A prepared pass of a new person."""
    held = prepare(session, context, event, make_application(session, event, **changes))
    assert isinstance(held, Pass)
    return held


def grounds_grant(
    session: Session, context: Context, event: LoadedEvent, number_hash: bytes | None, **changes: Any
) -> GroundsGrant:
    """The written grants of a new grounds-pass holder."""
    application = make_application(session, event, grounds_pass=True, grounds_hash=number_hash, **changes)
    grant = prepare(session, context, event, application)
    assert isinstance(grant, GroundsGrant)
    return grant


def mrz_for(application: Application, *, number: str = "", **changes: Any) -> str:
    """The zone of this person's passport, valid for years; each person has a number of his own."""
    told = {
        "surname": application.latin_surname or application.surname,
        "given_names": application.latin_given_names or application.given_names,
        "birth_date": application.birth_date,
        "nationality": application.nationality,
        "document_number": number or application.reference.replace("-", "")[:9],
        "expires_on": date(2024, 1, 31),
    }
    return build_td3(Specimen(**{**told, **changes}))


def collected_pass(session: Session, context: Context, event: LoadedEvent, **changes: Any) -> Pass:
    """A collected pass of a new person; the context's clock shows an hour of the desk."""
    held = prepared_pass(session, context, event, **changes)
    outcome = collect(session, context, event, held.application.reference, mrz_for(held.application))
    assert isinstance(outcome, Collected), outcome
    return outcome.issued
