"""The matcher's answer: a band, the body where one is accepted, the reasons against, candidates for a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """What may be done with the answer. *None* is never a refusal by itself: a person decides."""

    ACCEPT = "accept"
    REVIEW = "review"
    NONE = "none"


class How(StrEnum):
    """By what the body was found, the surest first."""

    EXACT = "exact"
    ALIAS = "alias"
    FORMER_NAME = "former_name"
    ACRONYM = "acronym"
    SIMILAR = "similar"


class Guard(StrEnum):
    """A class of errors in which two near names are two bodies. Each caps the score; none lets a name be accepted."""

    COUNTRY_CONFLICT = "country_conflict"
    COUNTRY_ON_ONE_SIDE = "country_on_one_side"
    COUNTRY_IN_BRACKETS = "country_in_brackets"
    WORDS_CONFLICT = "words_conflict"
    WORD_ON_ONE_SIDE = "word_on_one_side"
    BRANCH_OR_PARENT = "branch_or_parent"
    BRACKET_CONFLICT = "bracket_conflict"
    BRACKET_ON_ONE_SIDE = "bracket_on_one_side"
    WORD_ORDER = "word_order"
    ONE_WORD = "one_word"
    LINK_WORD = "link_word"
    SPELLING = "spelling"
    TRANSLATION = "translation"
    ONE_OF_TWO_NAMES = "one_of_two_names"
    OTHER_LETTERS = "other_letters"
    ACRONYM_ONLY = "acronym_only"


@dataclass(frozen=True, slots=True)
class Flag:
    """One guard that holds between a typed and a listed name, with the words of each that made it hold."""

    guard: Guard
    typed: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One listed body that may be meant. The score is 1.0 only where the comparable forms are equal.

    `by` is the listed spelling that came nearest: the name itself, or the alias. `flags` are what tells the two apart.
    """

    entry_id: str
    name: str
    country: str | None
    score: float
    how: How
    by: str = ""
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one name.

    `doubts` are the flags that speak against the name itself, whatever list it is looked for on: its text, several
    bearers, the bearer's country. The other flags tell a near name from the typed one.
    `entry_id` is set in the band *accept* only, so that nobody takes a suggestion for a match; `how` and `score` are
    those of the first candidate. `flags` are sentences: each says why the name was not accepted, or what to look at.
    """

    band: Band
    entry_id: str | None
    how: How | None
    score: float
    flags: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    doubts: tuple[str, ...] = ()
