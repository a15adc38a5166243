"""One front of the kiosk: the addresses it answers at, and how a page without a session comes in.

The page of this machine has one front on 127.0.0.1; lanes over the network have another, with TLS and a door of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from scanner.kiosk.stations import Post

# A post for the newcomer, or the page that it sees first (where a PIN is asked for, say).
Newcomer = Callable[[], "Post | ResponseReturnValue"]


@dataclass(frozen=True, slots=True)
class Front:
    """`hosts` as they stand in a Host header, with the port. `linger_s`: how long an admission, and anything else, stays."""

    hosts: frozenset[str]
    newcomer: Newcomer
    scheme: str = "http"
    cookie: str = "kiosk"
    linger_s: tuple[int, int] = (6, 25)

    @property
    def is_tls(self) -> bool:
        """Whether cookies may travel over TLS alone."""
        return self.scheme == "https"
