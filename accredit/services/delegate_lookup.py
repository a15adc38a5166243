"""Is the applicant on the list of delegates that the body handed in? Loaded for one body, or for all, by two statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accredit.db.models.delegates import Delegate, DelegateList
from accredit.domain.application_facts import DelegateAnswer, OnList
from accredit.services.delegate_hashes import DelegateHashes
from accredit.services.event_loading import LoadedEvent
from accredit.services.organisations import BodyKey


@dataclass(frozen=True, slots=True)
class _Sent:
    """The list of one body: hash of a name → the hashes of name and birth date that stand there under it."""

    id: UUID
    as_of: date
    people: dict[bytes, set[bytes | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DelegateLists:
    """The lists of delegates in force, by body; `hashes` is None where there is none."""

    sent: Mapping[BodyKey, _Sent] = field(default_factory=dict)
    hashes: DelegateHashes | None = None

    def list_of(self, body: BodyKey | None) -> UUID | None:
        """The id of the list that is read for this body."""
        found = self.sent.get(_folded(body)) if body is not None else None
        return found.id if found is not None else None

    def answer(
        self, body: BodyKey | None, spellings: Iterable[tuple[str, ...]], birth_date: date
    ) -> DelegateAnswer | None:
        """Whether a person of one of these names is on the body's list; None where the body sent none."""
        found = self.sent.get(_folded(body)) if body is not None else None
        if found is None or self.hashes is None:
            return None
        names = [words for words in spellings if self.hashes.name(words) in found.people]
        under = [found.people[self.hashes.name(words)] for words in names]
        if any(self.hashes.person(words, birth_date) in held for words, held in zip(names, under, strict=True)):
            return DelegateAnswer(OnList.PERSON, found.as_of)
        if any(None in held for held in under):
            return DelegateAnswer(OnList.NAME, found.as_of)
        return DelegateAnswer(OnList.OTHER_BIRTH_DATE if names else OnList.ABSENT, found.as_of)


def load_delegate_lists(session: Session, event: LoadedEvent, body: BodyKey | None = None) -> DelegateLists:
    """The lists as of the day of the hearing, of one body or of all: of each body the latest, its last revision."""
    wanted = select(DelegateList).where(
        DelegateList.event_id == event.record.id, DelegateList.as_of <= event.event.reference_on
    )
    if body is not None:
        same_number = func.lower(DelegateList.external_id) == body.external_id.lower()
        wanted = wanted.where(DelegateList.list_key == body.list_key, same_number)
    sent = {
        _folded(BodyKey(one.list_key, one.external_id)): _Sent(one.id, one.as_of)
        for one in session.scalars(wanted.order_by(DelegateList.as_of, DelegateList.revision))
    }
    if not sent:
        return DelegateLists()
    by_id = {one.id: one for one in sent.values()}
    people = select(Delegate.list_id, Delegate.name_hash, Delegate.person_hash).where(Delegate.list_id.in_(by_id))
    for list_id, name_hash, person_hash in session.execute(people):
        by_id[list_id].people.setdefault(name_hash, set()).add(person_hash)
    return DelegateLists(sent, DelegateHashes.of(session, event))


def _folded(body: BodyKey) -> BodyKey:
    """Capitals in a body's number are of no account, as in the editions."""
    return BodyKey(body.list_key, body.external_id.casefold())
