"""Finding the person before the desk: by reference or code, by the document's zone, or by a part of the name.

More than one hit is a list to choose from, never a guess.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.domain.permissions import Permission
from accredit.identity.documents import Colour, DocumentFindingCode, check_document
from accredit.identity.mrz import Mrz, parse_mrz
from accredit.services.context import Context
from accredit.services.desk import applied_person
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_finding import application_of
from accredit.services.person_names import person_hash, person_words

_MOST = 20
_MOST_CANDIDATES = 1000
_CONTRADICTIONS = frozenset(
    {
        DocumentFindingCode.NAME_DIFFERS,
        DocumentFindingCode.BIRTH_DATE_DIFFERS,
        DocumentFindingCode.BIRTH_DATE_SWAPPED,
    }
)
_NAMES = (Application.surname, Application.given_names, Application.latin_surname, Application.latin_given_names)


def find_people(session: Session, context: Context, event: LoadedEvent, typed: str) -> tuple[Application, ...]:
    """The applications that fit what was typed or read, at most twenty, by surname; empty for an empty field."""
    context.require(Permission.APPLICATIONS_READ)
    if not typed.strip():
        return ()
    named = application_of(session, event, typed)
    if named is not None:
        return (named,)
    today = context.now().astimezone(event.event.zone).date()
    mrz = parse_mrz(typed, today=today)
    if isinstance(mrz, Mrz):
        return _by_document(session, context, event, mrz, today)
    return _by_name(session, event, typed)


def _by_document(
    session: Session, context: Context, event: LoadedEvent, mrz: Mrz, today: date
) -> tuple[Application, ...]:
    """Whom the document names exactly; else those whom neither name nor birth date of it contradicts."""
    exactly = _exactly(session, context, event, mrz)
    if exactly:
        return exactly
    surname = mrz.surname.split()[0] if mrz.surname else ""
    # By nationality too, for names in a script whose Latin spelling nobody gave, and for a changed surname.
    condition = or_(
        Application.latin_surname.istartswith(surname, autoescape=True),
        Application.surname.istartswith(surname, autoescape=True),
        Application.nationality == mrz.nationality,
    )
    found = session.scalars(_of(event).where(condition).limit(_MOST_CANDIDATES))
    return tuple([one for one in found if _may_be(one, mrz, today)][:_MOST])


def _exactly(session: Session, context: Context, event: LoadedEvent, mrz: Mrz) -> tuple[Application, ...]:
    birth = mrz.birth_date
    if birth.month is None or birth.day is None:
        return ()
    words = person_words(mrz.surname, " ".join(mrz.given_names), "", "")
    # The zone may spell what the applicant wrote in the own script, and not the Latin spelling beside it.
    key = person_hash(context.secrets.pepper, event.event.number, words, date(birth.year, birth.month, birth.day))
    is_same = or_(Application.person_hash == key, Application.person_hash_native == key)
    return tuple(session.scalars(_of(event).where(is_same).limit(_MOST)))


def _may_be(application: Application, mrz: Mrz, today: date) -> bool:
    findings = check_document(applied_person(application), mrz, on=today).findings
    return not any(one.colour is Colour.RED and one.code in _CONTRADICTIONS for one in findings)


def _by_name(session: Session, event: LoadedEvent, typed: str) -> tuple[Application, ...]:
    """Each word typed stands somewhere in the names, in any order and script, whatever its case and accents.

    Folded here, because each database folds the letters beyond ASCII in its own way.
    """
    words = _folded(typed).split()
    rows = session.execute(select(Application.id, *_NAMES).where(Application.event_id == event.record.id))
    named = [(tuple(map(_folded, row[1:])), row.id) for row in rows]
    hits = sorted((names, id_) for names, id_ in named if all(any(word in name for name in names) for word in words))
    first = {id_: place for place, (_, id_) in enumerate(hits[:_MOST])}
    found = session.scalars(select(Application).where(Application.id.in_(first)))
    return tuple(sorted(found, key=lambda one: first[one.id]))


def _folded(text: str) -> str:
    """Small letters without their accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _of(event: LoadedEvent) -> Select[Application]:
    return (
        select(Application)
        .where(Application.event_id == event.record.id)
        .order_by(Application.surname, Application.given_names, Application.reference)
    )
