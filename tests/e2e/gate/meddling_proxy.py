"""A tiny proxy between scanner and service that lets a test change, record or cut what passes."""

from __future__ import annotations

import http.client
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_UP = ("Authorization", "Content-Type", "User-Agent")
_DOWN = ("Content-Type", "Server-Time", "ETag")


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A scanner that was killed hears no answer; anything else is told as ever."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@dataclass
class MeddlingProxy:
    """What it does with requests whose path has a word in it.

    `answers` gets the service's body of a request and gives the one that the scanner gets. `cuts` is asked with the
    connection to the service and the request before anything is sent; True means that the scanner gets no answer.
    """

    port: int
    answers: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    cuts: dict[str, Callable[[http.client.HTTPConnection, Request], bool]] = field(default_factory=dict)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its own address."""
        server = _Server(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def pass_on(self, request: Request) -> tuple[int, dict[str, str], bytes] | None:
        """The answer for the scanner, or None where the connection is to be cut."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            if any(cut(connection, request) for word, cut in self.cuts.items() if word in request.path):
                return None
            request.send(connection)
            response = connection.getresponse()
            body = response.read()
            if response.status == 200:
                for word, change in self.answers.items():
                    body = change(body) if word in request.path else body
            return response.status, {name: response.headers[name] for name in _DOWN if response.headers[name]}, body
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Request:
    """What a scanner asked; sent on without Accept-Encoding, so that a test sees the signed bytes."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def send(self, connection: http.client.HTTPConnection, share: float = 1.0) -> None:
        """To the service; with a share below one, the rest of the body never comes."""
        connection.putrequest(self.method, self.path, skip_accept_encoding=True)
        for name, value in {**self.headers, "Content-Length": str(len(self.body))}.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(self.body[: int(len(self.body) * share)])


def _handler(proxy: MeddlingProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: self.headers[name] for name in _UP if self.headers[name]}
            try:
                answer = proxy.pass_on(Request(self.command, self.path, headers, body))
            except (OSError, http.client.HTTPException):
                answer = None
            if answer is None:
                self.close_connection = True
                return
            status, told, content = answer
            self.send_response(status)
            for name, value in told.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
            """Quiet."""

    return Handler
