"""The deadline: the end of a day in the event's zone, to the second, summer time or not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from factories.events import make_event
from factories.facts import make_facts

from accredit.domain.assessments import FindingOutcome
from accredit.domain.deadline_rule import deadline, is_late, may_be_refused_in_bulk

ZURICH = ZoneInfo("Europe/Zurich")
EVENT = make_event()


@pytest.mark.parametrize(
    ("received_at", "late"),
    [
        ("2017-09-04T23:59:59+02:00", False),
        ("2017-09-05T00:00:00+02:00", True),
        ("2017-09-04T21:59:59.999999+00:00", False),
        ("2017-09-04T22:00:00+00:00", True),
        ("2017-09-05T11:59:59+14:00", False),  # still the fourth in Zurich
        ("2017-09-04T12:00:00-12:00", True),
    ],
)
def test_the_last_second_of_the_deadline_day_counts_in_zurich(received_at: str, late: bool) -> None:
    """In time at 23:59:59, late at 00:00:00, wherever the sender's clock stood."""
    assert is_late(EVENT, datetime.fromisoformat(received_at)) is late


@pytest.mark.parametrize(
    ("deadline_on", "first_late"),
    [
        # Summer time begins on 26 March 2017 at 02:00 and ends on 29 October 2017 at 03:00 in Zurich.
        (date(2017, 3, 25), "2017-03-25T23:00:00+00:00"),
        (date(2017, 3, 26), "2017-03-26T22:00:00+00:00"),
        (date(2017, 10, 28), "2017-10-28T22:00:00+00:00"),
        (date(2017, 10, 29), "2017-10-29T23:00:00+00:00"),
    ],
)
def test_both_sides_of_a_summer_time_change(deadline_on: date, first_late: str) -> None:
    """The day ends with its own last second, however long it was."""
    event = make_event(deadline_on=deadline_on)
    moment = datetime.fromisoformat(first_late)
    assert event.deadline_at == moment
    assert is_late(event, moment)
    assert is_late(event, moment.astimezone(ZURICH))
    assert not is_late(event, moment - timedelta(microseconds=1))
    assert not is_late(event, (moment - timedelta(seconds=1)).astimezone(ZURICH))


@pytest.mark.parametrize("deadline_on", [date(2017, 9, 4), date(2017, 3, 25), date(2017, 10, 28)])
@pytest.mark.parametrize("zone", [UTC, ZURICH, timezone(timedelta(hours=-8))])
def test_less_than_24_hours_late_is_never_refused_in_bulk(deadline_on: date, zone: timezone | ZoneInfo) -> None:
    """24 hours are 24 hours, also over the night in which clocks are changed; finding and bulk rule agree."""
    event = make_event(deadline_on=deadline_on)
    end = event.deadline_at.astimezone(UTC)
    for late_by, in_bulk, code in (
        (timedelta(hours=24) - timedelta(seconds=1), False, "late_by_less_than_a_day"),
        (timedelta(hours=24), True, "late"),
    ):
        received_at = (end + late_by).astimezone(zone)
        assert may_be_refused_in_bulk(event, received_at) is in_bulk
        finding = deadline(event, make_facts(event, received_at=received_at))
        assert (finding.outcome, finding.code) == (FindingOutcome.AGAINST, code)


def test_somebody_without_a_deadline_is_never_late() -> None:
    """Member States were invited after the deadline of the stakeholders."""
    finding = deadline(
        EVENT, make_facts(EVENT, category="member-state", received_at=datetime(2017, 10, 10, tzinfo=UTC))
    )
    assert finding.outcome is FindingOutcome.NOT_APPLICABLE


def test_the_finding_tells_the_time_as_the_event_counts_it() -> None:
    """An applicant reads the time of Geneva, not of the server."""
    finding = deadline(EVENT, make_facts(EVENT, received_at=datetime(2017, 9, 4, 22, 0, tzinfo=UTC)))
    assert "05 September 2017 at 00:00:00" in finding.applicant
    assert "last day to apply was 04 September 2017" in finding.applicant
