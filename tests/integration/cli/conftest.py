"""A folder in which somebody has set the service up, on the days of the event."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from factories.commands import OFFICE_DAY, PEOPLE, Commands


@pytest.fixture
def empty(tmp_path: Path) -> Commands:
    """An empty folder of a new user."""
    return Commands(tmp_path)


@pytest.fixture(scope="session")
def office_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration with lists and five applications: three approved by rule, one of no listed body, one late."""
    commands = Commands(tmp_path_factory.mktemp("office"))
    commands.set_clock(OFFICE_DAY)
    commands.well("init", "--demo")
    commands.well("lists", "import", "--shipped")
    commands.references(PEOPLE)
    commands.well("screen", "--approve-clear")
    return commands.folder


@pytest.fixture
def office(office_template: Path, tmp_path: Path) -> Commands:
    """A copy of that office, of this test's own."""
    folder = tmp_path / "office"
    shutil.copytree(office_template, folder)
    commands = Commands(folder)
    commands.set_clock(OFFICE_DAY + timedelta(hours=1))
    return commands


@pytest.fixture
def references(office: Commands) -> list[str]:
    """The references of the five, in the order of the file."""
    lines = (office.folder / "references.csv").read_text("utf-8").split()
    return [line.partition(",")[2] for line in lines[1:]]
