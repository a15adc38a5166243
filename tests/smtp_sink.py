"""A real mail server for tests, in a process of its own: it keeps what it takes as files, and refuses whom it is told to refuse.

Run as a program: PORT (0 for any), FOLDER and HOST. `answers.json` in the folder says for an address what the server answers
to it, such as "550 5.1.1 unknown", or "hang up" after its message.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

HANG_UP = "hang up"


@dataclass
class Sink:
    """The server as a test handles it: started, stopped, told what to refuse, and asked what it took."""

    folder: Path
    port: int = 0
    host: str = "127.0.0.1"
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Its address for ACCREDIT_SMTP_URL."""
        return f"smtp://{self.host}:{self.port}"

    def start(self) -> None:
        """Starts the process and waits until it listens; on the same port as before."""
        command = [sys.executable, str(Path(__file__)), str(self.port), str(self.folder), self.host]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def stop(self) -> None:
        """Kills the process: whoever talks to it loses the line."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def answers(self) -> dict[str, str]:
        """What it is told to say so far."""
        path = self.folder / "answers.json"
        return json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def says(self, address: str, answer: str) -> None:
        """From now on this is the answer to this address; nothing makes it take mail for it again."""
        fresh = self.folder / "answers.new"
        fresh.write_text(json.dumps({**self.answers(), address: answer}), "utf-8")
        fresh.replace(self.folder / "answers.json")

    def forget(self) -> None:
        """Starts it if it is not up, and empties it."""
        for path in self.folder.iterdir():
            path.unlink()
        if self.process is None:
            self.start()

    def holds_at(self, count: int) -> None:
        """It takes the message of this number and says nothing to it, until `goes_on`."""
        fresh = self.folder / "hold.new"
        fresh.write_text(str(count), "ascii")
        fresh.replace(self.folder / "hold")

    def goes_on(self) -> None:
        """It answers again."""
        (self.folder / "hold").unlink(missing_ok=True)

    def taken(self) -> int:
        """How many messages it has taken."""
        return len(list(self.folder.glob("*.eml")))

    def mails(self) -> list[EmailMessage]:
        """Everything that it has taken."""
        found = [message_from_bytes(path.read_bytes(), policy=default) for path in self.folder.glob("*.eml")]
        return [one for one in found if isinstance(one, EmailMessage)]

    def by_recipient(self) -> Counter[str]:
        """How many messages each address has."""
        return Counter(str(one["To"]) for one in self.mails())


class _Handler:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _answer(self, address: str) -> str:
        path = self.folder / "answers.json"
        told: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return told.get(address, "")

    def _is_holding(self) -> bool:
        path = self.folder / "hold"
        return path.is_file() and len(list(self.folder.glob("*.eml"))) >= int(path.read_text("ascii"))

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        answer = self._answer(address)
        if answer and answer != HANG_UP:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        name = uuid4().hex
        part = self.folder / f"{name}.part"
        part.write_bytes(envelope.content)
        part.rename(self.folder / f"{name}.eml")
        while self._is_holding():
            await asyncio.sleep(0.02)
        if any(self._answer(one) == HANG_UP for one in envelope.rcpt_tos):
            server.transport.abort()
        return "250 taken"


def _options(folder: Path, loop: asyncio.AbstractEventLoop) -> dict[str, Any]:
    """TLS where a certificate lies in the folder, and a log-in where a password lies there."""
    from aiosmtpd.smtp import AuthResult

    options: dict[str, Any] = {"hostname": "sink.example", "enable_SMTPUTF8": True, "loop": loop}
    if (folder / "certificate.pem").is_file():
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(folder / "certificate.pem")
        options |= {"tls_context": tls, "require_starttls": True}
    if (folder / "password").is_file():
        wanted = (folder / "password").read_bytes()
        options |= {
            "authenticator": lambda *told: AuthResult(success=told[-1].password == wanted, handled=False),
            "auth_required": True,
            "auth_require_tls": True,
        }
    return options


async def _serve(port: int, folder: Path, host: str) -> None:
    from aiosmtpd.smtp import SMTP

    loop, handler = asyncio.get_running_loop(), _Handler(folder)
    options = _options(folder, loop)
    server = await loop.create_server(lambda: SMTP(handler, **options), host, port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
