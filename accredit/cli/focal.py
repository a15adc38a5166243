"""Parts of `accredit review` that reach focal points: their links in a file, or mails to them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from accredit.cli.files import FILE, NEW_FILE, write_private
from accredit.cli.house import event_in, open_house, reading, refuse, writing


@click.command("focal-links")
@click.option("-o", "--output", type=NEW_FILE, required=True, help="The CSV to write: reference, organisation, link.")
def focal_links(output: Path) -> None:
    """Write the links by which focal points confirm.

    One for each application that waits for its focal point. Whoever holds a link can confirm that delegate, so that the
    file is readable by its owner alone. A link holds for 14 days; writing the file again makes new ones.
    """
    from accredit.services.focal_points import LinkRefused, all_links, path_of

    house = open_house()
    with reading(house) as session:
        links = all_links(session, house.context(), event_in(session, house))
    if isinstance(links, LinkRefused):
        refuse(links.message)
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(("reference", "organisation", "link"))
    address = house.settings.base_url.rstrip("/")
    lines.writerows((one.reference, _as_cell(one.organisation), address + path_of(one.token)) for one in links)
    write_private(output, written.getvalue().encode())
    click.echo(f"{output}: {len(links)} links")


def _as_cell(typed: str) -> str:
    """A spreadsheet would run what begins like a formula."""
    return f"'{typed}" if typed.startswith(("=", "+", "-", "@")) else typed


@click.command("focal-mails")
@click.argument("file", type=FILE)
@click.option("--list", "list_key", metavar="NAME", required=True, help="On which list the bodies stand: ecosoc, …")
@click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="Says which column is which field.")
def focal_mails(file: Path, list_key: str, mapped: tuple[str, ...]) -> None:
    """Write to the focal points in FILE.

    FILE is CSV, XLSX or ODS with the fields organisation or id (which body) and email. A mail with the link goes out for
    each application of the body that waits; nobody is asked twice, but the worker reminds them. The addresses stay in the
    outbox.
    """
    from accredit.services.focal_mails import FocalMailsRefused, ask_focal_points
    from accredit.services.tables import TableRefused, read_table

    table = read_table(file.read_bytes(), file.name)
    if isinstance(table, TableRefused):
        refuse(table.message)
    pairs = [one.partition("=") for one in mapped]
    if any(not column or not field for column, _, field in pairs):
        raise click.UsageError("write --map COLUMN=FIELD, such as --map contact=email")
    mapping = {column.strip(): field.strip() for column, _, field in pairs}
    house = open_house()
    with writing(house) as session:
        event = event_in(session, house)
        report = ask_focal_points(
            session, house.context(), event, list_key=list_key.strip(), table=table, mapping=mapping
        )
        if isinstance(report, FocalMailsRefused):
            refuse(f"{file.name}: {report.message}")
    for problem in report.problems:
        click.echo(f"  refused: {problem}", err=True)
    for reference in report.without:
        click.echo(f"  {reference}: the file has no address for its body")
    click.echo(f"{report.asked} asked now, {report.before} before; {len(report.without)} without an address")
