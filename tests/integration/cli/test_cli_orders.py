"""What is settled over many: other names, lists of delegates, the line of a full delegation, the clearly late."""

from __future__ import annotations

import csv
import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from factories.commands import OFFICE_DAY, Commands, applicant

_ITUC = "International Trade Union Confederation"
_GAATW = "Global Alliance Against Traffic in Women"
_OLD = "World Confederation of Toilers"
_EVENT = Path(__file__).resolve().parents[3] / "accredit" / "data" / "events" / "gcm-hearing-2017.toml"
_LATE = "2017-09-07T12:00:00+02:00"


def _with_event(office: Commands, old: str, new: str) -> None:
    """Loads the event anew with one line of its file changed."""
    text = _EVENT.read_text("utf-8")
    assert text.count(old) == 1
    changed = office.folder / "event.toml"
    changed.write_text(text.replace(old, new), "utf-8")
    office.well("events", "load", str(changed))


def _later(surname: str, organisation: str) -> dict[str, str]:
    """Somebody who applied an hour after the others."""
    return applicant(surname, "Ines", organisation, received_at="2017-08-20T11:00:00+02:00")


def _number_of_the_body(office: Commands) -> str:
    [reference, *_] = (office.folder / "references.csv").read_text("utf-8").split()[1:]
    found = re.search(
        r"^    entry: (.+)$", office.well("screen", "--explain", reference.partition(",")[2]), re.MULTILINE
    )
    assert found is not None
    return found[1]


def test_other_names_are_taught_listed_and_taken_back(office: Commands, references: list[str]) -> None:
    """A former name finds its body and says so; taken back, it lists the decisions that used it and finds nobody."""
    rows = [
        {"old_name": _OLD, "new_name": _ITUC, "year": "2006"},
        {"old_name": "Nobody Knows Us", "new_name": "Nor Us", "year": "2006"},
    ]
    path = str(office.table("renames.csv", rows))
    first = office("aliases", "import", path, "--list", "ecosoc")
    assert (first.code, "1 names learnt, 0 known before, 1 rows taught nothing" in first.out) == (0, True)
    assert "row 3" in first.err
    again = office.well("aliases", "import", path, "--list", "ecosoc")
    assert "0 names learnt, 1 known before" in again
    [typed] = office.references([applicant("FARAH", "Hana", _OLD)])
    office.well("screen", "--approve-clear")
    told = office.well("review", "show", typed)
    assert f"found by former name “{_OLD}”" in told
    assert "approved" in told
    listed = office.well("aliases", "list")
    number = listed.split()[0]
    assert f"{_OLD} (former name, renames.csv, 2006-01-01)" in listed
    gone = office.well("aliases", "withdraw", number, "--reason", "of another body")
    assert gone.startswith(f"{number}: withdrawn; 1 decisions used it")
    assert typed in gone
    assert office.well("aliases", "list") == ""
    assert "of another body" in office.well("aliases", "list", "--all")
    assert f"{typed} (approved): eligible → review" in office.well("screen", "--all")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("import", "renames.csv", "--list", "no-such-list"), 1, "import the list first"),
        (("import", "renames.csv", "--list", "ecosoc", "--map", "old_name"), 2, "COLUMN=FIELD"),
        (("withdraw", "1", "--reason", " "), 1, "say why"),
        (("withdraw", "99", "--reason", "x"), 1, "no name has the number 99"),
    ],
)
def test_other_names_that_cannot_be_taught_or_taken_back(
    office: Commands, words: tuple[str, ...], code: int, told: str
) -> None:
    """Each with the cure."""
    office.table("renames.csv", [{"old_name": _OLD, "new_name": _ITUC}])
    if words[0] == "withdraw":
        office.well("aliases", "import", "renames.csv", "--list", "ecosoc")
    said = office("aliases", *words)
    assert (said.code, told in said.err) == (code, True), said


def test_a_full_delegation_keeps_a_line(office: Commands, references: list[str]) -> None:
    """Beyond the quota one waits, and sees on which place; whoever leaves calls the next."""
    assert office.well("review", "waiting") == "nobody waits for a place\n"
    _with_event(office, "quota_per_organisation = 20", "quota_per_organisation = 1")
    people = [applicant(name, "Jonas", received_at=f"2017-08-2{n}T10:00:00+02:00") for n, name in enumerate("QRS", 1)]
    line = office.references(people)
    office.well("screen", "--approve-clear")
    waiting = office.well("review", "waiting").splitlines()
    assert [one.split("  ")[1:3] for one in waiting] == [["1.", line[0]], ["2.", line[1]], ["3.", line[2]]]
    assert all(one.startswith(_ITUC) for one in waiting)
    assert line[0] in office.well("review", "list", "--state", "waiting")
    left = office.well("review", "withdraw", references[0])
    assert left.startswith(f"{references[0]}: withdrawn\nnext in line: {line[0]}; see “accredit review show {line[0]}”")
    assert "waiting list" not in office.well("review", "show", line[0])
    assert "1 approved by the rule" in office.well("screen", "--approve-clear")
    gone = office.well("review", "refuse", line[0], "--reason", "The organisation sends somebody else.")
    assert gone.endswith(f"see “accredit review show {line[1]}”\n")
    assert [one.split("  ")[1] for one in office.well("review", "waiting").splitlines()] == ["1."]


