"""Frames of cameras on their way to the decoder, a process of its own, so that no verdict waits for a picture.

Of each lane only the newest frame waits; an older one is given back unseen. The first look at a frame is made always;
further ones, which cost ten times as much, only while no other frame waits: all three where a code was seen and not
read, else one, another one each time, so that an empty gate does not keep a processor busy. A decoder that dies is
started again, and that is said.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing.connection import Connection

FRAME, AGAIN = b"F", b"A"
FURTHER_LOOKS = (b"doubled", b"smoothed", b"sharpened")
LARGEST_FRAME_BYTES = 2_000_000
LARGEST_FRAME_PX = 1920 * 1200
SMALLEST_SIDE_PX = 64
OUR_CODES = ("SEP1:", "SEC1:", "SER1:")
"""So begin the codes that a gate expects; of several in one frame they go first."""


_PATIENCE_S = 10.0
_LONGEST_ANSWER = 16_384
_LONGEST_PAUSE_S = 30.0


class SeenKind(StrEnum):
    """What came of a frame."""

    READ = "read"
    NOTHING = "nothing"
    TOO_SMALL = "too_small"
    UNCLEAR = "unclear"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    NO_DECODER = "no_decoder"


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a frame, and the text where one was read; `look` names the look that read it."""

    kind: SeenKind
    text: str = field(default="", repr=False)
    look: str = ""


@dataclass(slots=True)
class _Job:
    frame: bytes = field(repr=False)
    done: threading.Event = field(default_factory=threading.Event)
    seen: Seen = Seen(SeenKind.NO_DECODER)

    def end(self, seen: Seen) -> None:
        self.seen = seen
        self.done.set()


class _Gone(Exception):
    """The decoder did not answer."""


class FrameDecoder:
    """The decoder of one gate. Any thread may hand in frames; one thread of its own talks with the process."""

    def __init__(
        self,
        say: Callable[[str], None],
        *,
        command: tuple[str, ...] = (sys.executable, "-m", "scanner.frame_worker"),
        ticks: Callable[[], float] = time.monotonic,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._say = say
        self._command = command
        self._ticks = ticks
        self._patience_s = patience_s
        self._waiting: dict[str, _Job] = {}
        self._news = threading.Condition()
        self._is_closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._failures = 0
        self._turn = 0
        self._rests_until = 0.0
        self._thread = threading.Thread(target=self._work, name="frames", daemon=True)
        self._thread.start()

    @property
    def process_id(self) -> int | None:
        """The number of the decoder's process, None while none runs."""
        process = self._process
        return None if process is None else process.pid

    def waiting(self) -> tuple[str, ...]:
        """The lanes whose frame waits, in the order in which they will be looked at."""
        with self._news:
            return tuple(self._waiting)

    def look(self, lane: str, frame: bytes) -> Seen:
        """What is in this frame of a lane's camera; waits for the decoder, unless a newer frame of the lane comes."""
        if not frame or len(frame) > LARGEST_FRAME_BYTES:
            return Seen(SeenKind.REFUSED)
        job = _Job(frame)
        with self._news:
            if self._is_closed:
                return job.seen
            older = self._waiting.get(lane)
            self._waiting[lane] = job  # keeps the older one's turn
            self._news.notify()
        if older is not None:
            older.end(Seen(SeenKind.SUPERSEDED))
        job.done.wait()
        return job.seen

    def close(self) -> None:
        """End the decoder; who still waits is told that there is none."""
        with self._news:
            self._is_closed = True
            self._news.notify()
        self._thread.join()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job.end(self._looked(job.frame))
            except _Gone as gone:
                self._rest(str(gone))
                job.end(Seen(SeenKind.NO_DECODER))
        self._end_process()
        for job in self._waiting.values():
            job.end(Seen(SeenKind.NO_DECODER))

    def _next(self) -> _Job | None:
        with self._news:
            self._news.wait_for(lambda: self._is_closed or self._waiting)
            return None if self._is_closed else self._waiting.pop(next(iter(self._waiting)))

    def _looked(self, frame: bytes) -> Seen:
        if self._ticks() < self._rests_until:
            return Seen(SeenKind.NO_DECODER)
        seen = self._ask(FRAME + frame)
        self._failures = 0
        for look in self._further(seen):
            if self._waiting or self._is_closed:
                break
            again = self._ask(AGAIN + look)
            if again.kind is SeenKind.READ:
                return again
            seen = again if seen.kind is SeenKind.NOTHING else seen
        return seen

    def _further(self, first: Seen) -> tuple[bytes, ...]:
        """The looks that may follow the first."""
        if first.kind in (SeenKind.READ, SeenKind.REFUSED):
            return ()
        if first.kind is not SeenKind.NOTHING:
            return FURTHER_LOOKS
        self._turn = (self._turn + 1) % len(FURTHER_LOOKS)
        return (FURTHER_LOOKS[self._turn],)

    def _ask(self, message: bytes) -> Seen:
        try:
            pipe = self._pipe or self._start()
            pipe.send_bytes(message)
            if not pipe.poll(self._patience_s):
                raise _Gone("did not answer")
            told = json.loads(pipe.recv_bytes(_LONGEST_ANSWER))
            return Seen(SeenKind(told["kind"]), told.get("text", ""), told.get("look", ""))
        except (OSError, EOFError) as fault:
            raise _Gone("ended by itself") from fault
        except (ValueError, KeyError) as fault:
            raise _Gone("answered nonsense") from fault

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  a module of our own
                [*self._command, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        self._pipe = Connection(ours.detach())
        return self._pipe

    def _rest(self, why: str) -> None:
        """After a failure: the next frame starts a new decoder, at once the first time, later after a growing pause."""
        self._end_process()
        pause = min(2.0**self._failures - 1, _LONGEST_PAUSE_S)
        self._failures += 1
        self._rests_until = self._ticks() + pause
        when = f"in {pause:.0f} s" if pause else "now"
        self._say(f"The camera's decoder {why} and is started again {when}. Readers and typed codes go on as before.")

    def _end_process(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
