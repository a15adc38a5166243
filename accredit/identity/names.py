"""Personal names: how the name applied with and the name on a document agree.

The document's name is in the zone's letters already. The other is compared letter by letter with every spelling that
ICAO Doc 9303-3 section 6 allows for it, so that Müller agrees with MUELLER, MULLER and MUXXLLER. Word breaks are of no
account: Jean-Pierre is JEAN PIERRE is JEANPIERRE.

The rules are asked in the order of `NameAgreementKind`; the first that holds is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from accredit.identity.name_words import (
    Pair,
    Shown,
    Words,
    alike,
    alike_or_initial,
    are_alike_as_one,
    are_same,
    joined,
    match_all,
    match_shorter,
    open_words,
    shown_words,
    spelled,
    unmatched,
    words_with_spellings,
)
from accredit.identity.transliteration import begins, is_arabic


class NameAgreementKind(StrEnum):
    """How two names agree, best first; `one_spelling` where a name was given in two and the other is another name."""

    EXACT = "exact"
    TRUNCATED = "truncated"
    SHORTENED = "shortened"
    ONE_NAME = "one_name"
    ORDER = "order"
    EXTRA_GIVEN = "extra_given"
    EXTRA_SURNAME = "extra_surname"
    SPELLING_VARIANT = "spelling_variant"
    ONE_SPELLING = "one_spelling"
    OTHER_SURNAME = "other_surname"
    NOT_COMPARABLE = "not_comparable"
    DIFFERENT = "different"


class NamePart(StrEnum):
    SURNAME = "surname"
    GIVEN_NAMES = "given_names"


@dataclass(frozen=True, slots=True)
class PersonalName:
    """A name as its bearer or the document gives it, in any script; either part may be empty."""

    surname: str = field(repr=False)
    given_names: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NameDifference:
    """The words of one part that the other side does not have, each as its side writes them; for the screen only."""

    part: NamePart
    applied: str = field(repr=False)
    document: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NameAgreement:
    kind: NameAgreementKind
    differences: tuple[NameDifference, ...] = ()


# Answers that say something against the person, for which a transcription by ear is no ground.
_AGAINST = frozenset({NameAgreementKind.OTHER_SURNAME, NameAgreementKind.DIFFERENT})

# What officials write where there is no name: first, last, given, family name unknown.
_PLACEHOLDERS = frozenset({"FNU", "LNU", "NFN", "NLN", "XXX", "X"})


def closest(agreements: Sequence[NameAgreement]) -> NameAgreement:
    """The best of several agreements, as of a name given in two scripts; at least one is needed."""
    order = list(NameAgreementKind)
    return min(agreements, key=lambda agreement: order.index(agreement.kind))


def compare_names(applied: PersonalName, document: PersonalName, *, truncated: bool = False) -> NameAgreement:
    """How the name applied with agrees with the document's; `truncated` where the zone says that it may be cut.

    A name in a script without an ICAO table is `not_comparable`: it needs the Latin spelling of the document. So is an
    Arabic spelling that does not agree by the table, because most documents transcribe Arabic names by ear.
    """
    pair = _pair(applied, document)
    if pair is None or not (pair.document_surname or pair.document_given):
        return NameAgreement(NameAgreementKind.NOT_COMPARABLE)
    kind = next((kind for kind, holds in _rules(truncated=truncated) if holds(pair)), NameAgreementKind.DIFFERENT)
    if kind is NameAgreementKind.EXACT:
        return NameAgreement(kind)
    if kind in _AGAINST and is_arabic(applied.surname + applied.given_names):
        kind = NameAgreementKind.NOT_COMPARABLE
    return NameAgreement(kind, tuple(_differences(pair)))


def _rules(*, truncated: bool) -> Iterator[tuple[NameAgreementKind, Callable[[Pair], bool]]]:
    yield NameAgreementKind.EXACT, _is_exact
    if truncated:
        yield NameAgreementKind.TRUNCATED, _is_cut_at_the_end
        yield NameAgreementKind.SHORTENED, _is_cut_within
    yield NameAgreementKind.ONE_NAME, _has_one_name
    yield NameAgreementKind.ORDER, _is_in_another_order
    yield NameAgreementKind.EXTRA_GIVEN, _has_extra_given
    yield NameAgreementKind.EXTRA_SURNAME, _has_extra_surname
    yield NameAgreementKind.SPELLING_VARIANT, _is_spelled_otherwise
    yield NameAgreementKind.OTHER_SURNAME, _has_another_surname


def _is_exact(pair: Pair) -> bool:
    return are_same(pair.surname, pair.document_surname) and are_same(pair.given, pair.document_given)


def _is_cut_at_the_end(pair: Pair) -> bool:
    if not pair.document_given:
        return begins(joined(pair.surname), "".join(pair.document_surname))
    return are_same(pair.surname, pair.document_surname) and begins(joined(pair.given), "".join(pair.document_given))


def _is_cut_within(pair: Pair) -> bool:
    """Words cut or shortened to initials so that the rest has room (9303-3 section 4.6); the surname stays readable."""
    if not pair.document_surname or len(pair.document_surname[0]) == 1:
        return False
    return open_words(pair.surname, pair.document_surname) and open_words(pair.given, pair.document_given)


def _has_one_name(pair: Pair) -> bool:
    """One side holds everything in one part, and both hold the same words; repeats and placeholders do not count."""
    applied = {word.recommended: word for word in pair.surname + pair.given if word.recommended not in _PLACEHOLDERS}
    shown = {text for text in pair.document_surname + pair.document_given if text not in _PLACEHOLDERS}
    is_one_part = not _meant(pair.document_surname) or not _meant(pair.document_given)
    is_one_part = is_one_part or not _meant_words(pair.surname) or not _meant_words(pair.given)
    is_one_part = is_one_part or len(applied) == 1 or len(shown) == 1
    return is_one_part and match_all(tuple(applied.values()), tuple(sorted(shown)), spelled)


def _is_in_another_order(pair: Pair) -> bool:
    if are_same(pair.surname, pair.document_given) and are_same(pair.given, pair.document_surname):
        return True
    return match_all(pair.surname + pair.given, pair.document_surname + pair.document_given, spelled)


def _has_extra_given(pair: Pair) -> bool:
    return are_same(pair.surname, pair.document_surname) and match_shorter(pair.given, pair.document_given, spelled)


def _has_extra_surname(pair: Pair) -> bool:
    if not pair.surname or not pair.document_surname or not pair.given or not pair.document_given:
        return False
    has_given = are_same(pair.given, pair.document_given) or match_shorter(pair.given, pair.document_given, spelled)
    return has_given and match_shorter(pair.surname, pair.document_surname, spelled)


def _is_spelled_otherwise(pair: Pair) -> bool:
    if match_all(pair.surname + pair.given, pair.document_surname + pair.document_given, alike):
        return True
    if not pair.surname or not pair.document_surname or bool(pair.given) != bool(pair.document_given):
        return False
    parts = ((pair.surname, pair.document_surname, alike), (pair.given, pair.document_given, alike_or_initial))
    return all(match_shorter(words, shown, match) or are_alike_as_one(words, shown) for words, shown, match in parts)


def _has_another_surname(pair: Pair) -> bool:
    if not pair.given or not pair.document_given:
        return False
    return are_same(pair.given, pair.document_given) or match_shorter(pair.given, pair.document_given, spelled)


def _pair(applied: PersonalName, document: PersonalName) -> Pair | None:
    surname, given = words_with_spellings(applied.surname), words_with_spellings(applied.given_names)
    if surname is None or given is None or not (surname or given):
        return None
    return Pair(surname, given, shown_words(document.surname), shown_words(document.given_names))


def _meant(shown: Shown) -> bool:
    return any(text not in _PLACEHOLDERS for text in shown)


def _meant_words(words: Words) -> bool:
    return any(word.recommended not in _PLACEHOLDERS for word in words)


def _differences(pair: Pair) -> Iterator[NameDifference]:
    for part, words, shown in (
        (NamePart.SURNAME, pair.surname, pair.document_surname),
        (NamePart.GIVEN_NAMES, pair.given, pair.document_given),
    ):
        left, right = unmatched(words, shown, spelled)
        if left or right:
            yield NameDifference(part, " ".join(word.written for word in left), " ".join(right))
