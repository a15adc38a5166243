"""The queue of the reviewers: applications narrowed, in an order, by page; whatever their number, the same few statements.

A page is found in an index that holds everything it is narrowed by (`accredit.db.models.applications`); only its rows are
read. Words find at most `MOST_FOUND` applications, so that a common one costs no more than a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased, defer

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.models.review import OrganisationWord
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome
from accredit.services.event_loading import LoadedEvent
from accredit.services.queue_facts import words_of
from accredit.services.references import plain_reference
from accredit.services.surroundings import is_latest

LONGEST_PAGE = 200
MOST_FOUND = 200
UNDECIDED = (ApplicationState.ASSESSED, ApplicationState.WAITING)
_MOST_WORDS = 6
_AFTER_ALL = "\U0010ffff"


class Order(StrEnum):
    """In which order the queue is worked through."""

    OLDEST = "oldest"
    NEWEST = "newest"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the queue is narrowed to; None and the empty text stand for everything.

    `listed` is the list on which the body was found; "-" stands for no body found. `words`: the reference, or how words of
    the organisation begin.
    """

    states: tuple[ApplicationState, ...] = ()
    outcome: Outcome | None = None
    category: str = ""
    listed: str = ""
    country: str = ""
    late: bool | None = None
    flagged: bool | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One application in the queue. `open_codes` are "rule: code" of the findings that are not clear."""

    reference: str
    version: int
    state: ApplicationState
    category: str
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    organisation: str
    country: str
    received_at: datetime
    outcome: Outcome | None
    is_clear: bool
    is_late: bool
    open_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue; `after` asks for the next one, None on the last. `cut`: the words fit more than were looked at."""

    rows: tuple[QueueRow, ...]
    after: str | None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The applications that words find, all of the event; None where no words were given. `cut`: there are more."""

    ids: tuple[UUID, ...] | None = None
    cut: bool = False


def queue(
    session: Session,
    event: LoadedEvent,
    narrowing: Narrowing = Narrowing(),
    *,
    order: Order = Order.OLDEST,
    limit: int = LONGEST_PAGE,
    after: str | None = None,
    found: Found | None = None,
) -> QueuePage:
    """One page. `after` is the reference of the last row of the page before; an unknown one gives an empty page.

    `found`: what `find_words` answered, for a caller that has it already.
    """
    size = max(1, min(limit, LONGEST_PAGE))
    known = find_words(session, event, narrowing.words) if found is None else found
    wanted = _narrowed(event, narrowing, known)
    if after is not None:
        wanted = wanted.where(_beyond(event, order, after))
    ids = list(session.scalars(_ordered(wanted, order).limit(size + 1)))
    rows = _rows(session, ids[:size])
    return QueuePage(rows, rows[-1].reference if len(ids) > size else None, known.cut)


def neighbour(
    session: Session,
    event: LoadedEvent,
    narrowing: Narrowing,
    order: Order,
    reference: str,
    *,
    back: bool = False,
    found: Found | None = None,
) -> str | None:
    """The reference of the application after this one in the narrowed queue, or with `back` before it; None at the end.

    The one that is asked about need not be in the queue itself: a decision may just have taken it out.
    """
    known = find_words(session, event, narrowing.words) if found is None else found
    wanted = _narrowed(event, narrowing, known).where(_beyond(event, order, reference, back=back))
    ids = _ordered(wanted, order, back=back).limit(1).subquery()
    return session.scalar(select(Application.reference).where(Application.id == select(ids.c.id).scalar_subquery()))


def find_words(session: Session, event: LoadedEvent, text: str) -> Found:
    """The applications of this reference, or in whose organisation a word begins with each of these.

    The rarest word leads, so that a common one is only looked up beside it. They are fetched, few as they are: within
    another statement, SQLite would rather walk over all applications and ask of each whether it is among them.
    """
    if not text.strip():
        return Found()
    words = words_of(text)[:_MOST_WORDS]
    if not words:
        return Found(())
    rarest, *others = _rarest_first(session, event, words)
    wanted = select(OrganisationWord.application_id).distinct().where(_begins(OrganisationWord, event, rarest))
    for word in others:
        other = aliased(OrganisationWord)
        wanted = wanted.where(
            select(other.word)
            .where(other.application_id == OrganisationWord.application_id, *_between(other.word, word))
            .exists()
        )
    found = set(session.scalars(wanted.limit(MOST_FOUND + 1)))
    is_cut = len(found) > MOST_FOUND
    kept = sorted(found)[:MOST_FOUND]
    return Found((*kept, *_named(session, event, text)), is_cut)


def _named(session: Session, event: LoadedEvent, text: str) -> tuple[UUID, ...]:
    """The application of this reference, where the text may be one."""
    reference = plain_reference(text)
    if "-" not in reference:
        return ()
    wanted = select(Application.id).where(Application.event_id == event.record.id, Application.reference == reference)
    return tuple(session.scalars(wanted))


def _rarest_first(session: Session, event: LoadedEvent, words: Sequence[str]) -> list[str]:
    """How often each begins one, counted no further than matters."""
    if len(words) == 1:
        return list(words)
    counts = [
        select(func.count())
        .select_from(
            select(OrganisationWord.word).where(_begins(OrganisationWord, event, word)).limit(MOST_FOUND).subquery()
        )
        .scalar_subquery()
        for word in words
    ]
    counted = session.execute(select(*counts)).one()
    return [word for _, word in sorted(zip(counted, words, strict=True), key=lambda pair: pair[0])]


def _begins(table: type[OrganisationWord], event: LoadedEvent, word: str) -> ColumnElement[bool]:
    return and_(table.event_id == event.record.id, *_between(table.word, word))


def _between(column: Any, start: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Everything that begins so, as a range that an index can walk."""
    return (column >= start, column < start + _AFTER_ALL)


