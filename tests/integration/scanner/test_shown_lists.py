"""A scanner without network takes the revocations that a screen shows, exactly where they fit, and never back."""

from __future__ import annotations

from datetime import timedelta

from gate_simulator import EVENT, GateSimulator
from scanner_under_test import LANE_1, LANE_2, MovingClock, ScannerUnderTest, verdict

from accredit.credential.admission_facts import Policy
from accredit.credential.reasons import PassState
from accredit.credential.revocation import RevocationList
from accredit.credential.revocation_codes import list_text
from accredit.credential.signing import SigningKey, sign_revocations
from scanner.checking import Lane
from scanner.gate import Gate
from scanner.offers import read_code
from scanner.state_report import report
from scanner.sync import Round


def _shown(simulator: GateSimulator, since: int, signer: SigningKey | None = None) -> str:
    """What `accredit passes revocations --since` shows now."""
    now = simulator.clock()
    old = simulator.snapshots[since].revoked if since else frozenset()
    listed = RevocationList(
        EVENT,
        simulator.number,
        since,
        now,
        now + timedelta(hours=1),
        simulator.revoked - old,
        old - simulator.revoked,
    )
    text = list_text(sign_revocations(listed, signer or simulator.list_key))
    assert text is not None
    return text


def _take(gate: Gate, text: str) -> str:
    """The sentence that the officer reads when a reader reads this."""
    told: list[str] = []
    shown: list[object] = []
    Lane(gate, LANE_1, shown.append, told.append).work([read_code(text)])
    assert not shown
    return told[0]


def test_a_shown_delta_refuses_at_every_lane_without_a_network(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """The supervisor shows it once; the pass is refused here and at the other lane, and the new age is told."""
    lost, kept = simulator.issue("LOST ONE"), simulator.issue("KEPT ONE")
    assert scanner.sync() is Round.DONE
    gate, other = scanner.gate(), scanner.gate()
    assert verdict(gate, lost.code) == ("admit", "ok")

    since = simulator.number
    simulator.is_down = True
    simulator.change(lost, PassState.REVOKED)
    text = _shown(simulator, since)
    clock.passes(seconds=40)
    said = _take(gate, text)

    assert "1 more passes withdrawn" in said
    assert "40 s old" in said
    assert verdict(gate, lost.code) == ("refuse", "revoked")
    assert verdict(other, lost.code, LANE_2) == ("refuse", "revoked")
    assert verdict(other, kept.code, LANE_2) == ("admit", "ok")
    told = report(scanner.open.trust, scanner.open.journal, scanner.open.enrolled, clock())
    assert told.facts["revocations_number"] == simulator.number
    assert told.facts["revocations_age_s"] == 40
    assert any("withdrawn passes by list" in line for line in told.lines())


def test_a_shown_list_fits_exactly_one_base_and_never_goes_back(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """The same again, an older one and one onto another list change nothing, and each says why."""
    lost = simulator.issue()
    assert scanner.sync() is Round.DONE
    gate, since = scanner.gate(), simulator.number
    before = _shown(simulator, since - 1)
    simulator.change(lost, PassState.REVOKED)
    first, number = _shown(simulator, since), simulator.number
    simulator.change(simulator.issue(), PassState.REVOKED)
    later = _shown(simulator, number)

    assert f"continues list {number}, and this scanner holds {since}" in _take(gate, later)
    assert "in force" in _take(gate, first)
    assert f"Nothing new: this scanner holds list {number}" in _take(gate, first)
    assert "Nothing new" in _take(gate, before)
    assert "in force" in _take(gate, later)
    assert verdict(gate, lost.code) == ("refuse", "revoked")


def test_a_whole_list_is_taken_by_whoever_holds_an_older_one(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """While the list is short, one code serves every scanner."""
    lost = simulator.issue()
    assert scanner.sync() is Round.DONE
    simulator.change(lost, PassState.REVOKED)
    gate = scanner.gate()
    assert "in force" in _take(gate, _shown(simulator, 0))
    assert verdict(gate, lost.code) == ("refuse", "revoked")


def test_what_the_list_key_did_not_sign_changes_nothing(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """A stranger's list would lock everybody out; the officer is told to call the supervisor."""
    issued = simulator.issue()
    assert scanner.sync() is Round.DONE
    gate = scanner.gate()
    stranger = SigningKey.generate(simulator.list_key.kid, simulator.list_key.role, simulator.entropy)
    simulator.revoked |= {issued.serial}
    simulator.number += 1
    assert "call the supervisor" in _take(gate, _shown(simulator, 0, stranger))
    assert verdict(gate, issued.code) == ("admit", "ok")


def test_the_next_sync_goes_on_from_a_shown_list(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """Back on the network the scanner holds the server's list again, whether or not more was withdrawn since."""
    lost, later = simulator.issue(), simulator.issue()
    assert scanner.sync() is Round.DONE
    gate, since = scanner.gate(), simulator.number
    simulator.change(lost, PassState.REVOKED)
    assert "in force" in _take(gate, _shown(simulator, since))

    assert scanner.sync() is Round.DONE
    assert verdict(gate, lost.code) == ("refuse", "revoked")
    simulator.change(later, PassState.REVOKED)
    assert scanner.sync() is Round.DONE
    assert verdict(gate, later.code) == ("refuse", "revoked")
    told = report(scanner.open.trust, scanner.open.journal, scanner.open.enrolled, simulator.clock())
    assert (told.facts["list_number"], told.facts["revocations_number"]) == (simulator.number, simulator.number)
    assert told.facts["revocations_age_s"] is None


def test_a_shown_list_answers_for_an_old_one(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """What is asked about an old list is who was withdrawn since; after the code nobody is asked for that."""
    simulator.policy = Policy(old_s=3600, old_at_doors_s=3600)
    issued, since = simulator.issue(), simulator.number
    assert scanner.sync() is Round.DONE
    gate = scanner.gate()
    clock.passes(hours=2)
    assert verdict(gate, issued.code) == ("ask", "stale_list")
    simulator.change(simulator.issue(), PassState.REVOKED)
    assert "in force" in _take(gate, _shown(simulator, since))
    clock.passes(minutes=10)
    assert verdict(gate, issued.code) == ("admit", "ok")