def test_the_clearly_late_are_refused_after_one_look(office: Commands, references: list[str]) -> None:
    """They are shown and asked about; “no” refuses nobody, --yes does not ask; late by a second is never among them."""
    late = office.references(
        [applicant("FARAH", "Hana", received_at=_LATE), applicant("GRECO", "Ines", received_at=_LATE)]
    )
    office.well("screen")
    asked = office("review", "refuse", "--late", typed=b"n\n")
    assert (asked.code, all(one in asked.out for one in late), references[4] in asked.out) == (1, True, False)
    assert "Refuse these 2" in asked.all
    assert "refused" not in office.well("review", "show", late[0]).splitlines()[0]
    refused = office.well("review", "refuse", "--late", "--yes")
    assert refused.endswith("2 refused; who is late by less than a day is decided alone\n")
    told = office.well("review", "show", late[0])
    assert "the last day to apply was 04 September 2017" in told
    assert "nobody who was screened and waits is late" in office.well("review", "refuse", "--late", "--yes")
    assert office("review", "refuse", references[4], "--late").code == 2
    assert office("review", "refuse", "--yes").code == 2


def test_a_body_says_whom_it_sends(office: Commands, references: list[str]) -> None:
    """By the number or the name of the body; who is on its list needs no letter, and who is not is asked about."""
    rows = [
        {"organisation": _ITUC, "surname": "Farah", "given_names": "Hana", "birth_date": "1980-05-31"},
        {"organisation": "", "id": _number_of_the_body(office), "surname": "Adeyemi", "given_names": "Amara"},
    ]
    path = str(office.table("delegates.csv", rows))
    words = ("lists", "import-delegates", path, "--list", "ecosoc", "--edition", "2017-09-18")
    assert office.well(*words).splitlines() == [
        f"{_ITUC}: 2 delegates as of 2017-09-18; 2 new, 0 gone",
        "1 lists loaded, 0 rows refused",
        "  “accredit screen --all” shows whose outcome changes by them",
    ]
    assert "nothing changed" in office.well(*words)
    assert "revision 1  2 delegates  delegates.csv" in office.well("lists", "list")
    on_it, not_on_it = office.references(
        [applicant("FARAH", "Hana", affiliation=""), applicant("GRECO", "Ines", affiliation="letter")]
    )
    office.well("screen")
    assert "affiliation: clear (on_delegate_list)" in office.well("screen", "--explain", on_it)
    told = office.well("screen", "--explain", not_on_it)
    assert "affiliation: review (not_on_delegate_list)" in told
    assert "nobody of this name is on it" in told
    assert office.well("screen", "--recompute", not_on_it).startswith("same")


def test_a_broken_list_of_delegates_is_told_row_by_row(office: Commands) -> None:
    """Nothing of the body is loaded; a file without a body, or a list that is not there, is refused as a whole."""
    office.set_clock(OFFICE_DAY + timedelta(days=1))
    row = {"organisation": _ITUC, "surname": "Farah", "given_names": "Hana", "birth_date": "31.5.80"}
    path = str(office.table("delegates.csv", [row, {**row, "birth_date": ""}]))
    words = ("--edition", "2017-09-18", "--list")
    said = office("lists", "import-delegates", path, *words, "ecosoc")
    assert said.code == 1
    assert "row 2, column “birth_date”" in said.err
    assert f"{_ITUC}: nothing loaded" in said.out
    assert "31.5.80" not in said.all
    assert office("lists", "import-delegates", path, *words, "no-such-list").code == 1
    bare = str(office.table("bare.csv", [{"surname": "Farah"}]))
    assert "Map it as COLUMN=organisation" in office("lists", "import-delegates", bare, *words, "ecosoc").err
    assert office("lists", "import-delegates", path, *words, "ecosoc", "--map", "x").code == 2


def test_links_for_focal_points_are_written_for_their_owner_alone(office: Commands, references: list[str]) -> None:
    """One line for each who waits; the address is that of the service, and a body's name is never a formula."""
    asked = office("review", "focal-links", "-o", "links.csv")
    assert (asked.code, "no focal point is asked" in asked.err) == (1, True)
    _with_event(office, "focal_point_confirms = false", "focal_point_confirms = true")
    first, second = office.references([applicant("FARAH", "Hana"), _later("GRECO", f"={_ITUC}")])
    office.well("screen")
    said = office.well("review", "focal-links", "-o", "links.csv", ACCREDIT_BASE_URL="https://pass.example.org")
    assert said == "links.csv: 2 links\n"
    path = office.folder / "links.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["reference"], row["organisation"]) for row in rows] == [
        (first, _ITUC),
        (second, f"'={_ITUC}"),
    ]
    assert all(row["link"].startswith("https://pass.example.org/focal/") for row in rows)
    assert office("review", "focal-links", "-o", "nowhere/links.csv").code == 2


def test_focal_points_are_written_to_from_a_file(office: Commands, references: list[str]) -> None:
    """Once each; who has no address in the file is named, and so is a row that is broken."""
    contacts = [{"organisation": _ITUC, "contact": "focal@example.org"}, {"organisation": _ITUC, "contact": "nobody"}]
    alliance = {"organisation": _GAATW, "organisation_country": "THA"}
    words = ("review", "focal-mails", str(office.table("focal.csv", contacts)), "--list", "ecosoc", "--map")
    assert office(*words, "contact=email").code == 1
    _with_event(office, "focal_point_confirms = false", "focal_point_confirms = true")
    _, elsewhere = office.references([applicant("FARAH", "Hana"), applicant("GRECO", "Ines", **alliance)])
    office.well("screen")
    said = office(*words, "contact=email")
    assert (said.code, said.out.splitlines()) == (
        0,
        [f"  {elsewhere}: the file has no address for its body", "1 asked now, 0 before; 1 without an address"],
    )
    assert "row 3: this is no e-mail address" in said.err
    assert office.well(*words, "contact=email").endswith("0 asked now, 1 before; 1 without an address\n")
    assert office(*words, "contact").code == 2