def narrowing_conditions(event: LoadedEvent, narrowing: Narrowing, found: Found) -> list[ColumnElement[bool]]:
    """What an application has to fit."""
    # What words found is of this event; told so once more, SQLite would walk along the event's index.
    among = Application.event_id == event.record.id if found.ids is None else Application.id.in_(found.ids)
    wanted: list[ColumnElement[bool]] = [among]
    if narrowing.states:
        wanted.append(Application.state.in_(narrowing.states))
    if narrowing.outcome is not None:
        wanted.append(Application.outcome == narrowing.outcome)
    if narrowing.category:
        wanted.append(Application.category == narrowing.category)
    if narrowing.listed:
        wanted.append(Application.list_key == ("" if narrowing.listed == "-" else narrowing.listed))
    if narrowing.country:
        wanted.append(Application.organisation_country == narrowing.country)
    if narrowing.late is not None:
        wanted.append(Application.is_late.is_(narrowing.late))
    if narrowing.flagged is not None:
        wanted.append(Application.is_flagged.is_(narrowing.flagged))
    return wanted


def _narrowed(event: LoadedEvent, narrowing: Narrowing, found: Found) -> Select[UUID]:
    return select(Application.id).where(*narrowing_conditions(event, narrowing, found))


def _columns(order: Order) -> tuple[Any, ...]:
    if order is Order.ORGANISATION:
        return (Application.organisation_key, Application.received_at, Application.id)
    return (Application.received_at, Application.id)


def _ordered(wanted: Select[UUID], order: Order, *, back: bool = False) -> Select[UUID]:
    falls = (order is Order.NEWEST) is not back
    return wanted.order_by(*(column.desc() if falls else column.asc() for column in _columns(order)))


def _beyond(event: LoadedEvent, order: Order, reference: str, *, back: bool = False) -> ColumnElement[bool]:
    """Whether a row comes after this one in the order, or with `back` before it; nothing does where there is no such one."""
    falls = (order is Order.NEWEST) is not back
    here = aliased(Application)
    of_here = [getattr(here, column.key) for column in _columns(order)]
    where = (here.event_id == event.record.id, here.reference == plain_reference(reference))
    at = tuple_(*(select(column).where(*where).scalar_subquery() for column in of_here))
    row = tuple_(*_columns(order))
    return row < at if falls else row > at


def _rows(session: Session, ids: Sequence[UUID]) -> tuple[QueueRow, ...]:
    wanted = (
        select(Application, AssessmentRecord.findings)
        .outerjoin(AssessmentRecord, and_(AssessmentRecord.application_id == Application.id, is_latest()))
        .where(Application.id.in_(ids))
        .options(defer(Application.email), defer(Application.birth_date), defer(Application.hold_reason))
    )
    read = {application.id: _row(application, findings or ()) for application, findings in session.execute(wanted)}
    return tuple(read[one] for one in ids)


def _row(application: Application, told: Sequence[dict[str, Any]]) -> QueueRow:
    return QueueRow(
        reference=application.reference,
        version=application.version,
        state=application.state,
        category=application.category,
        surname=application.surname,
        given_names=application.given_names,
        organisation=application.organisation,
        country=application.organisation_country,
        received_at=application.received_at,
        outcome=application.outcome,
        is_clear=application.outcome is not None and not application.is_flagged,
        is_late=application.is_late,
        open_codes=tuple(
            f"{one['rule']}: {one['code']}" for one in told if one["outcome"] not in {"clear", "not_applicable"}
        ),
    )
