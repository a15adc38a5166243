"""People who do not exist, and strategies that make more of them; every test of this room takes its zones from here."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from accredit.identity.mrz import Mrz, MrzRejected, parse_mrz
from accredit.identity.specimens import (
    Specimen,
    build_french_card,
    build_mrv_a,
    build_mrv_b,
    build_td1,
    build_td2,
    build_td3,
)

HEARING = date(2017, 10, 11)

BUILDERS = {"TD1": build_td1, "TD2": build_td2, "TD3": build_td3, "MRV-A": build_mrv_a, "MRV-B": build_mrv_b}

FRENCH_CARD = build_french_card


def a_specimen(**changes: Any) -> Specimen:
    """Lena Novák of Czechia, with whatever a test wants otherwise."""
    facts: dict[str, Any] = {
        "surname": "Novák",
        "given_names": "Lena",
        "birth_date": date(1985, 7, 23),
        "nationality": "CZE",
        "document_number": "AB1234567",
        "expires_on": date(2021, 3, 31),
        "sex": "F",
    }
    return Specimen(**(facts | changes))


def read(text: str, today: date = HEARING) -> Mrz:
    """The facts of a zone that must be good."""
    result = parse_mrz(text, today=today)
    assert isinstance(result, Mrz), result
    return result


def refuse(text: str, today: date = HEARING) -> MrzRejected:
    """The refusal of a zone that must be bad."""
    result = parse_mrz(text, today=today)
    assert isinstance(result, MrzRejected), result
    return result


_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_words = st.text(_letters, min_size=1, max_size=9)

specimens = st.builds(
    Specimen,
    surname=st.lists(_words, min_size=1, max_size=2).map(" ".join).filter(lambda name: len(name) <= 12),
    given_names=st.lists(_words, max_size=2).map(" ".join).filter(lambda name: len(name) <= 12),
    birth_date=st.dates(date(1920, 1, 1), HEARING),
    nationality=st.sampled_from(["CHE", "D", "FRA", "IND", "KEN", "PHL", "SYR", "UNO", "XXB"]),
    document_number=st.text(_letters + "0123456789", min_size=1, max_size=9),
    expires_on=st.none() | st.dates(date(2000, 1, 1), date(2045, 12, 31)),
    sex=st.sampled_from(["F", "M", ""]),
)

long_numbers = st.text(_letters + "0123456789", min_size=10, max_size=15)
