"""The other lanes of a gate: over TLS, with the PIN, one memory for all."""

from __future__ import annotations

import os
import re
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from gate_simulator import GateSimulator
from kiosk_under_test import folder_of
from lanes_under_test import HERE, HOST, LanesUnderTest, lanes_of
from scanner_under_test import PIN, ScannerUnderTest

from scanner import journal
from scanner.gate_ca import RENEW_SERVER_DAYS, SERVER_DAYS
from scanner.kiosk.lane_serving import lane_address
from scanner.kiosk.lane_tls import LaneTls
from scanner.kiosk.lanes import Asked, LaneFault, LaneRefused, Lanes
from scanner.opening import CannotRun, OpenScanner
from scanner.pin_change import change_pin


@pytest.fixture
def gate(scanner: ScannerUnderTest, simulator: GateSimulator) -> Iterator[LanesUnderTest]:
    """A gate with a list, serving lanes."""
    simulator.issue("FIRST OF ALL")
    scanner.sync()
    with lanes_of(scanner) as lanes:
        yield lanes


def test_a_pass_read_at_one_lane_is_known_at_the_other_at_once(
    gate: LanesUnderTest, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """Without the service: it is not even there."""
    issued = simulator.issue("DOE JANE")
    scanner.sync()
    simulator.is_down = True
    one, two = gate.tablet().begin("2"), gate.tablet().begin("3")

    first, second = one.offer(issued.code), two.offer(issued.code)

    assert (first["look"], first["name"]) == ("admit", "DOE JANE")
    assert (second["look"], second["reason"]) == ("ask", "read_elsewhere")
    assert any("pregny/2" in detail for detail in second["details"])


def test_eight_lanes_scan_one_pass_at_the_same_moment(
    gate: LanesUnderTest, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """One is admitted; seven are told where it was just read; eight scans are on the disk."""
    issued = simulator.issue("DOE JANE")
    scanner.sync()
    tablets = [gate.tablet().begin(f"L{number}") for number in range(8)]
    together = threading.Barrier(8)

    def scan(number: int) -> dict[str, object]:
        together.wait()
        return tablets[number].offer(issued.code)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(scan, range(8)))

    assert Counter(str(answer["reason"]) for answer in answers) == {"ok": 1, "read_elsewhere": 7}
    told = [" ".join(answer.get("details", ())) for answer in answers if answer["look"] == "ask"]  # type: ignore[call-overload]
    assert all(re.search(r"pregny/L[0-7] \(entry", each) for each in told)
    assert journal.count_all(scanner.reopened().journal) == 8


def test_a_tablet_without_the_authority_gets_no_lane(gate: LanesUnderTest) -> None:
    """TLS ends it before any page, and plain HTTP gets no page of the lane."""
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        gate.tablet(verify=ssl.create_default_context()).client.get("/")
    with httpx.Client(timeout=60) as plain, pytest.raises(httpx.HTTPError):
        plain.get(f"http://{HOST}:{gate.at.port}/").raise_for_status()


def test_who_has_no_pin_gets_no_scan(gate: LanesUnderTest) -> None:
    """The page is the door, and every route of the lane is shut."""
    tablet = gate.tablet()

    assert tablet.sees_the_door()
    for path in ("offers", "shift", "supervisor", "checkpoint", "names", "frames"):
        assert tablet.post(path, kind="code", readings=["SEP1:X"]).status_code in (401, 404)
    assert tablet.client.get("/api/state").status_code == 401
    assert tablet.come_in("2", pin="").json()["code"] == "pin_missing"
    assert tablet.come_in("").json()["field"] == "lane"
    assert tablet.come_in("x" * 21).json()["code"] == "lane_missing"
    assert tablet.client.post("/api/lanes", content=b"{", headers={"Origin": gate.url}).status_code == 422
    assert tablet.sees_the_door()


def test_a_wrong_pin_opens_nothing_and_costs_time(gate: LanesUnderTest) -> None:
    """It is told to whoever stands at the gate, and after some of them even the right one has to wait."""
    tablet = gate.tablet()
    answers = [tablet.come_in("2", pin="00000000") for _ in range(3)]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (403, "lane_pin_wrong"), (403, "lane_pin_wrong"), (429, "lane_pin_wait")]  # fmt: skip
    waits = tablet.come_in("2")
    assert (waits.status_code, waits.headers["Retry-After"]) == (429, "6")
    assert tablet.sees_the_door()
    assert len([each for each in gate.said if "wrong PIN" in each]) == 3
    assert f"wrong PIN was typed at {HOST}: 3 in a row" in gate.said[-1]
    gate.seconds.at += 6
    assert tablet.come_in("2").status_code == 200


