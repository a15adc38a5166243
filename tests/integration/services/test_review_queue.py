"""The queue: narrowed, ordered, searched and counted, by the same few statements whatever its length."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from factories.applications import assessed, submitted
from factories.contexts import make_context
from factories.events import loaded_event
from factories.lists import usual_lists
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Outcome
from accredit.services import review_queue
from accredit.services.event_loading import LoadedEvent
from accredit.services.queue_counts import Counts, CountsKept
from accredit.services.review_queue import Found, Narrowing, Order, find_words, neighbour, queue
from accredit.services.reviewing import approve
from accredit.services.screening import screen_all

CONTEXT = make_context()
LATE = "2017-09-05T10:00:00+02:00"
ALL = Narrowing()
UNDECIDED = Narrowing(states=(ApplicationState.ASSESSED, ApplicationState.WAITING))


@contextmanager
def _prepared(engine: Engine) -> Iterator[tuple[Session, LoadedEvent]]:
    with writing(engine) as session:
        found = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        yield session, found


def _shown(session: Session, event: LoadedEvent, narrowing: Narrowing = ALL, **more: object) -> list[str]:
    return [row.reference for row in queue(session, event, narrowing, **more).rows]  # type: ignore[arg-type]


def _counts(session: Session, event: LoadedEvent, narrowing: Narrowing = ALL) -> Counts:
    return CountsKept().counts(session, event, narrowing, find_words(session, event, narrowing.words))


def _made(session: Session, event: LoadedEvent) -> dict[str, Application]:
    """One of each kind, in this order of receipt."""
    return {
        name: assessed(session, CONTEXT, event, **changes)
        for name, changes in {
            "clear": {"received_at": "2017-08-20T10:00:00+02:00"},
            "no letter": {"received_at": "2017-08-20T11:00:00+02:00", "affiliation": ""},
            "unknown": {"received_at": "2017-08-20T12:00:00+02:00", "organisation": "Zebra Würfel Kollektiv"},
            "swiss": {"received_at": "2017-08-20T13:00:00+02:00", "organisation_country": "CHE"},
            "late": {"received_at": LATE},
        }.items()
    }


def test_each_filter_narrows_the_queue_to_what_it_says(engine: Engine) -> None:
    """State, outcome, category, list, country, late, and whether anything is flagged."""
    with _prepared(engine) as (session, event):
        made = _made(session, event)
        approve(session, CONTEXT, event, made["clear"].reference)
        wanted = {
            "clear": Narrowing(states=(ApplicationState.APPROVED,)),
            "late": Narrowing(late=True),
            "unknown": Narrowing(listed="-"),
            "swiss": Narrowing(country="CHE"),
        }
        for name, narrowing in wanted.items():
            assert _shown(session, event, narrowing) == [made[name].reference], name
        names = {one.reference: name for name, one in made.items()}
        assert {names[one] for one in _shown(session, event, Narrowing(flagged=True))} >= {"no letter", "unknown"}
        assert [names[one] for one in _shown(session, event, Narrowing(outcome=Outcome.INELIGIBLE))] == ["late"]
        assert "clear" not in {names[one] for one in _shown(session, event, UNDECIDED)}
        assert _shown(session, event, Narrowing(category="nhri")) == []


@pytest.mark.parametrize("order", Order)
def test_every_order_goes_on_by_page_and_loses_nobody(engine: Engine, order: Order) -> None:
    """Pages of two, one after the other, hold everybody once, in the order; and the neighbours walk the same way."""
    with _prepared(engine) as (session, event):
        _made(session, event)
        whole = _shown(session, event, order=order)
        after, seen = None, []
        while True:
            page = queue(session, event, order=order, limit=2, after=after)
            seen += [row.reference for row in page.rows]
            after = page.after
            if after is None:
                break
        assert seen == whole
        assert len(set(seen)) == 5
        onward = [neighbour(session, event, Narrowing(), order, one) for one in whole]
        back = [neighbour(session, event, Narrowing(), order, one, back=True) for one in whole]
        assert onward == [*whole[1:], None]
        assert back == [None, *whole[:-1]]


def test_the_orders_are_what_they_say(engine: Engine) -> None:
    """The oldest first, the newest first, or by organisation."""
    with _prepared(engine) as (session, event):
        made = _made(session, event)
        oldest = [one.reference for one in made.values()]
        assert _shown(session, event) == oldest
        assert _shown(session, event, order=Order.NEWEST) == oldest[::-1]
        assert _shown(session, event, order=Order.ORGANISATION)[-1] == made["unknown"].reference


def test_the_next_one_is_known_after_a_decision_took_this_one_out(engine: Engine) -> None:
    """The one that is decided need not be in the queue any more for the next one to be found."""
    with _prepared(engine) as (session, event):
        made = list(_made(session, event).values())
        approve(session, CONTEXT, event, made[0].reference)
        assert neighbour(session, event, UNDECIDED, Order.OLDEST, made[0].reference) == made[1].reference
        assert neighbour(session, event, UNDECIDED, Order.OLDEST, "ZZZZ-ZZZZ") is None


@pytest.mark.parametrize(
    "typed", ["zebra", "ZEBRA", "wurf", "Würfel", "koll zeb", "  zebra   kollektiv ", "“Zebra”, Würfel (Kollektiv)"]
)
def test_words_find_how_words_of_the_organisation_begin(engine: Engine, typed: str) -> None:
    """In any case, with or without accents, in any order; all of them must fit."""
    with _prepared(engine) as (session, event):
        made = _made(session, event)
        assert _shown(session, event, Narrowing(words=typed)) == [made["unknown"].reference]


def test_other_scripts_are_found_by_their_own_letters(engine: Engine) -> None:
    """A name in Arabic is found by a word in Arabic."""
    with _prepared(engine) as (session, event):
        _made(session, event)
        arabic = assessed(session, CONTEXT, event, organisation="منتدى المهاجرين")
        assert _shown(session, event, Narrowing(words="المهاجرين")) == [arabic.reference]


def test_a_reference_is_found_however_it_is_typed(engine: Engine) -> None:
    """With or without its dash, in small letters."""
    with _prepared(engine) as (session, event):
        made = _made(session, event)
        reference = made["swiss"].reference
        for typed in (reference, reference.lower(), reference.replace("-", " ")):
            assert _shown(session, event, Narrowing(words=typed)) == [reference]


@pytest.mark.parametrize("typed", ["zebra nowhere", "...", "%", "_", "'; DROP TABLE applications; --", "\U0010ffff"])
def test_words_that_fit_nothing_find_nothing(engine: Engine, typed: str) -> None:
    """Whatever is typed, it is text."""
    with _prepared(engine) as (session, event):
        _made(session, event)
        assert _shown(session, event, Narrowing(words=typed)) == []


def test_too_common_words_are_cut_and_say_so(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than can be looked at: the page says that there are more."""
    monkeypatch.setattr(review_queue, "MOST_FOUND", 2)
    with _prepared(engine) as (session, event):
        _made(session, event)
        page = queue(session, event, Narrowing(words="alpine"))
        assert (len(page.rows), page.cut) == (2, True)
        assert not queue(session, event, Narrowing(words="alpine zebra")).cut


