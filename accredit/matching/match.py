"""Which listed body does a typed name mean? Certain only by an equal comparable form; the rest is for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accredit.matching.answer import Band, Candidate, How, Match
from accredit.matching.index import Index
from accredit.matching.normalise import LONGEST_NAME, key_of, romanised, says_nothing
from accredit.matching.suspicion import mixes_scripts, strange_character

REVIEW_FROM = 0.70
"""From this similarity a candidate is worth a reviewer's look.

On the labelled spelling variants every true one scores higher, and half of the names on no list score lower.
"""

MOST_CANDIDATES = 5


def match(index: Index, name: str, country: str | None) -> Match:
    """Find the listed body that a name means.

    Accepted: the comparable form is the name, or an alias, of exactly one body; the country of the application is the
    list's, or the list gives none; an acronym is not all there is; the text holds nothing that a person cannot see.
    Review: anything else that comes near enough. Never raises, whatever the text.
    `country` is ISO 3166-1 alpha-3 of the body's seat as the applicant gave it.
    """
    key = key_of(name)
    if says_nothing(key):
        return Match(Band.NONE, None, None, 0.0, ("The name holds no word that says which body is meant.",), ())
    holders = index.holders(key)
    flags = (*_doubts_of_text(name), *_doubts_of_holders(index, holders, country))
    if len(holders) == 1 and not flags:
        found = _candidate(index, *next(iter(holders.items())), 1.0)
        return Match(Band.ACCEPT, found.entry_id, found.how, 1.0, (), (found,))
    candidates = _candidates(index, holders, romanised(name))
    if not candidates:
        return Match(Band.NONE, None, None, 0.0, flags, ())
    band = Band.REVIEW if candidates[0].score >= REVIEW_FROM else Band.NONE
    return Match(band, None, candidates[0].how, candidates[0].score, flags, candidates)


def _doubts_of_text(name: str) -> Iterator[str]:
    if len(name) > LONGEST_NAME:
        yield f"The name is longer than {LONGEST_NAME} characters; only the first {LONGEST_NAME} were compared."
    strange = strange_character(name)
    if strange:
        yield f"The name holds {strange}; ask the applicant to type the name again."
    if mixes_scripts(name):
        yield "One word of the name mixes letters of two scripts that look alike."


def _doubts_of_holders(index: Index, holders: Mapping[int, How], country: str | None) -> Iterator[str]:
    if len(holders) > 1:
        yield f"{len(holders)} bodies on the list bear this name; the name alone does not say which is meant."
        return
    for position, how in holders.items():
        if how is How.ACRONYM:
            yield "Found by an acronym alone, which other bodies may use as well."
        listed_in = (index.listed[position].country or "").upper()
        says = (country or "").strip().upper()
        if listed_in and not says:
            yield f"The list has this body in {listed_in}; the application names no country."
        elif listed_in and listed_in != says:
            yield f"The list has this body in {listed_in}; the application says {says[:3]}."


def _candidates(index: Index, holders: Mapping[int, How], text: str) -> tuple[Candidate, ...]:
    """Those that bear the name first, then the similar ones; each body once."""
    bearers = [_candidate(index, position, how, 1.0) for position, how in holders.items()]
    likely = [
        _candidate(index, position, How.SIMILAR, score)
        for position, score in index.similar(text)
        if position not in holders
    ]
    return tuple(bearers + likely)[:MOST_CANDIDATES]


def _candidate(index: Index, position: int, how: How, score: float) -> Candidate:
    entry = index.listed[position]
    return Candidate(entry.entry_id, entry.name, entry.country, round(score, 3), how)