def test_two_lanes_never_share_a_name(gate: LanesUnderTest) -> None:
    """Neither two tablets, nor a tablet and the gate's own machine; a tablet that is lost can be replaced."""
    first, second = gate.tablet().begin("2"), gate.tablet()

    assert second.come_in("1").json()["code"] == "lane_own"
    taken = second.come_in(" 2 ")
    assert (taken.status_code, taken.json()["code"], taken.json()["field"]) == (409, "lane_taken", "lane")
    assert second.sees_the_door()
    second.begin("2", take_over=True)
    assert not second.sees_the_door()
    assert first.sees_the_door()
    assert first.post("offers", kind="code", readings=["SEP1:X"]).status_code == 401


def test_names_that_differ_in_case_alone_are_one(gate: LanesUnderTest) -> None:
    """Nobody tells lane a from lane A over the radio."""
    gate.tablet().begin("North")
    assert gate.tablet().come_in("NORTH").json()["code"] == "lane_taken"


def test_newcomers_under_one_name_at_once_are_one(gate: LanesUnderTest) -> None:
    """Of four, one comes in."""
    tablets = [gate.tablet() for _ in range(4)]
    together = threading.Barrier(4)

    def come(number: int) -> int:
        together.wait()
        return tablets[number].come_in("2").status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(come, range(4))) == [200, 409, 409, 409]


