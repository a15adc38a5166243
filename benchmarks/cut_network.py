"""A network between scanners and service that can be cut at will: a port whose connections end, and come back later."""

from __future__ import annotations

import contextlib
import socket
import threading


class Network:
    """Carries every connection to its port on to another port of this machine, until it is cut."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        threading.Thread(target=self._welcome, daemon=True).start()

    @property
    def address(self) -> str:
        """Where scanners look for the service."""
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def cut(self) -> None:
        """Ends every connection; whoever comes is turned away."""
        with self._lock:
            self._is_cut = True
            ends, self._ends = self._ends, set()
        for end in ends:
            _end(end)

    def mend(self) -> None:
        """Lets connections through again."""
        with self._lock:
            self._is_cut = False

    def close(self) -> None:
        """Ends it."""
        self.cut()
        _end(self._door)

    def _welcome(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                self._connect(self._door.accept()[0])

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._target)
        except OSError:
            _end(near)
            return
        with self._lock:
            is_cut = self._is_cut
            self._ends |= set() if is_cut else {near, far}
        for one, other in ((near, far), (far, near)):
            if is_cut:
                _end(one)
            else:
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        with self._lock:
            self._ends -= {one, other}
        for end in (one, other):
            _end(end)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
