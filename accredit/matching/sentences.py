"""The flags in words, as a reviewer reads them: what tells the typed name from the listed one.

They read in English as they are. Who tells them in another language has the pattern of each, and what stands in its places.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from accredit.matching.answer import Flag, Guard
from accredit.matching.places import told


class Sentence(str):
    """A sentence in English; `pattern` has named places, %(words)s, for the `values`: texts, numbers, and other sentences."""

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, **values: object) -> Sentence:
        """The sentence in English."""
        told = super().__new__(cls, pattern % values)
        told.pattern, told.values = pattern, values
        return told


# With words on both sides: %(typed)s and %(listed)s.
_BOTH = MappingProxyType(
    {
        Guard.COUNTRY_CONFLICT: "The application says %(typed)s; the listed name says %(listed)s.",
        Guard.WORDS_CONFLICT: "The application says %(typed)s where the listed name says %(listed)s.",
        Guard.BRACKET_CONFLICT: "The brackets differ: %(typed)s in the application, %(listed)s on the list.",
        Guard.SPELLING: "The application spells %(typed)s what the list spells %(listed)s.",
        Guard.TRANSLATION: "The application says %(typed)s in another language or form than the list, %(listed)s.",
        Guard.LINK_WORD: "The application joins the words by %(typed)s, the list by %(listed)s.",
    }
)
# With words on one side: %(words)s, and {who} has them; a sentence for each of the two.
_ONE = MappingProxyType(
    {
        Guard.COUNTRY_ON_ONE_SIDE: "Only {who} names %(words)s: it may be a branch or a namesake.",
        Guard.COUNTRY_IN_BRACKETS: "Only {who} names %(words)s in brackets: it may be a branch or a namesake.",
        Guard.BRANCH_OR_PARENT: "Only {who} says %(words)s: it may be a branch, a parent or a sister body.",
        Guard.WORD_ON_ONE_SIDE: "Only {who} says %(words)s: it may be another body.",
        Guard.BRACKET_ON_ONE_SIDE: "Only {who} has %(words)s in brackets.",
        Guard.LINK_WORD: "Only {who} has the small word %(words)s.",
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


APPLICATION, LISTED_NAME = "the application", "the listed name"


def patterns() -> frozenset[str]:
    """The patterns of all flags."""
    of_one = {form.format(who=who) for form in _ONE.values() for who in (APPLICATION, LISTED_NAME)}
    return frozenset({*_BOTH.values(), *of_one, *_BARE.values()})


def sentence(flag: Flag) -> Sentence:
    """One flag in words."""
    if flag.typed and flag.listed and flag.guard in _BOTH:
        return Sentence(_BOTH[flag.guard], typed=_quoted(flag.typed), listed=_quoted(flag.listed))
    if (flag.typed or flag.listed) and flag.guard in _ONE:
        who = APPLICATION if flag.typed else LISTED_NAME
        return Sentence(_ONE[flag.guard].format(who=who), words=_quoted(flag.typed or flag.listed))
    return Sentence(_BARE[flag.guard])


def country_doubt(listed: str | None, typed: str | None) -> Sentence | None:
    """Why the country of the application does not confirm the list's; None where it does or the list gives none."""
    there, here = (listed or "").strip().upper(), (typed or "").strip().upper()[:3]
    if not there or there == here:
        return None
    of_body = {"there": told(there), "there_code": there}
    if not here:
        return Sentence(
            "The listed body is of %(there)s (%(there_code)s); the application names no country.", **of_body
        )
    return Sentence(
        "The listed body is of %(there)s (%(there_code)s); the application says %(here)s (%(here_code)s).",
        **of_body,
        here=told(here),
        here_code=here,
    )


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words)
