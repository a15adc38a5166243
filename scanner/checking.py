"""The work at one lane: line in, verdict out, each scan on the disk before its verdict is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum

from scanner.alerts import sentence
from scanner.gate import Answered, Gate, Station
from scanner.gate_french import in_french
from scanner.offers import (
    HELP,
    AskHelp,
    HeadCount,
    HoldOpen,
    Offer,
    Presented,
    RefuseLast,
    RevocationCode,
    Supervisor,
    TakeOver,
    Turn,
    Unclear,
    UndoLast,
)
from scanner.outcomes import NotReady, Outcome
from scanner.pin_checks import PinChecks


class Ended(StrEnum):
    """Why the work ended."""

    NO_MORE_OFFERS = "no_more_offers"
    SWITCHED_OFF = "switched_off"
    UNWRITTEN = "unwritten"


class Lane:
    """One lane and its officer. `show` gets every outcome, `note` every sentence that is no verdict.

    `pins` asks for the PIN before the supervisor's word counts.
    """

    def __init__(
        self,
        gate: Gate,
        station: Station,
        show: Callable[[Outcome], None],
        note: Callable[[str], None],
        *,
        language: str = "en",
        pins: PinChecks | None = None,
    ) -> None:
        self._gate = gate
        self._language = language
        self._pins = pins or PinChecks()
        self._told_of_paper = 0
        self._station = station
        self._show = show
        self._note = note

    def work(self, offers: Iterable[Offer]) -> Ended:
        """Answer one after the other until there are no more, or the server has switched this scanner off.

        A scan that the disk refused is told as such and ends nothing: the next one may succeed.
        """
        ended = Ended.NO_MORE_OFFERS
        for offer in offers:
            self._note_alerts()
            answer = self._answer(offer)
            if isinstance(answer, Outcome):
                self._show(answer)
                self._note_paper()
                continue
            if answer is None:
                continue
            self._say(answer.sentence)
            if isinstance(answer, NotReady) and answer.is_switched_off:
                return Ended.SWITCHED_OFF
            if isinstance(answer, NotReady) and answer.is_unwritten:
                ended = Ended.UNWRITTEN
        return ended

    def _note_alerts(self) -> None:
        """What became known since the last person: passes that this scanner and another one admitted apart."""
        try:
            for alert in self._gate.alerts(self._station):
                self._note(sentence(alert, self._language, self._gate.zone()))
                self._gate.saw_alert(alert.id, self._station)
        except sqlite3.Error:
            return  # it is told again with the next person; the scan itself says what is wrong with the disk

    def _note_paper(self) -> None:
        """The disk takes scans again: the sheet of paper is not forgotten."""
        if self._gate.on_paper > self._told_of_paper:
            self._told_of_paper = self._gate.on_paper
            self._say(f"The disk takes scans again. {self._told_of_paper} stand on paper alone: hand the sheet in.")

    def _say(self, sentence: str) -> None:
        self._note(in_french(sentence) if self._language == "fr" else sentence)

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

    def _at_gate(self, offer: Presented | RevocationCode | UndoLast | RefuseLast | HoldOpen | HeadCount) -> Answered:
        match offer:
            case RevocationCode(text):
                return self._gate.take_list(text, self._station)
            case UndoLast() | RefuseLast():
                return self._gate.correct(offer, self._station)
            case HoldOpen(minutes, pin):
                refusal = self._pins.refusal(pin)
                return Unclear(refusal) if refusal else self._gate.hold_open(minutes, self._station)
            case Supervisor():
                refusal = self._pins.refusal()
                return Unclear(refusal) if refusal else self._gate.present(offer, self._station)
            case HeadCount(count):
                return self._gate.set_head_count(count, self._station)
            case _:
                return self._gate.present(offer, self._station)
