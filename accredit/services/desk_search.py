"""Finding the person before the desk: by reference or code, by the document's zone, or by a part of the name.

More than one hit is a list to choose from, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, load_only

from accredit.credential.document_tags import document_hash
from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application, Photo
from accredit.db.models.desk import PersonWord
from accredit.db.models.passes import Pass
from accredit.domain.applications import ApplicationState
from accredit.domain.permissions import Permission
from accredit.identity.documents import Colour, DocumentFindingCode, check_document
from accredit.identity.mrz import Mrz, MrzRejected, parse_mrz
from accredit.services.context import Context
from accredit.services.desk_documents import applied_person
from accredit.services.desk_words import folded, words_of
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_finding import application_of
from accredit.services.person_names import person_hash, person_words

MOST_SHOWN = 20
_MOST_LOOKED_AT = 300
_MOST_NAMED = 100
_AFTER_ALL = "\U0010ffff"
_CONTRADICTIONS = frozenset(
    {
        DocumentFindingCode.NAME_DIFFERS,
        DocumentFindingCode.BIRTH_DATE_DIFFERS,
        DocumentFindingCode.BIRTH_DATE_SWAPPED,
    }
)
# Thirty signs of a zone in a row, of which one at least is the filler: nobody's name, reference or code.
_ZONE = re.compile(r"(?=[^\s]*<)[A-Za-z0-9<]{28,}")


@dataclass(frozen=True, slots=True)
class Found:
    """Who fits. `zone` is the document that was read, `rejected` why it could not be; `more`: the list is cut."""

    people: tuple[Application, ...]
    zone: Mrz | None = None
    rejected: MrzRejected | None = None
    more: bool = False


def find_people(session: Session, context: Context, event: LoadedEvent, typed: str) -> tuple[Application, ...]:
    """The applications that fit what was typed or read, at most twenty, by surname; empty for an empty field."""
    return find(session, context, event, typed).people


def find(session: Session, context: Context, event: LoadedEvent, typed: str) -> Found:
    """The same, with what was read: one field takes references, codes, zones and names, and tells them by their shape."""
    context.require(Permission.APPLICATIONS_READ)
    if not typed.strip():
        return Found(())
    if is_zone(typed):
        return _by_zone(session, context, event, typed)
    named = application_of(session, event, typed)
    return Found((named,)) if named is not None else _by_name(session, event, typed)


def have_photo(session: Session, people: Sequence[Application]) -> frozenset[UUID]:
    """Whose photo can be shown in a list."""
    ids = [one.id for one in people]
    if not ids:
        return frozenset()
    return frozenset(session.scalars(select(Photo.application_id).where(Photo.application_id.in_(ids))))


def is_zone(typed: str) -> bool:
    """Whether this is a document's zone, or meant to be one."""
    return _ZONE.search(typed) is not None


def _by_zone(session: Session, context: Context, event: LoadedEvent, typed: str) -> Found:
    today = context.now().astimezone(event.event.zone).date()
    mrz = parse_mrz(typed, today=today)
    if isinstance(mrz, MrzRejected):
        return Found((), rejected=mrz)
    people = people_of_document(session, context, event, mrz)
    return Found(people[:MOST_SHOWN], zone=mrz, more=len(people) > MOST_SHOWN)


def people_of_document(session: Session, context: Context, event: LoadedEvent, mrz: Mrz) -> tuple[Application, ...]:
    """Whom the document names exactly, or who collected a pass with it; else those whom nothing in it contradicts.

    Where one of them is approved, those who are not are left out: it is about passes here.
    """
    today = context.now().astimezone(event.event.zone).date()
    people = _exactly(session, context, event, mrz) or _nearly(session, event, mrz, today)
    approved = tuple(one for one in people if one.state is ApplicationState.APPROVED)
    return approved or people


def _exactly(session: Session, context: Context, event: LoadedEvent, mrz: Mrz) -> tuple[Application, ...]:
    pepper, number, birth = context.secrets.pepper, event.event.number, mrz.birth_date
    hashed = document_hash(pepper, number, mrz.issuing_state, mrz.document_number)
    used = select(Pass.application_id).where(
        Pass.event_id == event.record.id, Pass.document_hash == hashed, Pass.state == PassState.COLLECTED
    )
    # One question an index each: OR over three of them is read as a walk through the whole table.
    ids = set(session.scalars(used))
    is_same: list[ColumnElement[bool]] = []
    if birth.month is not None and birth.day is not None:
        words = person_words(mrz.surname, " ".join(mrz.given_names), "", "")
        # The zone may spell what the applicant wrote in the own script, and not the Latin spelling beside it.
        key = person_hash(pepper, number, words, date(birth.year, birth.month, birth.day))
        is_same = [Application.person_hash == key, Application.person_hash_native == key]
    for condition in is_same:
        ids |= set(session.scalars(select(Application.id).where(_here(event, condition))))
    return _load(session, ids)


