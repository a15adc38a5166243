"""The gate of one scanner: its verdicts, its memory, and its journal."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from gate_simulator import HEARING, SITE, GateSimulator
from scanner_under_test import LANE_1, LANE_2, PIN, MovingClock, ScannerUnderTest, tell, verdict

from accredit.credential.keysets import KeyRole
from accredit.credential.reasons import Direction, PassState
from accredit.credential.scans import new_scan_id
from accredit.credential.serials import short_code
from accredit.credential.signing import SigningKey
from accredit.identity.specimens import Specimen, build_td3
from scanner import journal
from scanner.offers import Code, Unclear
from scanner.outcomes import NotReady, Outcome

DOOR_XIX = replace(LANE_1, checkpoint="door-xix", lane="A")
DOOR_XX = replace(LANE_1, checkpoint="door-xx", lane="A")
PASSPORT = Specimen("DOE", "JANE", date(1980, 1, 2), "UTO", "L898902C3", date(2020, 1, 1))
OTHER_PASSPORT = replace(PASSPORT, document_number="X00000001")


def test_a_collected_pass_is_admitted_and_in_the_journal(scanner: ScannerUnderTest) -> None:
    """What the gate answers stands in the journal under the id that it told, with everything the server asks for."""
    issued = scanner.simulator.issue("DOE JANE")
    scanner.sync()

    answer = tell(scanner.gate(), issued.code)

    assert isinstance(answer, Outcome)
    entry = journal.find(scanner.open.journal, answer.entry.id)
    assert entry == answer.entry
    assert (entry.verdict, entry.reason, entry.serial, entry.kid) == ("admit", "ok", issued.serial, 1)
    assert entry.id.version == 7
    assert (entry.officer, entry.roster_number) == ("417", scanner.simulator.number)
    assert answer.who is not None
    assert answer.who.name == "DOE JANE"


@pytest.mark.parametrize(
    ("state", "printed_ahead", "expected"),
    [
        (PassState.COLLECTED, True, ("admit", "ok")),
        (PassState.PREPARED, True, ("refuse", "not_collected")),
        (PassState.SUSPENDED, False, ("refuse", "suspended")),
        (PassState.EXPIRED, False, ("refuse", "expired")),
    ],
)
def test_the_state_on_the_list_decides(
    scanner: ScannerUnderTest, state: PassState, printed_ahead: bool, expected: tuple[str, str]
) -> None:
    """A prepared pass opens nothing; a suspended or expired one no longer."""
    issued = scanner.simulator.issue(state=state, printed_ahead=printed_ahead)
    scanner.sync()

    assert verdict(scanner.gate(), issued.code) == expected


@pytest.mark.parametrize("ended", [PassState.REVOKED, PassState.REPLACED])
def test_a_revoked_or_replaced_pass_is_refused(scanner: ScannerUnderTest, ended: PassState) -> None:
    """A revocation reaches a gate that is already at work with its next delta, and is told by its own name."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    assert verdict(gate, issued.code) == ("admit", "ok")

    scanner.simulator.change(issued, ended)
    scanner.sync()
    scanner.clock.passes(seconds=10)

    assert verdict(gate, issued.code) == ("refuse", ended.value)


def test_a_pass_printed_at_the_pick_up_is_admitted_before_the_list_knows_it(scanner: ScannerUnderTest) -> None:
    """Its signature alone proves it, and the answer says that the list does not know it."""
    scanner.sync()
    issued = scanner.simulator.issue(on_list=False)

    answer = tell(scanner.gate(), issued.code)

    assert isinstance(answer, Outcome)
    assert answer.entry.verdict == "admit"
    assert "pass_record" in answer.shown.unchecked


@pytest.mark.parametrize("code", ["", "SEP1:", "hello", "\u0661\u0662", "SEP1:" + "A" * 500, "🙂" * 3000])
def test_what_is_no_code_is_refused_and_written_down(scanner: ScannerUnderTest, code: str) -> None:
    """Anything may come from a reader; nothing of it stops the gate."""
    scanner.sync()

    assert verdict(scanner.gate(), code) == ("refuse", "malformed")
    assert journal.count_all(scanner.open.journal) == 1


