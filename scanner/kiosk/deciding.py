"""The gate behind the page: one thread with its own connections decides for all pages of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID
from zoneinfo import ZoneInfo

from scanner.cases import Keys
from scanner.gate import Answered, Gate
from scanner.kiosk.fields import Decidable
from scanner.kiosk.stations import Post
from scanner.offers import RefuseLast, RevocationCode, Unclear, UndoLast
from scanner.opening import OpenScanner
from scanner.roster import Roster


class Decider:
    """The gate of this process; used in one thread only."""

    def __init__(self, scanner: OpenScanner, roster_key: bytes | None, entropy: Callable[[int], bytes]) -> None:
        self._scanner = scanner
        self._entropy = entropy
        self.gate = self._gate(roster_key)

    def unlock(self, roster_key: bytes) -> None:
        """Read names from now on. The last scan of each lane can no longer be taken back."""
        self.gate = self._gate(roster_key)

    def answer_first(
        self, offers: Sequence[Decidable], post: Post, scan_id: UUID | None
    ) -> tuple[Decidable, Answered, ZoneInfo]:
        """The first of several readings of one thing that is understood, or else the last; and the event's time zone."""
        for offer in offers:
            answer = self.answer(offer, post, scan_id)
            if not isinstance(answer, Unclear):
                break
        return offer, answer, self.gate.zone()

    def answer(self, offer: Decidable, post: Post, scan_id: UUID | None = None) -> Answered:
        """What the gate says to an offer made at this post."""
        match offer:
            case RevocationCode(text):
                return self.gate.take_list(text, post.station)
            case UndoLast() | RefuseLast():
                return self.gate.correct(offer, post.station)
            case _:
                return self.gate.present(offer, post.station, scan_id)

    def _gate(self, roster_key: bytes | None) -> Gate:
        secrets = self._scanner.secrets
        keys = Keys(secrets.tag_key, secrets.grounds_key, roster_key)
        return Gate(Roster(self._scanner.trust), self._scanner.journal, keys, self._scanner.clock, self._entropy)


@contextmanager
def deciding(
    opening: AbstractContextManager[OpenScanner], roster_key: bytes | None, entropy: Callable[[int], bytes]
) -> Iterator[Decider]:
    """Opens the scanner's folder, in the thread that enters."""
    with opening as scanner:
        yield Decider(scanner, roster_key, entropy)
