"""Sync against a simulated service: enrolment, lists that hold and lists that do not, uploads, and being switched off."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from gate_simulator import GateSimulator
from scanner_under_test import LANE_1, LANE_2, PIN, MovingClock, ScannerUnderTest, tell, verdict

from accredit.credential.keysets import KeyRole
from accredit.credential.reasons import PassState
from accredit.credential.sealing import open_photo
from accredit.credential.signing import SigningKey
from scanner import journal
from scanner.enrol import EnrolRefused
from scanner.enrolment import Enrolment, open_secrets
from scanner.journal import Upload
from scanner.opening import CannotRun, only_sync, opened
from scanner.outcomes import NotReady
from scanner.sealing import unseal_with_pin
from scanner.state_report import report
from scanner.sync import Round, Sync
from scanner.trust_store import counts, find_pass, held_number, load_contact

Enrolling = Callable[..., object]


def test_enrolment_keeps_the_root_and_shows_its_fingerprint(
    enrolling: Enrolling, simulator: GateSimulator, tmp_path: Path
) -> None:
    """What two people compare aloud is the fingerprint of the root that is kept."""
    enrolled = enrolling()

    assert isinstance(enrolled, Enrolment)
    assert enrolled.root_public == simulator.root.public_bytes
    assert len(enrolled.root_fingerprint.split()) == 5
    assert (tmp_path / "state" / "demo").exists()


def test_a_used_code_gets_the_servers_sentence(enrolling: Enrolling, simulator: GateSimulator, tmp_path: Path) -> None:
    """A code works once."""
    code = simulator.new_code()
    enrolling(tmp_path / "one", code=code)

    refused = enrolling(tmp_path / "two", code=code)

    assert refused == EnrolRefused("This enrolment code was used already. Ask for a new one.")


def test_a_demo_root_is_refused_unless_told(enrolling: Enrolling, tmp_path: Path) -> None:
    """Nobody trusts a demonstration by accident, and the refused folder is none of a demonstration."""
    refused = enrolling(allow_demo=False)

    assert isinstance(refused, EnrolRefused)
    assert "DEMO" in refused.sentence
    assert not (tmp_path / "state" / "demo").exists()


def test_a_key_set_of_a_demonstration_is_refused_by_a_real_scanner(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """The signed word counts, whatever the enrolment said."""
    scanner.open = replace(scanner.open, enrolled=replace(scanner.open.enrolled, facts=replace(
        scanner.open.enrolled.facts, is_demo=False)))  # fmt: skip
    simulator.issue()

    assert scanner.sync_of_open() is Round.FAILED
    assert held_number(scanner.open.trust) is None


def test_a_key_set_of_another_event_is_refused(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """One root may serve two events; a scanner serves the one it was enrolled for."""
    simulator.keyset = replace(simulator.keyset, event=99)
    simulator.issue()

    assert scanner.sync() is Round.FAILED
    assert "another event" in scanner.said[-1]
    assert held_number(scanner.open.trust) is None


@pytest.mark.parametrize("pin", ["", "1234567", "1234567a", "１２３４５６７８"])
def test_a_pin_has_eight_digits_or_more(enrolling: Enrolling, simulator: GateSimulator, pin: str) -> None:
    """A short PIN is refused before the code is used up."""
    refused = enrolling(pin=pin)

    assert isinstance(refused, EnrolRefused)
    assert "8 digits" in refused.sentence
    assert simulator.requests == []


def test_a_folder_is_enrolled_once(enrolling: Enrolling, simulator: GateSimulator) -> None:
    """A second enrolment would orphan the first one's scans."""
    enrolling()
    simulator.requests.clear()

    assert isinstance(enrolling(), EnrolRefused)
    assert simulator.requests == []


@pytest.mark.parametrize("server", ["http://gate.example.org", "ftp://127.0.0.1", "gate", "http://[", "https://"])
def test_keys_travel_over_https_or_not_at_all(enrolling: Enrolling, server: str) -> None:
    """Only this very machine may be spoken to in the clear."""
    refused = enrolling(server=server)

    assert isinstance(refused, EnrolRefused)
    assert "https" in refused.sentence


