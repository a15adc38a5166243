"""The supervisor's PIN, asked for at the page: who knows it opens the names, chooses the checkpoint, and admits.

It is the PIN of the enrolment. After some wrong ones in a row nobody may try for a while, and longer each time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from scanner.sealing import PinSealed, unseal_with_pin

FREE_TRIES = 5
_FIRST_WAIT_S, _LONGEST_WAIT_S = 30.0, 900.0


@dataclass(frozen=True, slots=True)
class PinHolds:
    """The PIN was right; the roster key opens names and photos."""

    roster_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinRefused:
    """The PIN was wrong, or nobody may try for `wait_s` seconds."""

    wait_s: int = 0


class PinDoor:
    """Checks the PIN, one at a time, for all lanes together. `seconds` is a clock that never goes back.

    `sealed` looks up what the PIN opens at this moment: it may be changed while the kiosk runs.
    """

    def __init__(
        self, sealed: Callable[[], PinSealed | None], device_secret: bytes, seconds: Callable[[], float]
    ) -> None:
        self._sealed = sealed
        self._secret = device_secret
        self._seconds = seconds
        self._lock = threading.Lock()
        self._wrong = 0
        self._closed_until = 0.0

    def check(self, pin: str) -> PinHolds | PinRefused:
        """Whether this is the PIN. Takes a tenth of a second of work, so never call it where scans are decided."""
        with self._lock:
            left = self._closed_until - self._seconds()
            if left > 0:
                return PinRefused(int(left) + 1)
            sealed = self._sealed()
            key = None if sealed is None else unseal_with_pin(sealed, pin, self._secret)
            if key is not None:
                self._wrong = 0
                return PinHolds(key)
            self._wrong += 1
            over = self._wrong - FREE_TRIES
            if over < 0:
                return PinRefused()
            wait = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0**over)
            self._closed_until = self._seconds() + wait
            return PinRefused(int(wait))
