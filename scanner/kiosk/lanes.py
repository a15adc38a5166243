"""The other lanes of a gate: who comes in with the PIN, under which name, and until when.

A lane is a session among those of the kiosk, with a name that no other lane bears, so that one gate has one memory. It
names the PIN that it came in with: after the PIN was changed it is outside again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from scanner.enrolment import load_enrolment
from scanner.kiosk.lane_tries import Tries
from scanner.kiosk.parts import Kiosk, OpenFolder
from scanner.kiosk.stations import Post
from scanner.pin_change import pin_mark
from scanner.sealing import PinSealed, unseal_with_pin

_MARK_HOLDS_S = 2.0
_MOST_AT_ONCE = 4


class LaneFault(StrEnum):
    """Why a lane does not come in; each is the key of a sentence."""

    PIN_WRONG = "lane_pin_wrong"
    PIN_WAIT = "lane_pin_wait"
    TAKEN = "lane_taken"
    OWN = "lane_own"
    OFF = "lane_off"
    BUSY = "lane_busy"


@dataclass(frozen=True, slots=True)
class LaneOpened:
    """The token of the new session."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LaneRefused:
    """Why not, and after how many seconds the next try may be made."""

    fault: LaneFault
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a newcomer gives: the PIN, the name that the lane shall bear, and whether it takes another tablet's place."""

    pin: str = field(repr=False)
    lane: str
    takes_over: bool
    language: str
    address: str


class Lanes:
    """The door of the other lanes. `here` is the post of this machine's own page; `seconds` never goes back."""

    def __init__(
        self, kiosk: Kiosk, folder: OpenFolder, here: Post, seconds: Callable[[], float], say: Callable[[str], None]
    ) -> None:
        self._kiosk = kiosk
        self._folder = folder
        self._here = here
        self._seconds = seconds
        self._say = say
        self._tries = Tries(seconds)
        self._at_once = threading.BoundedSemaphore(_MOST_AT_ONCE)
        self._one = threading.Lock()
        self._mark = ""
        self._mark_read_at: float | None = None
        kiosk.stations.close_lane(here.lane)  # a tablet may bear the name of an earlier run

    def come_in(self, asked: Asked) -> LaneOpened | LaneRefused:
        """A session for the newcomer, or why not. The work of a tenth of a second."""
        wait = self._tries.wait_s(asked.address)
        if wait:
            return LaneRefused(LaneFault.PIN_WAIT, wait)
        if not self._at_once.acquire(blocking=False):
            return LaneRefused(LaneFault.BUSY, 1)
        try:
            with self._one:  # one guess at a time, and no two newcomers under one name
                return self._come_in(asked)
        finally:
            self._at_once.release()

    def leave(self, token: str) -> None:
        """End a session."""
        self._kiosk.stations.close(token)

    def is_in(self, post: Post) -> bool:
        """Whether a session opened at this post still holds: it does while the PIN is the one it came in with.

        A scanner that was switched off has no PIN any more; its lanes stay, and are told that it is off.
        """
        mark = self._current_mark()
        return bool(post.came_by) and mark in ("", post.came_by)

    def _come_in(self, asked: Asked) -> LaneOpened | LaneRefused:
        wait = self._tries.wait_s(asked.address)  # others of this address came before, while this one waited
        if wait:
            return LaneRefused(LaneFault.PIN_WAIT, wait)
        sealed, secret = self._sealed()
        if sealed is None:
            return LaneRefused(LaneFault.OFF)
        key = unseal_with_pin(sealed, asked.pin, secret)
        if key is None:
            return self._wrong(asked.address)
        self._tries.succeeded(asked.address)
        if self._kiosk.names.roster_key is None:
            self._kiosk.unlock(key)
        return self._named(asked, pin_mark(sealed))

    def _wrong(self, address: str) -> LaneRefused:
        wait = self._tries.failed(address)
        self._say(f"A wrong PIN was typed at {address}: {self._tries.wrong} in a row. Next try there in {wait} s.")
        return LaneRefused(LaneFault.PIN_WAIT if wait else LaneFault.PIN_WRONG, wait)

    def _named(self, asked: Asked, mark: str) -> LaneOpened | LaneRefused:
        stations, name = self._kiosk.stations, asked.lane.casefold()
        if name == self._here.lane.casefold():
            return LaneRefused(LaneFault.OWN)
        others = {post.lane for post in stations.posts() if post.lane.casefold() == name and self._holds(post, mark)}
        if others and not asked.takes_over:
            return LaneRefused(LaneFault.TAKEN)
        for other in others:
            stations.close_lane(other)
        post = Post(asked.lane, self._here.checkpoint, language=asked.language, came_by=mark)
        return LaneOpened(stations.open(post))

    @staticmethod
    def _holds(post: Post, mark: str) -> bool:
        return post.came_by == mark

    def _sealed(self) -> tuple[PinSealed | None, bytes]:
        with self._folder() as scanner:
            enrolled = load_enrolment(scanner.trust)
            return (None if enrolled is None else enrolled.roster), scanner.device_secret

    def _current_mark(self) -> str:
        now = self._seconds()
        if self._mark_read_at is None or now - self._mark_read_at >= _MARK_HOLDS_S:
            self._mark, self._mark_read_at = pin_mark(self._sealed()[0]), now
        return self._mark
