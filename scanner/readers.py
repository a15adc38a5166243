"""Where codes come from: lines on standard input, or a device file of a serial or keyboard reader.

A reader ends a code with CR, LF, both, or a tab; nothing else about it is known. Text longer than any code is cut, so
that a stuck key cannot fill the memory; the verifier refuses it as too long.
"""

from __future__ import annotations

import contextlib
import os
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

LONGEST_LINE = 4096
_ENDS = b"\r\n\t\x00"


def lines_of(handle: int) -> Iterator[str]:
    """The lines that come in on a file descriptor, as soon as each is complete; blank ones are left out.

    Bytes that are no UTF-8 become replacement characters: what carries them is no code. Ends with the file; an
    unfinished last line counts.
    """
    pending = bytearray()
    while chunk := _read(handle):
        for byte in chunk:
            if byte in _ENDS:
                yield from _text(pending)
                pending.clear()
            elif len(pending) < LONGEST_LINE:
                pending.append(byte)
    yield from _text(pending)


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


def _text(raw: bytearray) -> Iterator[str]:
    line = raw.decode(errors="replace").strip()
    if line:
        yield line
