"""The mail server (SMTP, RFC 5321): a connection, one message after the other, and what the server said to each.

What it says becomes a cause without its words, which often repeat the address. Only a 5xx answer about one recipient or
about the message itself is final. Everything else (no server, no log-in, a refused sender, 4xx) may be well in a while.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import unquote, urlsplit

_SECONDS = 60.0
_PORTS = {"smtp": 25, "smtps": 465, "smtp+plain": 25}
_ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
_SEVEN_BIT = SMTP.clone(cte_type="7bit")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where the mail server is, and who we are to it.

    `smtp` starts TLS, and is refused without, but on this machine; `smtps` is TLS from the first byte; `smtp+plain` is for
    a relay in the same house, and takes no password along.
    """

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_local(self) -> bool:
        """Whether it is this machine: nobody listens in between."""
        return self.host in _LOCAL


def read_address(url: str) -> ServerAddress:
    """The address in this URL, which the settings have looked at."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return ServerAddress(parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme], user, password)


class Said(StrEnum):
    """What became of one message.

    `refused` is for ever. `later` may be well in a while. `unsure`: the line broke when the server may have had it all.
    """

    TAKEN = "taken"
    REFUSED = "refused"
    LATER = "later"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one message, why in a few words, and whether the connection is good for another one."""

    said: Said
    cause: str = ""
    goes_on: bool = True


class ServerAway(Exception):
    """No message can be handed over now; the text says why, without a name of anybody."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An open line to the mail server."""

    line: smtplib.SMTP

    def send(self, message: EmailMessage, sender: str, recipient: str) -> Answer:
        """Hands one message over. The envelope is `sender` and `recipient`; a message is for one person alone."""
        wide = not recipient.isascii()
        if wide and not self.line.has_extn("smtputf8"):
            return Answer(Said.REFUSED, "the mail server takes no address with letters beyond ASCII")
        data = message.as_bytes(policy=SMTPUTF8 if wide else _SEVEN_BIT)
        options = ["SMTPUTF8", "BODY=8BITMIME"] if wide else []
        try:
            refused = self._envelope(sender, recipient, options)
        except (smtplib.SMTPException, OSError):
            return Answer(Said.LATER, "the line to the mail server broke", goes_on=False)
        return refused or self._content(data)

    def _envelope(self, sender: str, recipient: str, options: list[str]) -> Answer | None:
        code, told = self.line.mail(sender, options)
        if code != 250:
            # The sender is ours in every message: this is the server's or our settings' fault, and of no one recipient.
            self.line.close()
            return Answer(Said.LATER, _cause("the mail server refused our sender", code, told), goes_on=False)
        code, told = self.line.rcpt(recipient)
        if code in {250, 251}:
            return None
        return self._refused("the mail server refused the recipient", code, told)

    def _content(self, data: bytes) -> Answer:
        try:
            code, told = self.line.data(data)
        except smtplib.SMTPDataError as refused:
            code, told = refused.smtp_code, _bytes(refused.smtp_error)
        except (smtplib.SMTPException, OSError):
            return Answer(Said.UNSURE, "the line broke before the mail server had answered", goes_on=False)
        return Answer(Said.TAKEN) if code == 250 else self._refused("the mail server refused the message", code, told)

    def _refused(self, words: str, code: int, told: bytes) -> Answer:
        goes_on = code != 421
        with suppress(smtplib.SMTPException, OSError):
            self.line.rset()
        said = Said.REFUSED if 500 <= code < 600 else Said.LATER
        return Answer(said, _cause(words, code, told), goes_on)


@dataclass(frozen=True, slots=True)
class MailServer:
    """The configured server and the address that mail comes from."""

    address: ServerAddress
    mail_from: str

    @property
    def sender(self) -> str:
        """The address alone, for the envelope."""
        return parseaddr(self.mail_from)[1]

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection, logged in; raises `ServerAway` where there is none to be had."""
        line = self._open()
        try:
            yield Connection(line)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                line.quit()
            line.close()

    def _open(self) -> smtplib.SMTP:
        here, name, tls = self.address, socket.gethostname(), ssl.create_default_context()
        try:
            if here.scheme == "smtps":
                line: smtplib.SMTP = smtplib.SMTP_SSL(
                    here.host, here.port, local_hostname=name, timeout=_SECONDS, context=tls
                )
            else:
                line = smtplib.SMTP(here.host, here.port, local_hostname=name, timeout=_SECONDS)
        except ssl.SSLError:
            raise ServerAway("the certificate of the mail server is not one that we trust") from None
        except (smtplib.SMTPException, OSError) as away:
            raise ServerAway(f"the mail server does not answer ({_kind_of(away)})") from None
        try:
            self._greet(line, tls)
        except BaseException:
            line.close()
            raise
        return line

    def _greet(self, line: smtplib.SMTP, tls: ssl.SSLContext) -> None:
        here = self.address
        try:
            line.ehlo_or_helo_if_needed()
            if here.scheme == "smtp" and not here.is_local:
                if not line.has_extn("starttls"):
                    raise ServerAway("the mail server offers no TLS; name one that does, or write smtp+plain://")
                line.starttls(context=tls)
                line.ehlo()
            if here.user:
                line.login(here.user, here.password)
        except smtplib.SMTPAuthenticationError:
            raise ServerAway("the mail server does not take our user and password") from None
        except ssl.SSLError:
            raise ServerAway("the certificate of the mail server is not one that we trust") from None
        except (smtplib.SMTPException, OSError) as away:
            raise ServerAway(f"the mail server did not greet us ({_kind_of(away)})") from None


def _cause(words: str, code: int, told: bytes) -> str:
    """The numbers of an answer; its words may repeat the address."""
    found = _ENHANCED.match(_bytes(told))
    return f"{words} ({code}{' ' + found[1].decode() if found else ''})"


def _bytes(told: bytes | str) -> bytes:
    return told.encode() if isinstance(told, str) else told


def _kind_of(fault: Exception) -> str:
    if isinstance(fault, OSError) and fault.strerror and not isinstance(fault, smtplib.SMTPException):
        return fault.strerror.lower()
    return type(fault).__name__
