"""The gate behind the page: one thread with its own connections decides for all pages of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from accredit.credential.reasons import Reason
from scanner.cases import Keys
from scanner.clock import from_ms
from scanner.gate import Answered, Gate
from scanner.kiosk.fields import Decidable
from scanner.kiosk.stations import Post
from scanner.offers import RefuseLast, RevocationCode, Unclear, UndoLast
from scanner.opening import OpenScanner
from scanner.outcomes import NotReady, Outcome
from scanner.roster import Roster


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate said to `offer`, the event's time zone, and the hours that a person who comes too early needs."""

    offer: Decidable
    said: Answered
    zone: ZoneInfo
    hours: tuple[tuple[datetime, datetime], ...]


class Decider:
    """The gate of this process; used in one thread only."""

    def __init__(self, scanner: OpenScanner, roster_key: bytes | None, entropy: Callable[[int], bytes]) -> None:
        keys = Keys(scanner.secrets.tag_key, scanner.secrets.grounds_key, roster_key)
        self.gate = Gate(Roster(scanner.trust), scanner.journal, keys, scanner.clock, entropy)

    def answer_first(self, offers: Sequence[Decidable], post: Post, scan_id: UUID | None) -> Answer:
        """The first of several readings of one thing that is understood, or else the last."""
        for offer in offers:
            answer = self.answer(offer, post, scan_id)
            if not isinstance(answer, Unclear):
                break
        return Answer(offer, answer, self.gate.zone(), self.hours_of(answer))

    def hours_of(self, answer: Answered) -> tuple[tuple[datetime, datetime], ...]:
        """The hours of the checkpoint, where an answer says that it is closed: those of that day, or else the next ones."""
        if not isinstance(answer, Outcome) or answer.entry.reason is not Reason.CLOSED_NOW:
            return ()
        known = self.gate.checkpoints()
        opens = (
            ()
            if isinstance(known, NotReady)
            else next((each.opens for each in known if each.key == answer.entry.checkpoint), ())
        )
        at = from_ms(answer.entry.at_ms)
        later = sorted(each for each in opens if each[1] > at)
        return tuple(each for each in later if each[0].date() == later[0][0].date())

    def answer(self, offer: Decidable, post: Post, scan_id: UUID | None = None) -> Answered:
        """What the gate says to an offer made at this post."""
        match offer:
            case RevocationCode(text):
                return self.gate.take_list(text, post.station)
            case UndoLast() | RefuseLast():
                return self.gate.correct(offer, post.station)
            case _:
                return self.gate.present(offer, post.station, scan_id)


@contextmanager
def deciding(
    opening: AbstractContextManager[OpenScanner], roster_key: bytes | None, entropy: Callable[[int], bytes]
) -> Iterator[Decider]:
    """Opens the scanner's folder, in the thread that enters."""
    with opening as scanner:
        yield Decider(scanner, roster_key, entropy)
