"""The kiosk's API: an offer in, what the page shows out; and what it does not take."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from flask import Flask
from gate_simulator import GateSimulator
from kiosk_under_test import Page, app_of, kiosk_of
from scanner_under_test import ScannerUnderTest

from scanner.kiosk.parts import Kiosk


@pytest.fixture
def kiosk(scanner: ScannerUnderTest, simulator: GateSimulator, stack: ExitStack) -> Kiosk:
    """A scanner with a list behind the page, names open."""
    simulator.issue("FIRST OF ALL")
    scanner.sync()
    made = kiosk_of(scanner)
    stack.callback(made.close)
    return made


@pytest.fixture
def app(kiosk: Kiosk) -> Flask:
    return app_of(kiosk)


def test_a_code_in_a_verdict_out(app: Flask, scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """One POST gives all that is shown, in 1 kB, and the scan stands in the journal with the officer's number."""
    issued = simulator.issue("DOE JANE", organisation="Example Organisation")
    scanner.sync()
    page = Page.open(app)

    told = page.offer("code", issued.code)

    assert (told["look"], told["word"], told["label"], told["sentence"]) == ("admit", "ADMIT", "Valid", "Welcome.")
    assert (told["name"], told["organisation"]) == ("DOE JANE", "Example Organisation")
    state = page.state()
    assert state["today"] == {"admit": 1, "ask": 0, "refuse": 0}
    assert (state["inside"], state["waiting"]) == (1, 1)
    assert [(each["look"], each["who"]) for each in state["last"]] == [("admit", "Doe Jane")]
