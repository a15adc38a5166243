"""The desk's and the reviewers' commands, from the queue to the reprint."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from factories.commands import Commands, Said, applicant, passport

DESK_DAY = datetime(2017, 10, 10, 9, 0, tzinfo=UTC)


def _at_the_desk(office: Commands) -> Commands:
    office.set_clock(DESK_DAY)
    return office


def _collect(office: Commands, reference: str, zone: str, *more: str) -> Said:
    return office("desk", "collect", reference, "--mrz", "-", *more, typed=zone.encode())


def test_the_queue_shows_what_waits_for_a_decision(office: Commands, references: list[str]) -> None:
    """By default only what is assessed or waiting is listed; the approved come with their state, or with all."""
    listed = office.well("review", "list")
    assert [reference for reference in references if reference in listed] == references[3:]
    assert "organisation: " in listed
    assert "deadline: " in listed
    every = office.well("review", "list", "--state", "all")
    assert [reference for reference in references if reference in every] == references
    approved = office.well("review", "list", "--state", "approved")
    assert [reference for reference in references if reference in approved] == references[:3]
    page = office("review", "list", "--state", "all", "--limit", "2")
    after = re.search(r"--after (\S+)", page.err)
    assert after is not None
    rest = office.well("review", "list", "--state", "all", "--after", after[1])
    assert sorted(one for one in references if (one in page.out) != (one in rest)) == sorted(references)


def test_a_queue_of_nothing_says_so(office: Commands) -> None:
    """An empty answer is no silence; the sentence stays out of what a script reads."""
    said = office("review", "list", "--state", "withdrawn")
    assert (said.code, said.out) == (0, "")
    assert "no application" in said.err


def test_reviewers_decide_with_reasons(office: Commands, references: list[str]) -> None:
    """A refusal needs its words; a waiver needs a rule that exists; each decision tells what became of it."""
    unlisted, late = references[3:]
    assert "reason" in office("review", "refuse", unlisted).err
    assert office("review", "approve", late, "--waive", "weather", "--reason", "x").code == 2
    assert office("review", "approve", late).code == 1
    approved = office.well("review", "approve", late, "--waive", "deadline", "--reason", "the mail server was down")
    assert approved == f"{late}: approved\n"
    told = office.well("review", "refuse", unlisted, "--reason", "Your organisation is on no list of this event.")
    assert told == f"{unlisted}: refused\n"
    shown = office.well("review", "show", late)
    assert "the mail server was down" in shown
    assert "there is no application" in office("review", "show", "ZZZZ-ZZZZ").err


def test_a_batch_is_decided_row_by_row(office: Commands, references: list[str]) -> None:
    """A row that cannot be decided leaves the others alone and is told with its number."""
    rows = [
        {
            "reference": references[3],
            "action": "refuse",
            "reason_applicant": "On no list.",
            "reason_staff": "asked twice",
        },
        {"reference": "ZZZZ-ZZZZ", "action": "refuse", "reason_applicant": "x", "reason_staff": "x"},
        {"reference": references[4], "action": "promote"},
    ]
    said = office("review", "refuse", "--batch", str(office.table("batch.csv", rows)))
    assert (said.code, said.out) == (0, "1 decided, 2 left as they were\n")
    assert "row 3, ZZZZ-ZZZZ" in said.err
    assert "row 4" in said.err
    alone = office("review", "approve", references[3], "--batch", str(office.folder / "batch.csv"))
    assert (alone.code, "stands alone" in alone.err) == (2, True)


def test_screening_explains_and_recomputes(office: Commands, references: list[str]) -> None:
    """Every finding of one application, and the same answer from the same rules and lists."""
    explained = office.well("screen", "--explain", references[4])
    assert "deadline" in explained
    assert office.well("screen", "--recompute", references[4]).startswith("same")
    assert office("screen", "--explain", references[4], "--all").code == 2
    assert office("screen", "--recompute", "ZZZZ-ZZZZ").code == 1
    assert office.well("screen", "--all").endswith("wholly clear\n")


def test_another_person_takes_a_place(office: Commands, references: list[str]) -> None:
    """The substitute takes place and time of receipt; the first one's pass opens nothing any more."""
    office.set_clock(datetime(2017, 10, 11, 7, 50, tzinfo=UTC))
    row = applicant("FARAH", "Hana")
    path = office.table("other.csv", [row])
    told = office.well("review", "substitute", references[0], "--by", str(path), "--reason", "panellist fell ill")
    fresh = told.split()[0]
    assert "approved; the pass waits at the desk" in told
    assert _collect(office, references[0], passport("ADEYEMI", "Amara")).code == 1
    assert _collect(office, fresh, passport("FARAH", "Hana")).code == 0
    two = office.table("two.csv", [row, row])
    assert "exactly one row" in office("review", "substitute", references[1], "--by", str(two), "--reason", "x").all


