"""The way from a serial reader to the page: answers wait here until the page, which keeps asking, takes them.

A reader is decided only while a page listens. Otherwise somebody might be admitted in the journal whom no officer saw.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_KEPT = 20
# A page asks again at once; one that was closed is known to be gone after so long.
_GONE_AFTER_S = 5.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What came since the page asked, and the number to ask after next time."""

    answers: tuple[dict[str, Any], ...]
    after: int


class Channel:
    """Answers of the readers of one lane. `seconds` is a clock that never goes back."""

    def __init__(self, lane: str, *, is_open: bool, seconds: Callable[[], float]) -> None:
        self.lane = lane
        self.is_open = is_open
        self._seconds = seconds
        self._news = threading.Condition()
        self._kept: deque[tuple[int, dict[str, Any]]] = deque(maxlen=_KEPT)
        self._number = 0
        self._waiting = 0
        self._asked_at: float | None = None
        self.token = ""

    def put(self, answer: dict[str, Any]) -> None:
        """One more answer for the page."""
        with self._news:
            self._number += 1
            self._kept.append((self._number, answer))
            self._news.notify_all()

    def take(self, after: int, token: str, patience_s: float) -> Heard:
        """The answers after this number; waits for one where there is none. `after` of another run takes none back."""
        with self._news:
            self.token, self._waiting = token, self._waiting + 1
            try:
                first = self._number if after > self._number else after
                self._news.wait_for(lambda: self._number > first or not self.is_open, patience_s)
            finally:
                self._waiting -= 1
                self._asked_at = self._seconds()
            return Heard(tuple(answer for number, answer in self._kept if number > first), self._number)

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._news:
            self.is_open = False
            self._news.notify_all()

    @property
    def has_listener(self) -> bool:
        """Whether a page waits for answers, or asked a moment ago."""
        with self._news:
            asked = self._asked_at is not None and self._seconds() - self._asked_at < _GONE_AFTER_S
            return self._waiting > 0 or asked
