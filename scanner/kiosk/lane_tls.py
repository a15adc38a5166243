"""TLS before the lanes: a certificate of the gate's own authority, renewed while the server runs."""

from __future__ import annotations

import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from cheroot.makefile import MakeFile
from cheroot.ssl import Adapter

from scanner.gate_ca import GateCa, ServerCertificate, issue_server
from scanner.sealing import Entropy


class LaneTls(Adapter):
    """What cheroot wraps each connection with. Handshakes are made by the thread that serves, not by the one that accepts."""

    def __init__(
        self, authority: GateCa, hosts: tuple[str, ...], folder: Path, entropy: Entropy, clock: Callable[[], datetime]
    ) -> None:
        self._authority = authority
        self._hosts = hosts
        self._folder = folder
        self._entropy = entropy
        self._clock = clock
        self._lock = threading.Lock()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.shown = self._renewed()

    def bind(self, sock: socket.socket) -> socket.socket:
        """The listening socket stays plain."""
        return sock

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, Any]]:
        """A connection over TLS, its handshake still to come, and what the application is told of it."""
        with self._lock:
            if self.shown.is_due(self._clock()):
                self.shown = self._renewed()
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, self.get_environ()

    def get_environ(self) -> dict[str, Any]:
        """What the application is told."""
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def makefile(self, sock: ssl.SSLSocket, mode: str = "r", bufsize: int = -1) -> Any:
        """Reads and writes through TLS."""
        return MakeFile(sock, mode, bufsize)

    def _renewed(self) -> ServerCertificate:
        password = self._entropy(32).hex().encode()
        issued = issue_server(self._authority, self._hosts, password, self._entropy, self._clock())
        # Python reads certificates from files alone; these hold no open key, and are gone at once.
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            chain, key = Path(name) / "chain.pem", Path(name) / "key.pem"
            for path, content in ((chain, issued.chain_pem), (key, issued.key_pem)):
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(content)
            self.context.load_cert_chain(chain, key, password=password)
        return issued
