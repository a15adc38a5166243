"""The help: every command explains itself in whole sentences."""

from __future__ import annotations

import re

import click
import pytest
from factories.commands import every_command, every_group

COMMANDS = every_command()
GROUPS = every_group()
# What click takes on a terminal of 80 columns.
_WIDTH = 78


def _help(path: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(("accredit", *path)), terminal_width=_WIDTH)
    return command.get_help(context)


@pytest.mark.parametrize("path", list(GROUPS), ids=" ".join)
def test_listings_cut_no_sentence(path: tuple[str, ...]) -> None:
    """Each line of a listing is a whole sentence."""
    listed = _help(path, GROUPS[path]).partition("Commands:")[2].strip().splitlines()
    assert listed
    for line in listed:
        assert line.endswith("."), line
        assert "..." not in line


@pytest.mark.parametrize("path", list(COMMANDS), ids=" ".join)
def test_every_command_and_option_is_explained(path: tuple[str, ...]) -> None:
    """The first sentence begins with a verb's capital and ends; every option has a help; no line is too long."""
    command = COMMANDS[path]
    first = (command.help or "").strip().splitlines()[0]
    assert re.fullmatch(r"[A-Z].*\.", first), first
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    text = _help(path, command)
    assert "[%Y" not in text
    assert max(map(len, text.splitlines())) <= _WIDTH