def test_forged_and_foreign_codes_are_told_apart(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """A code of a stranger's key, of an unknown key, and of another event each get their own reason."""
    scanner.sync()
    gate = scanner.gate()
    forger = SigningKey.generate(1, KeyRole.PASS, simulator.entropy)
    stranger = SigningKey.generate(9, KeyRole.PASS, simulator.entropy)

    assert verdict(gate, simulator.issue(signer=forger).code) == ("refuse", "bad_signature")
    assert verdict(gate, simulator.issue(signer=stranger).code) == ("refuse", "unknown_key")
    assert verdict(gate, simulator.issue(event=99).code) == ("refuse", "wrong_event")


def test_a_confirmation_sends_the_applicant_to_the_desk(scanner: ScannerUnderTest) -> None:
    """The code of the application is no pass; the sentence says where the pass waits."""
    scanner.sync()

    answer = tell(scanner.gate(), "SEC1:7K2M9QXA")

    assert isinstance(answer, Outcome)
    assert answer.entry.reason == "confirmation_not_pass"
    assert "Registration desk" in answer.judgement.sentence_en


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (PassState.COLLECTED, ("ask", "unsigned_code")),
        (PassState.PREPARED, ("refuse", "not_collected")),
        (PassState.REVOKED, ("refuse", "revoked")),
    ],
)
def test_a_short_code_is_never_more_than_ask(
    scanner: ScannerUnderTest, state: PassState, expected: tuple[str, str]
) -> None:
    """Typing proves nothing, however the code is written down."""
    issued = scanner.simulator.issue()
    scanner.simulator.change(issued, state)
    scanner.sync()
    typed = short_code(issued.serial)

    assert verdict(scanner.gate(), typed) == expected
    assert verdict(scanner.gate(), f" {typed[:4].lower()}-{typed[4:].lower()} ") == expected


def test_a_short_code_does_not_stand_for_the_code_read_after_it(scanner: ScannerUnderTest) -> None:
    """The officer types, then the reader reads after all: that is no second read of the same, but a better one."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()

    assert verdict(gate, short_code(issued.serial)) == ("ask", "unsigned_code")
    assert verdict(gate, issued.code) == ("admit", "ok")


def test_an_unknown_short_code_is_refused_by_a_fresh_list(scanner: ScannerUnderTest) -> None:
    """A number that is on no list opens nothing."""
    scanner.sync()

    assert verdict(scanner.gate(), short_code(b"\x01\x02\x03\x04\x05")) == ("refuse", "unknown_pass")


def test_grants_open_their_own_doors(scanner: ScannerUnderTest) -> None:
    """A pass for the hearing opens Room XIX and not Room XX; the door needs no scan at the gate before."""
    issued = scanner.simulator.issue(grants=SITE | HEARING)
    scanner.sync()
    gate = scanner.gate()

    assert verdict(gate, issued.code, DOOR_XIX) == ("admit", "ok")
    assert verdict(gate, issued.code, DOOR_XX) == ("refuse", "no_grant")


def test_a_second_read_within_seconds_is_the_same_scan(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """The reader fires twice: one scan, one answer, one row."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    first = tell(gate, issued.code)
    clock.passes(seconds=3)

    second = tell(gate, issued.code)

    assert isinstance(first, Outcome)
    assert isinstance(second, Outcome)
    assert second.is_repeat
    assert second.entry == first.entry
    assert journal.count_all(scanner.open.journal) == 1


