"""The pick-up as a rule: the first obstacle that the officer can do something about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from factories.events import make_event

from accredit.credential.reasons import PassState
from accredit.domain.applications import ApplicationState
from accredit.domain.events import Hours
from accredit.domain.pickup import Colour, PickupFacts, Step, judge_pickup

EVENT = make_event()
OPEN = datetime(2017, 10, 11, 7, 0, tzinfo=UTC)
READY = PickupFacts(
    ApplicationState.APPROVED, PassState.PREPARED, False, "passport", Colour.GREEN, ("What differs, in words.",)
)

CASES: list[tuple[dict[str, Any], Step, str]] = [
    ({}, Step.HAND_OVER, "green"),
    ({"document_type": "identity_card"}, Step.HAND_OVER, "green"),
    ({"security_hold": True}, Step.SUPERVISOR, "hold"),
    ({"security_hold": True, "supervisor": True}, Step.HAND_OVER, "green"),
    ({"application": ApplicationState.ASSESSED}, Step.STOP, "not_approved"),
    ({"application": ApplicationState.REFUSED}, Step.STOP, "not_approved"),
    ({"application": ApplicationState.WITHDRAWN, "supervisor": True}, Step.STOP, "not_approved"),
    ({"pass_state": None}, Step.STOP, "no_pass"),
    ({"pass_state": None, "has_grounds_pass": True}, Step.STOP, "has_grounds_pass"),
    ({"pass_state": PassState.COLLECTED}, Step.STOP, "pass_collected"),
    ({"pass_state": PassState.SUSPENDED}, Step.STOP, "pass_suspended"),
    ({"pass_state": PassState.REVOKED}, Step.STOP, "pass_revoked"),
    ({"pass_state": PassState.REPLACED}, Step.STOP, "pass_replaced"),
    ({"document_type": "driving_licence"}, Step.STOP, "document_not_accepted"),
    ({"document_type": "phone_picture", "supervisor": True}, Step.STOP, "document_not_accepted"),
    ({"document_type": "residence_permit"}, Step.SUPERVISOR, "document_needs_supervisor"),
    ({"document_type": "residence_permit", "supervisor": True}, Step.HAND_OVER, "green"),
    ({"colour": Colour.AMBER}, Step.LOOK, "amber"),
    ({"colour": Colour.AMBER, "settled": "married name"}, Step.HAND_OVER, "settled"),
    ({"colour": Colour.RED}, Step.SUPERVISOR, "red"),
    ({"colour": Colour.RED, "settled": "looks alike"}, Step.SUPERVISOR, "red"),
    ({"colour": Colour.RED, "supervisor": True}, Step.SUPERVISOR, "red"),
]


@pytest.mark.parametrize(("changes", "step", "code"), CASES)
def test_each_obstacle_has_its_step(changes: dict[str, Any], step: Step, code: str) -> None:
    """The officer is told what to do and why, in words."""
    answer = judge_pickup(EVENT, replace(READY, **changes), OPEN)
    assert (answer.step, answer.code) == (step, code)
    assert answer.sentences


def test_a_hold_is_told_before_anything_else_and_says_nothing() -> None:
    """The desk learns only that the supervisor is to be asked, whatever else is wrong."""
    worst = replace(READY, security_hold=True, application=ApplicationState.REFUSED, pass_state=None, colour=Colour.RED)
    answer = judge_pickup(EVENT, worst, OPEN - timedelta(days=300))
    assert answer.sentences == ("Please ask the supervisor.",)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2017-10-11T07:59:59+02:00", False),
        ("2017-10-11T08:00:00+02:00", True),
        ("2017-10-11T16:59:59+02:00", True),
        ("2017-10-11T17:00:00+02:00", False),
        ("2017-10-14T09:00:00+02:00", False),
    ],
)
def test_the_desk_keeps_its_hours_unless_a_supervisor_opens_it(now: str, is_open: bool) -> None:
    """From eight to five in Geneva, to the second."""
    moment = datetime.fromisoformat(now)
    alone = judge_pickup(EVENT, READY, moment)
    assert (alone.step is Step.HAND_OVER) is is_open
    assert is_open or alone.code == "desk_closed"
    assert judge_pickup(EVENT, replace(READY, supervisor=True), moment).step is Step.HAND_OVER


def test_only_three_ways_lead_to_a_handover() -> None:
    """Over all facts: approved, prepared, an accepted document, and green or settled."""
    for state in ApplicationState:
        for held in (None, *PassState):
            for colour in Colour:
                facts = replace(READY, application=state, pass_state=held, colour=colour, settled="seen")
                handed = judge_pickup(EVENT, facts, OPEN).step is Step.HAND_OVER
                allowed = state is ApplicationState.APPROVED and held is PassState.PREPARED
                assert handed is (allowed and colour is not Colour.RED)


def test_hours_that_a_supervisor_added_open_the_desk() -> None:
    """Within them it is as in the hours of the event; before and after, the answer names them, too."""
    evening = Hours(datetime(2017, 10, 11, 15, 0, tzinfo=UTC), datetime(2017, 10, 11, 17, 0, tzinfo=UTC))
    assert judge_pickup(EVENT, READY, evening.opens_at, (evening,)).step is Step.HAND_OVER
    late = judge_pickup(EVENT, READY, evening.closes_at, (evening,))
    assert late.code == "desk_closed"
    early = judge_pickup(EVENT, READY, OPEN - timedelta(hours=2), (evening,))
    assert "11 October 17:00 to 19:00" in early.sentences[0]


@pytest.mark.parametrize(("others_may_collect", "code"), [(False, "not_the_holder"), (True, "green")])
def test_who_comes_for_another_needs_the_category(others_may_collect: bool, code: str) -> None:
    """Refused by default, also to a supervisor; taken where the event says so of the category."""
    facts = replace(READY, through="a colleague", others_may_collect=others_may_collect, supervisor=True)
    assert judge_pickup(EVENT, facts, OPEN).code == code
