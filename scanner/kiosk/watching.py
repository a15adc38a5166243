"""What the page shows beside the verdict, read in a thread of its own so that no verdict waits for it.

Network, list, clock and unsent scans; the numbers of the day; the last scans of a lane; photos.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accredit.credential.reasons import CheckpointKind, Direction, Reason, Verdict
from accredit.credential.sealing import open_photo, open_row
from accredit.credential.serials import short_code
from scanner import acts, alerts, journal
from scanner.clock import from_ms, read_clock, to_ms
from scanner.inside import SITE, Inside, PlaceCount, who_is_inside
from scanner.inside import names as names_of
from scanner.journal import Entry, Upload
from scanner.kiosk.labels import sight_class
from scanner.kiosk.stations import Post
from scanner.kiosk.tally import Tally
from scanner.kiosk.texts import text
from scanner.opening import OpenScanner
from scanner.outcomes import NotReady
from scanner.reason_labels import label
from scanner.replies import span
from scanner.roster import Roster
from scanner.trust_store import Contact, find_pass

LAST_SCANS = 10
# Sync asks every few seconds; without a word for so long it does not run, or cannot.
_SYNC_QUIET_MS = 30_000


class Watcher:
    """Reads the databases for the page; used in one thread only."""

    def __init__(self, scanner: OpenScanner) -> None:
        self._scanner = scanner
        self._roster = Roster(scanner.trust)
        self._tally = Tally()

    def checkpoints(self, language: str) -> list[dict[str, str]]:
        """Key and name of each checkpoint of the list in force; the scanner's own first."""
        held = self._roster.held()
        own = self._scanner.enrolled.facts.checkpoints
        entries = sorted(held.head.checkpoints, key=lambda entry: entry.key not in own) if held else []
        return [{"key": entry.key, "name": entry.name_fr if language == "fr" else entry.name_en} for entry in entries]

    def sight_classes(self, language: str) -> list[dict[str, str]]:
        """Key and name of each class by sight that the event knows, in the order of the event."""
        held = self._roster.held()
        keys = [key for entry in held.head.checkpoints for key in entry.sight_classes] if held else []
        return [{"key": key, "name": sight_class(key, language)} for key in dict.fromkeys(keys)]

    def inside(self, language: str) -> dict[str, Any]:
        """Who is inside, as counts: a row for each place, and what they rest on."""
        found = self._inside()
        if found is None:
            return {"rests_on": text("list_none", language), "places": []}
        zone, names = self._roster.zone(), {each["key"]: each["name"] for each in self.checkpoints(language)}
        rests_on = text("inside_by_this", language)
        if found.told_at is not None:
            rests_on = text("inside_by_all", language, at=f"{found.told_at.astimezone(zone):%H:%M:%S}")
        names[SITE] = text("place_site", language)
        return {"rests_on": rests_on, "places": [_place(each, names, zone) for each in found.places]}

    def names_inside(self, roster_key: bytes) -> list[str]:
        """Who is on the site, by name and organisation."""
        found = self._inside()
        if found is None:
            return []
        lines = names_of(self._roster, found.places[0].serials, roster_key)
        return [", ".join(filter(None, (line.name, line.organisation))) for line in lines]

    def _inside(self) -> Inside | None:
        glance = self._roster.glance()
        if isinstance(glance, NotReady):
            return None
        contact = glance[1]
        reading = read_clock(self._scanner.clock(), offset_ms=contact.offset_ms, last_server_ms=contact.server_at_ms)
        return who_is_inside(self._roster, self._scanner.journal, reading.at)

    def seen(self, post: Post, on_paper: int, roster_key: bytes | None) -> dict[str, Any]:
        """All that a page shows beside the verdict."""
        told = self._state(post, on_paper) | {"last": self._last_scans(post, roster_key)}
        return told | {"alerts": self._alerts(post), "held_open": self._held_open(post)}

    def _state(self, post: Post, on_paper: int) -> dict[str, Any]:
        glance = self._roster.glance()
        scans = self._scanner.journal
        told: dict[str, Any] = {
            "waiting": journal.count(scans, Upload.WAITING),
            "set_aside": journal.count(scans, Upload.SET_ASIDE),
            "on_paper": on_paper,
        }
        if isinstance(glance, NotReady):
            return told | {"off": glance.is_switched_off, "network": "bad", "list": text("list_none", post.language)}
        held, contact = glance
        now = self._scanner.clock()
        reading = read_clock(now, offset_ms=contact.offset_ms, last_server_ms=contact.server_at_ms)
        return (
            told
            | _network(contact, now, post.language)
            | _list(contact, reading.at, held.head.policy.fresh_s, post.language)
            | {"clock": _drift(contact.offset_ms, post.language), "clock_good": reading.is_right}
            | self._counted(post, reading.at)
        )

    def _last_scans(self, post: Post, roster_key: bytes | None) -> list[dict[str, Any]]:
        rows = journal.latest(self._scanner.journal, post.checkpoint, post.lane, LAST_SCANS)
        zone = self._roster.zone()
        return [
            {
                "id": str(entry.id),
                "look": _look(entry),
                "at": f"{from_ms(entry.at_ms).astimezone(zone):%H:%M:%S}",
                "label": label(entry.reason, post.language),
                "who": self._who(entry, roster_key, post.language),
            }
            for entry in rows
        ]

    def photo(self, scan_id: UUID, post: Post, roster_key: bytes) -> bytes | None:
        """The photo that goes with one of the last scans of this lane."""
        rows = journal.latest(self._scanner.journal, post.checkpoint, post.lane, LAST_SCANS)
        entry = next((each for each in rows if each.id == scan_id), None)
        held = self._roster.held()
        if entry is None or entry.serial is None or held is None:
            return None
        row = self._scanner.trust.execute("SELECT sealed FROM photos WHERE serial = ?", (entry.serial,)).fetchone()
        return None if row is None else open_photo(roster_key, held.trust.event, entry.serial, row[0])

    def _alerts(self, post: Post) -> list[dict[str, str]]:
        """Passes that were admitted apart, as far as this lane has not seen it."""
        held = self._roster.held()
        if held is None or not held.head.alerts:
            return []
        ours = alerts.of_this_scanner(self._scanner.trust, held.head.alerts)
        new = alerts.unseen(self._scanner.journal, ours, post.lane)
        zone = self._roster.zone()
        return [{"id": str(each.id), "sentence": alerts.sentence(each, post.language, zone)} for each in new]

    def _held_open(self, post: Post) -> str:
        """Until when the supervisor holds this checkpoint open, by the event's clock; empty where that is over."""
        until = acts.held_open_until(self._scanner.journal, post.checkpoint)
        if until is None or until <= self._scanner.clock():
            return ""
        return f"{until.astimezone(self._roster.zone()):%H:%M}"

    def _counted(self, post: Post, at: datetime) -> dict[str, Any]:
        held = self._roster.held()
        entry = next((each for each in held.head.checkpoints if each.key == post.checkpoint), None) if held else None
        if entry is None:
            return {}
        day, started = self._roster.gate_day(at)
        self._tally.catch_up(self._scanner.journal, day, to_ms(started))
        place = "site" if entry.kind is CheckpointKind.SITE else entry.key
        inside = journal.inside(self._scanner.journal, place, day)
        return {"today": self._tally.of(entry.key), "inside": inside, "capacity": entry.capacity}

    def _who(self, entry: Entry, roster_key: bytes | None, language: str) -> str:
        if entry.sight_class is not None:
            return sight_class(entry.sight_class, language)
        if entry.serial is None:
            return ""
        return self._name(entry.serial, roster_key) or short_code(entry.serial)

    def _name(self, serial: bytes, roster_key: bytes | None) -> str | None:
        held, row = self._roster.held(), find_pass(self._scanner.trust, serial)
        if roster_key is None or held is None or row is None or row.sealed is None:
            return None
        line = open_row(roster_key, held.trust.event, serial, row.sealed)
        return None if line is None else line.name


