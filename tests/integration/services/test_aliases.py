"""Other names of listed bodies: learnt, used, shared, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from factories.applications import application_fields, assessed, submitted
from factories.contexts import acting, make_context
from factories.events import loaded_event
from factories.lists import DEADLINE_DAY, load_list, make_table, usual_lists
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.db.models.aliases import AliasRecord
from accredit.db.models.applications import Application
from accredit.db.session import writing
from accredit.domain.aliases import AliasKind
from accredit.domain.applications import ApplicationState
from accredit.domain.assessments import Finding, Rule
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.aliases import (
    AliasFault,
    AliasRefused,
    AliasWithdrawn,
    all_aliases,
    withdraw_alias,
)
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.auditing import first_broken
from accredit.services.deciding import Decided
from accredit.services.event_loading import LoadedEvent
from accredit.services.explaining import Sameness, explain, recompute
from accredit.services.listing import ListReport, import_list
from accredit.services.renames import AliasesRefused, AliasesReport, import_aliases
from accredit.services.reviewing import approve
from accredit.services.screening import approve_clear, screen_all
from accredit.services.tables import Table, read_table

CONTEXT = make_context()
TODAY = date(2017, 9, 20)
RENAME = {"old_name": "Pass Watchers' League", "new_name": "Alpine Migrants Forum", "date": "2011"}


@contextmanager
def _prepared(engine: Engine) -> Iterator[tuple[Session, LoadedEvent]]:
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        yield session, event


def _learn(session: Session, *rows: dict[str, str], list_key: str = "ecosoc") -> AliasesReport:
    report = import_aliases(
        session,
        CONTEXT,
        list_key=list_key,
        table=make_table(rows),
        mapping={},
        source_name="renames.csv",
        today=TODAY,
    )
    assert isinstance(report, AliasesReport), report
    return report


def _organisation(session: Session, application: Application) -> Finding:
    record = latest_assessment(session, application)
    assert record is not None
    return next(one for one in findings_of(record) if one.rule is Rule.ORGANISATION)


def test_a_former_name_finds_its_body_and_says_so(engine: Engine) -> None:
    """After a list of renames was loaded, the former name is accepted, and the finding names it, its source and day."""
    with _prepared(engine) as (session, event):
        before = assessed(session, CONTEXT, event, organisation="Pass Watchers' League")
        assert _organisation(session, before).code == "not_found"
        report = _learn(session, RENAME)
        assert (report.added, report.known, report.problems) == (1, 0, ())
        after = assessed(session, CONTEXT, event, organisation="PASS WATCHERS LEAGUE")
        finding = _organisation(session, after)
        assert finding.code == "matched_former_name"
        assert "found by former name “Pass Watchers' League” (renames.csv, 01 January 2011)" in finding.staff
        assert finding.evidence["alias_kind"] == "former_name"
        assert finding.evidence["listed"] == "Alpine Migrants Forum"
        assert approve_clear(session, CONTEXT, event) == (after.reference,)


def test_importing_again_learns_nothing_new(engine: Engine) -> None:
    """The same list of renames a second time adds no name."""
    with _prepared(engine) as (session, _):
        _learn(session, RENAME)
        again = _learn(session, RENAME)
        assert (again.added, again.known) == (0, 1)
        assert len(all_aliases(session)) == 1


def test_a_later_name_and_a_chain_of_names(engine: Engine) -> None:
    """Rows may follow each other in any order; a body that the list still bears by its old name is found by its new one."""
    with _prepared(engine) as (session, event):
        report = _learn(
            session,
            {"old_name": "Ridge Walkers' Aid", "new_name": "Pass Watchers' League"},
            RENAME,
            {"old_name": "Lakeside Diaspora Council", "new_name": "Shoreline Peoples' Assembly"},
        )
        assert report.added == 3
        kinds = {one.name: (one.kind, one.external_id) for one in all_aliases(session)}
        assert kinds["Ridge Walkers' Aid"] == (AliasKind.FORMER_NAME, "Alpine Migrants Forum")
        assert kinds["Shoreline Peoples' Assembly"] == (AliasKind.LATER_NAME, "Lakeside Diaspora Council")
        later = assessed(session, CONTEXT, event, organisation="Shoreline Peoples' Assembly")
        assert "found by later name" in _organisation(session, later).staff


BAD_ROWS = [
    ({"old_name": "", "new_name": "Harbour Watch"}, "column “old_name”: this cell is empty"),
    ({"old_name": "Quay Watch", "new_name": ""}, "column “new_name”: this cell is empty"),
    ({"old_name": "Quay Watch", "new_name": "Nobody Lists This"}, "no body of the list bears either name"),
    ({"old_name": "The of", "new_name": "Harbour Watch"}, "holds no word"),
    ({"old_name": "Quay Watch", "new_name": "Harbour Watch", "kind": "nickname"}, "column “kind”: choose one of"),
    ({"old_name": "Quay Watch", "new_name": "Harbour Watch", "date": "soon"}, "column “date”: write a day"),
    ({"old_name": "Quay Watch", "id": "no such number"}, "no body of the list bears either name"),
]


@pytest.mark.parametrize(("row", "told"), BAD_ROWS, ids=[told for _, told in BAD_ROWS])
def test_a_bad_row_is_told_with_its_cure(engine: Engine, row: dict[str, str], told: str) -> None:
    """A row that teaches nothing is named with its number and what to do; the good rows count."""
    with _prepared(engine) as (session, _):
        report = _learn(session, row, RENAME)
        assert report.added == 1
        assert [one.row for one in report.problems] == [2]
        assert told in report.problems[0].message


def test_wrong_columns_and_an_unknown_list_are_refused(engine: Engine) -> None:
    """Nothing is read where no column holds the other name, or where the list has no edition."""
    with _prepared(engine) as (session, _):
        for list_key, rows, code in (
            ("ecosoc", [{"first": "a", "second": "b"}], "missing_column"),
            ("ecosoc", [{"old_name": "a", "second": "b"}], "missing_column"),
            ("nowhere", [RENAME], "no_edition"),
        ):
            refused = import_aliases(
                session,
                CONTEXT,
                list_key=list_key,
                table=make_table(rows),
                mapping={},
                source_name="renames.csv",
                today=TODAY,
            )
            assert isinstance(refused, AliasesRefused)
            assert refused.code == code


def test_a_name_that_two_bodies_share_is_never_accepted(engine: Engine) -> None:
    """Where another body bears the name, by the list or learnt, a person decides and sees both."""
    with _prepared(engine) as (session, event):
        report = _learn(
            session,
            {"other_name": "Valley Voices", "id": "Alpine Migrants Forum", "kind": "translation"},
            {"other_name": "Valley Voices", "id": "Lakeside Diaspora Council", "kind": "translation"},
            {"other_name": "Alpine Migrants Forum", "id": "Lakeside Diaspora Council", "kind": "translation"},
        )
        assert report.shared == ("Valley Voices", "Alpine Migrants Forum")
        for typed in ("Valley Voices", "Alpine Migrants Forum"):
            finding = _organisation(session, assessed(session, CONTEXT, event, organisation=typed))
            assert finding.code == "candidates"
            assert "2 bodies" in finding.evidence["flag_1"]
            assert "Alpine Migrants Forum" in finding.evidence["candidate_1"] + finding.evidence["candidate_2"]
            assert "Lakeside Diaspora Council" in finding.evidence["candidate_1"] + finding.evidence["candidate_2"]


def test_a_confirmed_review_teaches_the_spelling(engine: Engine) -> None:
    """What a reviewer confirmed once is not asked again, for the country in which it was confirmed."""
    with _prepared(engine) as (session, event):
        spelled = {"organisation": "Alpin Migrant Foorum", "organisation_country": "CHE"}
        first = assessed(session, CONTEXT, event, **spelled)
        done = approve(
            session,
            CONTEXT,
            event,
            first.reference,
            reason_staff="the letter head",
            confirm_entry="Alpine Migrants Forum",
        )
        assert isinstance(done, Decided)
        (learnt,) = all_aliases(session)
        assert (learnt.kind, learnt.country) == (AliasKind.CONFIRMED_SPELLING, "CHE")
        assert learnt.source == f"review of {first.reference}"
        second = assessed(session, CONTEXT, event, **spelled)
        assert "found by confirmed spelling" in _organisation(session, second).staff
        elsewhere = assessed(session, CONTEXT, event, **{**spelled, "organisation_country": "KEN"})
        assert _organisation(session, elsewhere).code == "candidates"
        assert "confirmed for a body in CHE" in _organisation(session, elsewhere).evidence["flag_1"]
        assert first_broken(session) is None


@pytest.mark.parametrize("typed", ["Alpine Migrants Forum", "Lakeside Diaspora Council", "the of"])
def test_a_confirmation_teaches_no_name_that_the_list_gives(engine: Engine, typed: str) -> None:
    """A name that the list itself gives to a body, and a name that says nothing, is not learnt."""
    with _prepared(engine) as (session, event):
        made = submitted(session, CONTEXT, event, organisation=typed)
        done = approve(
            session, CONTEXT, event, made.reference, reason_staff="asked", confirm_entry="Alpine Migrants Forum"
        )
        assert isinstance(done, Decided)
        assert all_aliases(session) == ()


def test_a_withdrawn_name_lists_the_decisions_that_used_it(engine: Engine) -> None:
    """Withdrawing answers who was decided by the name; decisions stay, and `screen --all` lists whose outcome would change."""
    with _prepared(engine) as (session, event):
        _learn(session, RENAME)
        by_alias = assessed(session, CONTEXT, event, organisation="Pass Watchers' League")
        by_name = assessed(session, CONTEXT, event)
        approve_clear(session, CONTEXT, event)
        number = all_aliases(session)[0].number
        done = withdraw_alias(session, CONTEXT, number, reason="it is another league")
        assert isinstance(done, AliasWithdrawn)
        assert [one.reference for one in done.decisions] == [by_alias.reference]
        assert done.decisions[0].state is ApplicationState.APPROVED
        assert all_aliases(session) == ()
        assert len(all_aliases(session, withdrawn=True)) == 1
        changed = screen_all(session, CONTEXT, event, again=True).changed
        assert [one.reference for one in changed] == [by_alias.reference]
        assert by_name.state is by_alias.state is ApplicationState.APPROVED
        same = recompute(session, event, by_alias.reference)
        assert same is not None
        assert same.sameness is Sameness.SAME


def test_a_recomputation_knows_only_the_names_of_its_time(engine: Engine) -> None:
    """A name that was learnt after the assessment does not make the recomputation another one."""
    with _prepared(engine) as (session, event):
        made = assessed(session, CONTEXT, event, organisation="Pass Watchers' League")
        _learn(session, RENAME)
        same = recompute(session, event, made.reference)
        assert same is not None
        assert same.sameness is Sameness.SAME
        told = explain(session, event, made.reference)
        assert told is not None


def test_what_cannot_be_withdrawn(engine: Engine) -> None:
    """An unknown number, a second withdrawal and a missing reason are values; an actor without the right is refused."""
    with _prepared(engine) as (session, _):
        _learn(session, RENAME)
        number = session.scalars(select(AliasRecord.number)).one()
        missing = withdraw_alias(session, CONTEXT, number, reason=" ")
        assert isinstance(missing, AliasRefused)
        assert missing.code is AliasFault.REASON_MISSING
        unknown = withdraw_alias(session, CONTEXT, 99, reason="why")
        assert isinstance(unknown, AliasRefused)
        assert unknown.code is AliasFault.UNKNOWN_NUMBER
        assert isinstance(withdraw_alias(session, CONTEXT, number, reason="why"), AliasWithdrawn)
        again = withdraw_alias(session, CONTEXT, number, reason="why")
        assert isinstance(again, AliasRefused)
        assert again.code is AliasFault.ALREADY_WITHDRAWN
        with pytest.raises(NotAllowed):
            withdraw_alias(session, acting(CONTEXT, "test:gate", Role.GATE), number, reason="why")


def test_a_name_outlives_its_edition(engine: Engine) -> None:
    """Learnt names belong to the body by its number, in the next edition as well; a body that is gone is not found."""
    with _prepared(engine) as (session, event):
        _learn(session, RENAME)
        next_day = date(2017, 9, 10)
        load_list(
            session,
            CONTEXT,
            "ecosoc",
            [{"external_id": "Alpine Migrants Forum", "name": "Alpine Forum", "status": "special"}],
            next_day,
        )
        found = assessed(session, CONTEXT, event, organisation="Pass Watchers' League")
        assert _organisation(session, found).evidence["listed"] == "Alpine Forum"
        load_list(session, CONTEXT, "ecosoc", [{"name": "Harbour Watch", "status": "withdrawn"}], date(2017, 9, 11))
        gone = assessed(session, CONTEXT, event, organisation="Pass Watchers' League")
        assert _organisation(session, gone).code != "matched_former_name"


def _shared_table(path: Path) -> Table:
    table = read_table(path.read_bytes(), path.name)
    assert isinstance(table, Table)
    return table


def test_the_official_renames_load(engine: Engine, shared_data: Path) -> None:
    """The list of renames loads over the register; each former or later name then finds its body and says so."""
    lists = shared_data / "status_lists"
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        loaded = import_list(
            session,
            CONTEXT,
            list_key="ecosoc",
            as_of=DEADLINE_DAY,
            table=_shared_table(lists / "ecosoc_register_2017_partial.csv"),
            mapping={"org_name": "name", "active_on_2017_09_04": "in_force"},
            source_name="register",
        )
        assert isinstance(loaded, ListReport), loaded
        renames = _shared_table(lists / "ecosoc_name_changes.csv")
        report = import_aliases(
            session, CONTEXT, list_key="ecosoc", table=renames, mapping={}, source_name="renames", today=TODAY
        )
        assert isinstance(report, AliasesReport)
        assert report.added + report.known + len(report.problems) == len(renames.rows)
        assert report.added + report.known > 100
        fields = application_fields()
        assert fields
        for alias in all_aliases(session)[:20]:
            if alias.name in report.shared:
                continue
            made = assessed(session, CONTEXT, event, organisation=alias.name)
            assert _organisation(session, made).evidence.get("entry") == alias.external_id
