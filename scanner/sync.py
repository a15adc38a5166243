"""Sync, a process of its own: hands in scans, fetches the list and the photos, and compares the clocks.

One round: the waiting scans in signed batches, marked one by one as the server confirms them · the bundle newer than the
held number, verified and applied at once · some of the missing photos. A failure ends the round, and the gate goes on
deciding; when the next one comes is told in `pacing`. One line is said for an event, none for an empty round.
"""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID

from accredit.credential.bundle import Fit
from accredit.credential.claims import Rejected
from accredit.credential.device_keys import DeviceKey
from accredit.credential.keysets import SKEW
from accredit.credential.scans import MAX_RECORDS, encode_batch, encode_record
from scanner import all_gates, journal
from scanner.clock import to_ms
from scanner.enrolment import forget
from scanner.journal import Entry, Settled, Upload
from scanner.opening import OpenScanner
from scanner.pacing import Pace, pause
from scanner.sealing import Entropy
from scanner.server import CLIENT, SWITCHED_OFF, Answer, Failure, Problem, Server, Unreachable, Uploaded
from scanner.store import writing
from scanner.trust_store import (
    Contact,
    Received,
    counts,
    held_number,
    load_contact,
    missing_photos,
    receive,
    save_contact,
    save_photo,
)

PHOTOS_A_ROUND = 40
_PHOTOS_AHEAD = 1_000  # to look for them walks over the whole list
COUNT_EVERY = timedelta(minutes=1)
# A reply that took longer says too little about the other clock.
_LONGEST_MEASURE = timedelta(seconds=5)


