"""Status lists: editions, comparison, broken rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from factories.contexts import acting, make_context
from factories.events import loaded_event
from factories.lists import DEADLINE_DAY, load_list, make_table
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from accredit.db.models.audit import AuditEntry
from accredit.db.models.lists import Edition, Entry
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.list_rows import RowFault
from accredit.services.listing import ListRefused, ListReport, edition_on, import_list
from accredit.services.tables import Row, Table, read_table

CONTEXT = make_context()


def _import(
    session: Session,
    rows: list[dict[str, str]],
    *,
    key: str = "ecosoc",
    as_of: date = DEADLINE_DAY,
    mapping: Mapping[str, str] | None = None,
) -> ListReport | ListRefused:
    return import_list(
        session,
        CONTEXT,
        list_key=key,
        as_of=as_of,
        table=make_table(rows),
        mapping=mapping or {},
        source_name="list.csv",
    )


def _loaded(session: Session, rows: list[dict[str, str]], as_of: date = DEADLINE_DAY) -> ListReport:
    report = _import(session, rows, as_of=as_of)
    assert isinstance(report, ListReport), report
    return report


def test_a_list_is_loaded_once(engine: Engine) -> None:
    """The same rows again, in another order, make no second edition."""
    rows = [{"id": "1", "name": "Alpine Migrants Forum"}, {"id": "2", "name": "Harbour Watch"}]
    with writing(engine) as session:
        first = _loaded(session, rows)
        second = _loaded(session, rows[::-1])
        later = _loaded(session, rows, date(2017, 10, 1))
        session.commit()
        assert (first.changes.new.count, first.changes.same, first.edition is not None) == (2, 0, True)
        assert (second.changes.new.count, second.changes.same, second.edition) == (0, 2, None)
        assert later.edition is None
        assert session.scalar(select(func.count()).select_from(Edition)) == 1


def test_a_later_edition_tells_what_changed(engine: Engine) -> None:
    """New, changed and gone entries are counted and named against the edition before."""
    with writing(engine) as session:
        _loaded(session, [{"id": str(n), "name": name} for n, name in enumerate(["Stays", "Goes", "Renamed"])])
        rows = [{"id": "0", "name": "Stays"}, {"id": "2", "name": "Renamed Anew"}, {"id": "3", "name": "Comes"}]
        report = _loaded(session, rows, date(2017, 10, 1))
        assert report.changes.new.names == ("Comes",)
        assert report.changes.changed.names == ("Renamed Anew",)
        assert report.changes.renamed.names == ("Renamed → Renamed Anew",)
        assert report.changes.restated.count == 0
        assert report.changes.gone.names == ("Goes",)
        assert report.changes.same == 1


def test_a_corrected_file_of_the_same_day_is_the_next_revision(engine: Engine) -> None:
    """An edition is never edited; its correction is in force in its place."""
    with writing(engine) as session:
        _loaded(session, [{"id": "1", "name": "Harbor Wacth"}])
        report = _loaded(session, [{"id": "1", "name": "Harbour Watch"}])
        session.commit()
        assert report.edition is not None
        assert report.edition.revision == 2
        in_force = edition_on(session, "ecosoc", date(2017, 10, 11))
        assert in_force is not None
        assert in_force.id == report.edition.id
        assert edition_on(session, "ecosoc", date(2017, 9, 3)) is None


BROKEN: list[tuple[RowFault, str, dict[str, str]]] = [
    (RowFault.MISSING_NAME, "name", {"id": "b1", "name": ""}),
    (RowFault.MISSING_ID, "id", {"id": "", "name": "No Number"}),
    (RowFault.NO_LETTERS, "name", {"id": "b3", "name": "– – –"}),
    (RowFault.BAD_CHARACTER, "name", {"id": "b4", "name": "Associa\ufffdtion"}),
    (RowFault.TOO_LONG, "name", {"id": "b5", "name": "x" * 401}),
    (RowFault.UNKNOWN_COUNTRY, "country", {"id": "b6", "name": "Somewhere", "country": "QQQ"}),
    (RowFault.BAD_IN_FORCE, "active", {"id": "b7", "name": "Maybe", "active": "perhaps"}),
    (RowFault.BAD_ALIASES, "aliases", {"id": "b9", "name": "Alias", "aliases": '[{"nam": "x"}]'}),
    (RowFault.BAD_ALIASES, "aliases", {"id": "b10", "name": "Alias", "aliases": "[not json"}),
]


def test_every_kind_of_broken_row_is_named_and_the_rest_is_loaded(engine: Engine) -> None:
    """Each broken row is refused alone, with its number, column and cause; no cell is repeated."""
    good = [{"id": f"g{number}", "name": f"Good {number}"} for number in range(1, 31)]
    table = make_table([*good, *(row for _, _, row in BROKEN)])
    faulty = Row(99, dict.fromkeys(table.columns, ""), "Row 99 has 9 cells, but there are only 6 columns")
    with writing(engine) as session:
        report = import_list(
            session,
            CONTEXT,
            list_key="ecosoc",
            as_of=DEADLINE_DAY,
            table=Table(table.columns, (*table.rows, faulty)),
            mapping={},
            source_name="broken.csv",
        )
        session.commit()
        assert isinstance(report, ListReport)
        found = {(one.row, one.column, one.code) for one in report.refused}
        for number, (code, column, row) in enumerate(BROKEN, 32):
            assert (number, column, code) in found
            message = next(one.message for one in report.refused if one.row == number)
            assert f"row {number}, column “{column}”" in message
            assert not row["name"] or row["name"] not in message
        assert (99, "", RowFault.UNREADABLE) in found
        assert report.entries == 30
        assert session.scalar(select(func.count()).select_from(Entry)) == 30


SPOILING: list[tuple[RowFault, dict[str, str], list[int]]] = [
    (RowFault.CONTRADICTION, {"id": "b8", "name": "Both", "active": "yes", "status": "withdrawn"}, [32]),
    (RowFault.REPEATED, {"id": "g1", "name": "Good 1"}, [32]),
    (RowFault.CONTRADICTORY_ROWS, {"id": "G2", "name": "Other 2"}, [3, 32]),
    (RowFault.CONTRADICTORY_ROWS, {"id": "g2", "name": "Good 2", "status": "suspended"}, [3, 32]),
]


@pytest.mark.parametrize(("code", "row", "named"), SPOILING)
def test_an_edition_that_contradicts_itself_is_refused(
    engine: Engine, code: RowFault, row: dict[str, str], named: list[int]
) -> None:
    """With an id in several rows, or a status that contradicts itself, nothing is loaded and the rows are named."""
    good = [{"id": f"g{number}", "name": f"Good {number}"} for number in range(1, 31)]
    with writing(engine) as session:
        refused = _import(session, [*good, row])
        assert isinstance(refused, ListRefused)
        assert refused.code == "contradictory"
        assert [one.row for one in refused.refused if one.code is code] == named
        assert f"see rows {', '.join(map(str, named))}." in refused.message
        assert session.scalar(select(func.count()).select_from(Edition)) == 0


def test_an_edition_tells_whose_status_changed(engine: Engine) -> None:
    """A status that was suspended, or ended, is told with the one before it."""
    with writing(engine) as session:
        _loaded(session, [{"id": "1", "name": "Alpine", "status": "special"}, {"id": "2", "name": "Lakeside"}])
        rows = [{"id": "1", "name": "Alpine", "status": "suspended"}, {"id": "2", "name": "Lakeside"}]
        report = _loaded(session, rows, date(2017, 10, 1))
        assert report.changes.restated.names == ("Alpine: special → suspended (not in force)",)
        assert (report.changes.changed.count, report.changes.renamed.count) == (1, 0)


def test_a_file_that_is_broken_for_the_greater_part_loads_nothing(engine: Engine) -> None:
    """More broken rows than good ones is the wrong file, not a list with gaps."""
    with writing(engine) as session:
        refused = _import(session, [{"id": "1", "name": "Good"}, {"id": "2", "name": ""}, {"id": "3", "name": ""}])
        assert isinstance(refused, ListRefused)
        assert refused.code == "too_many_broken"
        assert len(refused.refused) == 2
        assert session.scalar(select(func.count()).select_from(Edition)) == 0


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"nothing": "name"}, "unknown_column"),
        ({"titel": "nom"}, "unknown_field"),
        ({"titel": "name", "id": "name"}, "field_twice"),
        ({}, "missing_column"),
    ],
)
def test_columns_that_cannot_be_told_apart_refuse_the_file(engine: Engine, mapping: dict[str, str], code: str) -> None:
    """The refusal names the columns that there are."""
    with writing(engine) as session:
        refused = _import(session, [{"id": "1", "titel": "Alpine"}], mapping=mapping)
        assert isinstance(refused, ListRefused)
        assert refused.code == code


def test_one_column_may_be_mapped_to_two_fields(engine: Engine) -> None:
    """A list of States has one code that is both the number and the country."""
    with writing(engine) as session:
        report = _import(
            session, [{"iso": "KEN", "titel": "Kenya"}], mapping={"ISO": "external_id,country", "titel": "name"}
        )
        assert isinstance(report, ListReport)
        entry = session.scalars(select(Entry)).one()
        assert (entry.external_id, entry.country, entry.name) == ("KEN", "KEN", "Kenya")


def test_aliases_keep_their_kind_and_what_the_list_says_of_them(engine: Engine) -> None:
    """A JSON list of objects and names with bars between both give aliases."""
    with writing(engine) as session:
        told = '[{"name": "Old Forum", "kind": "former name until report of 2013"}, "AMF"]'
        _loaded(session, [{"id": "1", "name": "New", "aliases": told}, {"id": "2", "name": "N", "aliases": "A | B"}])
        first, second = session.scalars(select(Entry).order_by(Entry.external_id))
        assert first.aliases == [
            {"name": "Old Forum", "kind": "former_name", "source": "former name until report of 2013"},
            {"name": "AMF", "kind": "alias"},
        ]
        assert [alias["name"] for alias in second.aliases] == ["A", "B"]


def test_a_list_that_no_category_reads_is_said_so(engine: Engine) -> None:
    """A mistyped list name is loaded, and noted."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        report = _import(session, [{"id": "1", "name": "Alpine"}], key="ecosok")
        assert isinstance(report, ListReport)
        assert "ecosok" in report.notes[0]


