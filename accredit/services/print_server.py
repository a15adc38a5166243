"""The print server, by its own command `lp` (CUPS): one file to one queue.

No shell, no environment but the path, no name of a person in the title. What the command says is kept short and in plain
characters. Whether paper came out, it cannot know; and where it did not end by itself, it is not known either whether it
took the file.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LONGEST_WAIT_S = 30.0
_LONGEST_CAUSE = 200
_QUEUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,126}")
_REQUEST = re.compile(r"\b([A-Za-z0-9][A-Za-z0-9_.-]*-\d+)\b")


@dataclass(frozen=True, slots=True)
class Taken:
    """The print server has the file; `request` is its name for it, empty where it told none."""

    request: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It has not, for this cause; `unsure`: it may have."""

    cause: str
    unsure: bool = False


def is_installed() -> bool:
    """Whether the command is here; without it, every print fails with that cause."""
    return shutil.which("lp") is not None


def is_queue(name: str) -> bool:
    """Whether this can be the name of a queue: letters, digits, dot, dash and underline."""
    return _QUEUE.fullmatch(name) is not None


def send(queue: str, file: Path, title: str, *, wait_s: float = LONGEST_WAIT_S) -> Taken | NotTaken:
    """Hands `file` to the queue and waits for the command, at most `wait_s` seconds."""
    if not is_queue(queue):
        return NotTaken(f"“{_plain(queue)}” cannot be the name of a queue; correct the printer")
    command = ["lp", "-d", queue, "-t", title, "-o", "fit-to-page=false", "--", str(file.resolve())]
    try:
        lp = subprocess.Popen(  # noqa: S603 - no shell; the queue's name is checked, the rest is ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            start_new_session=True,
        )
    except FileNotFoundError:
        return NotTaken("the command lp is not installed; install the package cups-client")
    except OSError as fault:
        return NotTaken(f"the command lp cannot be run: {(fault.strerror or '').lower()}")
    try:
        told, complained = lp.communicate(timeout=wait_s)
    except subprocess.TimeoutExpired:
        _stop(lp)
        return NotTaken(f"the print server did not answer within {wait_s:g} seconds", unsure=True)
    return _judged(lp.returncode, told, complained)


def _judged(code: int, told: bytes, complained: bytes) -> Taken | NotTaken:
    if code == 0:
        found = _REQUEST.search(told.decode("utf-8", "replace"))
        return Taken(found[1] if found else "")
    if code < 0:
        return NotTaken(f"lp was ended by the signal {-code}", unsure=True)
    cause = _plain(complained.decode("utf-8", "replace")) or f"lp ended with {code} and no word"
    return NotTaken(f"the print server refused: {cause}")


def _stop(lp: subprocess.Popen[bytes]) -> None:
    """Ends the command with all that it started; it has its own group for that."""
    with suppress(ProcessLookupError):
        os.killpg(lp.pid, signal.SIGKILL)
    lp.communicate()


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST_CAUSE]
