"""Intake: one validation and one way in, for the form, the JSON interface and the import.

A submission is read by `read_fields`, taken by `submit`. The import keeps the time of receipt and takes each row alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from accredit.credential.document_tags import grounds_key, grounds_tag
from accredit.db.models.applications import Application, Photo
from accredit.db.models.desk import PersonWord
from accredit.db.models.review import OrganisationWord
from accredit.domain.applications import AffiliationSource, ApplicationState
from accredit.domain.events import Event
from accredit.domain.submissions import FieldProblem, Submission, read_submission
from accredit.identity.states import is_known
from accredit.identity.transliteration import to_mrz_spelling
from accredit.rendering.photos import PhotoRefused, reencode
from accredit.services.auditing import Action, Subject, record, take_turn
from accredit.services.context import Context
from accredit.services.desk_words import word_rows
from accredit.services.event_loading import LoadedEvent
from accredit.services.person_names import person_hashes
from accredit.services.queue_facts import organisation_key, organisation_rows
from accredit.services.references import new_reference

_DRAWS = 16
# Made once: an import asks them for every row.
_TAKEN = select(Application.id).where(
    Application.event_id == bindparam("event"), Application.reference == bindparam("drawn")
)
_ALIKE = select(Application.reference, Application.organisation).where(
    Application.event_id == bindparam("event"),
    Application.person_hash == bindparam("person"),
    Application.category == bindparam("category"),
    Application.received_at == bindparam("received"),
)


@dataclass(frozen=True, slots=True)
class AlreadyHere:
    """The same application was submitted before: same person, body, category and time of receipt.

    `held`: an import has just put it on hold.
    """

    reference: str
    held: bool = False


def read_fields(
    fields: Mapping[str, str], event: Event, *, now: datetime, keeps_receipt: bool
) -> Submission | tuple[FieldProblem, ...]:
    """The submission in these fields, or every problem: the rules of `read_submission`, and what only other rooms know.

    These are the codes of States, and which scripts have an official Latin spelling.
    """
    read = read_submission(fields, event, now=now, keeps_receipt=keeps_receipt)
    if not isinstance(read, Submission):
        return read
    problems = (*_unknown_states(read), *_unspelt_names(read))
    return problems or read


def _unknown_states(read: Submission) -> tuple[FieldProblem, ...]:
    named = {"nationality": read.nationality, "organisation_country": read.organisation_country}
    words = "no State has this code; please copy the three letters from the passport, such as CHE, KEN or D"
    return tuple(
        FieldProblem(field, "unknown_state", words) for field, code in named.items() if code and not is_known(code)
    )


def _unspelt_names(read: Submission) -> tuple[FieldProblem, ...]:
    """A script without a table (Chinese, Devanagari, Greek ...) cannot be put into Latin letters by a rule."""
    named = {
        "latin_surname": (read.surname, read.latin_surname),
        "latin_given_names": (read.given_names, read.latin_given_names),
    }
    words = "please add this name in the Latin letters of the passport, as in its two lowest lines"
    return tuple(
        FieldProblem(field, "missing", words)
        for field, (written, latin) in named.items()
        if written and not latin and not to_mrz_spelling(written)
    )


def submit(
    session: Session,
    context: Context,
    event: LoadedEvent,
    submission: Submission,
    *,
    photo: bytes | None = None,
    security_hold: bool = False,
    source: AffiliationSource = AffiliationSource.APPLICANT,
    replaces: Application | None = None,
    is_found_later: bool = False,
) -> Application | AlreadyHere | PhotoRefused:
    """Takes an application in. The same once more is already here; another one of the same person is taken and shows.

    `source` says whose word the affiliation is; the applicant's own proves nothing. Whoever takes many in says
    `is_found_later`, and writes the words by which they are found for all at once, by `make_findable`.
    """
    picture = reencode(photo) if photo is not None else None
    if isinstance(picture, PhotoRefused):
        return picture
    person = person_hashes(context.secrets.pepper, event.event.number, submission)
    held = _same(session, event, submission, person[0])
    if held is not None:
        return AlreadyHere(held)
    take_turn(session)  # in the order in which everybody locks: the trail before the event, which a new row refers to
    made = _application(context, event, submission, person, _draw(session, context, event.record.id))
    made.security_hold = security_hold
    made.affiliation_source = source
    made.replaces_id = replaces.id if replaces is not None else None
    if picture is not None:
        made.photo = photo_of(made, picture)
    made.organisation_key = organisation_key(made.organisation)
    session.add(made)
    record(session, context, Action.APPLICATION_SUBMITTED, Subject("application", made.reference))
    if not is_found_later:
        make_findable(session, [made])
    return made


def make_findable(session: Session, applications: Iterable[Application]) -> None:
    """Writes the words by which the queue of the reviewers and the desk find applications that have none yet."""
    session.flush()  # the words are written past the unit of work, and point at it
    new = list(applications)
    for table, rows_of in ((OrganisationWord, organisation_rows), (PersonWord, word_rows)):
        rows = [row for one in new for row in rows_of(one)]
        if rows:
            session.execute(insert(table), rows)


def photo_of(application: Application, picture: bytes) -> Photo:
    """The row of a photo that was encoded anew."""
    return Photo(application_id=application.id, etag=hashlib.sha256(picture).digest()[:8], data=picture)


def _same(session: Session, event: LoadedEvent, submission: Submission, person: bytes) -> str | None:
    told = {
        "event": event.record.id,
        "person": person,
        "category": submission.category,
        "received": submission.received_at,
    }
    body = _folded(submission.organisation)
    return next((reference for reference, name in session.execute(_ALIKE, told) if _folded(name) == body), None)


def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().casefold()


def _draw(session: Session, context: Context, event_id: UUID) -> str:
    for _ in range(_DRAWS):
        reference = new_reference(context.entropy)
        if session.scalar(_TAKEN, {"event": event_id, "drawn": reference}) is None:
            return reference
    raise RuntimeError(f"{_DRAWS} references drawn in a row were taken; the source of randomness is broken")


def grounds_hash_of(context: Context, event: LoadedEvent, submission: Submission) -> bytes | None:
    """The keyed hash of the grounds pass number; None where none was given."""
    number = submission.grounds_pass_number
    return grounds_tag(grounds_key(context.secrets.pepper, event.event.number), number) if number else None


def _application(
    context: Context,
    event: LoadedEvent,
    submission: Submission,
    person: tuple[bytes, bytes | None],
    reference: str,
) -> Application:
    return Application(
        id=context.new_id(),
        event_id=event.record.id,
        reference=reference,
        state=ApplicationState.SUBMITTED,
        version=1,
        category=submission.category,
        surname=submission.surname,
        given_names=submission.given_names,
        latin_surname=submission.latin_surname,
        latin_given_names=submission.latin_given_names,
        birth_date=submission.birth_date,
        nationality=submission.nationality,
        guardian_name=submission.guardian_name or None,
        guardian_contact=submission.guardian_contact or None,
        email=submission.email,
        organisation=submission.organisation,
        organisation_country=submission.organisation_country,
        affiliation=submission.affiliation,
        grounds_pass=submission.grounds_pass,
        grounds_hash=grounds_hash_of(context, event, submission),
        person_hash=person[0],
        person_hash_native=person[1],
        language=submission.language,
        link_version=1,
        meetings=list(submission.meetings),
        accessibility=submission.accessibility or None,
        consented_at=submission.received_at if submission.consent else None,
        received_at=submission.received_at,
        recorded_at=context.now(),
    )
