"""`accredit lists`: status lists and their editions."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accredit.cli.delegates import import_delegates
from accredit.cli.files import FILE
from accredit.cli.house import open_house, reading, refuse, say_if_empty, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from accredit.services.list_changes import Changes
    from accredit.services.listing import ListRefused, ListReport
    from accredit.wiring import House

# The small lists that come along, and the day as of which they are.
SHIPPED = {
    "ecosoc": ("ecosoc-2017-09-04.csv", date(2017, 9, 4)),
    "special-accreditation": ("special-accreditation-2017.csv", date(2017, 9, 4)),
    "member-states": ("member-states-2017.csv", date(2017, 9, 4)),
    "observers": ("observers-2017.csv", date(2017, 9, 4)),
    "parliaments": ("parliaments-2017.csv", date(2017, 9, 4)),
    "ganhri": ("ganhri-2017.csv", date(2017, 9, 4)),
    "igo": ("igo-2017.csv", date(2017, 9, 4)),
}


@click.group("lists")
def command() -> None:
    """Import status lists, and see which editions are there."""


command.add_command(import_delegates)


@command.command("import")
@click.argument("file", type=FILE, required=False)
@click.option("--list", "list_key", metavar="NAME", help="Which list: ecosoc, ganhri, member-states, …")
@click.option(
    "--edition",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day as of which the list is, such as 2017-09-04.",
)
@click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="Says which column is which field.")
@click.option("--shipped", is_flag=True, help="Import the small lists that come along, before FILE if one is given.")
def import_(
    file: Path | None, list_key: str | None, edition: datetime | None, mapped: tuple[str, ...], shipped: bool
) -> None:
    """Import FILE as an edition of a list.

    FILE is CSV, XLSX, ODS, or the official PDF of the series E/20xx/INF/5. Reports what is new, changed and gone against
    the edition before. Broken rows are refused one by one, with row and reason. Importing the same file again changes
    nothing.

    Fields: external_id, name, country, status, in_force, aliases, note. A column that is called otherwise is named
    with --map:

    \b
      accredit lists import --list ecosoc --edition 2017-09-04 \\
        --map org_name=name --map org_id=external_id register.csv
    """
    alone = shipped and file is None
    if alone and (list_key is not None or edition is not None or mapped):
        raise click.UsageError("--list, --edition and --map are about FILE; give it, or --shipped alone")
    if not alone and (file is None or not (list_key or "").strip() or edition is None):
        raise click.UsageError("give FILE, --list NAME and --edition DATE, or --shipped alone")
    mapping = _mapping(mapped)
    house = open_house()
    with writing(house) as session:
        if shipped:
            for name, (file_name, as_of) in SHIPPED.items():
                _import(session, house, name, as_of, _shipped_folder() / file_name, {})
        if file is not None and list_key is not None and edition is not None:
            _import(session, house, list_key, edition.date(), file, mapping)


def _shipped_folder() -> Path:
    from accredit.wiring import data_folder

    return data_folder() / "lists"


def _mapping(mapped: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in mapped]
    if any(not column or not field for column, _, field in pairs):
        raise click.UsageError("write --map COLUMN=FIELD, such as --map org_name=name")
    return {column.strip(): field.strip() for column, _, field in pairs}


def _import(session: Session, house: House, name: str, as_of: date, file: Path, mapping: dict[str, str]) -> None:
    from accredit.services.listing import import_list
    from accredit.services.pdf_lists import is_pdf
    from accredit.services.tables import TableRefused, read_table

    data = file.read_bytes()
    if is_pdf(data):
        _told(_import_pdf(session, house, name, as_of, data, file.name), file)
        return
    table = read_table(data, file.name)
    if isinstance(table, TableRefused):
        refuse(table.message)
    report: ListReport | ListRefused = import_list(
        session, house.context(), list_key=name, as_of=as_of, table=table, mapping=mapping, source_name=file.name
    )
    _told(report, file)


def _import_pdf(
    session: Session, house: House, name: str, as_of: date, data: bytes, file_name: str
) -> ListReport | ListRefused:
    from accredit.services.pdf_imports import import_pdf_list
    from accredit.services.tables import TableRefused

    read = import_pdf_list(session, house.context(), list_key=name, as_of=as_of, data=data, source_name=file_name)
    if isinstance(read, TableRefused):
        refuse(read.message)
    for unread in read.unread:
        click.echo(f"  not read: {unread}", err=True)
    click.echo(f"{len(read.unread)} pieces of the document could not be read", err=True)
    return read.loaded


def _told(report: ListReport | ListRefused, file: Path) -> None:
    from accredit.services.listing import ListRefused

    for problem in report.refused:
        click.echo(f"  refused: {problem}", err=True)
    if isinstance(report, ListRefused):
        refuse(f"{file.name}: {report.message}")
    _tell(report)


def _tell(report: ListReport) -> None:
    changed = "" if report.edition is not None else ": nothing changed"
    click.echo(f"{report.list_key} as of {report.as_of}: {report.entries} entries{changed}")
    if report.edition is not None:
        found = report.changes
        counts = (("new", found.new), ("changed", found.changed), ("gone", found.gone))
        click.echo(f"  {', '.join(f'{one.count} {word}' for word, one in counts)}, {found.same} the same")
        for word, one in (("renamed", found.renamed), ("status", found.restated), *counts[1:]):
            _name(word, one)
    if report.refused:
        click.echo(f"  {len(report.refused)} rows were refused; mend them and import the file again")
    for note in report.notes:
        click.echo(f"  note: {note}")


def _name(word: str, changes: Changes) -> None:
    for name in changes.names:
        click.echo(f"  {word}: {name}")
    if changes.count > len(changes.names):
        click.echo(f"  {word}: and {changes.count - len(changes.names)} more")


@command.command("list")
def list_() -> None:
    """List the editions that are loaded.

    Below them stand the lists of delegates that bodies handed in.
    """
    from accredit.services.delegate_lists import all_delegate_lists
    from accredit.services.event_loading import find_event
    from accredit.services.listing import all_editions

    house = open_house()
    with reading(house) as session:
        editions = all_editions(session)
        event = find_event(session, house.settings.event)
        sent = all_delegate_lists(session, event) if event is not None else ()
    for one in editions:
        click.echo(f"{one.list_key:<24} as of {one.as_of}  revision {one.revision}  {one.source_name}")
    for body, count in sent:
        told = f"as of {body.as_of}  revision {body.revision}  {count} delegates  {body.source_name}"
        click.echo(f"{'delegates of ' + body.list_key + '/' + body.external_id:<24} {told}")
    say_if_empty(editions, "no list is loaded; “accredit lists import --shipped” loads those that come along")