@contextmanager
def watching(opening: AbstractContextManager[OpenScanner]) -> Iterator[Watcher]:
    """Opens the scanner's folder, in the thread that enters."""
    with opening as scanner:
        yield Watcher(scanner)


def _place(place: PlaceCount, names: dict[str, str], zone: ZoneInfo) -> list[str | int | None]:
    """One row: name, in, out, unknown, without a pass, and the head count of today with its time."""
    counted = place.counted
    said = None if counted is None else f"{counted.value} ({counted.at.astimezone(zone):%H:%M})"
    return [names.get(place.place, place.place), place.inside, place.out, place.unknown, place.unnamed, said]


def _look(entry: Entry) -> str:
    if entry.reason is Reason.UNDONE:
        return "undone"
    is_out = entry.direction is Direction.EXIT and entry.verdict is Verdict.ADMIT
    return "out" if is_out else entry.verdict.value


def _network(contact: Contact, now: datetime, language: str) -> dict[str, Any]:
    quiet = contact.synced_at_ms is None or abs(to_ms(now) - contact.synced_at_ms) > _SYNC_QUIET_MS
    if contact.trouble is not None:
        since = (
            "" if contact.synced_at_ms is None else f" · {span((to_ms(now) - contact.synced_at_ms) / 1000, language)}"
        )
        return {"network": "bad", "network_says": text("network_bad", language) + since}
    if quiet:
        return {"network": "bad", "network_says": text("network_none", language)}
    return {"network": "good", "network_says": text("network_good", language)}


def _list(contact: Contact, at: datetime, fresh_s: int, language: str) -> dict[str, Any]:
    if contact.confirmed_at_ms is None:
        return {}
    age = max(0.0, (to_ms(at) - contact.confirmed_at_ms) / 1000)
    return {"list": span(age, language), "list_good": age <= fresh_s}


def _drift(offset_ms: int | None, language: str) -> str:
    return text("clock_unknown", language) if offset_ms is None else f"{round(offset_ms / 1000, 1) or 0.0:+.1f} s"
