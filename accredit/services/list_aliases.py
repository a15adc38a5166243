"""Reads the other names of a listed body from one cell."""

from __future__ import annotations

import json
from dataclasses import dataclass

from accredit.domain.sentences import Told

MOST_ALIASES = 100
LONGEST_ALIAS = 400

# How lists call them → how the matcher does; the first word decides, since lists add since when and from where.
_KINDS = {
    "former": "former_name",
    "acronym": "acronym",
    "later": "later_name",
    "translation": "translation",
    "spelling": "spelling",
}


@dataclass(frozen=True, slots=True)
class ListedAlias:
    """Another name. `source` is what the list says about it, where it says more than the kind."""

    name: str
    kind: str = "alias"
    source: str = ""

    def as_json(self) -> dict[str, str]:
        """As an entry keeps it."""
        told = {"name": self.name, "kind": self.kind}
        return {**told, "source": self.source} if self.source else told


def read_aliases(cell: str) -> tuple[ListedAlias, ...] | Told:
    """The aliases in a cell, or a sentence that says how to write them.

    A JSON list of names or of objects with name and kind, or plain names with a vertical bar between.
    """
    aliases = _from_json(cell) if cell.startswith(("[", "{")) else _from_text(cell)
    if aliases is None:
        return Told("write a JSON list of names, or of objects with name and kind; or names with “ | ” between")
    if len(aliases) > MOST_ALIASES:
        return Told("there are more than %(most)s other names; keep those that people use", most=MOST_ALIASES)
    if any(len(alias.name) > LONGEST_ALIAS for alias in aliases):
        return Told("another name is longer than %(longest)s characters; shorten it", longest=LONGEST_ALIAS)
    return tuple(dict.fromkeys(aliases))


def _from_text(cell: str) -> list[ListedAlias]:
    return [ListedAlias(name.strip()) for name in cell.split("|") if name.strip()]


def _from_json(cell: str) -> list[ListedAlias] | None:
    try:
        told = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    aliases = [_alias(one) for one in told] if isinstance(told, list) else [None]
    known = [alias for alias in aliases if alias is not None]
    return known if len(known) == len(aliases) else None


def _alias(told: object) -> ListedAlias | None:
    if isinstance(told, str) and told.strip():
        return ListedAlias(told.strip())
    if not isinstance(told, dict):
        return None
    name, kind = told.get("name"), told.get("kind", "alias")
    if not (isinstance(name, str) and name.strip() and isinstance(kind, str)):
        return None
    first = kind.split(maxsplit=1)[0].rstrip(":,").casefold().partition("_")[0] if kind.strip() else ""
    known = _KINDS.get(first, "alias")
    return ListedAlias(name.strip(), known, "" if kind == known else kind.strip())
