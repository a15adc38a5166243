"""What time it is: the system's clock, or the demonstration's; and what a scanner makes of it once it heard the server's.

The time of a decision is the device's own, less what it was off at the last sync, and never before the last server
time that was heard. A clock that is off by more than a code's tolerance is said to be wrong; nobody is refused for it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from accredit.credential.keysets import SKEW

Clock = Callable[[], datetime]

DEMO_CLOCK_VARIABLE = "ACCREDIT_DEMO_CLOCK"
DEMO_MARK = "demo"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ClockRefused:
    """Why this process has no clock to go by."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the clock: the device's own time, the best estimate of the true one, and whether it may be believed."""

    device_at: datetime
    at: datetime
    is_right: bool


def system_clock() -> datetime:
    """The aware UTC time of this machine."""
    return datetime.now(UTC)


def choose_clock(environment: Mapping[str, str], state: Path) -> Clock | ClockRefused:
    """The system's clock; in a state folder marked demo, the demonstration's where ACCREDIT_DEMO_CLOCK names its file."""
    named = environment.get(DEMO_CLOCK_VARIABLE, "")
    if not named:
        return system_clock
    if not (state / DEMO_MARK).exists():
        return ClockRefused(
            f"{DEMO_CLOCK_VARIABLE} is set, but {state} is not the folder of a demonstration. "
            f"Unset the variable: no setting moves the time of a real scanner."
        )
    clock = file_clock(Path(named))
    try:
        clock()
    except (OSError, ValueError):
        return ClockRefused(
            f"{DEMO_CLOCK_VARIABLE}: {named} is not the clock file of a demonstration "
            f'(JSON with "shows" and "set_at"). Name the right file or unset the variable.'
        )
    return clock


def file_clock(path: Path) -> Clock:
    """A clock that showed `shows` (RFC 3339) at `set_at` (seconds since 1970) and has gone on since.

    The first reading raises OSError or ValueError where the file is none; later ones then keep the last setting, since
    the file may be read while it is written.
    """
    setting: list[tuple[datetime, float]] = []

    def now() -> datetime:
        try:
            setting[:] = [_setting(path.read_bytes())]
        except (OSError, ValueError):
            if not setting:
                raise
        shows, set_at = setting[0]
        return shows + timedelta(seconds=time.time() - set_at)

    return now


def _setting(content: bytes) -> tuple[datetime, float]:
    match json.loads(content):
        case {"shows": str() as shows, "set_at": int() | float() as set_at}:
            return aware(shows), float(set_at)
    raise ValueError("no clock file")


def aware(text: str) -> datetime:
    """The UTC time in an RFC 3339 text. Raises ValueError for another text, or one without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)


def read_clock(now: datetime, *, offset_ms: int | None, last_server_ms: int | None) -> Reading:
    """What the device's time `now` is worth after a sync that found it `offset_ms` ahead of the server's.

    `last_server_ms` is the last server time heard, the lower bound: a clock before it was set back meanwhile.
    """
    at = now - timedelta(milliseconds=offset_ms or 0)
    floor = at if last_server_ms is None else from_ms(last_server_ms)
    is_right = abs(timedelta(milliseconds=offset_ms or 0)) <= SKEW and at >= floor - SKEW
    return Reading(now, max(at, floor), is_right)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC, cut."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC time of so many milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def rfc3339(moment: datetime) -> str:
    """UTC with milliseconds, as on the wire."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
