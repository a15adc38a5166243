"""Lists of names made by rule, to measure how the cost grows where no real list is long enough."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from accredit.matching.index import Listed

_KINDS = (
    "Association",
    "Foundation",
    "Society",
    "Network",
    "Union",
    "Council",
    "Institute",
    "Centre",
    "League",
    "Forum",
)
_CAUSES = (
    "Health",
    "Education",
    "Water",
    "Peace",
    "Rights",
    "Women",
    "Youth",
    "Migrants",
    "Climate",
    "Heritage",
    "Justice",
)
_SCOPES = ["International", "National", "European", "African", "Global", "Rural", "United", "World", "", ""]
_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "zo",
    "bra",
    "sten",
)


def made_register(size: int, *, seed: int = 2017) -> list[Listed]:
    """So many names of the usual parts: a scope, a made-up word, a cause, a kind; no two alike, always the same."""
    draw = Random(seed)
    names: dict[str, None] = {}
    while len(names) < size:
        names[_name(draw)] = None
    return [Listed(str(number), name) for number, name in enumerate(names)]


def made_queries(listed: Sequence[Listed], count: int, *, seed: int = 4) -> list[str]:
    """Listed names with a letter lost, a word more, or two words in the other order."""
    draw = Random(seed)
    return [_spoilt(draw, entry.name) for entry in draw.sample(list(listed), min(count, len(listed)))]


def _name(draw: Random) -> str:
    word = "".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4))).capitalize()
    cause = " and ".join(draw.sample(_CAUSES, draw.randint(1, 2)))
    parts = [draw.choice(_SCOPES), word, draw.choice(_KINDS), "for", cause]
    return " ".join(part for part in parts if part)


def _spoilt(draw: Random, name: str) -> str:
    words = name.split()
    place = draw.randrange(len(words))
    how = draw.randrange(3)
    if how == 0:
        words[place] = words[place][:-1] or words[place]
    elif how == 1:
        words.insert(place, "Arcadia")
    else:
        words[0], words[-1] = words[-1], words[0]
    return " ".join(words)
