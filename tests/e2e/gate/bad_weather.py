"""A network at its worst, for `MeddlingProxy.cuts`: drops, delays, repeats and reorders, and is gone for seconds at a time."""

from __future__ import annotations

import contextlib
import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from meddling_proxy import Request

_LONGEST_DELAY_S = 0.4
_MOST_HELD = 20


@dataclass
class BadWeather:
    """What becomes of each request, drawn from `chance`. `counted` tells a test that everything happened.

    A request that is repeated reaches the service twice before its answer is believed. One that is held back reaches it
    once more behind others that were asked later: that is how a network reorders what one client asks in turn.
    """

    port: int
    chance: random.Random
    is_gone: bool = False
    _seen: Counter[str] = field(default_factory=Counter)
    _held: list[Request] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def counted(self) -> Counter[str]:
        """What has become of the requests until now."""
        with self._lock:
            return self._seen.copy()

    def cut(self, connection: http.client.HTTPConnection, request: Request) -> bool:
        """Does its worst before the request is passed on; True where there will be no answer."""
        with self._lock:
            what = "gone" if self.is_gone else self._drawn()
            self._seen[what] += 1
            late = self._held.pop(0) if what == "reordered" and self._held else None
            if what in ("held back", "dropped before"):
                self._held = [*self._held, request][-_MOST_HELD:]
            pause = self.chance.uniform(0, _LONGEST_DELAY_S)
        if what == "delayed":
            time.sleep(pause)
        elif what == "repeated":
            self._send(request)
        elif what == "dropped after":
            request.send(connection)
            connection.getresponse().read()
        elif what == "torn":
            request.send(connection, share=0.5)
        if late is not None:
            self._send(late)
        return what in ("gone", "dropped before", "dropped after", "torn")

    def _drawn(self) -> str:
        kinds = ("passed", "delayed", "repeated", "held back", "reordered", "dropped before", "dropped after", "torn")
        return self.chance.choices(kinds, weights=(30, 15, 12, 12, 12, 7, 8, 4))[0]

    def _send(self, request: Request) -> None:
        """To the service by a connection of its own; nobody waits for the answer."""
        other = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(other):
            request.send(other)
            other.getresponse().read()
