"""The demonstration where something is there already, where fonts are missing, and on PostgreSQL."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from demo_runs import DemoRun, accredit, play

from accredit.demo.stage import Stage

_WITHOUT_FONTS = """
import sys
from accredit.rendering import fonts
fonts.system_font_folders = lambda: ()
from accredit.cli import main
main()
"""


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    """One sentence with the cure, exit code 1, and nothing in it is touched."""
    (tmp_path / "thesis.txt").write_text("years of work")
    done = play(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == f"accredit: {tmp_path} exists and is not of an earlier demonstration; name another with --folder\n"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_folder_of_an_earlier_run_is_emptied(tmp_path: Path) -> None:
    """A second run in the same folder begins with nothing of the first."""
    folder = tmp_path / "demo-run"
    first = Stage.build(folder, print)
    first.state.mkdir()
    (first.state / "accredit.db").touch()
    again = Stage.build(folder, print)
    assert [file.name for file in again.folder.iterdir()] == [".accredit-demo"]


@pytest.mark.parametrize("address", ["sqlite:///somewhere.db", "mysql://host/name"])
def test_another_database_than_postgresql_is_refused(tmp_path: Path, address: str) -> None:
    """The sentence says what to write."""
    done = play(tmp_path / "run", "--database", address)
    assert done.returncode == 1
    assert "write postgresql://USER@HOST/NAME" in done.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.soak
def test_names_that_no_font_writes_are_printed_in_latin_and_counted(demo_run: DemoRun, tmp_path: Path) -> None:
    """On a machine without fonts every badge comes out, and the run says how many carry the Latin spelling alone."""
    state = tmp_path / "state"
    shutil.copytree(demo_run.folder / "state", state)
    named = _in_other_scripts(demo_run)[:6]
    environment = demo_run.environment | {"ACCREDIT_STATE": str(state)}
    words = ("passes", "print", "-o", str(tmp_path / "again.pdf"), "--reason", "no fonts were installed", *named)
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_FONTS, *words],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "again.pdf: 6 badges, 6 of them again" in done.stdout
    assert "6 of them carry the Latin spelling alone" in done.stdout
    assert done.stderr.count("the badge carries the Latin spelling alone. Install fonts-noto") == 6


def _in_other_scripts(demo_run: DemoRun) -> list[str]:
    """References of people with a badge whose names are in scripts that need a font."""
    with (demo_run.folder / "references.csv").open(encoding="utf-8", newline="") as file:
        references = {int(row["row"]): row["reference"] for row in csv.DictReader(file)}
    printed = {
        reference
        for (reference,) in demo_run.on_server(
            "SELECT reference FROM applications JOIN passes ON passes.application_id = applications.id"
            " WHERE passes.state IN ('collected', 'prepared')"
        )
    }
    rows = enumerate(demo_run.applicants(), start=2)
    foreign = [references[number] for number, row in rows if not _is_european(row["surname"])]
    return [reference for reference in foreign if reference in printed]


def _is_european(name: str) -> bool:
    return unicodedata.name(name[0]).startswith(("LATIN", "CYRILLIC"))


@pytest.mark.soak
def test_it_plays_on_postgresql_and_again_in_the_same_folder(
    demo_run: DemoRun, postgresql_databases: list[str], tmp_path: Path
) -> None:
    """The same numbers as on SQLite, at every run; a database that holds something already is refused."""
    folder = tmp_path / "run"
    first, second = postgresql_databases
    told = []
    for address in (first, second):
        done = play(folder, "--database", address)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        told.append(json.loads(done.stdout.splitlines()[-1]))
        assert not (folder / "state" / "accredit.db").exists()
        environment = DemoRun(folder, "").environment | {"ACCREDIT_DATABASE_URL": address}
        checked = accredit("audit", "check", cwd=folder, env=environment)
        assert checked.returncode == 0, checked.stderr
    assert told == [demo_run.summary, demo_run.summary]
    refused = play(folder, "--database", first)
    assert refused.returncode == 1
    assert "the demonstration plays in an empty one only" in refused.stderr
