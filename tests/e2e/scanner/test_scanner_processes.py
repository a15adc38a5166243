"""The scanner's commands as processes: killed, in parallel, switched off, and given what nobody expects."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from gate_simulator import GateSimulator
from scanner_processes import PIN, ScannerProcesses, ask

from accredit.credential.reasons import PassState
from accredit.credential.serials import short_code

MODULES = sorted({path.stem for path in (Path(__file__).resolve().parents[3] / "scanner").glob("*.py")} - {"__init__"})
SERVICE_ONLY = (
    "flask",
    "sqlalchemy",
    "alembic",
    "werkzeug",
    "accredit.credential.signing",
    "accredit.db",
    "accredit.web",
)


def test_no_part_of_the_service_is_loaded() -> None:
    """A gate runs on the scanner's few packages alone."""
    modules = ", ".join(f"scanner.{name}" for name in MODULES)
    found = f"import sys, {modules}; print([name for name in {SERVICE_ONLY!r} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, timeout=60)

    assert done.stdout.strip() == "[]", done.stderr


def test_help_wakes_nothing_heavy() -> None:
    """Whoever asks for help waits for no database, no cryptography and no network library."""
    code = "import sys; from click.testing import CliRunner; from scanner.cli import main;"
    code += "CliRunner().invoke(main, ['--help']); print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert {"sqlite3", "cryptography", "httpx", "argon2"} & set(done.stdout.split()) == set()


def test_a_day_at_the_gate(scanner: ScannerProcesses, simulator: GateSimulator) -> None:
    """Enrolled, synced, checked, handed in: the verdicts of the processes are at the service."""
    good, revoked = simulator.issue("DOE JANE"), simulator.issue()
    ahead = simulator.issue(state=PassState.PREPARED, printed_ahead=True)
    forged = good.code[:-1] + ("B" if good.code.endswith("A") else "A")
    simulator.change(revoked, PassState.REVOKED)
    synced = scanner.sync()
    assert "is in force" in synced.stdout

    told = scanner.check(
        good.code, "SEC1:7K2M9QXA", revoked.code, ahead.code, forged, short_code(good.serial),
        "sight:delegate", "help", words=("--officer", "417"),
    )  # fmt: skip

    assert [(each.get("verdict"), each.get("reason")) for each in told] == [
        ("admit", "ok"), ("refuse", "confirmation_not_pass"), ("refuse", "revoked"), ("refuse", "not_collected"),
        ("refuse", told[4]["reason"]), ("ask", "unsigned_code"), ("admit", "by_sight"), (None, None),
    ]  # fmt: skip
    assert told[4]["reason"] in ("malformed", "bad_signature")
    assert told[0]["name"] == "DOE JANE"
    assert told[0]["serial"] == good.serial.hex()
    assert "sight:CLASS" in told[7]["note"]
    assert scanner.status()["waiting"] == 7
    assert scanner.sync().returncode == 0
    assert scanner.status()["waiting"] == 0
    assert {str(scan_id) for scan_id in simulator.taken} == {each["id"] for each in told[:7]}
    assert {record.officer for record in simulator.taken.values()} == {"417"}


def test_killed_in_the_middle_it_loses_nothing_that_it_had_answered(
    scanner: ScannerProcesses, simulator: GateSimulator
) -> None:
    """SIGKILL somewhere in 500 scans: each verdict that was printed is in the journal, and at the service once."""
    passes = simulator.issue_many(500)
    scanner.sync()
    process = scanner.start("check", "--json")
    assert process.stdin is not None
    assert process.stdout is not None
    feeder = threading.Thread(target=_feed, args=(process, [each.code for each in passes]))
    feeder.start()

    printed = [process.stdout.readline() for _ in range(200)]
    process.kill()
    printed += process.stdout.read().splitlines(keepends=True)
    feeder.join()
    answered = [json.loads(line) for line in printed if line.endswith("\n")]

    assert 200 <= len(answered) < 500
    assert all(each["verdict"] == "admit" for each in answered)
    simulator.loses_answers = 1
    assert scanner.sync().returncode == 1
    assert scanner.sync().returncode == 0
    assert {each["id"] for each in answered} <= {str(scan_id) for scan_id in simulator.taken}
    # One scan may be on the disk whose verdict nobody saw any more; none is there twice.
    assert len(simulator.taken) - len(answered) in (0, 1)
    assert max(Counter(record.serial for record in simulator.taken.values()).values()) == 1
    assert scanner.status()["scans"] == len(simulator.taken)
    assert scanner.check(passes[0].code, words=("--lane", "2"))[0]["reason"] == "read_elsewhere"


