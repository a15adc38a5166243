"""By what a delegate is recognised: keyed hashes of the name, and of name and birth date. Nothing is read from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from accredit.db.types import Sealer, sealer_of
from accredit.services.event_loading import LoadedEvent


@dataclass(frozen=True, slots=True)
class DelegateHashes:
    """The hashes of one event, so that two events cannot be compared by them."""

    sealer: Sealer
    event: int

    @classmethod
    def of(cls, session: Session, event: LoadedEvent) -> DelegateHashes:
        """Under the data key of this database."""
        return cls(sealer_of(session.get_bind().dialect), event.event.number)

    def name(self, words: tuple[str, ...]) -> bytes:
        """32 bytes of the words of a name; in which order they were written is of no account."""
        return self.sealer.digest(f"{self.event}|{' '.join(words)}".encode(), "delegates.name_hash")

    def person(self, words: tuple[str, ...], birth_date: date | None) -> bytes | None:
        """The same of name and birth date; None without one."""
        if birth_date is None:
            return None
        told = f"{self.event}|{' '.join(words)}|{birth_date.isoformat()}"
        return self.sealer.digest(told.encode(), "delegates.person_hash")
