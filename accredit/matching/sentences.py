"""The flags in words, as a reviewer reads them: what tells the typed name from the listed one."""

from __future__ import annotations

from types import MappingProxyType

from accredit.matching.answer import Flag, Guard
from accredit.matching.places import PLACES, told

# With words on both sides: {typed} and {listed}.
_BOTH = MappingProxyType(
    {
        Guard.COUNTRY_CONFLICT: "The application says {typed}; the listed name says {listed}.",
        Guard.WORDS_CONFLICT: "The application says {typed} where the listed name says {listed}.",
        Guard.BRACKET_CONFLICT: "The brackets differ: {typed} in the application, {listed} on the list.",
        Guard.SPELLING: "The application spells {typed} what the list spells {listed}.",
        Guard.TRANSLATION: "The application says {typed} in another language or form than the list, {listed}.",
        Guard.LINK_WORD: "The application joins the words by {typed}, the list by {listed}.",
    }
)
# With words on one side: {words}, and {who} has them.
_ONE = MappingProxyType(
    {
        Guard.COUNTRY_ON_ONE_SIDE: "Only {who} names {words}: it may be a branch or a namesake.",
        Guard.COUNTRY_IN_BRACKETS: "Only {who} names {words} in brackets: it may be a branch or a namesake.",
        Guard.BRANCH_OR_PARENT: "Only {who} says {words}: it may be a branch, a parent or a sister body.",
        Guard.WORD_ON_ONE_SIDE: "Only {who} says {words}: it may be another body.",
        Guard.BRACKET_ON_ONE_SIDE: "Only {who} has {words} in brackets.",
        Guard.LINK_WORD: "Only {who} has the small word {words}.",
    }
)
_BARE = MappingProxyType(
    {
        Guard.WORD_ORDER: "The same words stand in another order.",
        Guard.ONE_WORD: "One word is all that tells this body, and the two names are not written alike.",
        Guard.OTHER_LETTERS: "The two names are written in different letters; only their sound was compared.",
        Guard.ACRONYM_ONLY: "Found by an acronym alone, which other bodies may use as well.",
        Guard.ONE_OF_TWO_NAMES: "The list gives this body two names; the application has one of them.",
    }
)


def sentence(flag: Flag) -> str:
    """One flag in words."""
    if flag.typed and flag.listed and flag.guard in _BOTH:
        return _BOTH[flag.guard].format(typed=_quoted(flag.typed), listed=_quoted(flag.listed))
    if (flag.typed or flag.listed) and flag.guard in _ONE:
        who = "the application" if flag.typed else "the listed name"
        return _ONE[flag.guard].format(who=who, words=_quoted(flag.typed or flag.listed))
    return _BARE[flag.guard]


def country_doubt(listed: str | None, typed: str | None) -> str | None:
    """Why the country of the application does not confirm the list's; None where it does or the list gives none."""
    there, here = (listed or "").strip().upper(), (typed or "").strip().upper()[:3]
    if not there or there == here:
        return None
    adjective = PLACES[there].adjective if there in PLACES else there
    if not here:
        return f"The listed body is {adjective} ({there}); the application names no country."
    return f"The listed body is {adjective} ({there}); the application says {told(here)} ({here})."


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words)