def test_the_session_stays_where_it_belongs(gate: LanesUnderTest) -> None:
    """Over TLS alone, out of scripts' reach, sent by no other site; another origin is refused."""
    tablet = gate.tablet()
    cookie = tablet.come_in("2").headers["Set-Cookie"]

    assert cookie.startswith("__Host-lane=")
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    foreign = tablet.client.post("/api/shift", json={"officer": "1"}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert tablet.client.get("/", headers={"Host": "evil.example"}).status_code == 421


def test_a_lane_that_leaves_is_outside(gate: LanesUnderTest) -> None:
    """And its name is free."""
    tablet = gate.tablet().begin("2")
    assert 'id="leave"' in tablet.client.get("/").text
    assert tablet.post("lanes/leave").status_code == 200
    assert tablet.sees_the_door()
    assert gate.tablet().come_in("2").status_code == 200


def test_lanes_stay_through_a_restart(scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """Whoever came in is in again when the power comes back."""
    issued = simulator.issue("DOE JANE")
    scanner.sync()
    with lanes_of(scanner) as gate:
        cookies = dict(gate.tablet().begin("2").client.cookies)
    with lanes_of(scanner) as gate:
        again = gate.tablet()
        again.client.cookies.update(cookies)
        assert again.offer(issued.code)["look"] == "admit"


def test_another_pin_sends_the_lanes_out(gate: LanesUnderTest, scanner: ScannerUnderTest) -> None:
    """What was opened with the old PIN is shut; the old one opens nothing, the new one does."""
    tablet = gate.tablet().begin("2")
    device = scanner.reopened()
    assert change_pin(device.trust, PIN, "22222222", device.device_secret, os.urandom) is None

    gate.seconds.at += 2  # so often the mark of the PIN is looked up
    assert tablet.sees_the_door()
    assert tablet.post("offers", kind="code", readings=["SEP1:X"]).status_code == 401
    assert tablet.come_in("2").json()["code"] == "lane_pin_wrong"
    tablet.begin("2", pin="22222222")
    for pin, status in ((PIN, 403), ("22222222", 200)):  # nor does it admit as the supervisor any more
        assert tablet.post("supervisor", pin=pin, reason="escorted").status_code == status


def test_a_scanner_that_was_switched_off_says_so_at_its_lanes(
    gate: LanesUnderTest, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """Who is in is told; nobody new comes in; no tablet trusts it any more after the restart that it refuses."""
    issued = simulator.issue("DOE JANE")
    scanner.sync()
    tablet = gate.tablet().begin("2")
    (device,) = simulator.devices.values()
    device.is_off = True
    scanner.sync()
    gate.seconds.at += 2  # so often the mark of the PIN is looked up

    answer = tablet.offer(issued.code)
    assert (answer["look"], "name" in answer) == ("off", False)
    assert gate.tablet().come_in("3").json()["code"] == "lane_off"
    with httpx.Client(timeout=60) as plain:
        assert plain.get(f"http://{HOST}:{gate.at.install_port}/gate-ca.crt").status_code == 404


def test_a_new_tablet_finds_the_authority_and_what_to_compare(gate: LanesUnderTest) -> None:
    """The page for new tablets gives the certificate and nothing else; the gate's own page shows the same fingerprint."""
    with httpx.Client(base_url=f"http://{HOST}:{gate.at.install_port}", timeout=60) as plain:
        page, file = plain.get("/"), plain.get("/gate-ca.crt")
        shut = [plain.get(path).status_code for path in ("/api/state", "/api/lanes", "/lane", "/kiosk.json")]
        french = plain.get("/?language=fr").text
    over_tls = gate.tablet().client.get("/gate-ca").text

    assert ssl.DER_cert_to_PEM_cert(file.content).encode().split() == gate.authority.pem.split()
    assert file.headers["Content-Type"] == "application/x-x509-ca-cert"
    for text in (page.text, over_tls, french):
        assert _pairs(text) == gate.authority.fingerprint.replace(":", " ")
        assert f"https://{HOST}:{gate.at.port}/" in text
    assert "without protection" in page.text
    assert "without protection" not in over_tls
    assert "Comparer" in french
    assert shut == [404] * 4
    assert "script" not in page.headers["Content-Security-Policy"]


def _pairs(page: str) -> str:
    return " ".join(re.findall(r"<span>([0-9A-F ]+)</span>", page))


def test_the_door_speaks_both_languages(gate: LanesUnderTest) -> None:
    """And says, where a browser gives no camera, what is to be installed."""
    tablet = gate.tablet()
    assert "Supervisor&#39;s PIN" in tablet.client.get("/").text
    french = tablet.client.get("/?language=fr").text
    assert "PIN du responsable" in french
    assert "Installer d&#39;abord le certificat" in french
    assert tablet.come_in("2", pin="00000000", language="fr").json()["detail"] == "Le PIN est faux."


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("gate", "no ADDRESS:PORT"),
        ("10.0.0.1", "no ADDRESS:PORT"),
        ("10.0.0.1:", "no ADDRESS:PORT"),
        ("10.0.0.1:65535", "no ADDRESS:PORT"),
        ("Pförtner:8443", "no ADDRESS:PORT"),
        ("[fd00::7:8443", "no ADDRESS:PORT"),
        ("0.0.0.0:8443", "every address"),
        ("[::]:8443", "every address"),
    ],
)
def test_an_address_of_lanes_is_one_that_tablets_can_call(text: str, complaint: str) -> None:
    """The sentence names the option."""
    with pytest.raises(CannotRun, match=complaint) as refused:
        lane_address(text)
    assert str(refused.value).startswith("--lanes: ")


def test_addresses_of_both_kinds_and_names_are_taken() -> None:
    """With the port of the page for new tablets beside."""
    assert (lane_address("10.0.0.1:8443").install_port, lane_address("Gate-1.local:443").host) == (8444, "gate-1.local")
    six = lane_address("[fd00::7]:8443")
    assert (six.host, six.url("https", six.port)) == ("fd00::7", "https://[fd00::7]:8443/")


def test_only_a_few_guess_at_once(gate: LanesUnderTest, scanner: ScannerUnderTest) -> None:
    """Guessing costs memory and time: of five at one moment, one is sent away."""
    go = threading.Event()

    def slow() -> AbstractContextManager[OpenScanner]:
        go.wait()
        return folder_of(scanner)

    lanes = Lanes(gate.kiosk, slow, HERE, gate.seconds, gate.said.append)
    asked = [Asked("00000000", f"N{number}", False, "en", f"10.0.0.{number}") for number in range(5)]
    with ThreadPoolExecutor(5) as pool:
        coming = [pool.submit(lanes.come_in, each) for each in asked]
        done, others = wait(coming, return_when=FIRST_COMPLETED)
        go.set()
        assert [each.result() for each in done] == [LaneRefused(LaneFault.BUSY, 1)]
        assert {each.result() for each in others} == {LaneRefused(LaneFault.PIN_WRONG)}


def test_a_silent_neighbour_stops_nobody(gate: LanesUnderTest) -> None:
    """Handshakes are waited for by threads of their own, not by the one that takes new connections."""
    with ExitStack() as silent:
        for _ in range(4):
            silent.enter_context(socket.create_connection((HOST, gate.at.port)))
        assert gate.tablet().come_in("2").status_code == 200


def test_the_certificate_is_renewed_while_the_server_runs(gate: LanesUnderTest, tmp_path: Path) -> None:
    """Ten days before its end the next connection gets a new one; its key leaves nothing in the folder."""
    now = [datetime.now(UTC)]
    tls = LaneTls(gate.authority, (HOST,), tmp_path / "state", os.urandom, lambda: now[0])
    before, files = tls.shown, set((tmp_path / "state").iterdir())

    def connect() -> None:
        ours, theirs = socket.socketpair()
        with theirs, tls.wrap(ours)[0]:
            pass

    connect()
    assert tls.shown is before
    now[0] += timedelta(days=SERVER_DAYS - RENEW_SERVER_DAYS, minutes=1)
    connect()
    assert tls.shown.expires_at == now[0].replace(microsecond=0) + timedelta(days=SERVER_DAYS)
    assert set((tmp_path / "state").iterdir()) == files
