"""The gate's own authority: tablets that trust it trust this scanner, and nothing else by it."""

from __future__ import annotations

import os
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scanner_under_test import PIN, ScannerUnderTest

from scanner.enrolment import load_enrolment
from scanner.gate_ca import (
    CA_DAYS,
    RENEW_SERVER_DAYS,
    SERVER_DAYS,
    WARN_CA_DAYS,
    GateCa,
    ca_problem,
    ca_warning,
    fingerprint_of,
    is_host_name,
    issue_server,
    known_certificate,
    load_gate_ca,
    machine_names,
    make_gate_ca,
)
from scanner.pin_change import change_pin, pin_mark
from scanner.sealing import PinSealed, unseal_with_pin
from scanner.state_report import report
from scanner.store import open_trust

SECRET = b"s" * 32
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def trust(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_trust(tmp_path)) as connection:
        yield connection


@pytest.fixture
def authority(trust: sqlite3.Connection) -> GateCa:
    return made(trust)


def made(trust: sqlite3.Connection, now: datetime = NOW) -> GateCa:
    hosts = machine_names("gate-1")
    return make_gate_ca(trust, SECRET, title="Gate 1", hosts=hosts, entropy=os.urandom, now=now)


def trusts(
    authority: GateCa, issued_by: GateCa, host: str, called: str, folder: Path, now: datetime = NOW
) -> str | None:
    """Why a tablet with `authority` on it does not trust a server that has a certificate for `host`; None where it does."""
    issued = issue_server(issued_by, [host], b"word", os.urandom, now)
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(issued.chain_pem)
    key.write_bytes(issued.key_pem)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(chain, key, password=b"word")
    calling = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    calling.load_verify_locations(cadata=authority.pem.decode())
    calling.verify_flags |= ssl.VERIFY_X509_STRICT
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = serving.wrap_bio(there, back, server_side=True)
    client = calling.wrap_bio(back, there, server_hostname=called)
    return shaken(client, server)


def shaken(client: ssl.SSLObject, server: ssl.SSLObject) -> str | None:
    for _ in range(6):
        for end in (client, server):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as fault:
                return fault.verify_message
            except ssl.SSLError:
                continue
    return None


@pytest.mark.parametrize("host", ["192.168.7.20", "10.1.2.3", "127.0.0.1", "fd00::7", "gate-1", "gate-1.local"])
def test_a_tablet_with_the_authority_trusts_this_gate(authority: GateCa, host: str, tmp_path: Path) -> None:
    """At private addresses and by the machine's names, by the strict rules of RFC 5280."""
    assert ca_problem(authority.certificate, [host], NOW) is None
    assert trusts(authority, authority, host, host, tmp_path) is None


def test_a_tablet_trusts_no_other_name(authority: GateCa, tmp_path: Path) -> None:
    """The certificate names what it is for."""
    assert "IP address mismatch" in (trusts(authority, authority, "10.1.2.3", "10.1.2.4", tmp_path) or "")


@pytest.mark.parametrize("host", ["bank.example", "8.8.8.8", "evilgate-1", "2001:db8::1"])
def test_a_stolen_authority_opens_no_other_site(authority: GateCa, host: str, tmp_path: Path) -> None:
    """Name constraints: whoever has its key cannot read what the tablet does elsewhere."""
    assert "permitted subtree violation" in (trusts(authority, authority, host, host, tmp_path) or "")
    problem = ca_problem(authority.certificate, ["10.1.2.3", host], NOW)
    assert problem is not None
    assert f"gate-ca --new --host {host}" in problem


def test_a_tablet_of_another_gate_trusts_nothing_here(trust: sqlite3.Connection, tmp_path: Path) -> None:
    """Each gate has its own authority, and a new one takes the place of the old."""
    old = made(trust)
    new = made(trust)

    assert trusts(old, new, "10.1.2.3", "10.1.2.3", tmp_path) is not None
    assert old.fingerprint != new.fingerprint
    kept = load_gate_ca(trust, SECRET)
    assert kept is not None
    assert kept.fingerprint == new.fingerprint


def test_an_expired_certificate_opens_nothing(authority: GateCa, tmp_path: Path) -> None:
    """What was issued forty days ago is over."""
    assert "expired" in (trusts(authority, authority, "10.1.2.3", "10.1.2.3", tmp_path, NOW - timedelta(days=40)) or "")


