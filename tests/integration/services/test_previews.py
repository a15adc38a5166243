"""Uploads that wait for a yes, and what they would change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.devices import make_scanner
from factories.events import event_table, loaded_event, make_event
from factories.keys import with_keys
from factories.lists import DEADLINE_DAY, load_list, make_table
from factories.passes import collected_pass, make_application
from sqlalchemy import Engine, text

from accredit.db.session import reading, writing
from accredit.domain.applications import ApplicationState
from accredit.domain.errors import EventInvalid, NotAllowed
from accredit.domain.permissions import Role
from accredit.services.event_loading import find_event
from accredit.services.event_previews import Concern, KeyChange, preview_event
from accredit.services.list_overview import lists_of
from accredit.services.listing import ListPreview, ListRefused, preview_list
from accredit.services.staging import KEPT_FOR, Purpose, stage, staged, take

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())
FACTS = {"list_key": "ecosoc"}


def test_a_file_waits_and_is_taken_once(engine: Engine) -> None:
    """Of two clicks on the same yes, one gets the file."""
    with writing(engine) as session:
        kept = stage(session, CONTEXT, Purpose.LIST, "lists\r\n.csv", b"id,name", FACTS)
        assert (kept.name, kept.facts, kept.staged_by) == ("lists.csv", FACTS, "test:reviewer")
        assert staged(session, CONTEXT, Purpose.EVENT, kept.id) is None
        first = take(session, CONTEXT, Purpose.LIST, kept.id)
        assert first is not None
        assert first.data == b"id,name"
        assert take(session, CONTEXT, Purpose.LIST, kept.id) is None


def test_a_waiting_file_is_sealed(engine: Engine) -> None:
    """An invitation list holds names of people; the database holds none of them in the clear."""
    with writing(engine) as session:
        stage(session, CONTEXT, Purpose.LIST, "invitations.csv", b"Tamsin Okoro-Vale", {})
        session.flush()
        [held] = session.execute(text("SELECT data FROM staged_files")).scalars()
        assert b"Tamsin" not in bytes(held)


def test_a_file_that_nobody_confirms_goes(engine: Engine) -> None:
    """After two days it is no more, and the next upload clears it away."""
    with writing(engine) as session:
        kept = stage(session, CONTEXT, Purpose.LIST, "old.csv", b"x", {})
        later = at(CONTEXT, CONTEXT.now() + KEPT_FOR + timedelta(minutes=1))
        assert staged(session, later, Purpose.LIST, kept.id) is None
        stage(session, later, Purpose.LIST, "new.csv", b"x", {})
        assert session.execute(text("SELECT count(*) FROM staged_files")).scalar_one() == 1


def test_waiting_files_need_the_permission_of_their_purpose(engine: Engine) -> None:
    """A reviewer neither leaves one nor reads one."""
    reviewer = acting(CONTEXT, "user:x", Role.REVIEWER)
    with writing(engine) as session:
        for purpose in Purpose:
            with pytest.raises(NotAllowed):
                stage(session, reviewer, purpose, "x", b"", {})


ROWS = [
    {"external_id": "1", "name": "Alpine Migrants Forum", "status": "special"},
    {"external_id": "2", "name": "Harbour Watch", "status": "roster"},
    {"external_id": "3", "name": "Gone Society", "status": "roster"},
]
NEXT = [
    {"external_id": "1", "name": "Alpine Migrants Federation", "status": "special"},
    {"external_id": "2", "name": "Harbour Watch", "status": "suspended"},
    {"external_id": "4", "name": "New Voices", "status": "roster"},
]


def _preview(session: Any, rows: list[dict[str, str]], **mapping: str) -> ListPreview | ListRefused:
    return preview_list(
        session, CONTEXT, list_key="ecosoc", as_of=date(2017, 9, 20), table=make_table(rows), mapping=mapping
    )


def test_a_preview_of_a_list_writes_nothing_and_tells_all(engine: Engine) -> None:
    """New, gone, renamed and of another status, against the edition before."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        load_list(session, CONTEXT, "ecosoc", ROWS)
        told = _preview(session, NEXT)
        assert isinstance(told, ListPreview)
        found = told.report.changes
        assert (found.new.names, found.gone.names) == (("New Voices",), ("Gone Society",))
        assert found.renamed.names == ("Alpine Migrants Forum → Alpine Migrants Federation",)
        assert found.restated.names == ("Harbour Watch: roster → suspended (not in force)",)
        assert told.loads
        assert told.before is not None
        assert told.before.as_of == DEADLINE_DAY
        assert session.execute(text("SELECT count(*) FROM editions")).scalar_one() == 1


