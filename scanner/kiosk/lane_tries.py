"""How often a PIN may be tried over the network: a few times at once, then after pauses that grow, for each address."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable
from dataclasses import dataclass

FREE_TRIES = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 900.0
ALARM_AT, ALARM_WAIT_S = 100, 60.0
"""So many wrong PINs in a row from anywhere, and all addresses together have one try a minute."""

_MOST_ADDRESSES = 1000


@dataclass(slots=True)
class _Record:
    wrong: int = 0
    until: float = 0.0


class Tries:
    """The wrong PINs of each address. `seconds` is a clock that never goes back."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._records: dict[str, _Record] = {}
        self._wrong = 0
        self._until = 0.0

    @property
    def wrong(self) -> int:
        """The wrong PINs in a row, of all addresses."""
        return self._wrong

    def wait_s(self, address: str) -> int:
        """For how many seconds this address may not try; 0 where it may."""
        with self._lock:
            record = self._records.get(_house(address), _Record())
            left = max(record.until, self._until) - self._seconds()
        return 0 if left <= 0 else int(left) + 1

    def failed(self, address: str) -> int:
        """A wrong PIN from there; the seconds until the next try."""
        with self._lock:
            record = self._records.setdefault(_house(address), _Record())
            while len(self._records) > _MOST_ADDRESSES:
                self._records.pop(next(iter(self._records)))
            record.wrong += 1
            self._wrong += 1
            over = record.wrong - FREE_TRIES
            wait = 0.0 if over < 0 else min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0**over)
            record.until = self._seconds() + wait
            if self._wrong >= ALARM_AT:
                self._until = self._seconds() + ALARM_WAIT_S
                wait = max(wait, ALARM_WAIT_S)
            return int(wait)

    def succeeded(self, address: str) -> None:
        """The right PIN from there."""
        with self._lock:
            self._records.pop(_house(address), None)
            self._wrong, self._until = 0, 0.0


def _house(address: str) -> str:
    """One machine has one address of the fourth kind, and as many as it likes of the sixth: there the network counts."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
