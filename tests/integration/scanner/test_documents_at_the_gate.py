"""The document tag at the gate: of the right document, of another one, of none; and of this event alone."""

from __future__ import annotations

from datetime import date

from gate_simulator import EVENT, PEPPER, GateSimulator
from scanner_under_test import ScannerUnderTest, tell, verdict

from accredit.credential.document_tags import tag_key, tag_under
from accredit.identity.specimens import Specimen, build_td3
from scanner.outcomes import Outcome

PASSPORT = Specimen(
    "OKONKWO", "AMELIE", date(1980, 5, 31), "UTO", document_number="L898902C3", expires_on=date(2024, 1, 31)
)
ZONE = "mrz:" + build_td3(PASSPORT).replace("\n", "")


def test_a_pass_that_names_no_document_says_that_nothing_was_compared(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """The officer compares name and photo; the answer stays what it was."""
    issued = simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)

    answer = tell(gate, ZONE)

    assert isinstance(answer, Outcome)
    assert (answer.entry.verdict.value, answer.entry.reason.value) == ("admit", "ok")
    assert "document" in answer.shown.unchecked


def test_the_pepper_is_another_one_for_each_event(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """The keys of a scanner of last year's event recognise nobody's document this year."""
    issued = simulator.issue(document=("UTO", "L898902C3"))
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)
    assert verdict(gate, ZONE) == ("admit", "ok")

    (tag,) = simulator.passes[issued.serial].tags
    assert tag_under(tag_key(PEPPER, EVENT), "UTO", "L898902C3") == tag
    assert tag_under(tag_key(PEPPER, EVENT - 1), "UTO", "L898902C3") != tag
    assert tag_key(PEPPER, EVENT - 1) != tag_key(PEPPER, EVENT)
