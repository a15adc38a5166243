"""A gate with lanes as an officer starts it: the command, the page for new tablets, a lane over TLS, and another PIN."""

from __future__ import annotations

import json
import re
import signal
import ssl
import subprocess
from pathlib import Path

import httpx
from gate_simulator import GateSimulator
from scanner_processes import PIN, ScannerProcesses


def started(scanner: ScannerProcesses) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """The kiosk with lanes, and what its first lines name: the addresses and the fingerprint."""
    process = scanner.start("kiosk", "--checkpoint", "pregny", "--port", "0", "--lanes", "127.0.0.1:0")
    assert process.stdout is not None
    lines = "".join(process.stdout.readline() for _ in range(3))
    here, install, lanes = re.findall(r"https?://[0-9.]+:[0-9]+", lines)
    (fingerprint,) = re.findall(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", lines)
    return process, {"here": here, "install": install, "lanes": lanes, "fingerprint": fingerprint}


def test_a_tablet_becomes_a_lane_and_is_sent_out_by_another_pin(
    scanner: ScannerProcesses, simulator: GateSimulator, tmp_path: Path
) -> None:
    """It trusts by the certificate from the page for new tablets, whose fingerprint command, page and status agree on."""
    issued = simulator.issue("DOE JANE")
    assert scanner.sync().returncode == 0
    process, told = started(scanner)
    shown = json.loads(scanner.run("gate-ca", "--json", "--out", str(tmp_path / "ca.pem")).stdout)
    certificate = httpx.get(told["install"] + "/gate-ca.crt", timeout=60).content
    trusting = ssl.create_default_context(cadata=ssl.DER_cert_to_PEM_cert(certificate))

    assert shown["fingerprint"] == told["fingerprint"] == scanner.status()["gate_ca_fingerprint"]
    assert ssl.PEM_cert_to_DER_cert((tmp_path / "ca.pem").read_text()) == certificate
    for address in (told["install"] + "/", told["here"] + "/gate-ca"):
        assert told["fingerprint"][:23].replace(":", " ") in httpx.get(address, timeout=60).text
    with httpx.Client(base_url=told["lanes"], verify=trusting, headers={"Origin": told["lanes"]}, timeout=60) as tablet:
        assert tablet.post("/api/lanes", json={"lane": "2", "pin": PIN}).status_code == 200
        assert tablet.post("/api/shift", json={"officer": "417"}).status_code == 200
        offer = {"kind": "code", "readings": [issued.code]}
        assert tablet.post("/api/offers", json=offer).json()["look"] == "admit"
        old, new = tmp_path / "old", tmp_path / "new"
        old.write_text(PIN)
        new.write_text("22222222")
        changed = scanner.run("change-pin", "--old-pin-file", str(old), "--new-pin-file", str(new))
        assert changed.returncode == 0, changed.stderr
        while tablet.get("/api/state").status_code != 401:
            assert process.poll() is None
        assert tablet.post("/api/lanes", json={"lane": "2", "pin": "22222222"}).status_code == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def test_lanes_at_an_address_that_the_authority_does_not_cover_are_refused(scanner: ScannerProcesses) -> None:
    """The sentence names the command that makes another authority; with that one it goes on to the port."""
    words = ("kiosk", "--checkpoint", "pregny", "--port", "0", "--lanes", "192.0.2.1:8443")
    assert scanner.sync().returncode == 0
    refused = scanner.run(*words)
    assert refused.returncode == 1
    assert "accredit-scanner gate-ca --new --host 192.0.2.1" in refused.stderr
    assert scanner.run("gate-ca", "--new", "--host", "192.0.2.1").returncode == 0
    assert "192.0.2.1, port 8443 cannot be used" in scanner.run(*words).stderr
    wrong = scanner.run("gate-ca", "--new", "--host", "Not A Name")
    assert (wrong.returncode, "--host" in wrong.stderr) == (1, True)
