"""Sentences with values in them that read in English as they are, and can be told in another language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

from accredit.domain.events import Hours


class Code(str):
    """A code of the house in a sentence; pages have words for it."""

    __slots__ = ()


class Told(str):
    """A sentence for commands and programs; `pattern` and `values` are what a page translates it by.

    The pattern has named places, %(state)s; a value is a text, a number, a code, a day, a moment in the zone of the place, a
    span of time, hours of a desk, or another sentence.
    """

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, **values: object) -> Told:
        """The sentence in English."""
        told = super().__new__(cls, pattern % {name: _english(value) for name, value in values.items()})
        told.pattern, told.values = pattern, values
        return told

    def __reduce__(self) -> tuple[Any, ...]:
        """By its pattern: made from its English, a percent sign in a value would be taken for a place."""
        return _made, (self.pattern, dict(self.values))


def joined(sentences: Sequence[str]) -> str:
    """Several as one, parted by semicolons."""
    return reduce(lambda more, one: Told("%(one)s; %(more)s", one=one, more=more), reversed(sentences))


def _made(pattern: str, values: Mapping[str, object]) -> Told:
    return Told(pattern, **values)


def _english(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%d %B at %H:%M}"
    if isinstance(value, date):
        return f"{value:%d %B %Y}"
    if isinstance(value, tuple):
        return ", ".join(map(_english, value))
    if isinstance(value, Hours):
        return f"{value.opens_at:%d %B %H:%M} to {value.closes_at:%H:%M}"
    return str(value)


def as_data(value: object) -> Any:
    """A sentence, or a value of one, as JSON holds it: a sentence with its pattern and its values."""
    match value:
        case Told():
            return {"pattern": value.pattern, "values": {name: as_data(one) for name, one in value.values.items()}}
        case Code():
            return {"code": str(value)}
        case date():
            return {"day": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
        case str() | int():
            return value
        case _:
            raise TypeError(f"a sentence that is kept cannot hold {type(value).__name__}")


def of_data(data: Any) -> Any:
    """The sentence or value that `as_data` made this of."""
    match data:
        case {"pattern": pattern, "values": values}:
            return Told(pattern, **{name: of_data(one) for name, one in values.items()})
        case {"code": code}:
            return Code(code)
        case {"day": day}:
            return date.fromisoformat(day)
        case {"seconds": seconds}:
            return timedelta(seconds=seconds)
        case _:
            return data