def test_the_same_pass_at_two_lanes_at_once(scanner: ScannerProcesses, simulator: GateSimulator) -> None:
    """Two processes of one folder: for each pass one lane admits, and the other is told."""
    passes = simulator.issue_many(40)
    scanner.sync()
    lanes = [scanner.start("check", "--json", "--lane", name) for name in ("1", "2")]
    together = threading.Barrier(2)
    answers: dict[int, list[str]] = {0: [], 1: []}

    def work(lane: int) -> None:
        for issued in passes:
            together.wait()
            answers[lane].append(ask(lanes[lane], issued.code)["reason"])

    threads = [threading.Thread(target=work, args=(lane,)) for lane in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    pairs = {tuple(sorted(pair)) for pair in zip(answers[0], answers[1], strict=True)}
    assert pairs == {("ok", "read_elsewhere")}


def test_sync_beside_check_brings_a_revocation_and_takes_the_scans(
    scanner: ScannerProcesses, simulator: GateSimulator
) -> None:
    """Both run all day; the service goes down and comes back, and nobody notices at the lane."""
    first, second = simulator.issue(), simulator.issue()
    syncing = scanner.start("sync", "--every", "0.2")
    _wait_for(lambda: scanner.status()["list_number"] == simulator.number)
    lane = scanner.start("check", "--json")
    assert ask(lane, first.code)["verdict"] == "admit"
    _wait_for(lambda: len(simulator.taken) == 1)

    simulator.is_down = True
    assert ask(lane, second.code)["verdict"] == "admit"
    _wait_for(lambda: scanner.status()["trouble"] is not None)
    simulator.change(first, PassState.REVOKED)
    simulator.is_down = False
    _wait_for(lambda: len(simulator.taken) == 2)
    _wait_for(lambda: scanner.status()["list_number"] == simulator.number)
    time.sleep(5.1)  # longer than two reads of one scan may lie apart
    assert ask(lane, first.code)["reason"] == "revoked"

    syncing.terminate()
    assert syncing.wait(10) == 0


def test_a_switched_off_scanner_says_so_everywhere(scanner: ScannerProcesses, simulator: GateSimulator) -> None:
    """Each command ends with its own exit code and a sentence."""
    issued = simulator.issue()
    scanner.sync()
    lane = scanner.start("check", "--json")
    ask(lane, issued.code)
    simulator.switch_off()

    synced = scanner.sync()

    assert synced.returncode == 3
    assert "forgotten" in synced.stdout
    assert "switched this scanner off" in ask(lane, issued.code)["note"]
    assert lane.wait(10) == 3
    assert scanner.sync().returncode == 3
    checked = scanner.run("check", given=issued.code)
    assert (checked.returncode, checked.stdout) == (3, "")
    assert scanner.run("status").stdout.startswith("SWITCHED OFF")


def test_a_torn_end_of_the_journal_costs_nothing_before_it(scanner: ScannerProcesses, simulator: GateSimulator) -> None:
    """Power lost in the middle of a write: the torn piece is dropped, and the gate goes on."""
    passes = simulator.issue_many(3)
    scanner.sync()
    lane = scanner.start("check", "--json")
    told = [ask(lane, each.code) for each in passes]
    lane.kill()
    lane.wait()
    log = scanner.state / "journal.db-wal"
    log.write_bytes(log.read_bytes() + b"\x00torn" * 200)

    assert scanner.check("sight:staff")[0]["verdict"] == "admit"
    scanner.sync()
    assert {each["id"] for each in told} < {str(scan_id) for scan_id in simulator.taken}


def test_a_reader_on_a_device_file(scanner: ScannerProcesses, simulator: GateSimulator, tmp_path: Path) -> None:
    """A named pipe stands for a serial reader; a code that says a word is no word, the keyboard's is."""
    issued = simulator.issue()
    scanner.sync()
    device = tmp_path / "reader"
    os.mkfifo(device)
    process = scanner.start("check", "--json", "--device-file", str(device))

    with device.open("wb", buffering=0) as reader:
        assert ask(process, "sight:staff")["reason"] == "by_sight"
        reader.write(issued.code.encode() + b"\rsight:staff\r\n\xff\xfe\t")
    assert process.stdout is not None
    told = [json.loads(line) for line in process.stdout]

    assert [each["reason"] for each in told] == ["ok", "malformed", "malformed"]
    assert process.wait(10) == 0


def test_the_officers_line_in_two_languages(scanner: ScannerProcesses, simulator: GateSimulator) -> None:
    """The word first, then the sentence, who it is, and the age of the list."""
    issued = simulator.issue("DOE JANE")
    scanner.sync()
    told = {"ACCREDIT_SCANNER_PIN": PIN}

    english = scanner.run("check", given=f"{issued.code}\nSEC1:X\n", env=told).stdout.splitlines()
    french = scanner.run("check", "--lane", "2", "--language", "fr", given=issued.code).stdout.splitlines()

    assert english[0].startswith("ADMIT   Welcome. · DOE JANE, Example Organisation")
    assert english[1].startswith("REFUSE  This is the confirmation")
    assert french[0].startswith("VOIR    ")


def test_a_printed_word_opens_no_gate(scanner: ScannerProcesses) -> None:
    """Where a reader may type on the officer's keyboard, a word is answered with a sentence, and nothing is written."""
    scanner.sync()

    told = scanner.run("check", given="sight:staff\nsupervisor:let me in\nundo\n").stdout.splitlines()

    assert [line.startswith("The officer's words are not taken here") for line in told] == [True] * 3
    assert scanner.status()["scans"] == 0


def test_the_line_says_on_whose_word_somebody_came_in(scanner: ScannerProcesses) -> None:
    """A word that nobody gave is seen by the officer at once."""
    scanner.sync()
    given = "sight:staff\nsupervisor:escorted by protocol\n"

    pin = {"ACCREDIT_SCANNER_PIN": PIN}

    english = scanner.run("check", "--words-from-stdin", given=given, env=pin).stdout.splitlines()
    french = scanner.run("check", "--words-from-stdin", "--language", "fr", given=given, env=pin).stdout.splitlines()

    assert ["by sight: staff" in english[0], "supervisor: escorted by protocol" in english[1]] == [True, True]
    assert ["connu de vue: staff" in french[0], "responsable: escorted by protocol" in french[1]] == [True, True]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("check", "--checkpoint", "nowhere"), "pregny, door-xix, door-xx"),
        (("check", "--pin-file", "/nonexistent"), "--pin-file"),
        (("enrol", "--server", "http://example.org", "--code", "x", "--pin", PIN), "https"),
        (("enrol", "--server", "http://127.0.0.1:9", "--code", "x", "--pin", "1"), "8 digits"),
        (("enrol", "--server", "http://127.0.0.1:9", "--code", "x", "--pin", PIN), "already"),
        (("enrol", "--server", "http://127.0.0.1:9", "--code", "x"), "PIN is needed"),
        (("enrol", "--code", "x", "--pin", PIN), "--server"),
        (("enrol", "--code", "SEN1:x@http://127.0.0.1:9", "--pin", PIN), "already"),
        (("check", "--lane", "x" * 65), "--lane"),
        (("status", "--state", "/nonexistent"), "Enrol first"),
        (("sync", "--once", "--state", "/nonexistent"), "Enrol first"),
    ],
)
def test_bad_words_end_with_a_sentence(scanner: ScannerProcesses, words: tuple[str, ...], says: str) -> None:
    """Never a traceback; the sentence names what is wrong or what to do."""
    scanner.sync()

    done = scanner.run(*words)

    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_pin_in_the_environment_stops(scanner: ScannerProcesses) -> None:
    """The officer learns it before the first person stands there."""
    scanner.sync()

    done = scanner.run("check", env={"ACCREDIT_SCANNER_PIN": "00000000"})

    assert (done.returncode, done.stdout) == (1, "")
    assert "PIN is wrong" in done.stderr


