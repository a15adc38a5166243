"""Where lines come from: standard input, and the device file of a serial or keyboard reader.

A reader ends a code with CR, LF, both, or a tab; nothing else about it is known. Text longer than any code is cut, so
that a stuck key cannot fill the memory; the verifier refuses it as too long. What comes from a reader is told apart from
what was typed: anybody can print a code that says "sight:delegate", and only the officer may say so.
"""

from __future__ import annotations

import contextlib
import os
import select
import termios
import tty
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from scanner.offers import Offer, read_code, read_line, read_mixed

LONGEST_LINE = 4096
_ENDS = b"\r\n\t\x00"


class LineBuffer:
    """Bytes in, whole lines out; blank ones are left out. Bytes that are no UTF-8 become replacement characters."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, chunk: bytes) -> Iterator[str]:
        """The lines that are complete with these bytes."""
        for byte in chunk:
            if byte in _ENDS:
                yield from self.end()
            elif len(self._pending) < LONGEST_LINE:
                self._pending.append(byte)

    def end(self) -> Iterator[str]:
        """What is left where the input ends: an unfinished last line counts."""
        line = self._pending.decode(errors="replace").strip()
        self._pending.clear()
        if line:
            yield line


def offers_of(keyboard: int, device: int | None = None, mark: str = "", *, words: bool = False) -> Iterator[Offer]:
    """What comes in on standard input and on a reader's descriptor, as soon as each line is complete.

    With a reader, words come from the keyboard alone, and the work ends when the reader is gone; the keyboard may end
    before. Without, everything comes from the keyboard, where a reader may type as well: then only lines that begin
    with `mark` are words, and without a mark none is, unless `words` says that no reader types there.
    """
    is_typed = device is not None or mark or words
    understand: dict[int, Callable[[str], Offer]] = {
        keyboard: partial(read_line, mark=mark) if is_typed else read_mixed
    }
    if device is not None:
        understand[device] = read_code
    buffers = {handle: LineBuffer() for handle in understand}
    needed = keyboard if device is None else device
    while needed in buffers:
        for handle in select.select(list(buffers), [], [])[0]:
            chunk = _read(handle)
            lines = buffers[handle].feed(chunk) if chunk else buffers.pop(handle).end()
            yield from map(understand[handle], lines)


def open_device(path: Path) -> int:
    """A reading descriptor of a reader's device file, in raw mode where it is a terminal. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOCTTY)
    if os.isatty(handle):
        # A terminal would echo the code back to the reader and wait for ends of line of its own kind.
        with contextlib.suppress(termios.error):
            tty.setraw(handle)
    return handle


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65_536)
    except OSError:
        return b""  # the reader was unplugged: that is the end of its file
