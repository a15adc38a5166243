"""Points in time as the signed forms write them: whole seconds since 1970 UTC, at most four bytes (until 2106)."""

from __future__ import annotations

from datetime import UTC, datetime

_LAST_SECOND = 0xFFFF_FFFF


def whole_second(moment: datetime) -> datetime:
    """`moment` in UTC, cut to the second. Raises ValueError if it carries no zone or lies outside 1970 to 2106."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    cut = moment.astimezone(UTC).replace(microsecond=0)
    to_seconds(cut)
    return cut


def to_seconds(moment: datetime) -> int:
    """Seconds since 1970 UTC, cut. Raises ValueError outside 1970 to 2106."""
    seconds = int(moment.timestamp())
    if not 0 <= seconds <= _LAST_SECOND:
        raise ValueError("a time outside 1970 to 2106")
    return seconds


def from_seconds(seconds: object) -> datetime:
    """The aware UTC time of a decoded number. Raises ValueError for anything but an integer between 1970 and 2106."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= _LAST_SECOND:
        raise ValueError("not a time")
    return datetime.fromtimestamp(seconds, UTC)
