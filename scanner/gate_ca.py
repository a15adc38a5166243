"""The gate's own certificate authority: by it the tablets of a gate know that they talk with this scanner.

Made at enrolment and installed on each tablet by hand, so it is worth little to a thief: it may vouch for this machine's
names and for private addresses alone (name constraints, RFC 5280 section 4.2.1.10), it ends after a year, and its key
lies sealed under the device secret in the state folder. The server's own certificate is made anew at each start, lives
for a month, and its key never rests on the disk. Keys are P-256: browsers take no Ed25519 in TLS.
"""

from __future__ import annotations

import ipaddress
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from scanner.sealing import Entropy, seal, unseal
from scanner.store import writing

CA_DAYS, SERVER_DAYS = 397, 30
WARN_CA_DAYS, RENEW_SERVER_DAYS = 30, 10
_LABEL = "gate ca"
_LEEWAY = timedelta(days=1)  # a tablet's clock may be behind
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256, FIPS 186-4 D.1.2.3
_PRIVATE = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class GateCa:
    """The authority of one gate, its key opened."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def expires_at(self) -> datetime:
        """From then on no tablet trusts it."""
        return self.certificate.not_valid_after_utc

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the certificate, in pairs, as tablets show it."""
        return fingerprint_of(self.certificate)

    @property
    def pem(self) -> bytes:
        """The certificate as tablets take it."""
        return self.certificate.public_bytes(Encoding.PEM)


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """What the lanes' server shows: its certificate, and its key under a password that lives in memory."""

    chain_pem: bytes
    key_pem: bytes = field(repr=False)
    expires_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether another one is wanted."""
        return self.expires_at - now < timedelta(days=RENEW_SERVER_DAYS)


def make_gate_ca(
    connection: sqlite3.Connection,
    device_secret: bytes,
    *,
    title: str,
    hosts: Iterable[str],
    entropy: Entropy,
    now: datetime,
) -> GateCa:
    """A new authority for these names and addresses and for private addresses; it takes the place of an older one."""
    key = _new_key(entropy)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Gate CA {title}"[:64])])
    permitted = [*map(_permitted, hosts), *(x509.IPAddress(ipaddress.ip_network(each)) for each in _PRIVATE)]
    certificate = (
        _begun(name, name, key, now, timedelta(days=CA_DAYS), entropy)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(is_ca=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, SHA256())
    )
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    with writing(connection):
        connection.execute(
            "INSERT OR REPLACE INTO gate_ca (one, certificate, sealed_key) VALUES (1, ?, ?)",
            (certificate.public_bytes(Encoding.DER), seal(device_secret, _LABEL, plain, entropy)),
        )
    return GateCa(certificate, key)


def machine_names(node: str) -> tuple[str, ...]:
    """The names by which tablets may call the machine that calls itself `node`; none where it is no name of a network."""
    host = node.lower().removesuffix(".local")
    return (host, f"{host}.local") if host != "localhost" and is_host_name(host) else ()


def is_host_name(text: str) -> bool:
    """Whether this may stand in a certificate as a name (RFC 1123 section 2.1)."""
    return (
        len(text) <= 253
        and re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", text) is not None
    )


def load_gate_ca(connection: sqlite3.Connection, device_secret: bytes) -> GateCa | None:
    """The authority of this folder; None where there is none (any more), or the device secret is another one."""
    row = connection.execute("SELECT certificate, sealed_key FROM gate_ca").fetchone()
    plain = None if row is None else unseal(device_secret, _LABEL, row[1])
    if plain is None:
        return None
    key = load_der_private_key(plain, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return GateCa(x509.load_der_x509_certificate(row[0]), key)


def known_certificate(connection: sqlite3.Connection) -> x509.Certificate | None:
    """The certificate alone, for reports."""
    row = connection.execute("SELECT certificate FROM gate_ca").fetchone()
    return None if row is None else x509.load_der_x509_certificate(row[0])


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 over the certificate in pairs of digits."""
    return certificate.fingerprint(SHA256()).hex(":").upper()


def ca_problem(certificate: x509.Certificate, hosts: Iterable[str], now: datetime) -> str | None:
    """Why this authority serves no lanes at these names and addresses now, or None."""
    if now >= certificate.not_valid_after_utc:
        return "The gate's CA has expired. Make a new one with: accredit-scanner gate-ca --new, and install it on each tablet."
    constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    for host in hosts:
        if not any(_covers(each, host) for each in constraints):
            return (
                f"The gate's CA may not vouch for {host}. Make one that may with: "
                f"accredit-scanner gate-ca --new --host {host}, and install it on each tablet."
            )
    return None


def ca_warning(certificate: x509.Certificate, now: datetime) -> str | None:
    """What to say of an authority that ends soon, or has ended; None while there is time."""
    days = (certificate.not_valid_after_utc - now).days
    if days >= WARN_CA_DAYS:
        return None
    when = f"ends in {days} days" if now < certificate.not_valid_after_utc else "has expired"
    return f"The gate's CA {when}. Make a new one with: accredit-scanner gate-ca --new, and install it on each tablet."


def issue_server(
    ca: GateCa, hosts: Iterable[str], password: bytes, entropy: Entropy, now: datetime
) -> ServerCertificate:
    """A certificate of the lanes' server for these names and addresses, with a key of its own."""
    key, asked = _new_key(entropy), list(hosts)
    # No name of a host: OpenSSL would hold one against the constraints, where only addresses are alternatives.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Lanes of {asked[0]}"[:64])])
    lasts = min(timedelta(days=SERVER_DAYS), ca.expires_at - now)
    certificate = (
        _begun(name, ca.certificate.subject, key, now, lasts, entropy)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(is_ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_alternative(host) for host in asked]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key()), critical=False)
        .sign(ca.key, SHA256())
    )
    sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    return ServerCertificate(certificate.public_bytes(Encoding.PEM), sealed, certificate.not_valid_after_utc)


def as_address(host: str) -> Address | None:
    """The address that a host is written as, or None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    lasts: timedelta,
    entropy: Entropy,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(entropy(19)) + 1)
        .not_valid_before(now - _LEEWAY)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _new_key(entropy: Entropy) -> ec.EllipticCurvePrivateKey:
    # 24 bytes more than the curve needs leave no trace of the division (FIPS 186-4 B.4.1).
    return ec.derive_private_key(int.from_bytes(entropy(56)) % (_ORDER - 1) + 1, ec.SECP256R1())


def _key_usage(*, is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )


def _permitted(host: str) -> x509.GeneralName:
    address = as_address(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(ipaddress.ip_network(address))


def _alternative(host: str) -> x509.GeneralName:
    address = as_address(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(address)


def _covers(permitted: x509.GeneralName, host: str) -> bool:
    address = as_address(host)
    if isinstance(permitted, x509.IPAddress):
        network = permitted.value
        return (
            address is not None
            and isinstance(network, ipaddress.IPv4Network | ipaddress.IPv6Network)
            and address in network
        )
    return address is None and isinstance(permitted, x509.DNSName) and f".{host}".endswith(f".{permitted.value}")