def test_importing_needs_the_permission_and_leaves_a_trace(engine: Engine) -> None:
    """A reviewer may not load lists; who did is in the trail."""
    with writing(engine) as session:
        with pytest.raises(NotAllowed):
            import_list(
                session,
                acting(CONTEXT, "someone", Role.REVIEWER),
                list_key="ecosoc",
                as_of=DEADLINE_DAY,
                table=make_table([{"id": "1", "name": "Alpine"}]),
                mapping={},
                source_name="x",
            )
        load_list(session, CONTEXT, "ecosoc", [{"name": "Alpine"}])
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.subject_id) == ("list.imported", "ecosoc/2017-09-04/1")


def test_the_register_of_2017_loads_once(engine: Engine, shared_data: Path) -> None:
    """3,650 organisations, none refused; the second import changes nothing."""
    path = shared_data / "status_lists" / "ecosoc_register_2017_partial.csv"

    def load() -> ListReport:
        table = read_table(path.read_bytes(), path.name)
        assert isinstance(table, Table), table
        with writing(engine) as session:
            report = import_list(
                session,
                CONTEXT,
                list_key="ecosoc",
                as_of=DEADLINE_DAY,
                table=table,
                mapping={"active_on_2017_09_04": "in_force"},
                source_name=path.name,
            )
            session.commit()
        assert isinstance(report, ListReport), report
        return report

    first = load()
    second = load()
    assert first.entries == first.changes.new.count == 3650
    assert first.refused == ()
    assert (second.edition, second.changes.same) == (None, 3650)
