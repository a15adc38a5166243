"""Codes of States and of persons without one."""

from __future__ import annotations

import pytest

from accredit.identity import states


@pytest.mark.parametrize(
    "code", ["CHE", "D", "D<<", "UNO", "UNA", "XXA", "XXB", "XXC", "XOM", "XPO", "EUE", "RKS", "GBN"]
)
def test_what_a_zone_may_carry_is_known(code: str) -> None:
    """ISO's codes, Germany's single letter, organisations, persons without nationality; fillers do not count."""
    assert states.is_known(code)


@pytest.mark.parametrize("code", ["", "<<<", "QQQ", "CH", "SUI", "GER"])
def test_what_no_document_carries_is_not_known(code: str) -> None:
    """Codes of other lists (Olympic, two letters) are not ICAO's."""
    assert not states.is_known(code)


@pytest.mark.parametrize(
    ("one", "other"), [("D", "DEU"), ("D<<", "deu"), ("XKX", "RKS"), ("XXK", "XKX"), ("CHE", "CHE")]
)
def test_one_state_may_have_several_codes(one: str, other: str) -> None:
    """Germany is D in a zone and DEU elsewhere; Kosovo has had several."""
    assert states.same_state(one, other)


@pytest.mark.parametrize(("one", "other"), [("GBN", "GBR"), ("DEU", "DNK"), ("UNK", "RKS"), ("XXA", "XXB")])
def test_what_is_not_the_same_stays_apart(one: str, other: str) -> None:
    """A British overseas national is not a British citizen; a stateless person is not a refugee."""
    assert not states.same_state(one, other)


def test_utopia_is_known_and_flagged() -> None:
    """Its zones read well, and nobody may enter on one."""
    assert states.is_known("UTO")
    assert states.is_specimen("UTO")
    assert not states.is_specimen("CHE")
