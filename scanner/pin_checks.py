"""Before the supervisor's word counts at a lane on the command line: the PIN.

On a terminal it is asked for, and not shown. A program that writes lines into `check` gives it at the start, as for names
(--pin-file, ACCREDIT_SCANNER_PIN), or with the word that takes one (open:30 PIN).
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass

_WRONG = "The PIN is wrong. Nothing was done."
_WAS_SHOWN = (
    "Nothing was done: what is typed here can be seen. Type the word without the PIN; it is asked for, and not shown."
)
_NEEDED = (
    "The supervisor's PIN is needed: on a terminal it is asked for, else start check with --pin-file or "
    "ACCREDIT_SCANNER_PIN. Nothing was done."
)


def _never(_pin: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class PinChecks:
    """`holds`: whether this is the PIN; each guess takes a while. `ask`: asks on the terminal, None where there is none.

    `is_given`: whoever started this lane has given the PIN.
    """

    holds: Callable[[str], bool] = _never
    ask: Callable[[], str] | None = None
    is_given: bool = False

    def refusal(self, typed: str = "") -> str | None:
        """Why the supervisor's word, with the PIN that was typed beside it, is not taken; None where it is."""
        if self.ask is not None:
            if typed:
                return _WAS_SHOWN
            return None if self.holds(self.ask()) else _WRONG
        if typed:
            return None if self.holds(typed) else _WRONG
        return None if self.is_given else _NEEDED


def ask_on_terminal() -> str:
    """The PIN as the supervisor types it, unseen; empty where he thinks better of it."""
    try:
        return getpass.getpass("Supervisor's PIN: ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""