class Round(StrEnum):
    """How a round ended."""

    DONE = "done"
    FAILED = "failed"
    SWITCHED_OFF = "switched_off"


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a round ended early; `asked_s` are the seconds for which the service asked to be left alone."""

    sentence: str
    is_switched_off: bool = False
    is_cut_off: bool = False
    asked_s: float = 0.0


class Sync:
    """Keeps one state folder and the service in step."""

    def __init__(
        self,
        scanner: OpenScanner,
        server: Server,
        *,
        entropy: Entropy,
        say: Callable[[str], None],
        photos: int = PHOTOS_A_ROUND,
        after_round: Callable[[], None] | None = None,
    ) -> None:
        self._trust = scanner.trust
        self._journal = scanner.journal
        self._facts = scanner.enrolled.facts
        self._device = DeviceKey.from_bytes(scanner.secrets.device_key)
        self._device_secret = scanner.device_secret
        self._clock = scanner.clock
        self._server = server
        self._entropy = entropy
        self._say = say
        self._batch = MAX_RECORDS
        self._photos_a_round = photos
        self._after_round = after_round
        self._pace = Pace()
        self._counted_at: datetime | None = None
        self._may_lack_photos = True
        self._wanted: list[tuple[bytes, bytes]] = []
        self._refused_photos: set[tuple[bytes, bytes]] = set()

    def run(self, stop: threading.Event, *, every_s: float, jitter: Callable[[], float] = random.random) -> Round:
        """Rounds until `stop` is set or the server switches this scanner off."""
        while not stop.is_set():
            ended = self.round()
            if ended is Round.SWITCHED_OFF:
                return ended
            stop.wait(pause(every_s, self._pace, jitter()))
        return Round.DONE

    def round(self) -> Round:
        """Everything once: scans up, list down, some photos."""
        ended = self._round()
        if self._after_round is not None:
            self._after_round()
        return ended

    def _round(self) -> Round:
        try:
            trouble = self._upload() or self._poll() or self._count_all_gates()
            trouble = trouble or self._fetch_photos(self._photos_a_round)
            if trouble is not None and trouble.is_switched_off:
                forget(self._trust, self._device_secret, self._entropy, self._clock())
                self._say(f"{trouble.sentence} This scanner has forgotten its list, its photos and its keys.")
                return Round.SWITCHED_OFF
            self._pace = Pace() if trouble is None else self._slower(trouble)
            self._note_trouble(None if trouble is None else trouble.sentence)
            # The gate leaves this to us, so that no scan waits for it.
            self._journal.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error as fault:
            self._pace = self._pace.after(cut_off=False, asked_s=0)
            self._say(f"The disk refuses ({fault}). Scans are kept where they are; free some space.")
            return Round.FAILED
        return Round.DONE if trouble is None else Round.FAILED

    def _slower(self, trouble: _Trouble) -> Pace:
        return self._pace.after(cut_off=trouble.is_cut_off, asked_s=trouble.asked_s)

    def _upload(self) -> _Trouble | None:
        total: dict[Upload, int] = {}
        trouble = None
        while trouble is None and (entries := journal.waiting(self._journal, self._batch)):
            readable = self._without_unreadable(entries)
            if not readable:
                continue
            answer = self._server.upload(self._signed(readable))
            if isinstance(answer, Uploaded):
                trouble = self._settle(answer, readable, total)
                self._batch = min(MAX_RECORDS, self._batch * 2)
            elif isinstance(answer, Problem) and answer.status == 413 and self._batch > 1:
                self._batch = max(1, len(readable) // 2)
            else:
                trouble = _trouble(answer)
        if total:
            self._say(
                f"Handed in {sum(total.values())} scans: {', '.join(f'{n} {u.value}' for u, n in total.items())}."
            )
        return trouble

    def _without_unreadable(self, entries: list[Entry]) -> list[Entry]:
        """The scans that can be sent; one that cannot is set aside and shown, so that it holds up no other."""
        broken = []
        for entry in entries:
            try:
                encode_record(entry.record)
            except ValueError as fault:
                broken.append(Settled(entry.id, Upload.SET_ASIDE, f"on this machine: {fault}"))
        if broken:
            with writing(self._journal):
                journal.settle(self._journal, broken, self._clock())
            self._say(f"{len(broken)} scans cannot be sent and were set aside. See accredit-scanner status.")
        gone = {each.id for each in broken}
        return [entry for entry in entries if entry.id not in gone]

    def _signed(self, entries: list[Entry]) -> bytes:
        left = journal.count(self._journal, Upload.WAITING) - len(entries)
        payload = encode_batch(
            [entry.record for entry in entries],
            device_id=UUID(self._facts.device_id),
            sent_at=self._clock(),
            client=CLIENT,
            waiting=max(0, left),
        )
        return self._device.sign_batch(payload)

    def _settle(self, answer: Uploaded, sent: list[Entry], total: dict[Upload, int]) -> _Trouble | None:
        ours = {entry.id for entry in sent}
        settled = [each for each in answer.settled if each.id in ours]
        with writing(self._journal):
            marked = journal.settle(self._journal, settled, self._clock())
        for each in settled:
            total[each.upload] = total.get(each.upload, 0) + 1
            if each.upload is Upload.SET_ASIDE:
                self._say(f"The server set scan {each.id} aside: {each.cause or 'no cause told'}.")
        return None if marked else _Trouble("The server confirmed none of the scans; they will be sent again.")

    def _poll(self) -> _Trouble | None:
        held = held_number(self._trust)
        answer = self._ask_for_bundle(held or 0)
        if not isinstance(answer, Answer):
            return _trouble(answer)
        if answer.status == 204:
            return None if held else _Trouble("The server has no list for scanners yet. Prepare the event there first.")
        received = receive(self._trust, answer.body, self._facts)
        if isinstance(received, Received) and received.fit is Fit.NEEDS_FULL:
            answer = self._ask_for_bundle(0)
            if not isinstance(answer, Answer):
                return _trouble(answer)
            received = receive(self._trust, answer.body, self._facts)
        if isinstance(received, Rejected):
            return _Trouble(f"The server's list was not taken ({received.reason.value}): {received.detail}.")
        if received.fit is Fit.NEEDS_FULL:
            return _Trouble("The server answers with changes where a full list was asked for.")
        save_contact(self._trust, self._confirmed(load_contact(self._trust), answer))
        self._announce(received)
        return None

    def _ask_for_bundle(self, since: int) -> Answer | Failure:
        asked_at = self._clock()
        answer = self._server.bundle(since)
        if isinstance(answer, Answer):
            self._heard(answer, asked_at, self._clock())
        return answer

    def _heard(self, answer: Answer, asked_at: datetime, answered_at: datetime) -> None:
        """Keep both clocks; an empty answer also says that the held list is the newest."""
        known = load_contact(self._trust)
        took, offset = answered_at - asked_at, known.offset_ms
        if answer.server_at is not None and timedelta(0) <= took <= _LONGEST_MEASURE:
            offset = to_ms(asked_at + took / 2) - to_ms(answer.server_at)
        self._say_drift(known.offset_ms, offset)
        contact = replace(
            known,
            offset_ms=offset,
            server_at_ms=known.server_at_ms if answer.server_at is None else to_ms(answer.server_at),
            synced_at_ms=to_ms(answered_at),
        )
        save_contact(self._trust, self._confirmed(contact, answer) if answer.status == 204 else contact)

    def _confirmed(self, contact: Contact, answer: Answer) -> Contact:
        """The held list is the newest as of now, by the server's clock."""
        guessed = to_ms(self._clock()) - (contact.offset_ms or 0)
        return replace(contact, confirmed_at_ms=guessed if answer.server_at is None else to_ms(answer.server_at))

    def _say_drift(self, before: int | None, now: int | None) -> None:
        if _is_off(now) and not _is_off(before):
            self._say(f"This machine's clock is {_drift(now)} the server's. Set it right; until then verdicts ask.")
        if _is_off(before) and not _is_off(now):
            self._say("This machine's clock agrees with the server's again.")

    def _announce(self, received: Received) -> None:
        if received.fit is not Fit.APPLY:
            return
        self._may_lack_photos, self._wanted = True, []
        passes, grounds, _ = counts(self._trust)
        what = f"{received.changed} changes" if received.base else "complete"
        self._say(f"List {received.number} is in force ({what}): {passes} passes, {grounds} grounds passes.")

    def _fetch_photos(self, limit: int) -> _Trouble | None:
        fetched = 0
        for _ in range(limit):
            if not self._photos_wanted():
                break
            serial, mark = self._wanted[-1]
            answer = self._server.photo(serial)
            if isinstance(answer, Answer) and answer.body:
                save_photo(self._trust, serial, mark, answer.body)
                fetched += 1
            elif isinstance(answer, Problem) and answer.status in (404, 410):
                self._refused_photos.add((serial, mark))
            else:
                return _trouble(answer)
            self._wanted.pop()
        if fetched and not self._photos_wanted():
            self._say(f"All photos are here: {counts(self._trust)[2]}.")
        return None

    def _photos_wanted(self) -> list[tuple[bytes, bytes]]:
        """The next photos to fetch, the likeliest last; looked for again when these are through, or the list has changed."""
        if not self._wanted and self._may_lack_photos:
            missing = missing_photos(self._trust, _PHOTOS_AHEAD + len(self._refused_photos))
            self._wanted = [each for each in missing if each not in self._refused_photos][::-1]
            self._may_lack_photos = bool(self._wanted)
        return self._wanted

    def _count_all_gates(self) -> _Trouble | None:
        """Once a minute: who is inside by all gates together, for the hour in which nobody can be asked."""
        now = self._clock()
        if self._counted_at is not None and timedelta(0) <= now - self._counted_at < COUNT_EVERY:
            return None
        answer = self._server.inside()
        if isinstance(answer, Answer):
            self._counted_at = now
            all_gates.save(self._trust, answer.body)
        elif isinstance(answer, Problem) and answer.status == HTTPStatus.NOT_FOUND:
            self._counted_at = now  # an older service, which does not tell
        else:
            return _trouble(answer)
        return None

    def _note_trouble(self, sentence: str | None) -> None:
        contact = load_contact(self._trust)
        if sentence == contact.trouble:
            return
        save_contact(self._trust, replace(contact, trouble=sentence))
        self._say(sentence if sentence is not None else "The server answers again.")


def _trouble(failure: Failure | Answer) -> _Trouble:
    if isinstance(failure, Answer):
        return _Trouble("The server gave an empty answer.")
    if isinstance(failure, Unreachable):
        return _Trouble(failure.sentence, is_cut_off=failure.is_cut_off)
    return _Trouble(failure.sentence, failure.code == SWITCHED_OFF, asked_s=failure.asked_s)


def _is_off(offset_ms: int | None) -> bool:
    return offset_ms is not None and abs(timedelta(milliseconds=offset_ms)) > SKEW


def _drift(offset_ms: int | None) -> str:
    seconds = (offset_ms or 0) // 1000
    return f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'}"