def test_the_counts_are_those_of_a_click(engine: Engine) -> None:
    """Each filter is counted under the others that are on, and as if it were off itself."""
    with _prepared(engine) as (session, event):
        made = _made(session, event)
        approve(session, CONTEXT, event, made["clear"].reference)
        whole = _counts(session, event)
        assert (whole.total, whole.late, whole.countries) == (5, 1, {"CHE": 1})
        assert whole.states == {"approved": 1, "assessed": 4}
        for narrowing in (UNDECIDED, Narrowing(late=True), Narrowing(country="CHE"), Narrowing(words="zebra")):
            assert _counts(session, event, narrowing).total == len(_shown(session, event, narrowing))
        assert _counts(session, event, Narrowing(late=True)).states == {"assessed": 1}
        assert _counts(session, event, Narrowing(outcome=Outcome.INELIGIBLE)).outcomes == whole.outcomes


def test_counts_are_kept_until_something_changes(engine: Engine) -> None:
    """Asked again, only whether the trail has grown is looked up; after a decision they are counted anew."""
    with _prepared(engine) as (session, event):
        made = _made(session, event)
        kept = CountsKept()
        kept.counts(session, event, Narrowing(), Found())
        with _statements(session) as seen:
            kept.counts(session, event, Narrowing(), Found())
        assert len(seen) == 1
        approve(session, CONTEXT, event, made["clear"].reference)
        assert kept.counts(session, event, Narrowing(), Found()).states["approved"] == 1


@pytest.mark.parametrize("narrowing", [Narrowing(), UNDECIDED, Narrowing(words="alpine migrants")])
def test_statements_do_not_grow_with_the_queue(engine: Engine, narrowing: Narrowing) -> None:
    """A page, its counts and its neighbours: as many statements with ten times the applications."""
    with _prepared(engine) as (session, event):

        def look() -> int:
            session.flush()
            with _statements(session) as seen:
                found = find_words(session, event, narrowing.words)
                page = queue(session, event, narrowing, found=found, limit=50)
                CountsKept().counts(session, event, narrowing, found)
                neighbour(session, event, narrowing, Order.OLDEST, page.rows[0].reference, found=found)
            return len(seen)

        counted = []
        for more in (4, 36):
            for _ in range(more):
                submitted(session, CONTEXT, event)
            screen_all(session, CONTEXT, event)
            counted.append(look())
        assert counted[0] == counted[1] <= 9


def test_what_the_queue_reads_is_what_the_latest_assessment_says(engine: Engine) -> None:
    """Screened one by one or all at once, the application carries outcome, list and flags of its latest assessment."""
    with _prepared(engine) as (session, event):
        _made(session, event)
        submitted(session, CONTEXT, event, organisation="Nobody Knows Us")
        screen_all(session, CONTEXT, event)
        session.flush()
        for row in queue(session, event).rows:
            assert (row.outcome is not None, row.is_clear) == (True, not row.open_codes)
        assert {row.is_late for row in queue(session, event, Narrowing(late=True)).rows} == {True}


@contextmanager
def _statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield seen
    event.remove(bind, "before_cursor_execute", note)
