"""The decision at a checkpoint: what was presented, what the list says, what this machine remembers, and the one rule.

The order of a scan: look at clock and list · verify the code · load the record · then, holding the journal's pen: the id
(an exact retry gets the first answer), the scans of this pass today, a second read within seconds, the rule
`admission.admit`, the row · the pen is put down with the row on the disk · the answer. Since only one process holds the
pen, of several lanes that read one pass at the same moment the second already finds the first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from accredit.credential.admission import admit, same_scan
from accredit.credential.admission_facts import Checkpoint, History, Presentation
from accredit.credential.bundle import CheckpointEntry
from accredit.credential.presence import is_inside
from accredit.credential.reasons import Direction, Reason, Source, Verdict, judge
from accredit.credential.scans import new_scan_id
from accredit.credential.split_alerts import SplitAlert
from scanner import acts, alerts, journal
from scanner.acts import Act, Deed
from scanner.cases import Case, CaseMaker, Keys, LastScan, Situation
from scanner.clock import Clock, from_ms, read_clock, rfc3339, to_ms
from scanner.journal import Entry, place_of
from scanner.next_hours import next_hour
from scanner.offers import Presented, RefuseLast, Unclear, UndoLast
from scanner.outcomes import NotReady, Outcome, Shown
from scanner.roster import Roster
from scanner.shown_lists import take_shown
from scanner.store import writing

Answered = Outcome | NotReady | Unclear
LONGEST_OPEN_MIN = 240
MOST_INSIDE = 100_000


@dataclass(frozen=True, slots=True)
class Station:
    """Where this gate stands: checkpoint, lane, the officer's number, and which way the people walk."""

    checkpoint: str
    lane: str
    officer: str
    direction: Direction


