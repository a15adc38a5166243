"""The kiosk's API: an offer in, what the page shows out; what the supervisor may; and what is not taken."""

from __future__ import annotations

import json
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from gate_simulator import EVENT, GateSimulator
from kiosk_under_test import LANE, Page, app_of, kiosk_of
from scanner_under_test import PIN, MovingClock, ScannerUnderTest

from accredit.credential.reasons import PassState
from accredit.credential.revocation import RevocationList
from accredit.credential.revocation_codes import list_text
from accredit.credential.scans import new_scan_id
from accredit.credential.serials import short_code
from accredit.credential.signing import sign_revocations
from accredit.credential.split_alerts import ApartScan, SplitAlert
from accredit.identity.specimens import Specimen, build_td3
from scanner.kiosk.parts import Kiosk
from scanner.kiosk.pins import FREE_TRIES
from scanner.kiosk.stations import Post
from scanner.store import open_journal

PASSPORT = Specimen(
    "OKONKWO", "AMELIE", date(1980, 5, 31), "UTO", document_number="L898902C3", expires_on=date(2024, 1, 31)
)
ZONE = build_td3(PASSPORT)


@pytest.fixture
def kiosk(scanner: ScannerUnderTest, simulator: GateSimulator, stack: ExitStack) -> Kiosk:
    """A scanner with a list behind the page, names open."""
    simulator.issue("FIRST OF ALL")
    scanner.sync()
    made = kiosk_of(scanner)
    stack.callback(made.close)
    return made


@pytest.fixture
def page(kiosk: Kiosk) -> Page:
    """Lane 1 at the Pregny gate; officer 417 has begun the shift."""
    return Page.open(app_of(kiosk))


# Offers


