"""Readers on a serial line: each has a thread that feeds the same gate as the page, and shows the verdict there.

A reader that is unplugged is waited for and opened again; the page says so meanwhile. What a reader reads is a code,
whatever it says, never a word of the officer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import serial

from scanner.readers import LineBuffer

_BAUD = 115_200  # USB readers do not care; those on a real line are set to their own fastest
_LOOK_S = 0.25
_AGAIN_S = 1.0


class SerialReader:
    """One reader. `read` gets every line, `trouble` the device's name when it cannot be read, once each time."""

    def __init__(self, device: Path, read: Callable[[str], None], trouble: Callable[[str], None]) -> None:
        self._device = device
        self._read = read
        self._trouble = trouble
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"reader {device.name}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """Stop reading, and give the device back."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        is_told = False
        while not self._stop.is_set():
            try:
                with serial.Serial(str(self._device), _BAUD, timeout=_LOOK_S) as line:
                    is_told = False
                    self._listen(line)
            except (serial.SerialException, OSError):
                if not is_told:
                    self._trouble(str(self._device))
                is_told = True
                self._stop.wait(_AGAIN_S)

    def _listen(self, line: Any) -> None:
        buffer = LineBuffer()
        while not self._stop.is_set():
            for text in buffer.feed(line.read(max(1, line.in_waiting))):
                self._read(text)
