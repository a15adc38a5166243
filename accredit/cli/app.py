"""The list of commands. Their modules are imported when called; the one-line helps stand here so that listing is free."""

from __future__ import annotations

from importlib import import_module

import click

from accredit import __version__

COMMANDS: dict[str, str] = {
    "init": "Make the state folder, database and secrets.",
    "doctor": "Say what is missing: fonts, database, keys.",
    "serve": "Run the web service and the gate API.",
    "worker": "Run the background jobs and send mail.",
    "mail": "See how mail stands, and try again.",
    "jobs": "See how far background jobs are.",
    "db": "Bring the database up to date, or check it.",
    "events": "Load an event from its data file.",
    "lists": "Import status lists.",
    "aliases": "Teach other names of listed bodies.",
    "applications": "Import applications.",
    "screen": "Check applications against lists and rules.",
    "review": "See and decide applications.",
    "requests": "Answer what applicants ask for.",
    "desk": "Hand out passes to verified people.",
    "passes": "Print, revoke, replace and suspend passes.",
    "printers": "Set up the printers of the desks.",
    "devices": "Enrol scanners and switch them off.",
    "scans": "Import the scans of a scanner from a file.",
    "keys": "Request, sign and import signing keys.",
    "users": "Add staff accounts and API tokens.",
    "audit": "Check the chain of the audit trail.",
    "figures": "Count applications, passes and scans.",
    "demo": "Run the whole of October 2017 in half a minute.",
}


class Commands(click.Group):
    """A group whose members live in a module each."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"accredit.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="accredit")
def app() -> None:
    """Decide who may enter a meeting, print the pass, and check it at the gate.

    Start with "accredit init", or see everything at once with "accredit demo".
    """
