"""`accredit applications`: what people submitted."""

from __future__ import annotations

from pathlib import Path

import click

from accredit.cli.files import FILE, NEW_FILE, write_private
from accredit.cli.house import event_in, open_house, refuse, writing


@click.group("applications")
def command() -> None:
    """Import applications."""


@command.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--photos",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the files that the column photo names.",
)
@click.option("--references", type=NEW_FILE, help="Write row numbers and references to this CSV.")
def import_(file: Path, photos: Path | None, references: Path | None) -> None:
    """Import FILE (CSV, XLSX or ODS).

    Each row keeps its time of receipt. A row that cannot be taken is refused with its number, field and cure; the others
    are taken. Importing the same file again adds nothing.

    Columns: surname, given_names, latin_surname, latin_given_names, birth_date, nationality, email, organisation,
    organisation_country, category, affiliation, grounds_pass, grounds_pass_number, received_at (with its offset from
    UTC), language, meetings, accessibility, consent; photo (the name of a file) and hold (yes: the supervisor is asked
    at the pick-up).
    """
    from accredit.services.intake_files import IntakeRefused, import_applications
    from accredit.services.tables import TableRefused, read_table

    table = read_table(file.read_bytes(), file.name)
    if isinstance(table, TableRefused):
        refuse(table.message)
    house = open_house()

    def photo(name: str) -> bytes | None:
        # The name comes from the file: only a plain name inside the folder is looked at.
        path = photos / name if photos is not None and Path(name).name == name else None
        return path.read_bytes() if path is not None and path.is_file() else None

    with writing(house) as session:
        event = event_in(session, house)
        report = import_applications(session, house.context(), event, table, photos=photo)
        if isinstance(report, IntakeRefused):
            refuse(f"{file.name}: {report.message}")
    for row in report.refused:
        click.echo(f"  refused: {row}", err=True)
    told = f"{len(report.accepted)} taken, {len(report.already_here)} were here already, {len(report.refused)} refused"
    click.echo(f"{file.name}: {told}")
    if report.put_on_hold:
        click.echo(f"put on hold: {', '.join(report.put_on_hold)}")
    if references is not None:
        lines = [f"{row},{reference}" for row, reference in sorted(report.references.items())]
        write_private(references, "\n".join(["row,reference", *lines, ""]).encode())
