"""The line to the mail server: encrypted to everybody but this machine, and no password goes over an open one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from smtp_sink import Sink

from accredit.services.mail_server import Answer, MailServer, Said, ServerAway, read_address

ELSEWHERE = "127.0.0.2"
"""An address of this machine that the rules take for another one."""


def _certificate(folder: Path) -> None:
    """A certificate of this server that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(ELSEWHERE))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "certificate.pem").write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    (folder / "trusted.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


@pytest.fixture(scope="module")
def open_sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    """A server without TLS, elsewhere."""
    made = Sink(tmp_path_factory.mktemp("open"), host=ELSEWHERE)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def closed_sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    """A server elsewhere that asks for TLS and then for a password."""
    folder = tmp_path_factory.mktemp("closed")
    _certificate(folder)
    (folder / "password").write_bytes(b"p@ss word")
    made = Sink(folder, host=ELSEWHERE)
    made.start()
    yield made
    made.stop()


def _send(url: str) -> Answer:
    message = EmailMessage()
    message["To"] = "person@example.org"
    message.set_content("Grüezi")
    server = MailServer(read_address(url), "Passes <passes@example.org>")
    with server.connected() as line:
        return line.send(message, server.sender, "person@example.org")


def test_a_server_elsewhere_without_encryption_is_not_used(open_sink: Sink) -> None:
    """Nothing is sent; only an address that says so is served in the open."""
    with pytest.raises(ServerAway, match="offers no TLS"):
        _send(open_sink.url)
    assert open_sink.taken() == 0
    assert _send(open_sink.url.replace("smtp://", "smtp+plain://")).said is Said.TAKEN


def test_a_certificate_that_nobody_vouches_for_ends_the_line(closed_sink: Sink) -> None:
    """Before the password is said."""
    with pytest.raises(ServerAway, match="certificate"):
        _send(closed_sink.url.replace("smtp://", "smtp://user:p%40ss%20word@"))


def test_with_encryption_and_password_a_message_is_taken(closed_sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password is that of the address, its signs unquoted; a wrong one keeps everybody waiting and is told in words."""
    monkeypatch.setenv("SSL_CERT_FILE", str(closed_sink.folder / "trusted.pem"))
    before = closed_sink.taken()
    assert _send(closed_sink.url.replace("smtp://", "smtp://user:p%40ss%20word@")).said is Said.TAKEN
    assert closed_sink.taken() == before + 1
    with pytest.raises(ServerAway, match="user and password") as refused:
        _send(closed_sink.url.replace("smtp://", "smtp://user:wrong@"))
    assert "wrong" not in str(refused.value)


def test_who_does_not_log_in_is_told_to_wait(closed_sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that wants a password refuses our sender: that is no fault of the person who is written to."""
    monkeypatch.setenv("SSL_CERT_FILE", str(closed_sink.folder / "trusted.pem"))
    answer = _send(closed_sink.url)
    assert (answer.said, answer.goes_on) == (Said.LATER, False)
    assert answer.cause.startswith("the mail server refused our sender (530")


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "smtps://127.0.0.1:1"])
def test_no_server_is_told_in_a_few_words(url: str) -> None:
    """A closed port."""
    with pytest.raises(ServerAway, match="does not answer"):
        _send(url)


def test_a_server_that_is_none_is_told_too(closed_sink: Sink) -> None:
    """TLS from the first byte, asked of a server that begins in the open."""
    with pytest.raises(ServerAway, match=r"certificate|does not answer"):
        _send(closed_sink.url.replace("smtp://", "smtps://"))
