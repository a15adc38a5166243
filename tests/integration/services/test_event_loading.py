"""Events in the database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from factories.applications import assessed
from factories.contexts import acting, make_context
from factories.events import event_table, loaded_event, make_event
from factories.lists import usual_lists
from factories.passes import grounds_grant
from sqlalchemy import Engine

from accredit.db.session import reading, writing
from accredit.domain.errors import EventInvalid, NotAllowed
from accredit.domain.permissions import Role
from accredit.services.event_loading import find_event, load_event
from accredit.services.reviewing import approve

CONTEXT = make_context()


def test_an_event_comes_back_as_it_was_loaded(engine: Engine) -> None:
    """What is kept reads back as the same event, dates and hours included."""
    with writing(engine) as session:
        change = load_event(session, CONTEXT, event_table())
        session.commit()
    with reading(engine) as session:
        found = find_event(session, "gcm-hearing-2017")
        assert (change.created, change.changed) == (True, False)
        assert found is not None
        assert found.event == make_event()
        assert find_event(session, "") is not None
        assert find_event(session, "another") is None


def test_loading_the_same_file_again_changes_nothing(engine: Engine) -> None:
    """The roster number stays, so that no scanner fetches anything."""
    with writing(engine) as session:
        load_event(session, CONTEXT, event_table())
        again = load_event(session, CONTEXT, event_table())
        assert (again.created, again.changed) == (False, False)
        assert again.loaded.record.roster_number == 1


def test_a_changed_file_raises_the_roster_and_settings_numbers(engine: Engine) -> None:
    """Scanners learn changed hours with their next bundle."""
    with writing(engine) as session:
        load_event(session, CONTEXT, event_table())
        change = load_event(session, CONTEXT, event_table(pickup_place="Portail de Pregny"))
        session.commit()
        row = change.loaded.record
        assert change.changed
        assert (row.roster_number, row.settings_number) == (2, 2)
    with reading(engine) as session:
        found = find_event(session, "")
        assert found is not None
        assert found.event.pickup_place == "Portail de Pregny"


def test_a_change_that_was_rolled_back_is_forgotten(engine: Engine) -> None:
    """The event that a process remembers is the one in the database."""
    with writing(engine) as session:
        load_event(session, CONTEXT, event_table())
        session.commit()
    with writing(engine) as session:
        load_event(session, CONTEXT, event_table(pickup_place="Elsewhere"))
        find_event(session, "")
    with reading(engine) as session:
        found = find_event(session, "")
        assert found is not None
        assert found.event.pickup_place == "Pregny Gate, Palais des Nations"


def test_an_events_number_is_its_own_for_ever(engine: Engine) -> None:
    """It stands in every credential: no event changes it, no other takes it."""
    with writing(engine) as session:
        load_event(session, CONTEXT, event_table())
        with pytest.raises(EventInvalid, match="number: event “gcm-hearing-2017” was loaded as number 17"):
            load_event(session, CONTEXT, event_table(number=18))
        with pytest.raises(EventInvalid, match="number 17 is that of event “gcm-hearing-2017”"):
            load_event(session, CONTEXT, event_table(key="another"))
        load_event(session, CONTEXT, event_table(key="another", number=18))
        assert find_event(session, "") is None


def test_grants_and_categories_keep_their_meaning_once_a_pass_carries_them(engine: Engine) -> None:
    """A bit or a code inside signed passes may not come to mean another thing."""
    table = event_table()
    table["grants"][1]["bit"], table["grants"][2]["bit"] = 2, 1
    table["categories"][0]["code"] = 99
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        load_event(session, CONTEXT, table)
        load_event(session, CONTEXT, event_table())
        usual_lists(session, CONTEXT)
        application = assessed(session, CONTEXT, event)
        approve(session, CONTEXT, event, application.reference)
        with pytest.raises(EventInvalid) as refused:
            load_event(session, CONTEXT, table)
    told = [str(problem) for problem in refused.value.problems]
    assert any("bit 1 is “hearing” in passes already" in one for one in told)
    assert any("code 1 is “ngo” in passes already" in one for one in told)


def test_written_grants_keep_the_bits_as_passes_do(engine: Engine) -> None:
    """Where only holders of grounds passes were approved so far, a bit means something at the doors already."""
    table = event_table()
    table["grants"][1]["bit"], table["grants"][2]["bit"] = 2, 1
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        grounds_grant(session, CONTEXT, event, b"h" * 32)
        with pytest.raises(EventInvalid) as refused:
            load_event(session, CONTEXT, table)
        assert any("bit 1 is “hearing”" in str(one) for one in refused.value.problems)


def test_a_category_with_applications_stays(engine: Engine) -> None:
    """Whoever applied in it must still be judged."""
    table = event_table()
    table["categories"] = [one for one in table["categories"] if one["key"] != "ngo"]
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        assessed(session, CONTEXT, event)
        with pytest.raises(EventInvalid, match="there are applications in category “ngo”; keep it"):
            load_event(session, CONTEXT, table)


def test_loading_needs_the_permission(engine: Engine) -> None:
    """A desk officer does not change the event."""
    with writing(engine) as session, pytest.raises(NotAllowed):
        load_event(session, acting(CONTEXT, "someone", Role.DESK), event_table())


def test_the_deadline_survives_the_database(engine: Engine) -> None:
    """The first instant that is too late is midnight in Zurich, which is 22:00 UTC in summer."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT).event
    assert event.deadline_at.astimezone(UTC) == datetime(2017, 9, 4, 22, tzinfo=UTC)
