"""The lists that come along: readable, consistent, and true where a source is at hand."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from accredit.identity.states import is_known
from accredit.matching.answer import Band
from accredit.matching.index import Alias, Listed, build_index
from accredit.matching.match import match
from accredit.services.tables import Table, read_table

FOLDER = Path(str(files("accredit.data"))) / "lists"
COLUMNS = {"external_id", "name", "country", "status", "in_force", "aliases", "note"}
COUNTS = {
    "ecosoc-2017-09-04": 36,
    "organisations-without-known-status": 10,
    "special-accreditation-2017": 13,
    "member-states-2017": 193,
    "observers-2017": 3,
    "parliaments-2017": 46,
    "ganhri-2017": 19,
    "igo-2017": 6,
    "invitations": 23,
}


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one shipped list, read as an import reads them."""
    table = read_table((FOLDER / f"{name}.csv").read_bytes(), f"{name}.csv")
    assert isinstance(table, Table)
    assert set(table.columns) >= COLUMNS
    assert [row.fault for row in table.rows if row.fault] == []
    return [dict(row.cells) for row in table.rows]


def aliases_of(row: dict[str, str]) -> list[str]:
    """The other names of a row."""
    return [alias.strip() for alias in row["aliases"].split("|") if alias.strip()]


def test_every_file_is_known_here_and_in_the_readme() -> None:
    """A list that nobody tests or explains is not shipped."""
    assert {file.stem for file in FOLDER.glob("*.csv")} == set(COUNTS)
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name, count in COUNTS.items():
        line = next(line for line in readme.splitlines() if line.startswith(f"| `{name}.csv`"))
        assert f"| {count} |" in line


@pytest.mark.parametrize("name", COUNTS)
def test_a_list_is_whole_and_consistent(name: str) -> None:
    """Ids are unique, countries are codes, what is in force has a status, and every row can be matched by its name."""
    rows = rows_of(name)
    assert len(rows) == COUNTS[name]
    assert len({row["external_id"] for row in rows}) == len(rows)
    assert [row["country"] for row in rows if row["country"] and not is_known(row["country"])] == []
    assert [row["name"] for row in rows if row["in_force"] not in {"yes", "no", ""}] == []
    assert [row["name"] for row in rows if row["in_force"] == "yes" and not row["status"]] == []
    index = build_index(
        Listed(row["external_id"], row["name"], row["country"] or None, tuple(map(Alias, aliases_of(row))))
        for row in rows
    )
    assert [row["name"] for row in rows if match(index, row["name"], row["country"]).band is not Band.ACCEPT] == []


def test_unknown_status_is_never_called_one() -> None:
    """Bodies of which no status is known stand apart from the list, and none is in force."""
    without = rows_of("organisations-without-known-status")
    assert {row["in_force"] for row in without} == {"", "no"}
    listed = {row["name"] for row in rows_of("ecosoc-2017-09-04")}
    assert listed.isdisjoint(row["name"] for row in without)


def test_made_up_bodies_say_so() -> None:
    """Nobody can take the special-accreditation list of the demonstration for a real one."""
    assert all("FICTITIOUS" in row["note"] for row in rows_of("special-accreditation-2017"))


def test_every_body_of_the_programme_is_in_some_list() -> None:
    """The organisation of each invited person is on a list of the event, or among those without a known status."""
    names = [
        "ecosoc-2017-09-04",
        "organisations-without-known-status",
        "igo-2017",
        "member-states-2017",
    ]
    known = {row["name"] for name in names for row in rows_of(name)}
    invited = {row["organisation"] for row in rows_of("invitations")}
    assert invited - known == {"Asylum Access Latin America"}


def test_grades_and_categories_are_those_of_their_lists() -> None:
    """ECOSOC knows three categories; of institutions both grades are there, A and B."""
    assert {row["status"] for row in rows_of("ecosoc-2017-09-04")} == {"general", "special", "roster"}
    assert Counter(row["status"] for row in rows_of("ganhri-2017")) == {"A": 15, "B": 4}


def test_member_states_and_observers_are_those_of_the_united_nations(shared_data: Path) -> None:
    """193 codes agree with the list of States, and three observers with theirs."""
    for name, real, column in (
        ("member-states-2017", "un_member_states.csv", "iso3"),
        ("observers-2017", "un_observers.csv", "code"),
    ):
        with (shared_data / "states" / real).open(encoding="utf-8", newline="") as file:
            codes = {row[column] for row in csv.DictReader(file)}
        assert {row["country"] for row in rows_of(name)} == codes


def test_parliaments_are_members_of_the_interparliamentary_union(shared_data: Path) -> None:
    """Each parliament's State is on the union's list of members of 2018."""
    with (shared_data / "states" / "ipu_member_parliaments_2018.csv").open(encoding="utf-8", newline="") as file:
        members = {row["iso3"] for row in csv.DictReader(file)}
    assert [row["name"] for row in rows_of("parliaments-2017") if row["country"] not in members] == []


def test_what_is_called_confirmed_stands_in_the_register(shared_data: Path) -> None:
    """A row that names the rebuilt register agrees with it in name, category and year."""
    file = shared_data / "status_lists" / "ecosoc_register_2017_partial.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        register = {row["org_name"].casefold(): (row["status"], row["status_year"]) for row in csv.DictReader(lines)}
    confirmed = [
        row for row in rows_of("ecosoc-2017-09-04") if "; confirmed" in row["note"] or row["note"][:4] == "conf"
    ]
    assert len(confirmed) > 20
    for row in confirmed:
        assert register[row["name"].casefold()] == (row["status"], row["status_since"]), row["name"]


def test_known_deferral_is_that_of_the_register(shared_data: Path) -> None:
    """The body that is shown as deferred was deferred, and granted only later."""
    file = shared_data / "status_lists" / "ecosoc_not_in_status_2017.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        decisions = {row["org_name"]: row["last_committee_decision_by_2017_09_04"] for row in csv.DictReader(lines)}
    deferred = [row["name"] for row in rows_of("organisations-without-known-status") if row["status"] == "deferred"]
    assert [decisions[name] for name in deferred] == ["deferred_new_application"]
