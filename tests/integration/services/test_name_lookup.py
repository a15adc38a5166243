"""Names that are offered while somebody types: which, in which order, and by how many statements."""

from __future__ import annotations

from datetime import date

import pytest
from factories.contexts import make_context
from factories.events import loaded_event
from factories.lists import load_list, usual_lists
from factories.statements import statements
from sqlalchemy import Engine

from accredit.db.session import reading, writing
from accredit.services.event_loading import LoadedEvent
from accredit.services.name_lookup import MOST_OFFERS, Offer, name_index

CONTEXT = make_context()


@pytest.fixture
def event(engine: Engine) -> LoadedEvent:
    """The event with the usual lists."""
    with writing(engine) as session:
        made = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        session.commit()
    return made


def _offered(engine: Engine, event: LoadedEvent, typed: str) -> tuple[Offer, ...]:
    with reading(engine) as session:
        return name_index(session, event.event).offers(typed)


def _names(engine: Engine, event: LoadedEvent, typed: str) -> list[str]:
    return [one.name for one in _offered(engine, event, typed)]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("al", "Alpine Migrants Forum"),
        ("migr for", "Alpine Migrants Forum"),
        ("AMF", "Alpine Migrants Forum"),
        ("Fórum ALPIN des", "Alpine Migrants Forum"),
        ("forum alpin", "Alpine Migrants Forum"),
        ("Alpine Migrnats Forum", "Alpine Migrants Forum"),
        ("river cros", "River Crossing Network"),
        ("holy", "Holy See"),
    ],
)
def test_a_body_is_offered(engine: Engine, event: LoadedEvent, typed: str, name: str) -> None:
    """By the beginnings of its words in any order, by another name, without accents, and by a like name."""
    assert _names(engine, event, typed)[0] == name


@pytest.mark.parametrize(
    "typed", ["", "a", "§", "  ", "\x00", "\ud800\ud801", "<script>alert(1)</script>", "x" * 100_000, "' OR 1=1 --"]
)
def test_whatever_is_typed_is_answered(engine: Engine, event: LoadedEvent, typed: str) -> None:
    """Nothing, signs, lone halves of characters, code and very long texts find nothing and break nothing."""
    assert _offered(engine, event, typed) == ()


def test_nobody_who_is_invited_is_offered(engine: Engine, event: LoadedEvent) -> None:
    """The invitation list holds people; it is nobody's to read."""
    assert _names(engine, event, "Tamsin") == []
    assert _names(engine, event, "Tamsin Okoro-Vale") == []


def test_a_body_out_of_force_is_not_offered(engine: Engine, event: LoadedEvent) -> None:
    """Whoever types its name may still apply, and is told before sending."""
    assert _names(engine, event, "Harbour Watch") == []


def test_the_answer_tells_name_country_and_list(engine: Engine, event: LoadedEvent) -> None:
    """And the other name by which it was found; no number of ours."""
    assert _offered(engine, event, "forum alpin")[0] == Offer(
        "Alpine Migrants Forum", "", "ecosoc", by="Forum alpin des migrants"
    )
    assert Offer("Kenya", "KEN", "member-states") in _offered(engine, event, "kenya")


def test_a_new_edition_is_offered_at_once(engine: Engine, event: LoadedEvent) -> None:
    """The index in the process goes by the edition."""
    assert _names(engine, event, "Orchard") == []
    with writing(engine) as session:
        load_list(session, CONTEXT, "ecosoc", [{"name": "Orchard League", "status": "roster"}], date(2017, 9, 10))
        session.commit()
    assert _names(engine, event, "Orchard") == ["Orchard League"]
    assert "Lakeside Diaspora Council" not in _names(engine, event, "Lakeside")


def test_a_keystroke_costs_the_same_statements_at_any_size(engine: Engine, event: LoadedEvent) -> None:
    """Two statements once the names lie in the process, with three names or with a thousand."""

    def counted() -> int:
        _offered(engine, event, "al")
        with statements(engine) as seen:
            offered = _offered(engine, event, "alp")
        assert 0 < len(offered) <= MOST_OFFERS
        return len(seen)

    few = counted()
    rows = [{"name": f"Alpine Body Number {number}", "status": "roster"} for number in range(1000)]
    with writing(engine) as session:
        load_list(session, CONTEXT, "ecosoc", rows, date(2017, 9, 11))
        session.commit()
    assert (few, counted()) == (2, 2)