def test_a_return_after_lunch_is_admitted_with_the_last_scan_shown(
    scanner: ScannerUnderTest, clock: MovingClock
) -> None:
    """Re-entry is normal."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)
    clock.passes(hours=4)
    scanner.sync()

    answer = tell(gate, issued.code)

    assert isinstance(answer, Outcome)
    assert (answer.entry.verdict, answer.entry.reason) == ("admit", "ok")
    assert answer.shown.last_scan is not None
    assert answer.shown.last_scan["at"] == "2017-10-11T07:30:00.000Z"


def test_two_lanes_of_one_folder_share_their_memory(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """What lane 1 has just admitted, lane 2 asks about, though they are gates of their own."""
    issued = scanner.simulator.issue()
    scanner.sync()
    assert verdict(scanner.gate(), issued.code, LANE_1) == ("admit", "ok")
    clock.passes(seconds=5)

    assert verdict(scanner.gate(), issued.code, LANE_2) == ("ask", "read_elsewhere")


def test_of_eight_lanes_at_the_same_moment_exactly_one_admits(scanner: ScannerUnderTest) -> None:
    """The journal's pen is held by one; the others find its scan."""
    issued = scanner.simulator.issue()
    scanner.sync()
    together, answers = threading.Barrier(8), []

    def lane(number: int) -> None:
        with scanner.gate_of_thread() as gate:
            together.wait()
            answers.append(verdict(gate, issued.code, replace(LANE_1, lane=str(number))))

    threads = [threading.Thread(target=lane, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [("admit", "ok")] + [("ask", "read_elsewhere")] * 7


def test_a_retry_of_an_id_gets_the_first_verdict_before_any_rule(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """Even after the pass was revoked: the same id is the same scan."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    scan_id = new_scan_id(clock(), scanner.simulator.entropy)
    first = gate.present(Code(issued.code), LANE_1, scan_id)
    scanner.simulator.change(issued, PassState.REVOKED)
    scanner.sync()
    clock.passes(minutes=10)

    again = scanner.gate().present(Code(issued.code), LANE_1, scan_id)

    assert isinstance(first, Outcome)
    assert isinstance(again, Outcome)
    assert again.entry == first.entry
    assert again.shown == first.shown
    assert again.is_repeat
    assert journal.count_all(scanner.open.journal) == 1


def test_an_id_that_comes_back_with_another_code_shows_no_name(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """The first answer stands, and says nothing about who holds the other code."""
    first, other = scanner.simulator.issue("DOE JANE"), scanner.simulator.issue("ROE JOHN")
    scanner.sync()
    gate, scan_id = scanner.gate(), new_scan_id(clock(), scanner.simulator.entropy)
    gate.present(Code(first.code), LANE_1, scan_id)

    again = gate.present(Code(other.code), LANE_1, scan_id)

    assert isinstance(again, Outcome)
    assert again.entry.serial == first.serial
    assert again.who is None


def test_people_are_admitted_by_sight_without_a_name(scanner: ScannerUnderTest) -> None:
    """One key for a class that opens this checkpoint; two people of one class are two scans."""
    scanner.sync()
    gate = scanner.gate()

    assert verdict(gate, "sight:delegate") == ("admit", "by_sight")
    assert verdict(gate, "sight:delegate") == ("admit", "by_sight")
    assert verdict(gate, "sight:delegate", DOOR_XIX) == ("refuse", "no_grant")
    assert isinstance(tell(gate, "sight:acrobat"), Unclear)
    assert journal.count_all(scanner.open.journal) == 3


def test_a_grounds_pass_is_known_by_the_hash_of_its_number(scanner: ScannerUnderTest) -> None:
    """Approved holders of a grounds pass enter the doors of their grants; no number is kept."""
    scanner.simulator.admit_grounds_pass("G 12345", HEARING)
    scanner.sync()
    gate = scanner.gate()

    assert verdict(gate, "grounds:g-12345", DOOR_XIX) == ("admit", "ok")
    assert verdict(gate, "grounds:12345", DOOR_XIX) == ("refuse", "unknown_pass")


def test_the_document_is_compared_with_the_one_of_the_pick_up(scanner: ScannerUnderTest) -> None:
    """The right document changes nothing, another one asks, and each look takes the place of the scan before."""
    issued = scanner.simulator.issue(document=("UTO", "L898902C3"))
    scanner.sync()
    gate = scanner.gate()
    first = tell(gate, issued.code)

    assert verdict(gate, "mrz:" + build_td3(PASSPORT).replace("\n", "")) == ("admit", "ok")
    assert verdict(gate, "mrz:" + build_td3(OTHER_PASSPORT).replace("\n", " ")) == ("ask", "document_mismatch")
    assert isinstance(first, Outcome)
    second, third = journal.waiting(scanner.open.journal, 9)[1:]
    assert second.supersedes == first.entry.id
    assert third.supersedes == second.id


def test_the_document_of_one_just_admitted_is_no_second_entry(
    scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """Where every exit is scanned, the scan that a document corrects does not count as being inside."""
    simulator.policy = replace(simulator.policy, exits_scanned=True)
    issued = simulator.issue(document=("UTO", "L898902C3"))
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)

    assert verdict(gate, "mrz:" + build_td3(PASSPORT).replace("\n", "")) == ("admit", "ok")
    scanner.clock.passes(minutes=1)
    assert verdict(gate, issued.code) == ("ask", "already_inside")


def test_a_document_that_cannot_be_read_is_told_without_its_number(scanner: ScannerUnderTest) -> None:
    """A wrong check digit gets a sentence with line and cure; nothing is written down."""
    issued = scanner.simulator.issue(document=("UTO", "L898902C3"))
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)
    zone = build_td3(PASSPORT).replace("\n", "").replace("L898902C3", "L898902C4")

    answer = tell(gate, f"mrz:{zone}")

    assert isinstance(answer, Unclear)
    assert "L898902C" not in answer.sentence
    assert "ine 2" in answer.sentence
    assert journal.count_all(scanner.open.journal) == 1


def test_a_document_needs_a_pass_before_it(scanner: ScannerUnderTest) -> None:
    """A zone alone is nobody's."""
    scanner.sync()
    gate = scanner.gate()
    tell(gate, "sight:delegate")

    assert isinstance(tell(gate, "mrz:" + build_td3(PASSPORT).replace("\n", "")), Unclear)
    assert isinstance(tell(gate, "no-document"), Unclear)


def test_without_a_document_the_gate_refuses_and_a_door_asks(scanner: ScannerUnderTest) -> None:
    """The pass is valid at the gate only with passport or identity card."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)
    tell(gate, issued.code, DOOR_XIX)

    assert verdict(gate, "no-document") == ("refuse", "no_document")
    assert verdict(gate, "no-document", DOOR_XIX) == ("ask", "no_document")


def test_undo_takes_the_last_scan_back_within_a_minute(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """The undone scan stays in the journal, and the pass is as if it had never been read."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)
    clock.passes(seconds=2)

    assert verdict(gate, "undo") == ("refuse", "undone")
    assert isinstance(tell(gate, "undo"), Unclear)
    assert verdict(scanner.gate(), issued.code, LANE_2) == ("admit", "ok")
    assert journal.count_all(scanner.open.journal) == 3


def test_undo_is_refused_after_a_minute(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """An older scan is history, and the officer is told whom to ask."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)
    clock.passes(seconds=61)

    answer = tell(gate, "undo")

    assert isinstance(answer, Unclear)
    assert "supervisor" in answer.sentence


def test_the_officer_can_send_the_last_holder_away(scanner: ScannerUnderTest) -> None:
    """The face does not fit: the officer's word takes the place of the admission."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    tell(gate, issued.code)

    assert verdict(gate, "refuse") == ("refuse", "refused_by_officer")
    assert verdict(scanner.gate(), issued.code, LANE_2) == ("admit", "ok")


def test_the_supervisor_settles_what_was_asked_but_never_a_revoked_pass(scanner: ScannerUnderTest) -> None:
    """The word is about the scan just made; the life of a pass is not the supervisor's to give."""
    good, revoked = scanner.simulator.issue(), scanner.simulator.issue()
    scanner.simulator.change(revoked, PassState.REVOKED)
    scanner.sync()
    gate = scanner.gate()

    tell(gate, short_code(good.serial))
    assert verdict(gate, "supervisor:known to me") == ("admit", "by_supervisor")
    tell(gate, revoked.code)
    assert verdict(gate, "supervisor:known to me") == ("refuse", "revoked")
    assert journal.waiting(scanner.open.journal, 9)[1].note == "known to me"


def test_the_supervisor_admits_a_person_without_a_pass(scanner: ScannerUnderTest) -> None:
    """Without a scan that needs settling the word stands for itself."""
    scanner.sync()

    assert verdict(scanner.gate(), "supervisor:minister") == ("admit", "by_supervisor")


def test_exits_are_never_refused(scanner: ScannerUnderTest) -> None:
    """Whatever is wrong with the pass, the person goes out; the reason is kept for the record."""
    issued = scanner.simulator.issue()
    scanner.simulator.change(issued, PassState.REVOKED)
    scanner.sync()

    assert verdict(scanner.gate(), issued.code, replace(LANE_1, direction=Direction.EXIT)) == ("admit", "revoked")


def test_a_full_room_asks_and_a_free_seat_admits_again(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """Room XX has two places in the simulator; a re-entry, an undo and an exit do not miscount."""
    one, two, three = (scanner.simulator.issue() for _ in range(3))
    scanner.sync()
    gate = scanner.gate()
    tell(gate, one.code, DOOR_XX)
    clock.passes(seconds=10)
    assert verdict(gate, one.code, DOOR_XX) == ("admit", "ok")
    tell(gate, three.code, DOOR_XX)
    tell(gate, "undo", DOOR_XX)
    assert verdict(gate, two.code, DOOR_XX) == ("admit", "ok")

    assert verdict(gate, three.code, DOOR_XX) == ("ask", "full")
    tell(gate, one.code, replace(DOOR_XX, direction=Direction.EXIT))
    clock.passes(seconds=10)
    assert verdict(gate, three.code, DOOR_XX) == ("admit", "ok")


def test_presence_begins_anew_at_night(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """Who was counted on the first day takes no seat on the second."""
    passes = [scanner.simulator.issue() for _ in range(3)]
    scanner.sync()
    gate = scanner.gate()
    assert [verdict(gate, each.code, DOOR_XX)[1] for each in passes] == ["ok", "ok", "full"]
    clock.passes(hours=23)
    scanner.sync()

    assert [verdict(gate, each.code, DOOR_XX)[1] for each in passes] == ["ok", "ok", "full"]


def test_organisation_and_full_name_come_with_the_pin_alone(scanner: ScannerUnderTest) -> None:
    """Without the PIN the officer sees the name on the pass; with it the organisation too, and names of typed codes."""
    issued = scanner.simulator.issue("DOE JANE", organisation="Example Organisation")
    scanner.sync()
    locked, unlocked = scanner.gate(), scanner.gate(PIN)

    without, with_pin = tell(locked, issued.code), tell(unlocked, issued.code)
    typed = tell(unlocked, short_code(issued.serial))

    assert isinstance(without, Outcome)
    assert isinstance(with_pin, Outcome)
    assert isinstance(typed, Outcome)
    assert (without.who.name, without.who.organisation) == ("DOE JANE", "")  # type: ignore[union-attr]
    assert (with_pin.who.name, with_pin.who.organisation) == ("DOE JANE", "Example Organisation")  # type: ignore[union-attr]
    assert typed.who.name == "Doe Jane"  # type: ignore[union-attr]


def test_an_old_list_says_so_and_asks_at_last(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """The age is shown with every verdict; above the event's limit the officer looks at the document."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    clock.passes(hours=1)
    answer = tell(gate, issued.code)

    assert isinstance(answer, Outcome)
    assert (answer.entry.verdict, answer.shown.list_age_s) == ("admit", 3600)
    assert "recent_changes" in answer.shown.unchecked
    clock.passes(hours=12)
    assert verdict(gate, issued.code) == ("ask", "stale_list")


def test_an_empty_answer_of_the_server_renews_the_age_of_the_list(
    scanner: ScannerUnderTest, clock: MovingClock
) -> None:
    """Nothing new for a day is as good as a new list."""
    scanner.sync()
    clock.passes(hours=13)
    issued = scanner.simulator.issue(on_list=False)
    scanner.sync()

    answer = tell(scanner.gate(), issued.code)

    assert isinstance(answer, Outcome)
    assert (answer.entry.verdict, answer.shown.list_age_s) == ("admit", 0)


def test_a_clock_that_was_set_back_is_asked_about(scanner: ScannerUnderTest, clock: MovingClock) -> None:
    """The last server time is the lower bound: an expired pass is not valid again, and the queue is not refused."""
    issued = scanner.simulator.issue()
    scanner.sync()
    clock.passes(days=-30)

    answer = tell(scanner.gate(), issued.code)

    assert isinstance(answer, Outcome)
    assert (answer.entry.verdict, answer.entry.reason) == ("ask", "clock_wrong")
    assert answer.entry.at_ms > answer.entry.scanned_at_ms


def test_a_clock_that_is_off_at_the_sync_is_recorded_and_asked_about(
    scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """Both clocks stand in the scan; what is decided is decided by the server's."""
    issued = simulator.issue()
    simulator.server_ahead = timedelta(minutes=10)
    scanner.sync()

    answer = tell(scanner.gate(), issued.code)

    assert isinstance(answer, Outcome)
    assert answer.entry.reason == "clock_wrong"
    assert answer.entry.offset_ms == -600_000
    assert answer.entry.at_ms - answer.entry.scanned_at_ms == 600_000
    assert any("600 s behind" in said for said in scanner.said)


def test_a_gate_without_a_list_says_what_to_do(scanner: ScannerUnderTest) -> None:
    """Before the first sync nothing is decided, and nothing is written."""
    answer = tell(scanner.gate(), "SEP1:X")

    assert isinstance(answer, NotReady)
    assert "accredit-scanner sync" in answer.sentence
    assert journal.count_all(scanner.open.journal) == 0


def test_a_scan_that_the_disk_refuses_admits_nobody(scanner: ScannerUnderTest) -> None:
    """The gate never pretends: no row, no verdict, and a sentence about paper."""
    issued = scanner.simulator.issue()
    scanner.sync()
    gate = scanner.gate()
    scanner.open.journal.execute(
        "CREATE TRIGGER full BEFORE INSERT ON scans BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )

    answer = tell(gate, issued.code)

    assert isinstance(answer, NotReady)
    assert answer.is_unwritten
    assert "paper" in answer.sentence
    assert journal.count_all(scanner.open.journal) == 0
