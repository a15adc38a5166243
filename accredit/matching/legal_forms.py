"""Legal forms, as words of a name in its comparable form: what the statutes add, and what nobody says when asked.

Only forms that say how a body is constituted stand here. "Foundation", "association" or "trust" are no such words: a
foundation is often another body than the association of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from accredit.matching.families import STOP_WORDS

# At the end of a name, the longest first where one ends another.
_AT_THE_END = (
    *("inc", "incorporated", "incorporation", "ltd", "limited", "llc", "llp", "plc", "corp", "lbg", "lda", "ltda"),
    *(
        "limited by guarantee",
        "ltd by guarantee",
        "company limited by guarantee",
        "ltd gte",
        "gte",
        "guarantee limited",
    ),
    *("private limited", "pvt ltd", "pvt limited", "private ltd", "pty ltd", "co ltd", "company limited", "private"),
    *(
        "not for profit",
        "nonprofit",
        "non profit",
        "non profit organization",
        "registered",
        "regd",
        "registered charity",
    ),
    *("gmbh", "ggmbh", "mbh", "ev", "e v", "eingetragener verein", "gemeinnutzige gmbh", "ag", "eg"),
    *("asbl", "aisbl", "vzw", "ivzw", "association sans but lucratif", "association loi 1901", "loi 1901"),
    *("onlus", "odv", "aps", "ets", "sarl", "srl", "spa", "sas", "scrl", "nv", "bv", "oy", "ry", "rf", "kk"),
    *("asociacion civil", "ac", "sociedad civil", "associacao civil", "sin fines de lucro", "iap", "esal"),
    *("ngo", "ong", "npo", "ngdo", "ongd", "oing", "ingo", "non governmental organization"),
    *("organization non gouvernementale", "organizacion no gubernamental"),
    *("public association", "public union", "public organization", "public fund"),
)
_IN_FRONT = (
    *("stichting", "asbl", "pt", "yayasan"),
    *("international public organization", "public association", "public organization", "public union"),
    *("non governmental organization", "organization non gouvernementale", "asociacion civil"),
)


def _by_word(phrases: Sequence[str], place: int) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The phrases by their last (-1) or first (0) word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted({tuple(phrase.split()) for phrase in phrases}, key=len, reverse=True):
        found.setdefault(words[place], []).append(words)
    return MappingProxyType({word: tuple(group) for word, group in found.items()})


LEGAL_WORDS = frozenset(
    {
        *("inc", "incorporated", "ltd", "llc", "llp", "gmbh", "ggmbh", "ev", "asbl", "aisbl", "vzw", "ivzw", "onlus"),
        *("stichting", "lbg", "gte"),
    }
)
"""Those that stand for nothing else, wherever in a name they stand: before a motto, or after each of two languages."""

_ENDS = _by_word(_AT_THE_END, -1)
_FRONTS = _by_word(_IN_FRONT, 0)


def without_legal_form(words: list[str]) -> list[str]:
    """Words of a name without the forms at its two ends. At least one word stays, and none that belongs to the form:
    "Federation of NGO" is no federation of an unnamed thing.
    """
    while len(words) > 1 and (form := _fitting(words, _ENDS.get(words[-1], ()), at_the_end=True)):
        words = words[: -len(form)]
    while len(words) > 1 and (form := _fitting(words, _FRONTS.get(words[0], ()), at_the_end=False)):
        words = words[len(form) :]
    return words


def _fitting(words: list[str], forms: Sequence[tuple[str, ...]], *, at_the_end: bool) -> tuple[str, ...]:
    for form in forms:
        there = words[-len(form) :] if at_the_end else words[: len(form)]
        if len(form) < len(words) and tuple(there) == form:
            last = words[-len(form) - 1] if at_the_end else ""
            return () if last in STOP_WORDS else form
    return ()
