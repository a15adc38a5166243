"""When an event is over, and which day is told as its last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from factories.events import make_event

EVENT = make_event()


def test_an_event_is_over_from_the_instant_at_which_its_passes_end() -> None:
    """Until just before it, it is not."""
    assert not EVENT.is_over(EVENT.valid_until - timedelta.resolution)
    assert EVENT.is_over(EVENT.valid_until)


def test_the_last_day_is_that_of_the_last_meeting() -> None:
    """In the time of the place; a meeting that ends at midnight belongs to the day before."""
    assert EVENT.last_day == date(2017, 10, 13)
    night = replace(EVENT.meetings[0], ends_at=datetime(2017, 10, 14, tzinfo=EVENT.zone))
    assert replace(EVENT, meetings=(night,)).last_day == date(2017, 10, 13)


def test_without_meetings_it_is_the_day_on_which_the_passes_end() -> None:
    """An event may have a gate alone."""
    assert replace(EVENT, meetings=()).last_day == date(2017, 10, 13)
