"""What stands before each camera: a code that is held there is one scan, however many frames show it.

Ours are taken at the first frame. A foreign code may be a poster behind the queue, or noise that reads like a code: it has
to be there in two frames running. A code has left the view when some frames in a row, over a second, do not show it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scanner.frames import OUR_CODES, Seen, SeenKind

GONE_FRAMES, GONE_S = 3, 1.0
UNWATCHED_S = 30.0
"""After so long without any frame nobody knows what was before the camera meanwhile."""

_MOST_VIEWS = 200
_EMPTY = frozenset({SeenKind.NOTHING, SeenKind.TOO_SMALL, SeenKind.UNCLEAR})


@dataclass(slots=True)
class _View:
    held: str = field(default="", repr=False)
    held_at: float = 0.0
    missed: int = 0
    foreign: str = field(default="", repr=False)
    frame_at: float = 0.0
    answer: Answer | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page is told of a scan, and the mark by which it says that it was told."""

    told: dict[str, Any] = field(repr=False)
    mark: str


@dataclass(frozen=True, slots=True)
class Held:
    """The code was scanned already and is still in the view; the answer that it got, once there is one."""

    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Fresh:
    """A code that came into the view: one scan."""

    text: str = field(repr=False)


class Views:
    """The views of all cameras, by page. `seconds` is a clock that never goes back. Safe to be used by many threads."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._views: dict[str, _View] = {}
        self._begun = round(seconds() * 1000)  # a page may have a mark of an earlier run
        self._answers = 0

    @property
    def answers(self) -> int:
        """How many codes were answered so far."""
        return self._answers

    def take(self, page: str, seen: Seen) -> Fresh | Held | None:
        """What a frame of this page's camera means; None where it shows no code, or not surely one."""
        now = self._seconds()
        with self._lock:
            view = self._view(page, now)
            if seen.kind is SeenKind.READ:
                return _read(view, seen.text, now)
            if seen.kind in _EMPTY:
                view.foreign = ""
                view.missed += 1
                if view.missed >= GONE_FRAMES and now - view.held_at >= GONE_S:
                    view.held, view.answer = "", None
            return None

    def answered(self, page: str, text: str, told: dict[str, Any]) -> Answer:
        """Keep what a fresh code was answered while it is held, should the page not have got it."""
        with self._lock:
            self._answers += 1
            answer = Answer(told, f"{self._begun}-{self._answers}")
            view = self._views.get(page)
            if view is not None and view.held == text:
                view.answer = answer
        return answer

    def _view(self, page: str, now: float) -> _View:
        view = self._views.pop(page, None)
        if view is None or now - view.frame_at > UNWATCHED_S:
            view = _View()
        view.frame_at = now
        self._views[page] = view  # the last is the newest
        while len(self._views) > _MOST_VIEWS:
            self._views.pop(next(iter(self._views)))
        return view


def _read(view: _View, text: str, now: float) -> Fresh | Held | None:
    view.missed = 0
    if text == view.held:
        view.held_at, view.foreign = now, ""
        return Held(view.answer)
    if not text.startswith(OUR_CODES) and view.foreign != text:
        view.foreign = text
        return None
    view.held, view.held_at, view.foreign, view.answer = text, now, "", None
    return Fresh(text)
