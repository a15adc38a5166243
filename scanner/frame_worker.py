"""The decoder's own process: one frame at a time from a pipe, looked at as often as the other end asks.

What comes in: `F` and the bytes of a picture, or `A` for one more look at the same picture. What goes out, each time, is
JSON: {"kind": ..., "text": ...}. Pictures come from browsers: they are opened for their size alone before they
are unpacked, and this process may use so much memory and no more.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection

from PIL import Image

from scanner.decoding import Glimpse, Sighting, looks
from scanner.frames import AGAIN, FRAME, LARGEST_FRAME_BYTES, LARGEST_FRAME_PX, SMALLEST_SIDE_PX, SeenKind

READABLE_MODULE_PX = 3.5
"""From so many pixels a module on, what keeps a code from being read is focus, light or motion: not its distance."""

_MEMORY_BYTES = 1 << 30
_FORMATS = ("JPEG", "PNG")


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


def look_again(seen: Iterator[Sighting | Glimpse | None]) -> dict[str, str]:
    """The answer to the next look at a picture: `over` after the last one."""
    match next(seen, SeenKind.OVER):
        case Sighting(text, look):
            return {"kind": SeenKind.READ, "text": text, "look": look}
        case Glimpse(module_px):
            return {"kind": SeenKind.UNCLEAR if module_px >= READABLE_MODULE_PX else SeenKind.TOO_SMALL}
        case None:
            return {"kind": SeenKind.NOTHING}
    return {"kind": SeenKind.OVER}


def answer(
    message: bytes, seen: Iterator[Sighting | Glimpse | None]
) -> tuple[dict[str, str], Iterator[Sighting | Glimpse | None]]:
    """What to say to one message, and the looks that are left of the picture at hand."""
    if message[:1] == AGAIN:
        return look_again(seen), seen
    picture = open_frame(message[1:]) if message[:1] == FRAME else None
    if picture is None:
        return {"kind": SeenKind.REFUSED}, iter(())
    seen = looks(picture)
    return look_again(seen), seen


def serve(pipe: Connection) -> None:
    """Answer until the other end is gone."""
    seen: Iterator[Sighting | Glimpse | None] = iter(())
    while True:
        try:
            told, seen = answer(pipe.recv_bytes(LARGEST_FRAME_BYTES + 1), seen)
            pipe.send_bytes(json.dumps(told).encode())
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def main() -> None:
    """Started by `scanner.frames` with the number of an open socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it ends it, by closing the pipe
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    os.nice(5)  # a verdict goes before a picture
    with Connection(int(sys.argv[1])) as pipe:
        serve(pipe)


if __name__ == "__main__":
    main()
