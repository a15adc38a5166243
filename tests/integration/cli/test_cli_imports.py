"""Importing lists and applications: every broken row is told, one content is one edition, and nothing is half loaded."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from factories.commands import Commands, applicant
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

COLUMNS = ("external_id", "name", "country", "status", "in_force", "aliases", "note")
GOOD = [
    (f"g{number}", f"Society Number {chr(64 + number)}", "CHE", "special", "yes", "", "") for number in range(1, 25)
]
# What is wrong, and a word that the answer must have.
BROKEN = (
    (("b1", "", "CHE", "special", "yes", "", ""), "name"),
    (("", "No Number", "CHE", "special", "yes", "", ""), "external_id"),
    (("b3", "– – –", "CHE", "special", "yes", "", ""), "name"),
    (("b4", "Associa\ufffdtion", "CHE", "special", "yes", "", ""), "name"),
    (("b5", "x" * 401, "CHE", "special", "yes", "", ""), "name"),
    (("b6", "Somewhere", "QQQ", "special", "yes", "", ""), "country"),
    (("b7", "Perhaps", "CHE", "special", "perhaps", "", ""), "in_force"),
    (("b9", "Alias", "CHE", "special", "yes", "[not json", ""), "aliases"),
    (("b10", "Control\x07", "CHE", "special", "yes", "", ""), "name"),
    (("b11", "Cells", "CHE", "special", "yes", "", "", "one too many"), "8 cells"),
)
# Of these nobody can tell which row is meant.
CONTRADICTIONS = (
    ("b8", "Both", "CHE", "withdrawn", "yes", "", ""),
    ("g1", "Society Number A", "CHE", "special", "yes", "", ""),
    ("g2", "Another Society", "CHE", "special", "yes", "", ""),
)


def _write_csv(path: Path, rows: Sequence[Sequence[str]], columns: Sequence[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def _write_xlsx(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [COLUMNS, *rows]:
        book.active.append(list(row))
    book.save(path)
    return path


def _write_ods(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="list")
    for row in [COLUMNS, *rows]:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            line.addElement(cell)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(str(path))
    return path


def _import(commands: Commands, path: Path | str, *more: str, day: str = "2017-09-04", key: str = "ecosoc") -> str:
    return commands.well("lists", "import", "--list", key, "--edition", day, *more, str(path))


def test_every_broken_row_is_told_with_its_number(office: Commands) -> None:
    """Ten kinds, each named by row and column on standard error; the good rows make one edition."""
    path = _write_csv(office.folder / "broken.csv", [*GOOD, *(row for row, _ in BROKEN)])
    said = office("lists", "import", "--list", "fresh", "--edition", "2017-09-04", str(path))
    assert said.code == 0
    told = said.err.splitlines()
    for number, (row, column) in enumerate(BROKEN, start=len(GOOD) + 2):
        mine = [line for line in told if f"ow {number}" in line]
        assert mine, (number, row)
        assert any(column in line for line in mine), (mine, column)
    assert "Perhaps" not in said.err
    assert "rows were refused" in said.out


def test_a_file_that_is_mostly_broken_loads_nothing(office: Commands) -> None:
    """More broken rows than good ones: the file is the wrong one, and no edition is made of it."""
    path = _write_csv(office.folder / "broken.csv", [GOOD[0], *(row for row, _ in BROKEN)])
    said = office("lists", "import", "--list", "fresh", "--edition", "2017-09-04", str(path))
    assert said.code == 1
    assert "fresh" not in office.well("lists", "list")


@pytest.mark.parametrize("row", CONTRADICTIONS, ids=lambda row: str(row[0]))
def test_a_file_that_contradicts_itself_loads_nothing(office: Commands, row: tuple[str, ...]) -> None:
    """An id twice, or a status that has ended beside a yes: the row is told, and the whole file waits to be mended."""
    path = _write_csv(office.folder / "list.csv", [*GOOD, row])
    said = office("lists", "import", "--list", "fresh", "--edition", "2017-09-04", str(path))
    assert said.code == 1
    assert f"row {len(GOOD) + 2}" in said.err
    assert "Nothing was loaded" in said.err
    assert "fresh" not in office.well("lists", "list")


def test_csv_xlsx_and_ods_of_one_content_are_one_edition(office: Commands) -> None:
    """The second and third format of the same rows change nothing."""
    first = _import(office, _write_csv(office.folder / "list.csv", GOOD), key="fresh")
    assert "24 new" in first
    writers: dict[str, Callable[[Path, Sequence[Sequence[str]]], Path]] = {
        "list.xlsx": _write_xlsx,
        "list.ods": _write_ods,
    }
    for name, write in writers.items():
        assert "nothing changed" in _import(office, write(office.folder / name, GOOD), key="fresh")
    assert office.well("lists", "list").count("fresh ") == 1


def test_columns_are_named_by_hand(office: Commands) -> None:
    """With --map any column is a field; a field that is not there, and a map that is none, are told."""
    rows = [(row[0], row[1]) for row in GOOD]
    path = _write_csv(office.folder / "list.csv", rows, ("Nr", "Bezeichnung"))
    refused = office("lists", "import", "--list", "fresh", "--edition", "2017-09-04", str(path))
    assert (refused.code, "COLUMN=external_id" in refused.err) == (1, True)
    assert "24 new" in _import(office, path, "--map", "Nr=external_id", "--map", "Bezeichnung=name", key="fresh")
    for wrong, code in (("Nr", 2), ("=name", 2), ("Nr=number_of_it", 1), ("Nowhere=name", 1)):
        said = office("lists", "import", "--list", "x", "--edition", "2017-09-04", "--map", wrong, str(path))
        assert (said.code, "Traceback" in said.err) == (code, False), wrong


@pytest.mark.parametrize("day", ["2017-02-30", "2017-13-01", "04.09.2017", "", "yesterday", "0000-00-00"])
def test_an_impossible_day_is_wrong_usage(office: Commands, day: str) -> None:
    """The day of an edition is a day of the calendar."""
    path = _write_csv(office.folder / "list.csv", GOOD)
    said = office("lists", "import", "--list", "fresh", "--edition", day, str(path))
    assert said.code == 2
    assert "--edition" in said.err


def test_what_changed_is_told_by_name(office: Commands) -> None:
    """A later edition: new, changed, gone."""
    _import(office, _write_csv(office.folder / "one.csv", GOOD), key="fresh")
    changed = [
        (GOOD[0][0], "Renamed Society", *GOOD[0][2:]),
        *GOOD[2:],
        ("g99", "Newcomers", "CHE", "special", "yes", "", ""),
    ]
    told = _import(office, _write_csv(office.folder / "two.csv", changed), key="fresh", day="2017-10-01")
    assert "1 new" in told
    assert "1 gone" in told
    assert "gone: Society Number B" in told


def test_the_register_is_loaded_once(
    office: Commands, shared_data: Path, record_property: pytest.RecordProperty
) -> None:
    """The register of 3,650 bodies loads by its own columns; the second import changes nothing."""
    register = shared_data / "status_lists" / "ecosoc_register_2017_partial.csv"
    mapping = ("--map", "org_id=external_id", "--map", "org_name=name", "--map", "active_on_2017_09_04=in_force")
    began = time.monotonic()
    first = _import(office, register, *mapping, key="register")
    record_property("seconds", time.monotonic() - began)
    assert "3650 entries" in first
    assert "3650 new" in first
    assert "nothing changed" in _import(office, register, *mapping, key="register")


FLAWS = (
    ({"surname": ""}, "surname"),
    ({"birth_date": "1980-02-30"}, "birth_date"),
    ({"birth_date": "2030-01-01"}, "birth_date"),
    ({"nationality": "Helvetia"}, "nationality"),
    ({"email": "nobody"}, "email"),
    ({"organisation": ""}, "organisation"),
    ({"category": "friend"}, "category"),
    ({"affiliation": "rumour"}, "affiliation"),
    ({"received_at": "2017-09-04 12:00"}, "received_at"),
    ({"received_at": "2017-02-30T10:00:00+01:00"}, "received_at"),
    ({"received_at": "2031-01-01T00:00:00+00:00"}, "received_at"),
    ({"grounds_pass": "perhaps"}, "grounds_pass"),
    ({"hold": "maybe"}, "hold"),
    ({"photo": "nowhere.jpg"}, "photo"),
)


def test_every_flaw_of_an_application_is_told(office: Commands) -> None:
    """Each row with a flaw is refused with row and field, no value repeated; the good one is taken, and once only."""
    rows = [{**applicant(f"FLAW{chr(65 + number)}", "Ines"), **flaw} for number, (flaw, _) in enumerate(FLAWS)]
    path = office.table("some.csv", [applicant("GRECO", "Hana"), *rows])
    said = office("applications", "import", str(path))
    assert said.out == f"some.csv: 1 taken, 0 were here already, {len(FLAWS)} refused\n"
    told = said.err.splitlines()
    for number, (flaw, field) in enumerate(FLAWS, start=3):
        [mine] = [line for line in told if f"row {number}, " in line]
        assert field in mine, mine
        assert not any(value and value in mine for value in flaw.values() if value != "nowhere.jpg"), mine
    again = office("applications", "import", str(path))
    assert "0 taken, 1 were here already" in again.out


def test_applications_from_a_workbook_are_the_same(office: Commands) -> None:
    """The same people in XLSX are here already."""
    rows = [applicant("GRECO", "Hana"), applicant("IVANOV", "Jonas")]
    assert "2 taken" in office.well("applications", "import", str(office.table("some.csv", rows)))
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(office.folder / "some.xlsx")
    assert "0 taken, 2 were here already" in office.well("applications", "import", "some.xlsx")


def test_missing_and_unknown_columns_are_named(office: Commands) -> None:
    """A file without the needed columns, or with one that means nothing, is refused as a whole."""
    row = applicant("GRECO", "Hana")
    without = {name: value for name, value in row.items() if name != "received_at"}
    said = office("applications", "import", str(office.table("a.csv", [without])))
    assert (said.code, "received_at" in said.err) == (1, True)
    said = office("applications", "import", str(office.table("b.csv", [{**row, "shoe_size": "43"}])))
    assert (said.code, "shoe_size" in said.err) == (1, True)
    assert "GRECO" not in office.well("review", "list", "--state", "all")


def test_a_photo_outside_its_folder_is_not_read(office: Commands) -> None:
    """A name with a path in it names no file."""
    (office.folder / "photos").mkdir()
    row = applicant("GRECO", "Hana", photo="../clock.json")
    said = office("applications", "import", str(office.table("a.csv", [row])), "--photos", "photos")
    assert "1 refused" in said.out
    assert "photo" in said.err
