"""How templates show things: times in the event's zone, codes as words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from accredit.web.parts import parts


def set_up(app: Flask) -> None:
    """Gives every template its filters and the marks of the installation."""
    app.add_template_filter(local_time, "local_time")
    app.add_template_filter(words, "words")
    app.context_processor(lambda: {"is_demo": parts().is_demo, "now": parts().clock()})


def local_time(moment: datetime | None, zone: ZoneInfo, pattern: str = "%d %b %Y, %H:%M") -> str:
    """A moment as people at the place read it."""
    return moment.astimezone(zone).strftime(pattern) if moment is not None else "–"


def words(code: str) -> str:
    """A code as words: late_by_less_than_a_day becomes Late by less than a day."""
    return str(code).replace("_", " ").replace("-", " ").capitalize()
