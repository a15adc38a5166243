"""Which listed body does a row of a file mean? By its number on the list, else by any of its names, where one body bears it."""

from __future__ import annotations

from collections.abc import Mapping

from accredit.matching.normalise import key_of
from accredit.services.editions import EditionIndex, IndexedEntry
from accredit.services.known_names import KnownNames


class NamedBodies:
    """The bodies of an edition by number and by name, those names included that we learnt ourselves."""

    def __init__(self, edition: EditionIndex, names: KnownNames) -> None:
        self._by_number = edition.by_external_id
        by_name: dict[str, dict[str, IndexedEntry]] = {}
        for entry in edition.entries:
            for name in (*entry.keys, *(key_of(one.name) for one in names.of(entry))):
                by_name.setdefault(name, {})[entry.external_id] = entry
        self._by_name: Mapping[str, Mapping[str, IndexedEntry]] = by_name

    def find(self, external_id: str, organisation: str) -> IndexedEntry | None:
        """The one body; None where nobody is meant, or more than one. The number goes before the name."""
        if external_id:
            return self._by_number.get(external_id.casefold())
        found = self._by_name.get(key_of(organisation), {}) if organisation else {}
        return next(iter(found.values())) if len(found) == 1 else None