def test_a_preview_of_the_same_says_that_nothing_changes(engine: Engine) -> None:
    """The same entries make no new edition."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        load_list(session, CONTEXT, "ecosoc", ROWS)
        told = _preview(session, ROWS)
        assert isinstance(told, ListPreview)
        assert not told.loads


def test_a_preview_refuses_as_the_import_does(engine: Engine) -> None:
    """Columns that nobody knows, until they are mapped."""
    rows = [{"Nr": "1", "Body": "Alpine Migrants Forum"}]
    with writing(engine) as session:
        refused = _preview(session, rows)
        assert isinstance(refused, ListRefused)
        assert refused.code == "missing_column"
        assert isinstance(_preview(session, rows, Nr="external_id", Body="name"), ListPreview)


def test_lists_are_shown_with_what_the_rules_read(engine: Engine) -> None:
    """A missing list has no edition; of several editions the one in force on the day of reference is read."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        load_list(session, CONTEXT, "ecosoc", ROWS)
        load_list(session, CONTEXT, "ecosoc", NEXT, date(2017, 9, 20))
        load_list(session, CONTEXT, "ecosoc", ROWS, date(2018, 9, 4))
        lines = {one.key: one for one in lists_of(session, event.event)}
        assert lines["ganhri"].editions == ()
        assert lines["ganhri"].read_by == ("nhri",)
        current = lines["ecosoc"].current
        assert current is not None
        assert (current.as_of, current.entries, current.in_force) == (date(2017, 9, 20), 3, 2)
        assert [one.counts_now for one in lines["ecosoc"].editions] == [False, True, False]


def test_a_preview_of_an_event_names_each_key_that_changes(engine: Engine) -> None:
    """By its dotted key, before and after; and once it is rolled back, nothing was changed."""
    table = event_table(deadline_on=date(2017, 9, 6))
    table["passes"]["quota_per_organisation"] = 5
    table["grants"].append({"key": "annex", "bit": 9, "name": {"en": "Annex", "fr": "Annexe"}})
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        session.commit()
    with writing(engine) as session:
        told = preview_event(session, CONTEXT, table)
        assert not told.is_new
        changes = {one.key: one for one in told.changes}
        assert changes["deadline_on"] == KeyChange("deadline_on", "2017-09-04", "2017-09-06")
        assert changes["passes.quota_per_organisation"] == KeyChange("passes.quota_per_organisation", "20", "5")
        assert changes["grants.annex.bit"] == KeyChange("grants.annex.bit", None, "9")
        assert len(changes) == 6
    with reading(engine) as session:
        kept = find_event(session, "")
        assert kept is not None
        assert kept.event.deadline_on == date(2017, 9, 4)


def test_a_preview_counts_whom_a_change_concerns(engine: Engine) -> None:
    """The late who would be in time, the undecided of a category, the passes that keep their grants, the scanners."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        late = datetime(2017, 9, 5, 12, tzinfo=UTC)
        for category in ("ngo", "ngo", "member-state"):
            make_application(session, event, received_at=late, category=category)
        make_application(session, event, state=ApplicationState.ASSESSED)
        collected_pass(session, CONTEXT, event)
        make_scanner(session, CONTEXT, event)
        table = event_table(deadline_on=date(2017, 9, 6))
        [ngo] = [one for one in table["categories"] if one["key"] == "ngo"]
        ngo["quota"], ngo["grants"] = 3, ["site", "hearing"]
        effects = {(one.concern, one.category): one.count for one in preview_event(session, CONTEXT, table).effects}
        assert effects == {
            (Concern.IN_TIME_NOW, ""): 2,
            (Concern.UNDECIDED_IN_CATEGORY, "ngo"): 1,
            (Concern.PASSES_KEEP_GRANTS, "ngo"): 1,
            (Concern.SCANNERS_LEARN, ""): 1,
        }


def test_an_earlier_deadline_makes_people_late(engine: Engine) -> None:
    """It is told how many."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        make_application(session, event, received_at=datetime(2017, 9, 4, 12, tzinfo=UTC))
        told = preview_event(session, CONTEXT, event_table(deadline_on=date(2017, 9, 3)))
        assert [(one.concern, one.count) for one in told.effects] == [(Concern.LATE_NOW, 1)]


def test_a_broken_event_file_is_refused_with_every_problem(engine: Engine) -> None:
    """As when it is loaded."""
    table = event_table(deadline_on="soon", unknown=1)
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        with pytest.raises(EventInvalid) as caught:
            preview_event(session, CONTEXT, table)
    assert {one.key for one in caught.value.problems} == {"deadline_on", "unknown"}


def test_an_unchanged_event_file_changes_nothing(engine: Engine) -> None:
    """No key, no effect."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        told = preview_event(session, CONTEXT, event_table())
        assert (told.is_new, told.changes, told.effects) == (False, (), ())
