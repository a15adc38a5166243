"""The list as the gate reads it: what is in force, how old it is, and who somebody is where the officer may know.

The trust for the verifier is loaded once a number of the list or of its revocations; a look at both and at the last
contact is one small query.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accredit.credential.admission_facts import Presentation
from accredit.credential.presence import day_began
from accredit.credential.reasons import Reason
from accredit.credential.sealing import RosterLine, open_row
from scanner.outcomes import NotReady
from scanner.trust_store import Contact, Held, PassRow, load_held

# Claims that a stranger may have written, or that speak of another event, name nobody here.
_NOT_BELIEVED = frozenset({Reason.KEY_COMPROMISED, Reason.WRONG_EVENT, Reason.WRONG_CATEGORY})
_GLANCE = (
    "SELECT standing.number, standing.listed, confirmed_at_ms, server_at_ms, synced_at_ms, offset_ms, trouble, switched_off_at_ms"
    " FROM contact LEFT JOIN standing ON standing.one = 1 LEFT JOIN enrolment ON enrolment.one = 1"
)


class Roster:
    """The list in force, read through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._held: Held | None = None
        self._loaded: tuple[int, int] | None = None

    def held(self) -> Held | None:
        """The list in force, or None before the first bundle."""
        glance = self.glance()
        return None if isinstance(glance, NotReady) else glance[0]

    def glance(self) -> tuple[Held, Contact] | NotReady:
        """The list in force and the last contact, or why nothing can be decided."""
        number, listed, *contact, switched_off = self.connection.execute(_GLANCE).fetchone()
        if switched_off is not None:
            return NotReady(
                "The server has switched this scanner off. It has forgotten its list and decides nothing any more. "
                "Take another scanner.",
                is_switched_off=True,
            )
        if number is None:
            return NotReady('There is no list yet. Run "accredit-scanner sync" first.')
        if self._held is None or self._loaded != (number, listed):
            self._held, self._loaded = load_held(self.connection), (number, listed)
        assert self._held is not None, "a list that has a number can be loaded"
        return self._held, Contact(*contact)

    def gate_day(self, at: datetime) -> tuple[str, datetime]:
        """The day of presence that `at` belongs to, by the event's own clock, and when it began."""
        started = day_began(at, self.zone())
        return started.date().isoformat(), started

    def who(self, presentation: Presentation, row: PassRow | None, roster_key: bytes | None) -> RosterLine | None:
        """Name and organisation: the sealed line where the PIN was given, else the name that was signed."""
        claims = presentation.claims
        signed = claims.name if claims is not None and presentation.rejection not in _NOT_BELIEVED else None
        serial = presentation.serial if claims is None else claims.serial
        line = None
        if roster_key is not None and row is not None and row.sealed is not None and serial is not None:
            assert self._held is not None, "a row comes from a list"
            line = open_row(roster_key, self._held.trust.event, serial, row.sealed)
        if line is None or signed is None:
            return line if signed is None else RosterLine(signed)
        return replace(line, name=signed)

    def zone(self) -> ZoneInfo:
        """The event's time zone."""
        try:
            return ZoneInfo(self._held.head.time_zone if self._held else "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")  # a gate goes on with the wrong midnight rather than not at all
