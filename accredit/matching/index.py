"""The index over the bodies of one list: by comparable form for certainty, by shared pieces for suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from accredit.matching.answer import How
from accredit.matching.candidates import Candidates
from accredit.matching.families import AND_WORDS, PARTICLES
from accredit.matching.normalise import is_acronym, key_of
from accredit.matching.reading import Reading, parts_of, read
from accredit.matching.weights import Weights

SHORTEST_LOOSE = 8
"""Letters of a name that may be recognised without its blanks and articles; a shorter one could be two names."""

WORDS_OF_A_PART = 4
"""Words that say something, from which one of the two names that a list gives in one line is as good as an alias."""


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
class Form:
    """One spelling of a listed body: its name, an alias, or one of the two languages that the list gives in one line."""

    owner: int
    text: str
    how: How
    is_part: bool
    reading: Reading


@dataclass(frozen=True, slots=True)
class Index:
    """Built once per list edition by `build_index`, read by `match`. An owner is a position in `listed`."""

    listed: tuple[Listed, ...]
    forms: tuple[Form, ...] = field(repr=False)
    candidates: Candidates = field(repr=False)
    weights: Weights = field(repr=False)
    weight_of: Sequence[float] = field(repr=False)
    by_key: Mapping[str, dict[int, Form]] = field(repr=False)
    by_loose: Mapping[str, dict[int, Form]] = field(repr=False)


def build_index(listed: Iterable[Listed]) -> Index:
    """Index the entries of one list.

    Raises ValueError where an entry id comes twice: the caller has mixed up two editions.
    """
    entries = tuple(listed)
    if len({entry.entry_id for entry in entries}) != len(entries):
        raise ValueError("every entry of a list has an id of its own")
    forms = tuple(form for owner, entry in enumerate(entries) for form in _forms_of(owner, entry))
    candidates = Candidates()
    by_key: dict[str, dict[int, Form]] = {}
    by_loose: dict[str, dict[int, Form]] = {}
    for form in forms:
        candidates.add(form.reading)
        if (not form.is_part or form.reading.content >= WORDS_OF_A_PART) and (key := key_of(form.text)):
            by_key.setdefault(key, {}).setdefault(form.owner, form)
            if len(loose := loose_of(key)) >= SHORTEST_LOOSE:
                by_loose.setdefault(loose, {}).setdefault(form.owner, form)
    weights = Weights(form.reading for form in forms)
    weight_of = [weights.together(form.reading) for form in forms]
    return Index(entries, forms, candidates, weights, weight_of, by_key, by_loose)


def loose_of(key: str) -> str:
    """A key without blanks and the small words that languages put in or leave out; "et" is "and", and "ue" is "ü"."""
    joined = "".join("and" if word in AND_WORDS else word for word in key.split() if word not in PARTICLES)
    return joined.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _forms_of(owner: int, entry: Listed) -> Iterator[Form]:
    yield from _spellings(owner, entry.name, How.EXACT)
    for alias in entry.aliases:
        yield from _spellings(owner, alias.name, _how(alias))


def _spellings(owner: int, name: str, how: How) -> Iterator[Form]:
    yield Form(owner, name, how, False, read(name))
    if how is not How.ACRONYM:
        for part in parts_of(name):
            yield Form(owner, part, How.ALIAS if how is How.EXACT else how, True, read(part))


def _how(alias: Alias) -> How:
    """A list seldom says which of its other names are acronyms, so that the spelling decides as well."""
    if alias.kind == How.ACRONYM or is_acronym(alias.name):
        return How.ACRONYM
    return How.FORMER_NAME if alias.kind == How.FORMER_NAME else How.ALIAS
