"""A name given twice: in its own script, and in the Latin letters of the passport. Both have to be the same name.

Who writes one name for the lists and another for the desk would be two people otherwise: invited as one, let in as the
other. Only spellings that the tables of ICAO Doc 9303-3 section 6 can put into a zone's letters are held against each
other; for Chinese or Devanagari, and for Arabic transcribed by ear, the Latin spelling alone speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from accredit.identity.names import NameAgreement, NameAgreementKind, PersonalName, closest, compare_names

_AGAINST = frozenset({NameAgreementKind.OTHER_SURNAME, NameAgreementKind.DIFFERENT})


def spellings_disagree(surname: str, given_names: str, latin_surname: str, latin_given_names: str) -> bool:
    """Whether native and Latin spelling are two different names, as far as the tables can tell.

    A part whose Latin spelling is left empty is as in the native one. False where there is nothing to compare.
    """
    if not (latin_surname or latin_given_names):
        return False
    latin = PersonalName(latin_surname or surname, latin_given_names or given_names)
    return compare_names(PersonalName(surname, given_names), latin).kind in _AGAINST


def agreement_of_spellings(agreements: Sequence[NameAgreement]) -> NameAgreement:
    """One answer for the agreements of all spellings with a document; at least one is needed.

    The best counts, except that a spelling which speaks against the person is never hidden by one that agrees: the
    answer is then `one_spelling`, with the words that differ. A spelling that cannot be compared says nothing.
    """
    comparable = [one for one in agreements if one.kind is not NameAgreementKind.NOT_COMPARABLE]
    best = closest(comparable or agreements)
    against = next((one for one in comparable if one.kind in _AGAINST), None)
    if against is None or best.kind in _AGAINST:
        return best
    return replace(against, kind=NameAgreementKind.ONE_SPELLING)