def test_the_desk_hands_over_on_green_alone(office: Commands, references: list[str]) -> None:
    """Green at once; amber with the officer's reason; red, expired and misread lines never; nothing repeats the number."""
    _at_the_desk(office)
    first, second, third = references[:3]
    green = _collect(office, first, passport("ADEYEMI", "Amara"))
    assert green.code == 0
    assert green.out.startswith(f"{first}: hand over (GREEN)")
    again = _collect(office, second, passport("BRANDT", "Bela", number="X1234567"))
    assert again.code == 1
    expired = _collect(office, second, passport("BRANDT", "Bela", "X2", expires_on=date(2017, 10, 9)))
    assert (expired.code, "RED" in expired.out) == (1, True)
    lines = passport("BRANDT", "Bela", "X7654321").splitlines()
    misread = _collect(office, second, f"{lines[0]}\n{lines[1][:3]}9{lines[1][4:]}\n")
    assert misread.code == 1
    assert "check" in misread.out
    amber_zone = passport("BRANDT", "Bela Alexis", "X7654321")
    assert "AMBER" in _collect(office, second, amber_zone).out
    settled = _collect(office, second, amber_zone, "--settled", "second given name, same face")
    assert settled.code == 0
    other = _collect(office, third, passport("CASTILLO", "Dina", "X5", birth_date=date(1981, 5, 31)))
    assert (other.code, "RED" in other.out) == (1, True)
    everything = "".join(said.all for said in (green, again, expired, misread, settled, other))
    assert "X7654321" not in everything
    assert "X1234567" not in everything


def test_one_document_collects_one_pass(office: Commands, references: list[str]) -> None:
    """The same passport for a second application of the same person is stopped and told so."""
    _at_the_desk(office)
    office.set_clock(datetime(2017, 9, 21, 9, 0, tzinfo=UTC))
    [second] = office.references(
        [
            applicant(
                "ADEYEMI",
                "Amara",
                "Platform for International Cooperation on Undocumented Migrants",
                received_at="2017-08-21T10:00:00+02:00",
            )
        ]
    )
    office.well("screen")
    office.well("review", "approve", second, "--reason", "two mandates, one pass")
    _at_the_desk(office)
    assert _collect(office, references[0], passport("ADEYEMI", "Amara")).code == 0
    stopped = _collect(office, second, passport("ADEYEMI", "Amara"))
    assert stopped.code == 1
    assert "already" in stopped.out


def test_a_batch_of_pick_ups_tells_every_line(office: Commands, references: list[str]) -> None:
    """Good lines are handed over, bad ones told with line and cause, also one that is no UTF-8."""
    _at_the_desk(office)
    good = {"reference": references[0], "mrz": passport("ADEYEMI", "Amara")}
    unknown = {"reference": "ZZZZ-ZZZZ", "mrz": passport("ADEYEMI", "Amara")}
    lines = b"\n".join((json.dumps(good).encode(), b"{", b"\xff\xfe", json.dumps(unknown).encode(), b""))
    said = office("desk", "collect", "--batch", "-", typed=lines)
    assert (said.code, said.out) == (0, "1 passes handed over, 3 not\n")
    for number in (2, 3, 4):
        assert f"line {number}," in said.err


def test_people_are_found_at_the_desk(office: Commands, references: list[str]) -> None:
    """By reference however it is typed, by document, and by the beginning of a name."""
    for typed in (references[0].lower(), passport("ADEYEMI", "Amara"), "adey"):
        assert references[0] in office.well("desk", "find", typed)
    assert office("desk", "find", "nobody at all").code == 1


def test_badges_are_printed_once_and_again_with_a_reason(office: Commands, references: list[str]) -> None:
    """The PDF is private and whole; a second print needs a reason and has the same code."""
    _at_the_desk(office)
    zone = passport("ADEYEMI", "Amara").encode()
    office.well(
        *("desk", "collect", references[0], "--mrz", "-", "--print", "badge.pdf", "--codes", "codes.csv"), typed=zone
    )
    pdf = office.folder / "badge.pdf"
    assert pdf.read_bytes().startswith(b"%PDF")
    assert pdf.stat().st_mode & 0o777 == 0o600
    told = office("passes", "print", "-o", "all.pdf")
    assert (told.code, "no badge was to print" in told.out) == (0, True)
    assert not (office.folder / "all.pdf").exists()
    refused = office("passes", "print", "-o", "again.pdf", references[0])
    assert (refused.code, references[0] in refused.err) == (1, True)
    office.well(
        *("passes", "print", "-o", "again.pdf", "--codes", "again.csv", "--reason", "sheet torn", references[0])
    )
    first, again = ((office.folder / name).read_text("utf-8") for name in ("codes.csv", "again.csv"))
    assert first == again
    assert "SEP1:" in first
    assert "2 badges" in office.well(
        "passes", "print", "--ahead", "--sort", "name", "--size", "cr80", "-o", "ahead.pdf"
    )