def test_a_code_in_a_verdict_out(page: Page, scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """One POST gives all that is shown, and the scan stands in the journal with lane and officer's number."""
    issued = simulator.issue("DOE JANE", organisation="Example Organisation")
    scanner.sync()

    told = page.offer("code", issued.code)

    assert (told["look"], told["word"], told["label"], told["sentence"]) == ("admit", "ADMIT", "Valid", "Welcome.")
    assert (told["name"], told["organisation"]) == ("DOE JANE", "Example Organisation")
    state = page.state()
    assert state["today"] == {"admit": 1, "ask": 0, "refuse": 0}
    assert (state["inside"], state["waiting"], state["network"]) == (1, 1, "good")
    assert [(each["look"], each["who"], each["at"]) for each in state["last"]] == [("admit", "Doe Jane", "09:30:00")]
    scanner.sync()
    (record,) = simulator.taken.values()
    assert (record.lane, record.officer, record.checkpoint) == ("1", "417", "pregny")


def test_an_offer_that_is_sent_again_is_the_same_scan(
    page: Page, scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """The answer was lost; minutes later the same id gets the same answer, and nothing is counted twice."""
    issued = simulator.issue()
    scanner.sync()
    scan_id = str(new_scan_id(clock(), simulator.entropy))
    first = page.offer("code", issued.code, id=scan_id)
    clock.passes(minutes=2)

    again = page.offer("code", issued.code, id=scan_id)

    assert (again["id"], again["look"], again["details"][0]) == (first["id"], "admit", "same scan")
    assert page.state()["today"]["admit"] == 1


def test_the_reading_that_makes_sense_is_taken(page: Page, scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """Two readings of one row of keys: the short code is found in either; a code alone is read as it is."""
    issued = simulator.issue()
    scanner.sync()
    typed = short_code(issued.serial)

    told = page.post("offers", kind="code", readings=["!@#$%^&*(", typed]).get_json()

    assert (told["look"], told["reason"]) == ("ask", "unsigned_code")
    assert page.post("offers", kind="code", readings=["SEC1:7K2M9QXA"]).get_json()["reason"] == "confirmation_not_pass"


def test_a_printed_word_is_a_code(page: Page) -> None:
    """Anybody can print a code that says what officers say."""
    assert page.offer("code", "supervisor:let me in")["reason"] == "malformed"
    assert page.offer("code", "sight:delegate")["reason"] == "malformed"


def test_by_sight_in_one_key(page: Page) -> None:
    """The class is shown, and one that the event does not know asks for another."""
    assert page.offer("sight", "staff")["details"][0] == "UN staff"
    assert page.offer("sight", "friend")["look"] == "note"
    assert page.state()["today"]["admit"] == 1


def test_a_grounds_pass_by_its_number(page: Page, scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """On the list it is admitted, and no number is shown."""
    simulator.admit_grounds_pass("GP-12345", 1)
    scanner.sync()

    told = page.offer("grounds", "GP 12345")

    assert told["look"] == "admit"
    assert "12345" not in json.dumps(told)
    assert page.offer("grounds", "GP 99999")["reason"] == "unknown_pass"


@pytest.mark.parametrize(
    ("document", "found", "look"),
    [(("UTO", "L898902C3"), "match", "admit"), (("UTO", "X11111111"), "mismatch", "ask"), (None, "absent", "admit")],
    ids=["match", "mismatch", "absent"],
)
def test_a_document_after_the_pass(
    page: Page,
    scanner: ScannerUnderTest,
    simulator: GateSimulator,
    document: tuple[str, str] | None,
    found: str,
    look: str,
) -> None:
    """Match, mismatch, or not on the pass; a reading with spoiled signs is passed over for the other."""
    issued = simulator.issue(document=document)
    scanner.sync()
    assert page.offer("document", ZONE)["look"] == "note"
    page.offer("code", issued.code)

    told = page.post("offers", kind="document", readings=[ZONE.replace("1", "7"), ZONE]).get_json()

    assert (told["document"], told["look"]) == (found, look)
    assert sum(page.state()["today"].values()) == 1


def test_a_shown_list_is_taken_and_told_in_the_pages_language(
    page: Page, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """No network: the supervisor's screen shows who was withdrawn, the reader reads it, and it holds at once."""
    lost = simulator.issue()
    scanner.sync()
    since = simulator.number
    simulator.change(lost, PassState.REVOKED)
    now = simulator.clock()
    listed = RevocationList(
        EVENT, simulator.number, since, now, now + timedelta(hours=1), simulator.revoked, frozenset()
    )
    text = list_text(sign_revocations(listed, simulator.list_key))
    assert text is not None
    page.post("language", language="fr")

    first, again = page.offer("code", text), page.offer("code", text)

    number = simulator.number
    assert first["sentence"].startswith(f"La liste {number} des laissez-passer retirés est en vigueur : 1 retirés")
    assert again["sentence"] == f"Rien de nouveau : ce lecteur a la liste {number}, le code apporte la {number}."
    assert page.offer("code", lost.code)["reason"] == "revoked"


def test_no_document_undo_and_refuse(
    page: Page, scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """Each takes the place of the scan before it; after a minute nothing is taken back."""
    issued = simulator.issue()
    scanner.sync()
    page.offer("code", issued.code)

    assert page.offer("no_document")["reason"] == "no_document"
    assert page.state()["today"] == {"admit": 0, "ask": 0, "refuse": 1}
    assert page.offer("undo")["look"] == "undone"
    assert page.state()["today"] == {"admit": 0, "ask": 0, "refuse": 0}
    assert page.offer("undo")["look"] == "note"
    page.offer("code", issued.code)
    assert page.offer("refuse")["reason"] == "refused_by_officer"
    assert page.state()["today"] == {"admit": 0, "ask": 0, "refuse": 1}
    clock.passes(seconds=61)
    assert page.offer("undo")["look"] == "note"
    assert [each["look"] for each in page.state()["last"]] == ["refuse", "undone"]


def test_an_exit_takes_one_out_of_the_count(page: Page, scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """The other way round: out, whatever the pass says."""
    issued = simulator.issue()
    scanner.sync()
    page.offer("code", issued.code)
    assert page.post("direction", direction="exit").get_json()["direction"] == "exit"

    assert page.offer("code", issued.code)["look"] == "out"
    assert page.state()["inside"] == 0


@pytest.mark.parametrize("state", [PassState.REVOKED, PassState.REPLACED, PassState.SUSPENDED])
def test_a_pass_that_ended_is_refused(
    page: Page, scanner: ScannerUnderTest, simulator: GateSimulator, state: PassState
) -> None:
    """Red, with where the person goes."""
    issued = simulator.issue()
    simulator.change(issued, state)
    scanner.sync()

    told = page.offer("code", issued.code)

    assert (told["look"], told["reason"]) == ("refuse", state.value)
    assert told["where"]


def test_a_scan_that_the_disk_refuses_goes_to_paper(
    page: Page, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """The page says so and counts; when the disk takes scans again, they are verdicts again."""
    issued = simulator.issue()
    scanner.sync()
    other = open_journal(scanner.state)
    other.execute("CREATE TRIGGER full BEFORE INSERT ON scans BEGIN SELECT RAISE(ABORT, 'disk full'); END")

    told = page.offer("code", issued.code)

    assert (told["look"], told["word"]) == ("paper", "ON PAPER")
    assert "as number 1" in told["sentence"]
    assert "name" not in told
    assert (page.state()["on_paper"], page.state()["today"]["admit"]) == (1, 0)
    other.execute("DROP TRIGGER full")
    other.close()
    assert page.offer("code", issued.code)["look"] == "admit"
    assert page.state()["on_paper"] == 1


def test_a_switched_off_scanner_says_so_and_forgets(
    page: Page, kiosk: Kiosk, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """The look of a machine that decides nothing, in the page's language; no name is read any more."""
    issued = simulator.issue()
    scanner.sync()
    simulator.switch_off()
    scanner.sync()

    assert page.offer("code", issued.code)["look"] == "off"
    assert page.state()["off"] is True
    assert kiosk.names.roster_key is None


def test_the_strip_says_what_is_wrong(
    page: Page, scanner: ScannerUnderTest, simulator: GateSimulator, clock: MovingClock
) -> None:
    """A service that is not reached, a list that grows old, a clock that is off, scans that wait."""
    simulator.server_ahead = timedelta(minutes=10)
    scanner.sync()
    simulator.is_down = True
    page.offer("sight", "staff")
    clock.passes(minutes=5)
    scanner.sync()

    state = page.state()

    assert (state["network"], state["network_says"]) == ("bad", "not reached · 5 min")
    assert (state["list"], state["list_good"]) == ("5 min", False)
    assert (state["clock"], state["clock_good"]) == ("-600.0 s", False)
    assert state["waiting"] == 1


# Who stands here


def test_nothing_is_decided_before_the_shift_begins(kiosk: Kiosk) -> None:
    """The officer's number is asked for first; a word too long for a scan is not taken."""
    page = Page.open(app_of(kiosk), officer="")

    assert page.post("offers", kind="sight", text="staff").get_json()["code"] == "officer_needed"
    assert page.post("shift", officer="4" * 21).get_json()["field"] == "officer"
    assert page.post("shift", officer="  ").status_code == 422
    assert page.post("shift", officer="417").get_json()["officer"] == "417"
    assert page.offer("sight", "staff")["look"] == "admit"


def test_without_a_checkpoint_the_supervisor_chooses_one(kiosk: Kiosk) -> None:
    """With the PIN, and only one that the event has."""
    page = Page.open(app_of(kiosk, Post("1")))

    assert page.post("offers", kind="sight", text="staff").get_json()["code"] == "checkpoint_needed"
    assert page.post("checkpoint", pin="00000000", checkpoint="door-xix").get_json()["code"] == "pin_wrong"
    assert page.post("checkpoint", pin=PIN, checkpoint="nowhere").get_json()["field"] == "checkpoint"
    assert page.post("checkpoint", pin=PIN, checkpoint="door-xix").get_json()["checkpoint"] == "door-xix"
    assert page.offer("sight", "delegate")["reason"] == "no_grant"


def test_posts_live_through_a_restart(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """An unattended restart asks nobody anything; of the session's token the file keeps a hash."""
    scanner.sync()
    first = kiosk_of(scanner)
    page = Page.open(app_of(first))
    page.post("language", language="fr")
    first.close()

    second = kiosk_of(scanner)
    page.client = _same_browser(page, app_of(second))

    assert page.offer("sight", "staff")["word"] == "ENTRÉE"
    cookie = page.client.get_cookie("kiosk-8765", domain="127.0.0.1")
    assert cookie is not None
    assert cookie.value not in (scanner.state / "kiosk.json").read_text()
    second.close()
    assert (scanner.state / "kiosk.json").stat().st_mode & 0o777 == 0o600


def test_lanes_of_one_machine_share_what_they_know(
    kiosk: Kiosk, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """Eight lanes read one pass at the same moment: one is admitted, seven are told where it was just read."""
    issued = simulator.issue()
    scanner.sync()
    pages = [Page.open(app_of(kiosk, replace(LANE, lane=str(lane)))) for lane in range(8)]
    together = threading.Barrier(len(pages))
    reasons: list[str] = []

    def read(page: Page) -> None:
        together.wait()
        reasons.append(page.offer("code", issued.code)["reason"])

    threads = [threading.Thread(target=read, args=(page,)) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(reasons) == ["ok"] + ["read_elsewhere"] * 7


# The supervisor


def test_the_supervisor_admits_with_pin_and_reason(
    page: Page, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """The scan before is settled by it; the reason is shown."""
    issued = simulator.issue(grants=2)
    scanner.sync()
    assert page.offer("code", issued.code)["reason"] == "no_grant"

    told = page.post("supervisor", pin=PIN, reason="escorted by protocol").get_json()

    assert (told["look"], told["reason"]) == ("admit", "by_supervisor")
    assert "escorted by protocol" in told["details"]
    assert page.post("supervisor", pin="12345678", reason="x").status_code == 403
    assert page.post("supervisor", pin=PIN, reason=" ").get_json()["field"] == "reason"
    assert page.post("supervisor", pin=PIN, reason="r" * 65).get_json()["field"] == "reason"


def test_the_supervisors_word_settles_the_scan_before_it_with_names_still_shut(
    scanner: ScannerUnderTest, simulator: GateSimulator, stack: ExitStack
) -> None:
    """The PIN opens the names and is about the person who stands there: one scan counts, not two."""
    issued = simulator.issue("DOE JANE", grants=2)
    scanner.sync()
    kiosk = kiosk_of(scanner, pin=None)
    stack.callback(kiosk.close)
    page = Page.open(app_of(kiosk))
    page.offer("code", issued.code)

    told = page.post("supervisor", pin=PIN, reason="escorted").get_json()

    assert (told["reason"], told["name"]) == ("by_supervisor", "DOE JANE")
    assert page.state()["today"] == {"admit": 1, "ask": 0, "refuse": 0}


def test_wrong_pins_close_the_door_for_a_while(page: Page) -> None:
    """After five nobody may try; not even the right one helps until the time is over."""
    answers = [page.post("names", pin=f"0000000{number}") for number in range(FREE_TRIES)]

    assert [answer.status_code for answer in answers] == [403] * (FREE_TRIES - 1) + [429]
    refused = page.post("names", pin=PIN)
    assert refused.get_json()["code"] == "pin_wait"
    assert "s." in refused.get_json()["detail"]


def test_names_and_photos_open_with_the_pin(
    scanner: ScannerUnderTest, simulator: GateSimulator, stack: ExitStack
) -> None:
    """Before it: no organisation, no photo, the short code in the list. After it: all of them, on this lane's page alone."""
    issued = simulator.issue("DOE JANE", photo=b"\xff\xd8 a photo")
    scanner.sync()
    kiosk = kiosk_of(scanner, pin=None)
    stack.callback(kiosk.close)
    page, stranger = Page.open(app_of(kiosk)), Page.open(app_of(kiosk, replace(LANE, lane="2")))

    told = page.offer("code", issued.code)
    assert ("organisation" in told, "photo" in told) == (False, False)
    assert page.get(f"/api/photos/{told['id']}").status_code == 404
    assert page.state()["last"][0]["who"] == short_code(issued.serial)

    assert page.post("names", pin=PIN).get_json()["names"] is True
    told = page.offer("code", issued.code)
    assert told["photo"] is True
    photo = page.get(f"/api/photos/{told['id']}")
    assert (photo.data, photo.headers["Cache-Control"]) == (b"\xff\xd8 a photo", "no-store")
    assert page.state()["last"][0]["who"] == "Doe Jane"
    assert stranger.get(f"/api/photos/{told['id']}").status_code == 404
    assert page.get(f"/api/photos/{UUID(int=1)}").status_code == 404


def test_a_door_is_held_open(page: Page, scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """Past its hours it asks; held open by the supervisor it admits, and the page says until when."""
    issued = simulator.issue()
    morning, now = timedelta(hours=3), simulator.clock()
    hours = ((now - 2 * morning, now - morning), (now + morning, now + 2 * morning))
    simulator.checkpoints = tuple(replace(each, opens=hours) for each in simulator.checkpoints)
    simulator.issue()
    scanner.sync()
    told = page.offer("code", issued.code)
    assert (told["reason"], told["where"]) == ("closed_now", "Comes back at the hour shown. Open 11.10. 12:30–15:30")
    page.post("language", language="fr")
    assert page.offer("code", issued.code)["where"] == "Revient à l'heure indiquée. Ouvert 11.10. 12:30–15:30"
    page.post("language", language="en")

    assert page.post("door", pin="00000000", minutes=30).status_code == 403
    assert page.post("door", pin=PIN, minutes=100_000).get_json()["field"] == "minutes"
    assert "held open" in page.post("door", pin=PIN, minutes="30").get_json()["sentence"]

    assert page.state()["held_open"] == "10:00"
    page.offer("undo")
    assert page.offer("code", issued.code)["look"] == "admit"
    page.post("door", pin=PIN, minutes=0)
    assert page.state()["held_open"] == ""


def test_a_head_count_is_taken_over(page: Page) -> None:
    """The counting goes on from what somebody counted."""
    page.offer("sight", "staff")

    assert page.post("head-count", count="120").get_json()["look"] == "note"

    assert page.state()["inside"] == 120
    assert page.post("head-count", count="-3").get_json()["field"] == "count"
    assert page.post("head-count", count=True).get_json()["field"] == "count"


def test_who_is_inside_counts_for_all_and_names_for_the_supervisor(
    page: Page, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """The count says what it rests on; each look at the names asks for the PIN anew."""
    issued = simulator.issue("DOE JANE", organisation="Example Organisation")
    scanner.sync()
    page.offer("code", issued.code)
    page.offer("sight", "staff")

    told = page.get("/api/inside").get_json()

    assert told["rests_on"]
    assert told["places"][0][:2] == ["The site", 1]
    assert "Jane" not in json.dumps(told)
    assert page.post("inside", pin="00000000").get_json()["code"] == "pin_wrong"
    assert page.post("inside", pin=PIN).get_json() == {"names": ["Doe Jane, Example Organisation"]}


def test_after_a_split_a_lane_is_told_until_it_has_seen_it(
    page: Page, kiosk: Kiosk, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """Both scans in one sentence of the page's language; another lane goes on seeing it."""
    issued, at = simulator.issue(), simulator.clock()
    here, there = UUID(scanner.open.enrolled.facts.device_id), UUID(int=99)
    first = ApartScan(here, "gate-1", UUID(int=1), "pregny", "1", at)
    second = ApartScan(there, "gate-2", UUID(int=2), "pregny", "4", at + timedelta(minutes=1))
    simulator.alerts = (SplitAlert(UUID(int=7), issued.serial, first, second),)
    simulator.issue()
    scanner.sync()
    other = Page.open(app_of(kiosk, replace(LANE, lane="2")))

    page.post("language", language="fr")
    (alert,) = page.state()["alerts"]
    assert "est entré deux fois" in alert["sentence"]

    assert page.post(f"alerts/{alert['id']}").get_json()["alerts"] == []
    assert page.state()["alerts"] == []
    assert len(other.state()["alerts"]) == 1


# What is not taken


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "http://127.0.0.1:9"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "evil.example:8765", "Origin": "http://evil.example:8765"}, 421),
        ({"Host": "127.0.0.1:9"}, 421),
    ],
    ids=["foreign", "other port", "null", "none", "cross-site", "same-site", "rebound name", "other host"],
)
def test_another_pages_requests_are_refused(page: Page, headers: dict[str, str], status: int) -> None:
    """A browser on this machine may be tricked into sending them; nothing is decided."""
    answer = page.post("offers", headers=headers, kind="sight", text="staff")

    assert answer.status_code == status
    assert page.state()["today"]["admit"] == 0


def test_reading_from_elsewhere_is_refused_too(page: Page) -> None:
    """Neither state nor photos under another name or from another site."""
    assert page.get("/api/state", Host="evil.example").status_code == 421
    assert page.get("/api/state", Sec_Fetch_Site="cross-site").status_code == 403


def test_a_form_of_another_page_is_no_offer(page: Page) -> None:
    """What a plain form can send is no JSON."""
    answer = page.client.post(
        "/api/offers",
        data='{"kind": "sight", "text": "staff"}',
        headers={"Host": "127.0.0.1:8765", "Origin": "http://127.0.0.1:8765", "Content-Type": "text/plain"},
    )

    assert answer.status_code == 422


def test_without_a_session_nothing_is_told(kiosk: Kiosk) -> None:
    """The page has to be loaded first."""
    stranger = Page(app_of(kiosk).test_client())

    assert stranger.get("/api/state").get_json()["code"] == "session_unknown"
    assert stranger.post("offers", kind="sight", text="staff").status_code == 401


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"kind": "magic"},
        {"kind": "code"},
        {"kind": "code", "readings": []},
        {"kind": "code", "readings": ["a", "b", "c"]},
        {"kind": "code", "readings": [1]},
        {"kind": "code", "readings": [" "]},
        {"kind": "code", "readings": ["A" * 4097]},
        {"kind": "code", "readings": "SEP1:X"},
        {"kind": "sight"},
        {"kind": "sight", "text": "a\x00b"},
        {"kind": "grounds", "text": "1" * 65},
        {"kind": "undo", "id": "1"},
        {"kind": "undo", "id": "00000000-0000-4000-8000-000000000000"},
        {"kind": ["code"]},
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(page: Page, told: dict[str, object]) -> None:
    """Never a traceback, never a scan."""
    answer = page.post("offers", **told)

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["field"] in ("kind", "readings", "text", "id")
    assert page.state()["last"] == []


def test_the_page_runs_no_inline_code(page: Page) -> None:
    """Scripts and styles come from this machine's files alone, in no frame, from no cache."""
    answer = page.get("/")

    policy = answer.headers["Content-Security-Policy"]
    assert "'unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HttpOnly" in _cookie_of(page)
    assert "SameSite=Strict" in _cookie_of(page)


# Serial readers


def test_a_serial_reader_is_shown_where_a_page_listens(
    page: Page, kiosk: Kiosk, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """Nobody is admitted in the journal whom no officer saw: without a listening page nothing is decided."""
    issued = simulator.issue()
    scanner.sync()
    kiosk.read_by_line(issued.code)
    assert page.state()["last"] == []

    other = Page.open(app_of(kiosk, replace(LANE, lane="2")))
    assert other.get("/api/answers?after=0").status_code == 404

    heard: list[dict[str, object]] = []
    listening = threading.Thread(target=lambda: heard.append(page.get("/api/answers?after=0").get_json()))
    listening.start()
    while not kiosk.channel.has_listener:
        time.sleep(0.01)
    kiosk.read_by_line(issued.code)
    listening.join(20)

    assert [each["look"] for each in heard[0]["answers"]] == ["admit"]  # type: ignore[attr-defined]
    kiosk.reader_lost("/dev/ttyACM0")
    kiosk.channel.close()
    later = page.get(f"/api/answers?after={heard[0]['after']}").get_json()
    assert "/dev/ttyACM0" in later["answers"][0]["sentence"]


def _cookie_of(page: Page) -> str:
    fresh = page.client.application.test_client().get("/", headers={"Host": "127.0.0.1:8765"})
    return fresh.headers["Set-Cookie"]


def _same_browser(page: Page, app: Flask) -> object:
    cookie = page.client.get_cookie("kiosk-8765", domain="127.0.0.1")
    assert cookie is not None
    client = app.test_client()
    client.set_cookie(cookie.key, cookie.value, domain="127.0.0.1")
    return client