def test_a_full_list_and_then_changes_are_applied(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """The first list is complete, the next carries what changed, came and went."""
    kept, changed, gone = (simulator.issue() for _ in range(3))
    assert scanner.sync() is Round.DONE
    assert counts(scanner.open.trust)[0] == 3

    simulator.change(changed, PassState.SUSPENDED)
    simulator.remove(gone)
    new = simulator.issue()
    assert scanner.sync() is Round.DONE

    states = {each.serial: find_pass(scanner.open.trust, each.serial) for each in (kept, changed, gone, new)}
    assert [row.record.state.value if row else None for row in states.values()] == [
        "collected", "suspended", None, "collected"]  # fmt: skip
    assert held_number(scanner.open.trust) == simulator.number
    assert any("3 changes" in said for said in scanner.said)


def test_an_empty_round_says_nothing(scanner: ScannerUnderTest) -> None:
    """One line for an event, none for a poll."""
    scanner.sync()
    scanner.said.clear()

    for _ in range(3):
        assert scanner.sync() is Round.DONE

    assert scanner.said == []


def test_a_rolled_back_list_is_refused(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """A list from before a revocation never comes back, however well it is signed."""
    issued = simulator.issue()
    old = simulator.bundle()
    simulator.change(issued, PassState.REVOKED)
    scanner.sync()
    simulator.issue()
    simulator.tamper = lambda _: old

    assert scanner.sync() is Round.FAILED
    assert "older" in scanner.said[-1]
    assert verdict(scanner.gate(), issued.code) == ("refuse", "revoked")


def test_a_forged_list_is_refused_and_the_held_one_stays(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """One changed byte, another list key, another root: nothing of it is applied."""
    issued = simulator.issue()
    scanner.sync()
    held = held_number(scanner.open.trust)
    simulator.issue()
    right_list_key, right_root = simulator.list_key, simulator.root

    simulator.tamper = lambda signed: signed[:-1] + bytes([signed[-1] ^ 1])
    assert scanner.sync() is Round.FAILED
    assert "bad_signature" in scanner.said[-1]
    simulator.tamper = lambda signed: signed
    simulator.list_key = SigningKey.generate(2, KeyRole.LIST, simulator.entropy)
    assert scanner.sync() is Round.FAILED
    simulator.list_key, simulator.root = (
        right_list_key,
        SigningKey.generate(0, KeyRole.ROOT, simulator.entropy, demo=True),
    )
    assert scanner.sync() is Round.FAILED
    assert held_number(scanner.open.trust) == held
    assert verdict(scanner.gate(), issued.code) == ("admit", "ok")

    simulator.root = right_root
    assert scanner.sync() is Round.DONE
    assert "answers again" in scanner.said[-1] or "in force" in scanner.said[-1]
    assert load_contact(scanner.open.trust).trouble is None


@pytest.mark.parametrize("junk", [b"", b"\x00", b"{}", b"<html>log in to the hotel's network</html>", b"\x84" * 50])
def test_what_is_no_list_is_refused(scanner: ScannerUnderTest, simulator: GateSimulator, junk: bytes) -> None:
    """A captive portal answers with status 200, and is no server of ours."""
    simulator.issue()
    simulator.tamper = lambda _: junk

    assert scanner.sync() is Round.FAILED
    assert held_number(scanner.open.trust) is None


def test_changes_onto_another_number_fetch_a_full_list(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """A delta fits exactly the number that is held; any other makes the scanner ask for all, in the same round."""
    gone, *_ = (simulator.issue() for _ in range(3))
    simulator.admit_grounds_pass("G1", 7)
    scanner.sync()
    simulator.issue()
    simulator.remove(gone)
    simulator.grounds.clear()
    simulator.base_of_delta = lambda since: since - 1 if since else 0
    simulator.requests.clear()

    assert scanner.sync() is Round.DONE
    assert simulator.requests.count("GET /bundle") == 2
    assert counts(scanner.open.trust) == (3, 0, 0)
    assert find_pass(scanner.open.trust, gone.serial) is None


def test_photos_follow_the_list_and_are_fetched_once(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """They stay sealed on the disk, and open with the key behind the PIN."""
    issued = simulator.issue(photo=b"a face")
    scanner.sync()
    scanner.sync()

    assert simulator.requests.count(f"GET /photos/{issued.serial.hex()}") == 1
    sealed = scanner.open.trust.execute("SELECT sealed FROM photos").fetchone()[0]
    assert b"a face" not in sealed
    assert open_photo(simulator.roster_key, 17, issued.serial, sealed) == b"a face"
    simulator.remove(issued)
    scanner.sync()
    assert counts(scanner.open.trust)[2] == 0


def test_the_likeliest_photos_come_first_and_a_cut_download_goes_on(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """Who has collected the pass comes to the gate next; what was fetched before the cut is not fetched again."""
    ahead = simulator.issue(state=PassState.PREPARED, printed_ahead=True, photo=b"ahead")
    collected = [simulator.issue(photo=b"face %d" % number) for number in range(3)]
    for left in (3, 2, 1, 0):
        syncing = Sync(scanner.open, scanner.server, entropy=os.urandom, say=scanner.said.append, photos=1)
        assert syncing.round() is Round.DONE
        assert counts(scanner.open.trust)[2] == 4 - left
        simulator.is_down = True
        assert syncing.round() is Round.FAILED
        simulator.is_down = False
    asked = [bytes.fromhex(each.rpartition("/")[2]) for each in simulator.requests if "/photos/" in each]
    assert set(asked[:3]) == {one.serial for one in collected}
    assert asked[3:] == [ahead.serial]


def test_a_photo_that_the_server_lacks_holds_nothing_up(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """It is asked for once, and the round goes on."""
    lost, there = simulator.issue(photo=b"lost"), simulator.issue(photo=b"there")
    del simulator.photos[lost.serial]

    assert scanner.sync() is Round.DONE
    assert scanner.sync() is Round.DONE
    assert simulator.requests.count(f"GET /photos/{lost.serial.hex()}") == 1
    assert simulator.requests.count(f"GET /photos/{there.serial.hex()}") == 1


def test_scans_are_handed_in_once_and_stay_on_this_machine(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """Each arrives as it was decided, in order; the scanner still knows it afterwards."""
    issued = [simulator.issue() for _ in range(3)]
    scanner.sync()
    gate = scanner.gate()
    told = [tell(gate, each.code).entry for each in issued]  # type: ignore[union-attr]
    scanner.sync()
    scanner.sync()

    device = next(iter(simulator.devices.values()))
    assert device.arrivals == [entry.id for entry in told]
    assert [simulator.taken[entry.id] for entry in told] == [entry.record for entry in told]
    assert journal.count(scanner.open.journal, Upload.WAITING) == 0
    assert verdict(scanner.gate(), issued[0].code, LANE_2) == ("ask", "read_elsewhere")


def test_an_upload_whose_answer_was_lost_is_repeated_and_counts_once(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """The server took the scans and the scanner did not hear it: they come again under the same ids."""
    issued = simulator.issue()
    scanner.sync()
    tell(scanner.gate(), issued.code)
    simulator.loses_answers = 1

    assert scanner.sync() is Round.FAILED
    assert journal.count(scanner.open.journal, Upload.WAITING) == 1
    assert scanner.sync() is Round.DONE
    assert len(simulator.taken) == 1
    assert len(next(iter(simulator.devices.values())).arrivals) == 2
    assert "1 known" in " ".join(scanner.said)


def test_many_scans_go_up_in_batches_of_at_most_500(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """A day's scans after a day without network need few requests."""
    scanner.sync()
    gate = scanner.gate()
    for _ in range(501):
        tell(gate, "sight:staff")
    simulator.requests.clear()

    assert scanner.sync() is Round.DONE
    assert simulator.requests.count("POST /scans") == 2
    assert len(simulator.taken) == 501


def test_a_server_that_is_down_is_told_once_and_loses_nothing(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """The gate goes on; when the server is back, everything is handed in."""
    issued = simulator.issue()
    scanner.sync()
    scanner.said.clear()
    simulator.is_down = True
    assert [scanner.sync() for _ in range(3)] == [Round.FAILED] * 3
    assert verdict(scanner.gate(), issued.code) == ("admit", "ok")
    assert scanner.said == ["The server cannot be reached (ConnectError)."]

    simulator.is_down = False
    assert scanner.sync() is Round.DONE
    assert len(simulator.taken) == 1
    assert scanner.said[-1] == "The server answers again."


def test_a_scan_that_the_server_cannot_take_is_set_aside_and_shown(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """It is kept with its cause, holds no other up, and stands in the status."""
    scanner.sync()
    gate = scanner.gate()
    tell(gate, "sight:staff")
    tell(gate, "sight:delegate")
    simulator.set_aside_if = lambda record: "scanned in the future" if record.sight_class == "staff" else None

    assert scanner.sync() is Round.DONE
    told = report(scanner.open.trust, scanner.open.journal, scanner.open.enrolled, clock())
    assert told.facts["set_aside_count"] == 1
    assert "scanned in the future" in "\n".join(told.lines())
    assert len(simulator.taken) == 1
    simulator.requests.clear()
    scanner.sync()
    assert "POST /scans" not in simulator.requests


def test_a_row_that_cannot_travel_is_set_aside_here(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """A spoiled row of the journal does not hold the others up, and is not lost."""
    scanner.sync()
    gate = scanner.gate()
    tell(gate, "sight:staff")
    tell(gate, "sight:staff")
    scanner.open.journal.execute("UPDATE scans SET lane = char(7) WHERE seq = 1")

    assert scanner.sync() is Round.DONE
    assert len(simulator.taken) == 1
    assert "lane" in journal.set_aside(scanner.open.journal, 9)[0][1]


def test_a_scanner_switched_off_forgets_and_decides_no_more(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """List, photos and keys are gone out of the file; the scans that wait are kept with the key that signs them."""
    issued = simulator.issue(photo=b"a face")
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)
    sealed = scanner.open.trust.execute("SELECT sealed FROM passes").fetchone()[0]
    simulator.switch_off()

    assert scanner.sync() is Round.SWITCHED_OFF

    assert "forgotten" in scanner.said[-1]
    answer = tell(gate, issued.code)
    assert isinstance(answer, NotReady)
    assert answer.is_switched_off
    assert counts(scanner.open.trust) == (0, 0, 0)
    everything = b"".join(path.read_bytes() for path in scanner.state.glob("trust.db*"))
    assert sealed not in everything
    assert issued.serial not in everything
    enrolled = scanner.reopened().enrolled
    assert enrolled.roster is None
    secrets = open_secrets(enrolled.secrets, scanner.open.device_secret)
    assert secrets is not None
    assert (secrets.token, secrets.tag_key, secrets.grounds_key) == ("", b"", b"")
    assert secrets.device_key == scanner.open.secrets.device_key
    assert journal.count(scanner.open.journal, Upload.WAITING) == 1


def test_a_stolen_folder_shows_no_name_and_no_number(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """Neither names, photos, codes nor document or grounds-pass numbers are readable in any file."""
    issued = simulator.issue("MUSTERMANN ERIKA", organisation="Verein", document=("UTO", "L898902C3"), photo=b"a face")
    simulator.admit_grounds_pass("G12345678", 7)
    scanner.sync()
    gate = scanner.gate(PIN)
    tell(gate, issued.code)
    tell(gate, "grounds:G12345678")
    tell(gate, "SEC1:7K2M9QXA")
    scanner.sync()

    everything = b"".join(path.read_bytes() for path in scanner.state.iterdir() if path.is_file()).lower()
    secrets = scanner.open.secrets
    for hidden in (b"mustermann", b"erika", b"verein", b"a face", b"g12345678", b"l898902c3", b"7k2m9qxa",
                   issued.code[5:40].encode().lower(), secrets.token.encode(), secrets.tag_key, secrets.device_key,
                   simulator.roster_key, PIN.encode()):  # fmt: skip
        assert hidden.lower() not in everything


def test_files_are_private(scanner: ScannerUnderTest) -> None:
    """The folder is the user's alone."""
    scanner.sync()

    assert scanner.state.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in scanner.state.iterdir()} == {0o600}


def test_a_wrong_pin_opens_nothing(scanner: ScannerUnderTest) -> None:
    """Nor does the right PIN with another machine's secret."""
    kept = scanner.open.enrolled.roster
    assert kept is not None

    assert unseal_with_pin(kept, PIN, scanner.open.device_secret) == scanner.simulator.roster_key
    assert unseal_with_pin(kept, "00000000", scanner.open.device_secret) is None
    assert unseal_with_pin(kept, PIN, os.urandom(32)) is None
    with pytest.raises(CannotRun, match="PIN is wrong"):
        scanner.open.gate("00000000")


def test_a_database_without_its_device_secret_is_of_no_use(scanner: ScannerUnderTest) -> None:
    """A stolen file alone opens neither token nor keys, and the sentence says which file is missing."""
    (scanner.state / "device.secret").write_bytes(os.urandom(32))
    with pytest.raises(CannotRun, match=r"device\.secret"), opened(scanner.state, {}):
        pass
    (scanner.state / "device.secret").unlink()
    with pytest.raises(CannotRun, match=r"device\.secret"), opened(scanner.state, {}):
        pass


def test_one_sync_at_a_time(scanner: ScannerUnderTest) -> None:
    """A second one is told so."""
    with only_sync(scanner.state), pytest.raises(CannotRun, match="One is enough"), only_sync(scanner.state):
        pass


def test_a_fresh_bundle_with_the_same_number_is_known(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """A server that repeats itself does no harm, and the list counts as confirmed."""
    simulator.issue()
    scanner.sync()
    whole = simulator.bundle(0)
    simulator.tamper = lambda _: whole
    simulator.snapshots[simulator.number + 1] = simulator.snapshots[simulator.number]
    simulator.number += 1

    assert scanner.sync() is Round.DONE
    assert held_number(scanner.open.trust) == simulator.number - 1
    assert verdict(scanner.gate(), "sight:staff", LANE_1) == ("admit", "by_sight")


class _Waits(threading.Event):
    """What sync waits by: it notes each pause, lets the time pass at once, and tells how much has passed."""

    def __init__(self, then: Callable[[_Waits], None]) -> None:
        super().__init__()
        self.pauses: list[float] = []
        self._then = then

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0)
        self._then(self)
        return self.is_set()


def test_a_revocation_arrives_with_the_first_round_after_a_long_outage(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """Two hours without a network, and four seconds after it is back the pass is refused."""
    issued = simulator.issue()
    assert scanner.sync() is Round.DONE
    simulator.is_down = True

    def then(waits: _Waits) -> None:
        if not simulator.is_down:
            waits.set()
        elif sum(waits.pauses) > 7_200:
            simulator.is_down = False
            simulator.change(issued, PassState.REVOKED)

    waits = _Waits(then)
    syncing = Sync(scanner.open, scanner.server, entropy=os.urandom, say=scanner.said.append)

    assert syncing.run(waits, every_s=2.5, jitter=lambda: 1.0) is Round.DONE
    assert max(waits.pauses) == 4.0
    assert verdict(scanner.gate(), issued.code) == ("refuse", "revoked")


def test_a_service_that_is_asked_too_much_is_left_alone(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """Its answer tells for how long; the gate goes on deciding."""
    simulator.busy_for_s = 60
    waits = _Waits(lambda waits: waits.set() if len(waits.pauses) == 3 else None)
    syncing = Sync(scanner.open, scanner.server, entropy=os.urandom, say=scanner.said.append)

    syncing.run(waits, every_s=2.5, jitter=lambda: 0.0)

    assert waits.pauses == [60, 60, 60]
    assert scanner.said == ["Too many questions."]
