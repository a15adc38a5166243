"""The decoder's own process: one frame at a time from a pipe, looked at as often as the other end asks.

What comes in: `F` and the bytes of a picture, to be looked at first, or `A` and the name of a further look at the same
picture. What goes out, each time, is JSON: {"kind": ..., "text": ...}. Pictures come from browsers: they are opened for
their size alone before they are unpacked, and this process may use so much memory and no more.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
from multiprocessing.connection import Connection

from PIL import Image

from scanner.decoding import Frame, Glimpse, Look, Sighting
from scanner.frames import AGAIN, FRAME, LARGEST_FRAME_BYTES, LARGEST_FRAME_PX, SMALLEST_SIDE_PX, SeenKind

READABLE_MODULE_PX = 3.5
"""From so many pixels a module on, what keeps a code from being read is focus, light or motion: not its distance."""

_MEMORY_BYTES = 1 << 30
_FORMATS = ("JPEG", "PNG")
_LOOKS = {look.value.encode(): look for look in Look}


def open_frame(content: bytes) -> Image.Image | None:
    """The grey picture in these bytes; None where they are none, or one that no camera of a gate makes."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if min(picture.size) < SMALLEST_SIDE_PX or picture.width * picture.height > LARGEST_FRAME_PX:
                return None
            # A JPEG then leaves its colours packed.
            picture.draft("L", picture.size)
            return picture.convert("L")
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, Image.DecompressionBombError):
        return None  # Pillow names a broken picture by each of these


def look(frame: Frame, how: Look) -> dict[str, str]:
    """What one look at a frame gives."""
    match frame.look(how):
        case Sighting(text, found):
            return {"kind": SeenKind.READ, "text": text, "look": found}
        case Glimpse(module_px):
            return {"kind": SeenKind.UNCLEAR if module_px >= READABLE_MODULE_PX else SeenKind.TOO_SMALL}
    return {"kind": SeenKind.NOTHING}


class Worker:
    """Answers messages, one after the other, and keeps the last frame for further looks."""

    def __init__(self) -> None:
        self._frame: Frame | None = None

    def answer(self, message: bytes) -> dict[str, str]:
        """What to say to one message."""
        if message[:1] == FRAME:
            picture = open_frame(message[1:])
            self._frame = None if picture is None else Frame(picture)
            how = Look.FIRST
        else:
            how = _LOOKS.get(message[len(AGAIN) :], Look.FIRST)
        return {"kind": SeenKind.REFUSED} if self._frame is None else look(self._frame, how)

    def serve(self, pipe: Connection) -> None:
        """Answer until the other end is gone."""
        while True:
            try:
                pipe.send_bytes(json.dumps(self.answer(pipe.recv_bytes(LARGEST_FRAME_BYTES + 1))).encode())
            except (EOFError, BrokenPipeError, ConnectionResetError):
                return


def main() -> None:
    """Started by `scanner.frames` with the number of an open socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it ends it, by closing the pipe
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    os.nice(5)  # a verdict goes before a picture
    with Connection(int(sys.argv[1])) as pipe:
        Worker().serve(pipe)


if __name__ == "__main__":
    main()
