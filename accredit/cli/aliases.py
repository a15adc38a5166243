"""`accredit aliases`: other names of listed bodies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from accredit.cli.files import FILE
from accredit.cli.house import open_house, reading, refuse, writing

if TYPE_CHECKING:
    from accredit.services.renames import AliasesReport


@click.group("aliases")
def command() -> None:
    """Teach former names, translations and acronyms of listed bodies, and take them back.

    A name that two bodies share is never accepted by itself; a person decides.
    """


@command.command("import")
@click.argument("file", type=FILE)
@click.option("--list", "list_key", metavar="NAME", required=True, help="Which list: ecosoc, ganhri, …")
@click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="Says which column is which field.")
def import_(file: Path, list_key: str, mapped: tuple[str, ...]) -> None:
    """Learn other names from FILE (CSV, XLSX or ODS).

    Such as a list of renames with the columns old_name and new_name. Fields: other (the name to learn), listed or id (of
    which body), kind, source, date. Importing a file again adds nothing.
    """
    from accredit.services.renames import AliasesRefused, import_aliases
    from accredit.services.tables import TableRefused, read_table

    table = read_table(file.read_bytes(), file.name)
    if isinstance(table, TableRefused):
        refuse(table.message)
    house = open_house()
    with writing(house) as session:
        report = import_aliases(
            session,
            house.context(),
            list_key=list_key,
            table=table,
            mapping=_mapping(mapped),
            source_name=file.name,
            today=house.clock().date(),
        )
        if isinstance(report, AliasesRefused):
            refuse(f"{file.name}: {report.message}")
    _tell(report)


def _mapping(mapped: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in mapped]
    if any(not column or not field for column, _, field in pairs):
        raise click.UsageError("write --map COLUMN=FIELD, such as --map previous=other")
    return {column.strip(): field.strip() for column, _, field in pairs}


def _tell(report: AliasesReport) -> None:
    for problem in report.problems:
        click.echo(f"  {problem.message}", err=True)
    told = f"{report.added} names learnt, {report.known} known before, {len(report.problems)} rows taught nothing"
    click.echo(f"{report.list_key}: {told}")
    for name in report.shared:
        click.echo(f"  shared by two bodies, a person decides: {name}")
    if report.added:
        click.echo("  “accredit screen --all” shows whose outcome changes by them")


@command.command("list")
@click.option("--list", "list_key", metavar="NAME", help="Of one list alone.")
@click.option("--all", "withdrawn", is_flag=True, help="Those that were withdrawn as well.")
def list_(list_key: str | None, withdrawn: bool) -> None:
    """List the names that were learnt, by number."""
    from accredit.services.aliases import all_aliases

    with reading(open_house()) as session:
        for one in all_aliases(session, list_key=list_key, withdrawn=withdrawn):
            gone = f"; withdrawn by {one.withdrawn_by}: {one.withdrawn_for}" if one.withdrawn_number else ""
            told = f"{one.kind.words}, {one.source}, {one.known_on}{gone}"
            click.echo(f"{one.number:>6}  {one.list_key}/{one.external_id}  {one.name} ({told})")


@command.command("withdraw")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why; kept with the name.")
def withdraw_(number: int, reason: str) -> None:
    """Withdraw a name by its NUMBER.

    Lists the decisions that used it. No decision changes by itself.
    """
    from accredit.services.aliases import AliasRefused, withdraw_alias

    house = open_house()
    with writing(house) as session:
        done = withdraw_alias(session, house.context(), number, reason=reason)
        if isinstance(done, AliasRefused):
            refuse(done.message)
    click.echo(f"{number}: withdrawn; {len(done.decisions)} decisions used it")
    for one in done.decisions:
        click.echo(f"  {one.reference}: {one.verdict.value} by {one.actor}, now {one.state.value}")
