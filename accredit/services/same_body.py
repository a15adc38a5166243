"""One body, many people; one person, several applications: shown beside an application, so that nobody decides it blindly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.models.lists import Edition, Entry
from accredit.domain.applications import ApplicationState
from accredit.services.assessing import category_of, latest_assessment
from accredit.services.event_loading import LoadedEvent
from accredit.services.neighbours import hashes_of
from accredit.services.surroundings import is_latest

MOST_SHOWN = 12
_OUT = frozenset({ApplicationState.REFUSED, ApplicationState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Other:
    """Another application."""

    reference: str
    state: ApplicationState
    category: str
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    organisation: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Body:
    """The people of one body, this one among them.

    `name` as listed; empty where no body is settled, and then those count who typed the same name. `before` are those who
    are in and came before this one, `quota` is 0 where none applies. `people` are the first of them in the order of receipt.
    """

    name: str
    by_state: dict[ApplicationState, int]
    before: int
    quota: int
    people: tuple[Other, ...]

    @property
    def total(self) -> int:
        """All of them, whatever became of them."""
        return sum(self.by_state.values())

    @property
    def still_in(self) -> int:
        """Those who are approved or wait."""
        return sum(number for state, number in self.by_state.items() if state not in _OUT)


_COLUMNS = (
    Application.reference,
    Application.state,
    Application.category,
    Application.surname,
    Application.given_names,
    Application.organisation,
    Application.received_at,
)


def body_of(session: Session, event: LoadedEvent, application: Application) -> Body:
    """The others who apply for the same body."""
    entry = _entry(session, application)
    here = Application.event_id == event.record.id
    wanted = select(*_COLUMNS).where(here).order_by(Application.received_at, Application.id)
    if entry is not None:
        wanted = (
            wanted.join(AssessmentRecord, AssessmentRecord.application_id == Application.id)
            .join(Entry, Entry.id == AssessmentRecord.entry_id)
            .join(Edition, Edition.id == Entry.edition_id)
            .where(Edition.list_key == entry[0], Entry.external_id == entry[1], is_latest())
        )
    else:
        wanted = wanted.where(Application.organisation_key == application.organisation_key)
    people = [Other(*row) for row in session.execute(wanted)]
    return Body(
        name=entry[2] if entry is not None else "",
        by_state=dict(Counter(one.state for one in people)),
        before=_before(people, application),
        quota=category_of(event.event, application.category).quota,
        people=tuple(people[:MOST_SHOWN]),
    )


def same_person(session: Session, event: LoadedEvent, application: Application) -> tuple[Other, ...]:
    """Other applications of this person, by name and birth date, whatever became of them."""
    hashes, here = hashes_of(application), Application.event_id == event.record.id
    # One statement for each index: together with an order, a database walks the whole event in that order instead.
    usual = select(Application.id).where(here, Application.person_hash.in_(hashes))
    native = select(Application.id).where(here, Application.person_hash_native.in_(hashes))
    wanted = select(*_COLUMNS).where(Application.id.in_(usual.union(native)), Application.id != application.id)
    found = [Other(*row) for row in session.execute(wanted)]
    return tuple(sorted(found, key=lambda one: (one.received_at, one.reference))[:MOST_SHOWN])


def _entry(session: Session, application: Application) -> tuple[str, str, str] | None:
    latest = latest_assessment(session, application)
    if latest is None or latest.entry_id is None:
        return None
    wanted = select(Edition.list_key, Entry.external_id, Entry.name).join(Entry, Entry.edition_id == Edition.id)
    row = session.execute(wanted.where(Entry.id == latest.entry_id)).one()
    return (row[0], row[1], row[2])


def _before(people: Sequence[Other], application: Application) -> int:
    own = [one.reference for one in people].index(application.reference) if people else 0
    return sum(one.state not in _OUT for one in people[:own])