def test_the_codes_are_written_in_a_demonstration_alone(office: Commands) -> None:
    """What opens doors does not go into a file of a real event."""
    (office.state / "demo").unlink()
    office.settings.clear()
    said = office("passes", "print", "-o", "a.pdf", "--codes", "codes.csv")
    assert said.code == 1
    assert "demo" in said.err
    assert not (office.folder / "codes.csv").exists()


def test_a_pass_is_stopped_given_back_replaced_and_revoked(office: Commands, references: list[str]) -> None:
    """Each needs a reason and tells what became of the pass; what is over cannot be given back."""
    _at_the_desk(office)
    reference = references[0]
    assert _collect(office, reference, passport("ADEYEMI", "Amara")).code == 0
    assert office("passes", "suspend", reference).code == 2
    assert office("passes", "suspend", reference, "--reason", " ").code in (1, 2)
    assert office.well("passes", "suspend", reference, "--reason", "left at the café") == f"{reference}: suspended\n"
    assert office("passes", "print", "-o", "x.pdf", reference, "--reason", "y").code == 1
    assert "again" in office.well("passes", "reinstate", reference, "--reason", "found")
    assert "replaced" in office.well("passes", "replace", reference, "--reason", "stolen")
    assert _collect(office, reference, passport("ADEYEMI", "Amara")).code == 0
    assert office.well("passes", "revoke", reference, "--reason", "mandate ended") == f"{reference}: revoked\n"
    assert office("passes", "reinstate", reference, "--reason", "x").code == 1
    assert office("passes", "revoke", "ZZZZ-ZZZZ", "--reason", "x").code == 1


def test_figures_and_trail_are_told(office: Commands) -> None:
    """Counts without a name, as text and as JSON; the chain of the trail holds."""
    counted = json.loads(office.well("figures", "--json"))
    assert (counted["approved"], counted["waiting"]) == (3, 2)
    text = office.well("figures")
    assert "ADEYEMI" not in text
    assert "approved           3" in text
    assert "every one fits" in office.well("audit", "check")


def test_scanners_are_prepared_and_switched_off(office: Commands) -> None:
    """One code a scanner; a checkpoint that is not there, and a name that is taken, are refused as a whole."""
    codes = json.loads(office.well("devices", "enrol", "gate-1=pregny", "door-1=door-xix", "--json"))
    assert set(codes) == {"gate-1", "door-1"}
    assert office("devices", "enrol", "gate-2=pregny", "gate-3=nowhere").code == 1
    assert "gate-2" not in office.well("devices", "list")
    assert office("devices", "enrol", "gate-9").code == 2
    assert "switched off" in office.well("devices", "switch-off", "gate-1")
    assert office("devices", "switch-off", "gate-7").code == 1


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa"])
def test_weak_passwords_are_refused(office: Commands, password: str) -> None:
    """Neither password nor a hint of it is in the answer."""
    said = office("users", "add", "eva", "--role", "desk", ACCREDIT_PASSWORD=password)
    assert said.code == 1
    assert password not in said.all


def test_staff_get_accounts_and_tokens(office: Commands) -> None:
    """Without a terminal the password comes from the environment; a role must exist; a token is shown once."""
    assert "ACCREDIT_PASSWORD" in office("users", "add", "eva", "--role", "desk").err
    assert office("users", "add", "eva", "--role", "king", ACCREDIT_PASSWORD="a long enough sentence").code == 2
    office.well("users", "add", "eva", "--role", "desk", ACCREDIT_PASSWORD="a long enough sentence")
    assert office("users", "add", "eva", "--role", "desk", ACCREDIT_PASSWORD="a long enough sentence").code == 1
    assert office.well("users", "token", "eva").startswith("acc_")
    assert office.well("users", "token", "eva", "--scope", "event:read").startswith("acc_")
    assert "applications:own" in office("users", "token", "eva", "--scope", "everything").err
    assert office("users", "token", "nobody").code == 1
    assert "sets a new second step" in office.well("users", "reset-totp", "eva")
    assert office("users", "reset-totp", "nobody").code == 1


def test_what_a_command_writes_is_its_users_own(office: Commands) -> None:
    """References and codes are readable by nobody else."""
    for name in ("references.csv", "accredit-state/accredit.db"):
        assert Path(office.folder / name).stat().st_mode & 0o077 == 0, name
