"""How templates show things: times in the event's zone, codes and keys as words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask

from accredit.domain.events import Event
from accredit.web.parts import parts

_WORDS = {
    "assessed": "Waiting for a reviewer",
    "admit": "Let in",
    "ask": "Looked at by the officer",
    "refuse": "Sent on",
    "confirmation_not_pass": "Confirmation instead of a pass",
    "no_grant": "Not for this place",
    "read_elsewhere": "Read at another lane",
    "by_sight": "By sight",
}


def set_up(app: Flask) -> None:
    """Gives every template its filters and the marks of the installation."""
    app.add_template_filter(local_time, "local_time")
    app.add_template_filter(day, "day")
    app.add_template_filter(words, "words")
    app.add_template_filter(category_name, "category_name")
    app.add_template_filter(checkpoint_name, "checkpoint_name")
    app.context_processor(lambda: {"is_demo": parts().is_demo, "now": parts().clock()})


def local_time(moment: datetime | None, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """A moment as people at the place read it: 4 September 2017, 23:59."""
    if moment is None:
        return "–"
    there = moment.astimezone(zone)
    return f"{day(there)}, {there:%H:%M:%S}" if seconds else f"{day(there)}, {there:%H:%M}"


def day(on: date) -> str:
    """4 September 2017."""
    return f"{on.day} {on:%B %Y}"


def words(code: str) -> str:
    """A code as words: late_by_less_than_a_day becomes Late by less than a day."""
    return _WORDS.get(str(code)) or str(code).replace("_", " ").replace("-", " ").capitalize()


def category_name(key: str, event: Event) -> str:
    """A category as the event names it."""
    found = event.category(key)
    return found.name.en if found is not None else words(key)


def checkpoint_name(key: str, event: Event) -> str:
    """A checkpoint as the event names it."""
    found = event.checkpoint(key)
    return found.name.en if found is not None else words(key)
