"""The pick-up as a rule: may this pass be handed out, to this document, at this moment?

The document's check (colours, names, dates) is made by `identity` and comes in as a plain answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accredit.credential.reasons import PassState
from accredit.domain.applications import ApplicationState
from accredit.domain.events import Event, Hours
from accredit.domain.sentences import Told


class Colour(StrEnum):
    """What the comparison of document and application says."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Step(StrEnum):
    """What the officer does next."""

    HAND_OVER = "hand_over"
    LOOK = "look"
    SUPERVISOR = "supervisor"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class PickupFacts:
    """What the desk knows when somebody stands before it. `settled` is the officer's canned reason for an amber.

    `through` is who asks for the pass in the holder's place; empty where it is the holder.
    """

    application: ApplicationState
    pass_state: PassState | None
    has_grounds_pass: bool
    document_type: str
    colour: Colour
    differences: tuple[str, ...] = ()
    security_hold: bool = False
    settled: str = ""
    supervisor: bool = False
    through: str = ""
    others_may_collect: bool = False


@dataclass(frozen=True, slots=True)
class PickupAnswer:
    """The next step, the code of the first cause, and the sentences for the officer."""

    step: Step
    code: str
    sentences: tuple[str, ...]


def judge_pickup(event: Event, facts: PickupFacts, now: datetime, widened: Sequence[Hours] = ()) -> PickupAnswer:
    """The next step of this pick-up. `widened` are hours that a supervisor added to those of the event.

    Order: who may not be told more (a hold) comes first, then what no document can cure (no approval, no pass), then the
    hours, then the document itself. The officer is told the first obstacle that he can do something about.
    """
    return (
        _person(facts)
        or _pass(facts)
        or _holder(facts)
        or _hours(event, facts, now, widened)
        or _document(event, facts)
        or PickupAnswer(
            Step.HAND_OVER, "green" if facts.colour is Colour.GREEN else "settled", ("Hand over the pass.",)
        )
    )


def _person(facts: PickupFacts) -> PickupAnswer | None:
    if facts.security_hold and not facts.supervisor:
        return PickupAnswer(Step.SUPERVISOR, "hold", ("Please ask the supervisor.",))
    if facts.application is not ApplicationState.APPROVED:
        words = Told("This application is not approved. Its state: %(state)s.", state=facts.application.value)
        return PickupAnswer(Step.STOP, "not_approved", (words, "Send the person to the accreditation desk."))
    return None


def _pass(facts: PickupFacts) -> PickupAnswer | None:
    if facts.pass_state is None:
        if facts.has_grounds_pass:
            words = "This person enters on the UN grounds pass and gets no special event pass."
            return PickupAnswer(
                Step.STOP, "has_grounds_pass", (words, "Without a valid grounds pass: ask the supervisor.")
            )
        return PickupAnswer(Step.STOP, "no_pass", ("No pass is prepared for this person. Ask the supervisor.",))
    if facts.pass_state is PassState.PREPARED:
        return None
    words = {
        PassState.COLLECTED: "This pass was collected already.",
        PassState.SUSPENDED: "This pass is suspended. Please ask the supervisor.",
        PassState.REVOKED: "This pass is revoked and cannot be handed out.",
        PassState.REPLACED: "This pass is replaced and cannot be handed out.",
        PassState.EXPIRED: "This pass is expired and cannot be handed out.",
    }[facts.pass_state]
    return PickupAnswer(Step.STOP, f"pass_{facts.pass_state.value}", (words,))


def _holder(facts: PickupFacts) -> PickupAnswer | None:
    if not facts.through or facts.others_may_collect:
        return None
    words = "Passes of this category are handed to their holder alone. Ask the person to come in person."
    return PickupAnswer(Step.STOP, "not_the_holder", (words,))


def _hours(event: Event, facts: PickupFacts, now: datetime, widened: Sequence[Hours]) -> PickupAnswer | None:
    if event.pickup_is_open(now) or any(one.cover(now) for one in widened) or facts.supervisor:
        return None
    zoned = [Hours(one.opens_at.astimezone(event.zone), one.closes_at.astimezone(event.zone)) for one in widened]
    to_come = sorted((one for one in (*event.pickup_windows, *zoned) if one.closes_at > now), key=_begins)
    words = Told("The desk is closed now. It opens: %(hours)s.", hours=tuple(to_come)) if to_come else _NO_MORE
    return PickupAnswer(Step.SUPERVISOR, "desk_closed", (words, "A supervisor can open it earlier or later."))


_NO_MORE = "The desk is closed now, and opens no more."


def _begins(hours: Hours) -> datetime:
    return hours.opens_at


def _document(event: Event, facts: PickupFacts) -> PickupAnswer | None:
    policy = event.documents
    if facts.document_type not in policy.accepted | policy.with_supervisor:
        words = "This document does not count. Ask for a passport or a national identity card."
        return PickupAnswer(Step.STOP, "document_not_accepted", (words,))
    if facts.colour is Colour.RED:
        return PickupAnswer(Step.SUPERVISOR, "red", facts.differences)
    if facts.document_type in policy.with_supervisor and not facts.supervisor:
        words = "This kind of document needs a supervisor."
        return PickupAnswer(Step.SUPERVISOR, "document_needs_supervisor", (words,))
    if facts.colour is Colour.AMBER and not facts.settled:
        return PickupAnswer(Step.LOOK, "amber", facts.differences)
    return None
