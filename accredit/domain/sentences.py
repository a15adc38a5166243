"""Sentences with values in them that read in English as they are, and can be told in another language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accredit.domain.events import Hours


class Told(str):
    """A sentence for commands and programs; `pattern` and `values` are what a page translates it by.

    The pattern has named places, %(state)s; a value is a text, a moment in the zone of the place, or hours of a desk.
    """

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, **values: object) -> Told:
        """The sentence in English."""
        told = super().__new__(cls, pattern % {name: _english(value) for name, value in values.items()})
        told.pattern, told.values = pattern, values
        return told


def _english(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%d %B at %H:%M}"
    if isinstance(value, tuple):
        return ", ".join(map(_english, value))
    if isinstance(value, Hours):
        return f"{value.opens_at:%d %B %H:%M} to {value.closes_at:%H:%M}"
    return str(value)
