"""Finding the person before the desk: by reference or code, by the document's zone, or by a part of the name.

More than one hit is a list to choose from, never a guess.
"""

from __future__ import annotations

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

_MOST = 20
_MOST_CANDIDATES = 200
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
    return _by_document(session, event, mrz, today) if isinstance(mrz, Mrz) else _by_name(session, event, typed)


def _by_document(session: Session, event: LoadedEvent, mrz: Mrz, today: date) -> tuple[Application, ...]:
    """Those whom neither name nor birth date of the document contradicts: by surname first, else by nationality.

    The second way is for names in a script whose Latin spelling nobody gave.
    """
    surname = mrz.surname.split()[0] if mrz.surname else ""
    by_surname = [name.istartswith(surname, autoescape=True) for name in (Application.latin_surname, Application.surname)]
    for condition in (or_(*by_surname), Application.nationality == mrz.nationality):
        found = session.scalars(_of(event).where(condition).limit(_MOST_CANDIDATES))
        fitting = [one for one in found if _may_be(one, mrz, today)]
        if fitting:
            return tuple(fitting[:_MOST])
    return ()


def _may_be(application: Application, mrz: Mrz, today: date) -> bool:
    findings = check_document(applied_person(application), mrz, on=today).findings
    return not any(one.colour is Colour.RED and one.code in _CONTRADICTIONS for one in findings)


def _by_name(session: Session, event: LoadedEvent, typed: str) -> tuple[Application, ...]:
    """Each word typed stands somewhere in the names, in any order and script."""
    wanted = _of(event)
    for word in typed.split():
        wanted = wanted.where(or_(*(name.icontains(word, autoescape=True) for name in _NAMES)))
    return tuple(session.scalars(wanted.limit(_MOST)))


def _of(event: LoadedEvent) -> Select[Application]:
    return (
        select(Application)
        .where(Application.event_id == event.record.id)
        .order_by(Application.surname, Application.given_names, Application.reference)
    )
