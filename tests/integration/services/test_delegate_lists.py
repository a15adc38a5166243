"""The list of delegates that a body hands in: loaded whole or not, kept as hashes, and read by the rule of affiliation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import pytest
from factories.applications import assessed, submitted
from factories.contexts import acting, make_context
from factories.events import loaded_event
from factories.lists import load_list, make_table, usual_lists
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.session import writing
from accredit.domain.assessments import Finding, Rule
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.assessing import findings_of, latest_assessment
from accredit.services.delegate_lists import (
    DelegatesRefused,
    DelegatesReport,
    all_delegate_lists,
    import_delegates,
)
from accredit.services.event_loading import LoadedEvent
from accredit.services.explaining import Sameness, explain, recompute
from accredit.services.screening import approve_clear, screen_all
from accredit.services.screening_one import screen

CONTEXT = make_context()
DAY = date(2017, 9, 4)
FORUM = "Alpine Migrants Forum"
ADEYEMI = {"organisation": FORUM, "surname": "ADEYEMI", "given_names": "Amara", "birth_date": "1980-05-31"}
BRANDT = {"organisation": FORUM, "surname": "BRANDT", "given_names": "Bela", "birth_date": ""}
EKLUND = {**BRANDT, "organisation": "Lakeside Diaspora Council", "surname": "EKLUND"}


@contextmanager
def _prepared(engine: Engine) -> Iterator[tuple[Session, LoadedEvent]]:
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        usual_lists(session, CONTEXT)
        yield session, event


def _import(
    session: Session, event: LoadedEvent, *rows: Mapping[str, str], as_of: date = DAY, list_key: str = "ecosoc"
) -> DelegatesReport | DelegatesRefused:
    return import_delegates(
        session,
        CONTEXT,
        event,
        list_key=list_key,
        as_of=as_of,
        table=make_table(rows),
        mapping={},
        source_name="delegates.csv",
    )


def _loaded(session: Session, event: LoadedEvent, *rows: Mapping[str, str], as_of: date = DAY) -> DelegatesReport:
    report = _import(session, event, *rows, as_of=as_of)
    assert isinstance(report, DelegatesReport)
    assert report.problems == ()
    return report


def _affiliation(session: Session, application: Application) -> Finding:
    record = latest_assessment(session, application)
    assert record is not None
    return next(one for one in findings_of(record) if one.rule is Rule.AFFILIATION)


CASES = [
    ({}, "on_delegate_list", "name and birth date"),
    ({"surname": "Adeyemi"}, "on_delegate_list", "name and birth date"),
    (
        {"surname": "Аdеуеmi", "latin_surname": "ADEYEMI", "latin_given_names": "AMARA"},
        "on_delegate_list",
        "name and birth date",
    ),
    ({"birth_date": "1980-05-30"}, "other_birth_date_on_delegate_list", "name with another birth date"),
    ({"surname": "BRANDT", "given_names": "Bela"}, "on_delegate_list", "name"),
    ({"surname": "GRECO", "given_names": "Hana"}, "not_on_delegate_list", "absent"),
    ({"surname": "EKLUND", "given_names": "Bela"}, "not_on_delegate_list", "absent"),
]


@pytest.mark.parametrize(("fields", "code", "on_list"), CASES)
def test_the_body_s_own_list_decides_who_speaks_for_it(
    engine: Engine, fields: dict[str, str], code: str, on_list: str
) -> None:
    """By name and birth date, or by name where the list gives no more; screened alone or among all, it is the same."""
    with _prepared(engine) as (session, event):
        _loaded(session, event, ADEYEMI, BRANDT, EKLUND)
        person = {"surname": "ADEYEMI", "given_names": "Amara", "birth_date": "1980-05-31", **fields}
        alone = assessed(session, CONTEXT, event, **person)
        finding = _affiliation(session, alone)
        assert (finding.code, finding.evidence["on_list"]) == (code, on_list)
        screen_all(session, CONTEXT, event, again=True)
        assert _affiliation(session, alone) == finding
        told = "\n".join(explain(session, event, alone.reference) or ())
        assert "delegates of ecosoc/Alpine Migrants Forum of 2017-09-04, revision 1" in told
        again = recompute(session, event, alone.reference)
        assert again is not None
        assert again.sameness is Sameness.SAME


def test_a_delegate_of_the_list_needs_no_letter(engine: Engine) -> None:
    """The body has spoken, so that nothing more is asked; where it sent no list, everything is as before."""
    with _prepared(engine) as (session, event):
        before = submitted(session, CONTEXT, event, surname="ADEYEMI", given_names="Amara", affiliation="")
        other = submitted(session, CONTEXT, event, organisation="River Crossing Network", affiliation="")
        screen_all(session, CONTEXT, event)
        assert _affiliation(session, before).code == "no_proof"
        _loaded(session, event, ADEYEMI)
        [change] = screen_all(session, CONTEXT, event, again=True).changed
        assert change.reference == before.reference
        assert _affiliation(session, other).code == "no_proof"
        assert approve_clear(session, CONTEXT, event) == (before.reference,)


def test_the_latest_list_in_force_counts(engine: Engine) -> None:
    """A later list takes the place of the one before; one of a day after the hearing is not read; nobody's list is another's."""
    with _prepared(engine) as (session, event):
        _loaded(session, event, ADEYEMI)
        report = _loaded(session, event, BRANDT, as_of=date(2017, 9, 10))
        assert [(one.new, one.gone, one.delegates) for one in report.bodies] == [(1, 1, 1)]
        _loaded(session, event, ADEYEMI, as_of=date(2018, 1, 1))
        made = assessed(session, CONTEXT, event, surname="ADEYEMI", given_names="Amara")
        assert _affiliation(session, made).code == "not_on_delegate_list"
        _loaded(session, event, ADEYEMI, BRANDT, as_of=date(2017, 9, 10))
        screen(session, CONTEXT, event, made)
        assert _affiliation(session, made).code == "on_delegate_list"
        lists = [(one.as_of.isoformat(), one.revision, count) for one, count in all_delegate_lists(session, event)]
        assert lists == [("2017-09-04", 1, 1), ("2017-09-10", 1, 1), ("2017-09-10", 2, 2), ("2018-01-01", 1, 1)]


def test_the_same_file_once_more_changes_nothing(engine: Engine) -> None:
    """Another order, case or file name says the same; of several bodies only the one that changed gets a list."""
    with _prepared(engine) as (session, event):
        _loaded(session, event, ADEYEMI, BRANDT, EKLUND)
        again = _loaded(session, event, EKLUND, BRANDT, {**ADEYEMI, "surname": "Adeyemi"}, as_of=date(2017, 9, 8))
        assert [one.loaded for one in again.bodies] == [False, False]
        changed = _loaded(session, event, EKLUND, BRANDT, as_of=date(2017, 9, 8))
        assert [(one.name, one.loaded) for one in changed.bodies] == [(FORUM, True), (EKLUND["organisation"], False)]
        trail = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert trail is not None
        assert (trail.action, trail.subject_id) == ("list.imported", f"ecosoc/{FORUM}")


BROKEN = [
    ({"surname": ""}, "surname", True),
    ({"surname": "..."}, "surname", True),
    ({"surname": "x" * 121}, "shorten it", True),
    ({"birth_date": "31.05.1980"}, "year-month-day", True),
    ({"birth_date": "1780-01-01"}, "check the year", True),
    ({"organisation": "Nobody Knows Us"}, "give its number", False),
    ({"organisation": ""}, "which body", False),
]


@pytest.mark.parametrize(("change", "words", "breaks"), BROKEN)
def test_a_broken_row_holds_back_the_list_of_its_body_alone(
    engine: Engine, change: dict[str, str], words: str, breaks: bool
) -> None:
    """Whoever is missing from a list is asked about, so that half a list is worse than none; nothing of a cell is repeated."""
    with _prepared(engine) as (session, event):
        report = _import(session, event, ADEYEMI, {**BRANDT, **change}, EKLUND)
        assert isinstance(report, DelegatesReport)
        assert [problem.row for problem in report.problems] == [3]
        told = str(report.problems[0])
        assert "row 3" in told
        assert words in told
        assert not any(value and value in told for value in change.values())
        assert report.held_back == ((FORUM,) if breaks else ())
        assert [one.name for one in report.bodies] == ([] if breaks else [FORUM]) + ["Lakeside Diaspora Council"]
        assert len(all_delegate_lists(session, event)) == len(report.bodies)


def test_a_repeated_delegate_counts_once_and_is_told(engine: Engine) -> None:
    """Two people of one name with two birth dates are two."""
    with _prepared(engine) as (session, event):
        report = _import(session, event, ADEYEMI, ADEYEMI, {**ADEYEMI, "birth_date": "1990-01-01"})
        assert isinstance(report, DelegatesReport)
        assert [problem.row for problem in report.problems] == [3]
        assert [one.delegates for one in report.bodies] == [2]


def test_a_body_is_named_by_number_or_by_any_of_its_names(engine: Engine) -> None:
    """Its number goes before; a name that two bodies bear says nothing."""
    with _prepared(engine) as (session, event):
        load_list(
            session,
            CONTEXT,
            "ecosoc",
            [
                {"name": FORUM, "external_id": "E1", "aliases": "AMF", "status": "special"},
                {"name": "Twin Body", "external_id": "E2", "country": "KEN"},
                {"name": "Twin Body", "external_id": "E3", "country": "IND"},
            ],
            date(2017, 9, 5),
        )
        by_id = {"id": "e1", "organisation": "whatever is written here", "surname": "ADEYEMI", "birth_date": ""}
        report = _import(session, event, by_id, {**by_id, "id": "", "organisation": "amf", "surname": "BRANDT"})
        assert isinstance(report, DelegatesReport)
        assert [(one.external_id, one.delegates) for one in report.bodies] == [("E1", 2)]
        twins = _import(session, event, {**by_id, "id": "", "organisation": "Twin Body"})
        assert isinstance(twins, DelegatesReport)
        assert (len(twins.problems), twins.bodies) == (1, ())


def test_a_file_that_cannot_be_read_as_a_whole_is_refused(engine: Engine) -> None:
    """No such list, no column that says whose delegates they are, no surnames, no rows."""
    with _prepared(engine) as (session, event):
        for rows, list_key, code in (
            ([ADEYEMI], "parliament-of-fish", "no_edition"),
            ([{"surname": "ADEYEMI"}], "ecosoc", "missing_column"),
            ([{"organisation": FORUM}], "ecosoc", "missing_column"),
        ):
            refused = _import(session, event, *rows, list_key=list_key)
            assert isinstance(refused, DelegatesRefused)
            assert refused.code == code
        assert all_delegate_lists(session, event) == ()
        with pytest.raises(NotAllowed):
            import_delegates(
                session,
                acting(CONTEXT, "test:gate", Role.GATE),
                event,
                list_key="ecosoc",
                as_of=DAY,
                table=make_table([ADEYEMI]),
                mapping={},
                source_name="x",
            )


def test_nobody_can_be_read_from_the_database(engine: Engine) -> None:
    """Kept are hashes under a key: the same name gives another one in another place, and no name or date stands there."""
    with _prepared(engine) as (session, event):
        _loaded(session, event, ADEYEMI)
        session.commit()
        row = session.execute(text("SELECT * FROM delegates")).one()
        names, people = bytes(row.name_hash), bytes(row.person_hash)
        assert len(names) == len(people) == 32
        assert names != people
        lists = str(session.execute(text("SELECT * FROM delegate_lists")).one())
        assert all(word not in lists for word in ("ADEYEMI", "Amara", "1980"))