class Gate:
    """Decides and writes down. One for each process; several of one state folder share what they remember."""

    def __init__(
        self,
        roster: Roster,
        journal_file: sqlite3.Connection,
        keys: Keys,
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._roster = roster
        self._journal = journal_file
        self._keys = keys
        self._cases = CaseMaker(roster, keys)
        self._clock = clock
        self._entropy = entropy
        self._last: dict[tuple[str, str], LastScan] = {}
        self._on_paper = 0

    @property
    def on_paper(self) -> int:
        """How many scans since its start the disk has refused, so that paper alone has them."""
        return self._on_paper

    def open_names(self, roster_key: bytes | None) -> None:
        """Read names with this key from now on, or none any more; each lane's last scan stays."""
        self._keys = replace(self._keys, roster_key=roster_key)

    def checkpoints(self) -> tuple[CheckpointEntry, ...] | NotReady:
        """The checkpoints of the list in force, or why there are none."""
        glance = self._roster.glance()
        return glance if isinstance(glance, NotReady) else glance[0].head.checkpoints

    def zone(self) -> ZoneInfo:
        """The event's time zone."""
        return self._roster.zone()

    def present(self, offer: Presented, station: Station, scan_id: UUID | None = None) -> Answered:
        """Decide what was presented, and have the scan on the disk before the answer is returned.

        `scan_id` (version 7) is given by who may ask again with the same id; such a retry gets the first answer.
        Unclear asks for something else and writes nothing; NotReady says why this gate cannot decide.
        """
        return self._guarded(station, lambda now: self._present(offer, station, now, scan_id))

    def correct(self, word: UndoLast | RefuseLast, station: Station) -> Answered:
        """Take the last scan of this lane back, within a minute, or refuse it by the officer's own word."""
        return self._guarded(station, lambda now: self._correct(word, station, now))

    def take_list(self, text: str, station: Station) -> Unclear | NotReady:
        """Put a shown list of withdrawn passes in force for all lanes; the sentence says its age, or why not."""
        answer = self._guarded(station, lambda now: self._take_list(text, now))
        assert not isinstance(answer, Outcome), "a list is no scan"
        return answer

    def hold_open(self, minutes: int, station: Station) -> Unclear | NotReady:
        """Hold this checkpoint open past its hours for so long, for all lanes; 0 ends it. It ends by itself.

        The caller has asked for the supervisor's PIN.
        """
        answer = self._guarded(station, lambda now: self._hold_open(minutes, station, now))
        assert not isinstance(answer, Outcome), "an open door is no scan"
        return answer

    def set_head_count(self, count: int, station: Station) -> Unclear | NotReady:
        """Go on counting from so many people inside, as somebody has counted them."""
        answer = self._guarded(station, lambda now: self._set_head_count(count, station, now))
        assert not isinstance(answer, Outcome), "a head count is no scan"
        return answer

    def alerts(self, station: Station) -> tuple[SplitAlert, ...]:
        """Passes that this scanner and another one admitted apart, as far as this lane has not seen it."""
        held = self._roster.held()
        if held is None or not held.head.alerts:
            return ()
        told = alerts.of_this_scanner(self._roster.connection, held.head.alerts)
        return alerts.unseen(self._journal, told, station.lane)

    def saw_alert(self, alert_id: UUID, station: Station) -> None:
        """This lane has seen the alert. Raises sqlite3.Error where the disk refuses: then it is shown again."""
        alerts.mark_seen(self._journal, alert_id, station.lane, self._clock())

    def _hold_open(self, minutes: int, station: Station, now: Situation) -> Unclear:
        if not 0 <= minutes <= LONGEST_OPEN_MIN:
            return Unclear(f"A door is held open for 1 to {LONGEST_OPEN_MIN} minutes at once; 0 ends it.")
        until = now.reading.at + timedelta(minutes=minutes) if minutes else None
        value = 0 if until is None else to_ms(until)
        with writing(self._journal):
            acts.add(self._journal, _act(Deed.HELD_OPEN, station, now, value))
        if until is None:
            return Unclear(f"{now.checkpoint.key} keeps its own hours again.")
        return Unclear(f"{now.checkpoint.key} is held open until {until.astimezone(self.zone()):%H:%M}.")

    def _set_head_count(self, count: int, station: Station, now: Situation) -> Unclear:
        if not 0 <= count <= MOST_INSIDE:
            return Unclear(f"A head count is a number from 0 to {MOST_INSIDE}.")
        place = place_of(now.checkpoint.kind, now.checkpoint.key)
        with writing(self._journal):
            acts.set_head_count(self._journal, _act(Deed.HEAD_COUNT, station, now, count), place, now.day)
        return Unclear(f"{count} people are inside {now.checkpoint.key}; the counting goes on from there.")

    def _take_list(self, text: str, now: Situation) -> Unclear:
        return Unclear(take_shown(self._roster.connection, text, now.reading.at).sentence)

    def _guarded(self, station: Station, decide: Callable[[Situation], Answered]) -> Answered:
        try:
            now = self._look(station)
            return now if isinstance(now, NotReady) else decide(now)
        except sqlite3.Error as fault:
            self._on_paper += 1
            return NotReady(
                f"This could not be written to disk ({fault}), so it admits nobody. "
                f"Note it on paper, as number {self._on_paper}, and call the supervisor.",
                is_unwritten=True,
                on_paper=self._on_paper,
            )

    def _look(self, station: Station) -> Situation | NotReady:
        glance = self._roster.glance()
        if isinstance(glance, NotReady):
            return glance
        held, contact = glance
        entry = next((each for each in held.head.checkpoints if each.key == station.checkpoint), None)
        if entry is None:
            return NotReady(f"The list names no checkpoint {station.checkpoint!r} any more. Choose another one.")
        reading = read_clock(self._clock(), offset_ms=contact.offset_ms, last_server_ms=contact.server_at_ms)
        confirmed = reading.at if contact.confirmed_at_ms is None else from_ms(contact.confirmed_at_ms)
        age = max(0.0, (reading.at - confirmed).total_seconds())
        shown = held.shown_revocations
        known = age if shown is None else min(age, max(0.0, (reading.at - shown.issued_at).total_seconds()))
        day, started = self._roster.gate_day(reading.at)
        here = entry.as_checkpoint(acts.held_open_until(self._journal, entry.key))
        return Situation(reading, held, contact, here, age, known, day, to_ms(started))

    def _present(self, offer: Presented, station: Station, now: Situation, scan_id: UUID | None) -> Outcome | Unclear:
        here = station.checkpoint, station.lane
        blank = Presentation(Source.CODE, station.direction, station.lane, now.reading.at)
        case = self._cases.make(offer, blank, self._last.get(here), now)
        if isinstance(case, Unclear):
            return case
        with writing(self._journal):
            entry = self._given_before(case, now, scan_id)
            is_repeat = entry is not None
            if entry is None:
                entry = self._decided(case, station, now, scan_id or self._new_id(now))
                journal.write(self._journal, entry, now.day)
        self._last[here] = LastScan(entry, case)
        return self._outcome(entry, case, is_repeat=is_repeat)

    def _given_before(self, case: Case, now: Situation, scan_id: UUID | None) -> Entry | None:
        """The scan whose answer holds again: the one with this id, or one of the same thing, here, seconds ago."""
        first = None if scan_id is None else journal.find(self._journal, scan_id)
        if first is not None or case.supersedes is not None:
            return first
        # What was typed says less than what was read: only like repeats like.
        scans = [entry for entry in self._standing(case, now) if entry.source is case.presentation.source]
        earlier = [(entry, entry.earlier) for entry in scans]
        history = History(tuple(scan for _, scan in earlier))
        found = same_scan(history, case.presentation, now.checkpoint, now.held.head.policy)
        return next((entry for entry, scan in earlier if scan is found), None)

    def _decided(self, case: Case, station: Station, now: Situation, scan_id: UUID) -> Entry:
        superseded = case.supersedes.id if case.supersedes else None
        earlier = tuple(entry.earlier for entry in self._standing(case, now) if entry.id != superseded)
        blank = _blank_entry(case, station, now, scan_id)
        history = History(earlier, journal.inside(self._journal, blank.place, now.day))
        answer = admit(
            case.presentation,
            case.row.record if case.row else None,
            history,
            now.checkpoint,
            now.held.head.policy,
            list_age_s=now.list_age_s,
            revocations_age_s=now.revocations_age_s,
            clock_ok=now.reading.is_right,
        )
        opens_at = next_hour(answer.reason, case.presentation, now.checkpoint)
        shown = _shown(now, answer.unchecked, answer.warn, Shown.of_last(answer.last_scan), opens_at)
        counted = _counted(case, history, now.checkpoint) if answer.verdict is Verdict.ADMIT else 0
        return replace(blank, verdict=answer.verdict, reason=answer.reason, counted=counted, shown=shown)

    def _standing(self, case: Case, now: Situation) -> list[Entry]:
        return journal.standing(self._journal, case.subject, now.day_start_ms)

    def _correct(self, word: UndoLast | RefuseLast, station: Station, now: Situation) -> Outcome | Unclear:
        here = station.checkpoint, station.lane
        last = self._last.get(here)
        if last is None:
            return Unclear("There is no scan of this lane to go back to.")
        is_undo = isinstance(word, UndoLast)
        if is_undo and not last.is_just_now(now):
            return Unclear("The last scan is older than a minute and stays. Ask the supervisor.")
        reason = Reason.UNDONE if is_undo else Reason.REFUSED_BY_OFFICER
        case = replace(last.case, supersedes=last.entry, note=None)
        entry = replace(
            _blank_entry(case, station, now, self._new_id(now)),
            direction=last.entry.direction,
            verdict=judge(reason, now.checkpoint.kind, now.is_fresh).verdict,
            reason=reason,
            shown=_shown(now),
        )
        with writing(self._journal):
            journal.write(self._journal, entry, now.day)
        del self._last[here]
        if not is_undo:
            self._last[here] = LastScan(entry, case)
        return self._outcome(entry, case, is_repeat=False)

    def _outcome(self, entry: Entry, case: Case, *, is_repeat: bool) -> Outcome:
        shown = Shown.from_text(entry.shown)
        if entry.subject != case.subject:
            # The id came back with another code: the first answer, but nothing about who holds the other code.
            return Outcome(entry, shown, None, is_repeat)
        who = self._roster.who(case.presentation, case.row, self._keys.roster_key)
        return Outcome(entry, shown, who, is_repeat, case.row is not None and case.row.photo is not None)

    def _new_id(self, now: Situation) -> UUID:
        return new_scan_id(now.reading.device_at, self._entropy)


def _act(deed: Deed, station: Station, now: Situation, value: int) -> Act:
    return Act(deed, now.checkpoint.key, station.lane, station.officer, now.reading.at, value)


def _blank_entry(case: Case, station: Station, now: Situation, scan_id: UUID) -> Entry:
    """The row of a scan that is not decided yet: until it is, it refuses."""
    return Entry(
        id=scan_id,
        subject=case.subject,
        checkpoint=now.checkpoint.key,
        kind=now.checkpoint.kind,
        lane=station.lane,
        officer=station.officer,
        direction=station.direction,
        source=case.presentation.source,
        verdict=Verdict.REFUSE,
        reason=Reason.MALFORMED,
        serial=case.serial,
        kid=case.kid,
        digest=case.digest,
        sight_class=case.presentation.sight_class,
        note=case.note,
        at_ms=to_ms(now.reading.at),
        scanned_at_ms=to_ms(now.reading.device_at),
        offset_ms=now.contact.offset_ms,
        roster_number=now.held.number,
        supersedes=case.supersedes.id if case.supersedes else None,
        counted=0,
        shown="",
    )


def _shown(
    now: Situation,
    unchecked: tuple[str, ...] = (),
    warn: tuple[str, ...] = (),
    last_scan: dict[str, str] | None = None,
    opens_at: datetime | None = None,
) -> str:
    told = None if opens_at is None else rfc3339(opens_at)
    return Shown(int(now.list_age_s), now.is_fresh, now.reading.is_right, unchecked, warn, last_scan, told).to_text()


def _counted(case: Case, history: History, checkpoint: Checkpoint) -> int:
    """What an admitted person changes in the head count; who is in already takes no second place."""
    is_in = case.subject is not None and is_inside(history, checkpoint)
    if case.presentation.direction is Direction.ENTRY:
        return 0 if is_in else 1
    return -1 if is_in or case.subject is None else 0
