"""Other names of listed bodies that we learnt ourselves, beside those that an edition brings along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AliasKind(StrEnum):
    """In which sense a name is another name of the body."""

    FORMER_NAME = "former_name"
    LATER_NAME = "later_name"
    TRANSLATION = "translation"
    ACRONYM = "acronym"
    CONFIRMED_SPELLING = "confirmed_spelling"

    @property
    def words(self) -> str:
        """As a sentence says it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class AliasUsed:
    """The other name by which a body was found. `number` is None where the edition itself brought the name along."""

    name: str
    kind: str
    source: str = ""
    known_on: date | None = None
    number: int | None = None

    @property
    def told(self) -> str:
        """Kind, name and origin in words: former name “…” (list of renames, 14 June 2024)."""
        day = f"{self.known_on:%d %B %Y}" if self.known_on is not None else ""
        origin = ", ".join(part for part in (self.source, day) if part)
        return f"{self.kind.replace('_', ' ')} “{self.name}”" + (f" ({origin})" if origin else "")
