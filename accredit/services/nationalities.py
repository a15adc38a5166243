"""The codes that somebody may choose as nationality or as the country of a body."""

from __future__ import annotations

from accredit.identity.states import (
    BRITISH_NATIONALITIES,
    KNOWN,
    ORGANISATIONS,
    SPECIMEN,
    WITHOUT_NATIONALITY,
    canonical,
)

_PAST = frozenset({"ANT", "NTZ"})  # still on documents, no longer States

STATES = tuple(
    sorted(
        {canonical(code) for code in KNOWN}
        - BRITISH_NATIONALITIES
        - ORGANISATIONS
        - WITHOUT_NATIONALITY
        - _PAST
        - {SPECIMEN}
    )
)
"""One code for each State and territory."""

OTHERS = (*sorted(BRITISH_NATIONALITIES), "UNO", "UNA", "UNK", "XXA", "XXB", "XXC", "XXX")
"""What else stands in the field of the nationality."""

SPECIMEN_STATE = SPECIMEN
"""Utopia, for demonstrations."""