def test_a_file_that_is_no_database_is_told(scanner: ScannerProcesses) -> None:
    """A spoiled file is kept for the supervisor, and named."""
    (scanner.state / "journal.db").write_bytes(b"not a database" * 100)

    done = scanner.run("check")

    assert done.returncode == 1
    assert "journal.db" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_clock_moves_a_demonstration_and_nothing_else(
    scanner: ScannerProcesses, simulator: GateSimulator, tmp_path: Path
) -> None:
    """In the marked folder a scan carries the demonstration's time; without the mark the command refuses to start."""
    clock = tmp_path / "clock.json"
    clock.write_text(json.dumps({"shows": "2017-10-11T09:00:00Z", "set_at": time.time()}))
    simulator.clock = lambda: datetime(2017, 10, 11, 9, tzinfo=UTC)
    simulator.keyset = simulator._keyset()
    told = {"ACCREDIT_DEMO_CLOCK": str(clock)}
    issued = simulator.issue()
    assert scanner.run("sync", "--once", env=told).returncode == 0

    checked = scanner.run("check", "--json", given=issued.code, env=told)
    assert json.loads(checked.stdout)["verdict"] == "admit"
    assert UUID(json.loads(checked.stdout)["id"]).int >> 80 in range(*_window(datetime(2017, 10, 11, 9, tzinfo=UTC)))

    (scanner.state / "demo").unlink()
    refused = scanner.run("check", given=issued.code, env=told)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "ACCREDIT_DEMO_CLOCK" in refused.stderr


def _window(begins: datetime) -> tuple[int, int]:
    return int(begins.timestamp() * 1000), int((begins + timedelta(minutes=2)).timestamp() * 1000)


def _feed(process: subprocess.Popen[str], codes: list[str]) -> None:
    assert process.stdin is not None
    try:
        for code in codes:
            process.stdin.write(code + "\n")
            process.stdin.flush()
    except (BrokenPipeError, ValueError):
        pass


def _wait_for(holds: Callable[[], bool], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.1)
