"""Parts of `accredit lists` about whom a body sends: its list of delegates."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accredit.cli.files import FILE
from accredit.cli.house import event_in, open_house, refuse, writing

if TYPE_CHECKING:
    from accredit.services.delegate_lists import DelegatesReport


@click.command("import-delegates")
@click.argument("file", type=FILE)
@click.option("--list", "list_key", metavar="NAME", required=True, help="On which list the bodies stand: ecosoc, …")
@click.option(
    "--edition",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    required=True,
    help="The day as of which the body sent it, such as 2017-09-04.",
)
@click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="Says which column is which field.")
def import_delegates(file: Path, list_key: str, edition: datetime, mapped: tuple[str, ...]) -> None:
    """Import whom bodies send, from FILE.

    FILE is CSV, XLSX or ODS. Whoever is on the list of the body speaks for it; whoever is not is looked at by a person.
    Kept of each delegate are keyed hashes alone. The list of a body is loaded whole or not at all; importing the same file
    again changes nothing.

    Fields: organisation or id (which body), surname, given_names, birth_date (may be missing).
    """
    from accredit.services.delegate_lists import DelegatesRefused, import_delegates
    from accredit.services.tables import TableRefused, read_table

    table = read_table(file.read_bytes(), file.name)
    if isinstance(table, TableRefused):
        refuse(table.message)
    mapping = _mapping(mapped)
    house = open_house()
    with writing(house) as session:
        report = import_delegates(
            session,
            house.context(),
            event_in(session, house),
            list_key=list_key.strip(),
            as_of=edition.date(),
            table=table,
            mapping=mapping,
            source_name=file.name,
        )
        if isinstance(report, DelegatesRefused):
            refuse(f"{file.name}: {report.message}")
    _tell(report)


def _mapping(mapped: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in mapped]
    if any(not column or not field for column, _, field in pairs):
        raise click.UsageError("write --map COLUMN=FIELD, such as --map body=organisation")
    return {column.strip(): field.strip() for column, _, field in pairs}


def _tell(report: DelegatesReport) -> None:
    for problem in report.problems:
        click.echo(f"  refused: {problem}", err=True)
    for one in report.bodies:
        change = f"{one.new} new, {one.gone} gone" if one.loaded else "nothing changed"
        click.echo(f"{one.name}: {one.delegates} delegates as of {report.as_of}; {change}")
    for name in report.held_back:
        click.echo(f"{name}: nothing loaded, for a row is broken; mend it and import the file again")
    loaded = sum(one.loaded for one in report.bodies)
    click.echo(f"{loaded} lists loaded, {len(report.problems)} rows refused")
    if loaded:
        click.echo("  “accredit screen --all” shows whose outcome changes by them")
    if not report.bodies:
        raise SystemExit(1)
