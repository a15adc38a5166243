"""The index over the bodies of one list: by comparable form for certainty, by similarity for suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from accredit.matching.answer import How
from accredit.matching.normalise import is_acronym, key_of, romanised

SUGGEST_FROM = 0.55
"""Below this similarity nothing is suggested; two unrelated names of English words reach it by chance."""

# More than the five shown, since several forms may belong to one body.
_FORMS_FETCHED = 25


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a listed body. Kinds known here are "former_name" and "acronym"; any other is an alias."""

    name: str
    kind: str = "alias"


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a status list as the matcher sees it; `country` is ISO 3166-1 alpha-3, None where not given."""

    entry_id: str
    name: str
    country: str | None = None
    aliases: tuple[Alias, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """Built once per list edition by `build_index`, read by `match`. Positions are those of `listed`."""

    listed: tuple[Listed, ...]
    by_key: dict[str, dict[int, How]] = field(repr=False)
    plain: list[str] = field(repr=False)
    in_order: list[str] = field(repr=False)
    owners: list[int] = field(repr=False)

    def holders(self, key: str) -> dict[int, How]:
        """Who bears exactly this comparable form, and as what."""
        return self.by_key.get(key, {}) if key else {}

    def similar(self, text: str) -> list[tuple[int, float]]:
        """The bodies most like a romanised text, best first, with a similarity below 1.

        Whole strings are compared, as written and with the words in order. Scorers that look at the better part of a
        name (token_set, partial ones) are not used: they give a branch the score of its parent.
        """
        best: dict[int, float] = {}
        for query, forms in ((text, self.plain), (_words_in_order(text), self.in_order)):
            found = process.extract(
                query, forms, scorer=fuzz.ratio, score_cutoff=SUGGEST_FROM * 100, limit=_FORMS_FETCHED
            )
            for _, percent, row in found:
                owner = self.owners[row]
                best[owner] = max(best.get(owner, 0.0), min(percent / 100, 0.99))
        return sorted(best.items(), key=lambda found: (-found[1], found[0]))


def build_index(listed: Iterable[Listed]) -> Index:
    """Index the entries of one list.

    Raises ValueError where an entry id comes twice: the caller has mixed up two editions.
    """
    entries = tuple(listed)
    if len({entry.entry_id for entry in entries}) != len(entries):
        raise ValueError("every entry of a list has an id of its own")
    index = Index(entries, {}, [], [], [])
    for position, entry in enumerate(entries):
        for name, how in _forms_of(entry):
            _add(index, position, name, how)
    return index


def _forms_of(entry: Listed) -> Iterator[tuple[str, How]]:
    yield entry.name, How.EXACT
    for alias in entry.aliases:
        yield alias.name, _how(alias)


def _how(alias: Alias) -> How:
    """A list seldom says which of its other names are acronyms, so that the spelling decides as well."""
    if alias.kind == How.ACRONYM or is_acronym(alias.name):
        return How.ACRONYM
    return How.FORMER_NAME if alias.kind == How.FORMER_NAME else How.ALIAS


def _add(index: Index, position: int, name: str, how: How) -> None:
    key = key_of(name)
    if not key:
        return
    index.by_key.setdefault(key, {}).setdefault(position, how)
    if how is not How.ACRONYM:
        text = romanised(name)
        index.plain.append(text)
        index.in_order.append(_words_in_order(text))
        index.owners.append(position)


def _words_in_order(text: str) -> str:
    return " ".join(sorted(text.split()))