def _here(event: LoadedEvent, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Application.event_id == event.record.id, condition)


def _nearly(session: Session, event: LoadedEvent, mrz: Mrz, today: date) -> tuple[Application, ...]:
    """Those who share words of the name, the most of them first; else, for names written by ear, of that nationality."""
    words = words_of(" ".join((mrz.surname, *mrz.given_names)))
    by_words = (
        select(PersonWord.application_id)
        .where(PersonWord.event_id == event.record.id, or_(*(_is_like(one, words[-1:], mrz) for one in words)))
        .group_by(PersonWord.application_id)
        .order_by(func.count().desc())
        .limit(_MOST_LOOKED_AT)
    )
    found = _fitting(_load(session, session.scalars(by_words)), mrz, today)
    if found:
        return found
    compatriots = _of(event).where(Application.nationality == mrz.nationality).limit(_MOST_LOOKED_AT)
    return _fitting(tuple(session.scalars(compatriots)), mrz, today)


def _is_like(word: str, last: Sequence[str], mrz: Mrz) -> ColumnElement[bool]:
    return _begins(PersonWord.word, word) if mrz.name_truncated and word in last else PersonWord.word == word


def _fitting(people: Sequence[Application], mrz: Mrz, today: date) -> tuple[Application, ...]:
    return tuple(one for one in people if _may_be(one, mrz, today))


def _may_be(application: Application, mrz: Mrz, today: date) -> bool:
    findings = check_document(applied_person(application), mrz, on=today).findings
    return not any(one.colour is Colour.RED and one.code in _CONTRADICTIONS for one in findings)


def _by_name(session: Session, event: LoadedEvent, typed: str) -> Found:
    """Each word typed begins a word of the name, in any order and script, whatever its case and accents."""
    words = words_of(typed)
    if not words:
        return Found(())
    rarest, *others = _rarest_first(session, event, words)
    wanted = select(PersonWord.application_id).distinct().where(PersonWord.event_id == event.record.id)
    wanted = wanted.where(_begins(PersonWord.word, rarest))
    for word in others:
        other = aliased(PersonWord)
        same = other.application_id == PersonWord.application_id
        wanted = wanted.where(select(other.word).where(same, _begins(other.word, word)).exists())
    ids = list(session.scalars(wanted.limit(_MOST_NAMED)))
    people = _load(session, _first(session, ids))
    return Found(people, more=len(ids) > MOST_SHOWN)


def _rarest_first(session: Session, event: LoadedEvent, words: Sequence[str]) -> list[str]:
    """The rarest word leads, so that a common one is only looked up beside it; counted no further than matters."""
    if len(words) == 1:
        return list(words)
    counts = [
        select(func.count())
        .select_from(
            select(PersonWord.word)
            .where(PersonWord.event_id == event.record.id, _begins(PersonWord.word, word))
            .limit(_MOST_LOOKED_AT)
            .subquery()
        )
        .scalar_subquery()
        for word in words
    ]
    counted = session.execute(select(*counts)).one()
    return [word for _, word in sorted(zip(counted, words, strict=True), key=lambda pair: pair[0])]


def _begins(column: Any, start: str) -> ColumnElement[bool]:
    """Everything that begins so, as a range that an index can walk."""
    return and_(column >= start, column < start + _AFTER_ALL)


_NAMES = (Application.surname, Application.given_names, Application.latin_surname, Application.latin_given_names)
_LISTED = (
    *_NAMES,
    Application.reference,
    Application.state,
    Application.birth_date,
    Application.nationality,
    Application.organisation,
)


def _first(session: Session, ids: Sequence[UUID]) -> list[UUID]:
    """The first by surname, told from the names alone."""
    rows = session.execute(select(Application.id, *_NAMES).where(Application.id.in_(ids))).all()
    ordered = sorted(rows, key=lambda row: (*map(folded, row[1:]), row.id))
    return [row.id for row in ordered[:MOST_SHOWN]]


def _load(session: Session, ids: Iterable[UUID]) -> tuple[Application, ...]:
    wanted = list(ids)
    if not wanted:
        return ()
    found = select(Application).where(Application.id.in_(wanted))
    if len(wanted) > 1:
        # What a list shows and the comparison needs; whole rows are dear, with all that is sealed in them.
        found = found.options(load_only(*_LISTED))
    people = session.scalars(found)
    return tuple(sorted(people, key=lambda one: (*_folded_names(one), one.reference)))


def _folded_names(one: Application) -> tuple[str, ...]:
    return tuple(map(folded, (one.surname, one.given_names, one.latin_surname, one.latin_given_names)))


def _of(event: LoadedEvent) -> Select[Application]:
    return select(Application).where(Application.event_id == event.record.id)
