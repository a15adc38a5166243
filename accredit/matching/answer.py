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


@dataclass(frozen=True, slots=True)
class Candidate:
    """One listed body that may be meant. The score is 1.0 only where the comparable forms are equal."""

    entry_id: str
    name: str
    country: str | None
    score: float
    how: How


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one name.

    `entry_id` is set in the band *accept* only, so that nobody takes a suggestion for a match; `how` and `score` are
    those of the first candidate. `flags` are sentences: each says why the name was not accepted, or what to look at.
    """

    band: Band
    entry_id: str | None
    how: How | None
    score: float
    flags: tuple[str, ...]
    candidates: tuple[Candidate, ...]
