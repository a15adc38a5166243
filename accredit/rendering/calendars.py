"""The meetings that somebody may enter, as a calendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar
from icalendar import Event as Entry

from accredit.domain.events import Event, Meeting
from accredit.rendering.mails.catalog import Tongue

MEDIA_TYPE = "text/calendar"
FILE_NAME = "meetings.ics"


def calendar_file(event: Event, meetings: Sequence[Meeting], language: str, *, now: datetime) -> bytes:
    """One entry a meeting, in UTC. A second file moves the entries of the first: their ids are those of the meetings."""
    tongue, made = Tongue(language), Calendar()
    made.add("prodid", "-//accredit//meetings//")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for meeting in meetings:
        entry = Entry()
        entry.add("uid", f"{meeting.key}.{event.key}@accredit")
        entry.add("dtstamp", now.astimezone(UTC))
        entry.add("dtstart", meeting.starts_at.astimezone(UTC))
        entry.add("dtend", meeting.ends_at.astimezone(UTC))
        entry.add("summary", f"{tongue.of(event.title)}: {tongue.of(meeting.name)}")
        entry.add("location", f"{meeting.room}, {tongue.of(event.place)}")
        made.add_component(entry)
    return bytes(made.to_ical())


def meetings_opened(event: Event, grants: Sequence[str]) -> tuple[Meeting, ...]:
    """The meetings that these grants open, in the order of time."""
    return tuple(sorted((one for one in event.meetings if one.grant in grants), key=lambda one: one.starts_at))
