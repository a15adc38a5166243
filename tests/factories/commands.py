"""The commands as a user has them: in this process, or as a process of their own."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import click

from accredit.cli import main
from accredit.cli.app import COMMANDS, app
from accredit.identity.specimens import Specimen, build_td3

EXPIRES = date(2021, 6, 30)
_FIXED = {"nationality": "CHE", "birth_date": "1980-05-31", "affiliation": "letter", "category": "ngo"}


def every_command() -> dict[tuple[str, ...], click.Command]:
    """All commands with their groups left out, by path."""
    context = click.Context(app, info_name="accredit")
    found: dict[tuple[str, ...], click.Command] = {}
    for name in COMMANDS:
        command = app.get_command(context, name)
        assert command is not None
        found.update(_inside((name,), command))
    return found


def every_group() -> dict[tuple[str, ...], click.Group]:
    """All groups by path, the whole command line first."""
    commands: dict[tuple[str, ...], click.Group] = {(): app}
    for path in every_command():
        for length in range(1, len(path)):
            group: click.Command | None = app
            for name in path[:length]:
                assert isinstance(group, click.Group)
                group = group.get_command(click.Context(group), name)
            assert isinstance(group, click.Group)
            commands[path[:length]] = group
    return commands


def _inside(path: tuple[str, ...], command: click.Command) -> dict[tuple[str, ...], click.Command]:
    if not isinstance(command, click.Group):
        return {path: command}
    return {
        place: one
        for name, inner in sorted(command.commands.items())
        for place, one in _inside((*path, name), inner).items()
    }


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return f"{self.out}\n{self.err}"


@dataclass
class Commands:
    """The command line in one folder, under one environment without anybody's own settings."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return self.folder / "accredit-state"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ACCREDIT_")}
        return kept | self.settings

    def set_clock(self, moment: datetime) -> None:
        """The demonstration's clock; from here it goes on."""
        clock = self.folder / "clock.json"
        clock.write_text(json.dumps({"shows": moment.isoformat(), "set_at": time.time()}), "utf-8")
        self.settings["ACCREDIT_DEMO_CLOCK"] = str(clock)

    def __call__(self, *arguments: str, typed: bytes = b"", **settings: str) -> Said:
        """Runs a command in this process; a defect shows as a traceback, as it would to a user."""
        out, err = io.StringIO(), io.StringIO()
        here, mask = Path.cwd(), os.umask(0o022)
        stdin = io.TextIOWrapper(io.BytesIO(typed), "utf-8")
        os.chdir(self.folder)
        try:
            with (
                mock.patch.dict(os.environ, self.environment | settings, clear=True),
                mock.patch.object(sys, "argv", ["accredit", *arguments]),
                mock.patch.object(sys, "stdin", stdin),
                redirect_stdout(out),
                redirect_stderr(err),
            ):
                code = _ended()
        finally:
            os.chdir(here)
            os.umask(mask)
        return Said(code, out.getvalue(), err.getvalue())

    def well(self, *arguments: str, typed: bytes = b"", **settings: str) -> str:
        """The same for a command that must succeed; returns what it printed."""
        said = self(*arguments, typed=typed, **settings)
        assert said.code == 0, said
        return said.out

    @property
    def command(self) -> list[str]:
        """How a process of the command begins."""
        return [sys.executable, "-m", "accredit.cli"]

    @property
    def process_environment(self) -> dict[str, str]:
        """Its environment: the checkout is found from any folder."""
        return self.environment | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}

    def process(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Starts the command as a process that tells through pipes."""
        return subprocess.Popen(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self.process_environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def table(self, name: str, rows: Iterable[Mapping[str, str]]) -> Path:
        """Writes a CSV into the folder."""
        told = list(rows)
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in told for key in row)))
            writer.writeheader()
            writer.writerows(told)
        return path

    def references(self, rows: Iterable[Mapping[str, str]]) -> list[str]:
        """Imports these applications and returns their references in order."""
        path = self.table("applications.csv", rows)
        self.well("applications", "import", str(path), "--references", "references.csv")
        with (self.folder / "references.csv").open(encoding="utf-8") as file:
            return [row["reference"] for row in csv.DictReader(file)]


def _ended() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.stderr.write(traceback.format_exc())
        return 1
    return 0


def applicant(
    surname: str, given_names: str, organisation: str = "International Trade Union Confederation", **changes: str
) -> dict[str, str]:
    """The row of a person who applied in time for a listed body, with a letter."""
    received = {"received_at": "2017-08-20T10:00:00+02:00", "email": f"{surname.lower()}@example.org"}
    return {
        "surname": surname,
        "given_names": given_names,
        "organisation": organisation,
        "organisation_country": "BEL",
        **_FIXED,
        **received,
        **changes,
    }


def passport(surname: str, given_names: str, number: str = "X1234567", **changes: Any) -> str:
    """The lines of the passport of that person."""
    told = {"birth_date": date(1980, 5, 31), "nationality": "CHE", "expires_on": EXPIRES, **changes}
    return build_td3(Specimen(surname=surname, given_names=given_names, document_number=number, **told)) + "\n"


OFFICE_DAY = datetime(2017, 9, 20, 9, 0, tzinfo=UTC)
PEOPLE = (
    applicant("ADEYEMI", "Amara"),
    applicant("BRANDT", "Bela", "Platform for International Cooperation on Undocumented Migrants"),
    applicant("CASTILLO", "Dina", "Global Alliance Against Traffic in Women", organisation_country="THA"),
    applicant("DUBOIS", "Fatou", "A Body On No List"),
    applicant("EKLUND", "Goran", received_at="2017-09-05T00:00:00+02:00"),
)
