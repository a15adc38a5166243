"""What the rules ask about other applications: the same person's, and the delegation of the same body.

Loaded for one application by two statements, or for all of an event by two statements; the counting is the same.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord
from accredit.db.models.lists import Edition, Entry
from accredit.db.models.passes import GroundsGrant, Pass
from accredit.db.models.review import Question
from accredit.domain.application_facts import DelegateAnswer
from accredit.domain.applications import ApplicationState
from accredit.services.organisations import BodyKey

_OUT = (ApplicationState.REFUSED, ApplicationState.WITHDRAWN)

Place = tuple[datetime, UUID]
"""Where an application stands in the order of receipt; its id decides between two of the same instant."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the rules are told about other applications and lists; `ApplicationFacts` says what each means."""

    delegates_before: int = 0
    on_invitation: int = 0
    same_person: tuple[str, ...] = ()
    same_grounds_pass: tuple[str, ...] = ()
    held: bool = False
    delegate_list: DelegateAnswer | None = None


@dataclass(slots=True)
class Delegations:
    """For each body the places of its delegates who are still in, in the order of receipt."""

    places: dict[BodyKey, list[Place]] = field(default_factory=dict)
    bodies: dict[UUID, BodyKey] = field(default_factory=dict)

    def before(self, body: BodyKey, place: Place) -> int:
        """How many delegates of this body came before this place."""
        return bisect_left(self.places.get(body, []), place)

    def others(self, body: BodyKey, place: Place) -> int:
        """How many of this body are still in beside this place, whenever they came."""
        return sum(one != place for one in self.places.get(body, ()))

    def put(self, body: BodyKey | None, place: Place) -> None:
        """Notes for which body this application is now taken to speak; None for no known one."""
        self.drop(place)
        if body is not None:
            insort(self.places.setdefault(body, []), place)
            self.bodies[place[1]] = body

    def drop(self, place: Place) -> None:
        """Takes an application out."""
        held = self.bodies.pop(place[1], None)
        if held is not None:
            self.places[held].remove(place)


def is_latest() -> ColumnElement[bool]:
    """Whether an assessment is the one that counts for its application."""
    later = aliased(AssessmentRecord)
    highest = select(func.max(later.number)).where(later.application_id == AssessmentRecord.application_id)
    return AssessmentRecord.number == highest.scalar_subquery()


def load_delegations(session: Session, event_id: UUID, body: BodyKey | None = None) -> Delegations:
    """The delegations as the latest assessments settled them; of one body, or of all."""
    wanted = (
        select(Application.received_at, Application.id, Edition.list_key, Entry.external_id)
        .join(AssessmentRecord, AssessmentRecord.application_id == Application.id)
        .join(Entry, Entry.id == AssessmentRecord.entry_id)
        .join(Edition, Edition.id == Entry.edition_id)
        .where(Application.event_id == event_id, Application.state.not_in(_OUT), ~_gave_back(), is_latest())
    )
    if body is not None:
        wanted = wanted.where(Edition.list_key == body.list_key, Entry.external_id == body.external_id)
    found = Delegations()
    for received_at, application_id, list_key, external_id in session.execute(wanted):
        found.put(BodyKey(list_key, external_id), (received_at, application_id))
    return found


def _gave_back() -> ColumnElement[bool]:
    """Whether an approval opens nothing any more, by a revocation: the place is somebody else's then."""
    own = Pass.application_id == Application.id
    ended = or_(
        exists().where(own, Pass.state == PassState.REVOKED),
        exists().where(GroundsGrant.application_id == Application.id, GroundsGrant.withdrawn_at.is_not(None)),
    )
    live = exists().where(own, Pass.state.in_((PassState.PREPARED, PassState.COLLECTED, PassState.SUSPENDED)))
    return and_(Application.state == ApplicationState.APPROVED, ended, ~live)


def unanswered(session: Session, applications: Collection[UUID]) -> frozenset[UUID]:
    """Those among these applications whose last question to the applicant has no answer yet."""
    if not applications:
        return frozenset()
    asked = select(Question.application_id, Question.answered_at).where(Question.application_id.in_(applications))
    last = {row.application_id: row.answered_at for row in session.execute(asked.order_by(Question.asked_at))}
    return frozenset(application_id for application_id, answered_at in last.items() if answered_at is None)


def load_same_people(
    session: Session, event_id: UUID, person: Collection[bytes] = ()
) -> dict[bytes, tuple[tuple[str, UUID], ...]]:
    """Person hash → references and ids of that person's applications that were not withdrawn; of one person's hashes, or
    of all who applied more than once. An application stands under the hash of each of its spellings."""
    here = (Application.event_id == event_id, Application.state != ApplicationState.WITHDRAWN)
    usual, native = Application.person_hash, Application.person_hash_native
    asked = person or _several(here)
    # One select for each index: asked for both at once and in an order, a database walks the whole event.
    ids = select(Application.id).where(*here, usual.in_(asked))
    ids_too = select(Application.id).where(*here, native.in_(asked))
    wanted = select(usual, native, Application.reference, Application.id, Application.received_at).where(
        Application.id.in_(ids.union(ids_too))
    )
    found: dict[bytes, list[tuple[str, UUID]]] = {}
    for one, other, reference, application_id, _received_at in sorted(
        session.execute(wanted), key=lambda row: (row.received_at, row.id)
    ):
        for hashed in filter(None, (one, other)):
            found.setdefault(hashed, []).append((reference, application_id))
    return {hashed: tuple(known) for hashed, known in found.items()}


def _several(here: Collection[ColumnElement[bool]]) -> Select[bytes]:
    """The hashes under which more than one application stands; one application has never the same hash twice."""
    usual = select(Application.person_hash.label("hashed")).where(*here)
    native = select(Application.person_hash_native).where(*here, Application.person_hash_native.is_not(None))
    both = usual.union_all(native).subquery()
    return select(both.c.hashed).group_by(both.c.hashed).having(func.count() > 1)


def of_person(
    people: Mapping[bytes, tuple[tuple[str, UUID], ...]], hashes: Collection[bytes]
) -> tuple[tuple[str, UUID], ...]:
    """The applications under any of these hashes, each once."""
    return tuple(dict.fromkeys(known for hashed in hashes for known in people.get(hashed, ())))


def others(known: Collection[tuple[str, UUID]], *own: UUID) -> tuple[str, ...]:
    """The references among them that are not these applications."""
    return tuple(reference for reference, application_id in known if application_id not in own)
