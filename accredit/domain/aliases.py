"""Other names of listed bodies that we learnt ourselves, beside those that an edition brings along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accredit.domain.sentences import Told


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


_KINDS: Mapping[str, str] = {
    AliasKind.FORMER_NAME: Told("former name"),
    AliasKind.LATER_NAME: Told("later name"),
    AliasKind.TRANSLATION: Told("translation"),
    AliasKind.ACRONYM: Told("acronym"),
    AliasKind.CONFIRMED_SPELLING: Told("confirmed spelling"),
}


@dataclass(frozen=True, slots=True)
class AliasUsed:
    """The other name by which a body was found. `number` is None where the edition itself brought the name along."""

    name: str
    kind: str
    source: str = ""
    known_on: date | None = None
    number: int | None = None

    @property
    def told(self) -> Told:
        """Kind, name and origin in words: former name “…” (list of renames, 14 June 2024)."""
        kind = _KINDS.get(self.kind, self.kind.replace("_", " "))
        named = Told("%(kind)s “%(name)s”", kind=kind, name=self.name)
        if self.source and self.known_on is not None:
            return Told("%(named)s (%(source)s, %(day)s)", named=named, source=self.source, day=self.known_on)
        origin = self.source or self.known_on
        return Told("%(named)s (%(origin)s)", named=named, origin=origin) if origin else named