def test_its_end_is_said_in_time(authority: GateCa) -> None:
    """A month before, and once it is there; then it serves no lanes any more."""
    end = authority.expires_at
    assert end == NOW + timedelta(days=CA_DAYS)
    assert ca_warning(authority.certificate, end - timedelta(days=WARN_CA_DAYS)) is None
    assert "ends in 29 days" in (ca_warning(authority.certificate, end - timedelta(days=WARN_CA_DAYS, hours=-1)) or "")
    assert "has expired" in (ca_warning(authority.certificate, end) or "")
    assert ca_problem(authority.certificate, ["10.1.2.3"], end - timedelta(hours=1)) is None
    assert "has expired" in (ca_problem(authority.certificate, ["10.1.2.3"], end) or "")


def test_the_servers_certificate_is_renewed_before_it_ends(authority: GateCa) -> None:
    """It is due ten days before; none outlives the authority."""
    issued = issue_server(authority, ["10.1.2.3"], b"word", os.urandom, NOW)
    due = issued.expires_at - timedelta(days=RENEW_SERVER_DAYS)

    assert issued.expires_at == NOW + timedelta(days=SERVER_DAYS)
    assert not issued.is_due(due)
    assert issued.is_due(due + timedelta(seconds=1))
    late = authority.expires_at - timedelta(days=3)
    assert issue_server(authority, ["10.1.2.3"], b"word", os.urandom, late).expires_at == authority.expires_at


def test_its_key_is_sealed_in_the_folder(authority: GateCa, trust: sqlite3.Connection, tmp_path: Path) -> None:
    """A stolen database without the device secret signs for nobody."""
    assert load_gate_ca(trust, b"t" * 32) is None
    number = authority.key.private_numbers().private_value.to_bytes(32)
    for file in tmp_path.iterdir():
        assert number not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    assert "key" not in repr(authority)


def test_an_enrolled_scanner_has_one_until_it_is_switched_off(scanner: ScannerUnderTest) -> None:
    """Enrolment makes it; the device forgets it with everything else."""
    before = load_gate_ca(scanner.open.trust, scanner.open.device_secret)
    scanner.sync()
    (device,) = scanner.simulator.devices.values()
    device.is_off = True
    scanner.sync()

    assert before is not None
    assert known_certificate(scanner.open.trust) is None


@pytest.mark.parametrize(
    ("node", "names"),
    [
        ("Gate-1", ("gate-1", "gate-1.local")),
        ("gate-1.local", ("gate-1", "gate-1.local")),
        ("localhost", ()),
        ("Pförtner 1", ()),
        ("-x", ()),
        ("", ()),
    ],
)
def test_a_machines_names_are_those_of_a_network(node: str, names: tuple[str, ...]) -> None:
    """What cannot stand in a certificate is left out."""
    assert machine_names(node) == names
    assert all(map(is_host_name, names))


def test_its_fingerprint_and_end_stand_in_the_status(scanner: ScannerUnderTest) -> None:
    """So that a tablet's can be compared, and a new one is made in time."""
    held = known_certificate(scanner.open.trust)
    assert held is not None
    told = report(scanner.open.trust, scanner.open.journal, scanner.open.enrolled, scanner.clock())
    soon = held.not_valid_after_utc - timedelta(days=3)
    later = report(scanner.open.trust, scanner.open.journal, scanner.open.enrolled, soon)

    assert told.facts["gate_ca_fingerprint"] == fingerprint_of(held)
    assert told.facts["gate_ca_warning"] is None
    assert any("Lanes" in line and fingerprint_of(held)[:8] in line for line in told.lines())
    assert any("Lanes" in line and "ends in 3 days" in line for line in later.lines())


def test_another_pin_opens_the_same_names(scanner: ScannerUnderTest) -> None:
    """The old one opens nothing any more, and what lanes hold of it is void."""
    trust, secret = scanner.open.trust, scanner.open.device_secret
    before = pin_mark(scanner.open.enrolled.roster)
    key = unseal_with_pin(_roster(trust), PIN, secret)

    assert "old PIN is wrong" in (change_pin(trust, "11111111", "22222222", secret, os.urandom) or "")
    assert "8 digits" in (change_pin(trust, PIN, "123", secret, os.urandom) or "")
    assert unseal_with_pin(_roster(trust), PIN, secret) == key
    assert change_pin(trust, PIN, "22222222", secret, os.urandom) is None
    assert unseal_with_pin(_roster(trust), "22222222", secret) == key
    assert unseal_with_pin(_roster(trust), PIN, secret) is None
    assert pin_mark(_roster(trust)) != before


def _roster(trust: sqlite3.Connection) -> PinSealed:
    enrolled = load_enrolment(trust)
    assert enrolled is not None
    assert enrolled.roster is not None
    return enrolled.roster
