"""SIGKILL to the scanner and to the service: nothing that was answered is lost, nothing is there twice."""

from __future__ import annotations

import http.client
import json
import subprocess
import threading
from collections.abc import Sequence

import pytest
from meddling_proxy import MeddlingProxy, Request
from real_gate import NewScanner, RealGate, RealScanner, once_each

pytestmark = pytest.mark.soak  # real processes that are killed

PASSES = 250
SCANS = 2 * PASSES


def test_a_scanner_killed_in_the_middle_of_500_scans_loses_none(real_gate: RealGate, new_scanner: NewScanner) -> None:
    """What it had answered is on the server exactly once, with the verdict that the officer saw.

    Everybody comes in, and goes out again; the end comes when some have gone.
    """
    passes = real_gate.take(PASSES)
    scanner = new_scanner()
    lane = scanner.start("check", "--json", "--words-from-stdin", "--officer", "4711")
    codes = [one.code for one in passes]
    answered = _killed_after(lane, [*codes, "direction:exit", *codes], answers=PASSES + 50)
    assert PASSES + 50 <= len(answered) < SCANS
    assert scanner.sync().returncode == 0
    held = once_each(real_gate.scans([one.serial for one in passes]))
    assert {told["id"]: told["verdict"] for told in answered}.items() <= held.items()
    # One scan may be on the disk whose verdict nobody saw any more.
    assert len(held) - len(answered) in (0, 1)
    assert scanner.sync().returncode == 0
    assert once_each(real_gate.scans([one.serial for one in passes])) == held
    assert scanner.status()["waiting"] == 0


def test_a_service_killed_during_uploads_takes_every_scan_once(
    real_gate: RealGate, behind_proxy: tuple[MeddlingProxy, RealScanner]
) -> None:
    """Killed with half a batch received, with a batch just received, and with the answer on its way."""
    proxy, scanner = behind_proxy
    passes = real_gate.take(60)
    told = scanner.check(*(one.code for one in passes))
    proxy.cuts["/scans"] = _Killing(real_gate).cut
    for _ in range(3):
        assert scanner.sync().returncode == 1
        assert scanner.status()["waiting"] == len(told)
    assert scanner.sync().returncode == 0
    assert once_each(real_gate.scans([one.serial for one in passes])) == {each["id"]: each["verdict"] for each in told}
    status = scanner.status()
    assert (status["waiting"], status["set_aside_count"], status["scans"]) == (0, 0, len(told))


class _Killing:
    """Kills the service at three moments of the first three uploads."""

    def __init__(self, gate: RealGate) -> None:
        self._gate = gate
        self._moments = ["half received", "received", "answered"]

    def cut(self, connection: http.client.HTTPConnection, request: Request) -> bool:
        if not self._moments:
            return False
        moment = self._moments.pop(0)
        request.send(connection, share=0.5 if moment == "half received" else 1.0)
        if moment == "answered":
            assert connection.getresponse().status == 200
        self._gate.kill_and_serve_again()
        return True


def _killed_after(lane: subprocess.Popen[str], codes: Sequence[str], *, answers: int) -> list[dict[str, str]]:
    """The answers of a lane that was killed after so many; the codes come faster than it answers."""
    assert lane.stdout is not None
    feeder = threading.Thread(target=_feed, args=(lane, codes))
    feeder.start()
    printed = [lane.stdout.readline() for _ in range(answers + 1)]
    lane.kill()
    printed += lane.stdout.read().splitlines(keepends=True)
    feeder.join()
    told = [json.loads(line) for line in printed if line.endswith("\n")]
    return [each for each in told if "verdict" in each]  # one line is a note: from here on, people go out


def _feed(lane: subprocess.Popen[str], codes: Sequence[str]) -> None:
    assert lane.stdin is not None
    try:
        for code in codes:
            lane.stdin.write(code + "\n")
            lane.stdin.flush()
    except BrokenPipeError:
        return
