"""The work at one lane: line in, verdict out, each scan on the disk before its verdict is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum

from scanner.gate import Answered, Gate, Station
from scanner.offers import (
    HELP,
    AskHelp,
    Offer,
    Presented,
    RefuseLast,
    RevocationCode,
    TakeOver,
    Turn,
    Unclear,
    UndoLast,
)
from scanner.outcomes import NotReady, Outcome


class Ended(StrEnum):
    """Why the work ended."""

    NO_MORE_OFFERS = "no_more_offers"
    SWITCHED_OFF = "switched_off"
    UNWRITTEN = "unwritten"


class Lane:
    """One lane and its officer. `show` gets every outcome, `note` every sentence that is no verdict."""

    def __init__(
        self, gate: Gate, station: Station, show: Callable[[Outcome], None], note: Callable[[str], None]
    ) -> None:
        self._gate = gate
        self._station = station
        self._show = show
        self._note = note

    def work(self, offers: Iterable[Offer]) -> Ended:
        """Answer one after the other until there are no more, or the server has switched this scanner off.

        A scan that the disk refused is told as such and ends nothing: the next one may succeed.
        """
        ended = Ended.NO_MORE_OFFERS
        for offer in offers:
            answer = self._answer(offer)
            if isinstance(answer, Outcome):
                self._show(answer)
                continue
            if answer is None:
                continue
            self._note(answer.sentence)
            if isinstance(answer, NotReady) and answer.is_switched_off:
                return Ended.SWITCHED_OFF
            if isinstance(answer, NotReady) and answer.is_unwritten:
                ended = Ended.UNWRITTEN
        return ended

    def _answer(self, offer: Offer) -> Answered | None:
        match offer:
            case Unclear():
                return offer
            case AskHelp():
                return Unclear(HELP)
            case Turn(direction):
                self._station = replace(self._station, direction=direction)
                return Unclear(f"The next people are taken for: {direction.value}.")
            case TakeOver(officer):
                self._station = replace(self._station, officer=officer)
                return Unclear(f"Officer {officer} has taken over.")
            case _:
                return self._at_gate(offer)

    def _at_gate(self, offer: Presented | RevocationCode | UndoLast | RefuseLast) -> Answered:
        match offer:
            case RevocationCode(text):
                return self._gate.take_list(text, self._station)
            case UndoLast() | RefuseLast():
                return self._gate.correct(offer, self._station)
            case _:
                return self._gate.present(offer, self._station)
