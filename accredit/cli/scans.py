"""`accredit scans`: what scanners wrote down, where it comes by hand."""

from __future__ import annotations

import json
from pathlib import Path

import click

from accredit.cli.files import FILE_OR_DASH, read_text_or_dash
from accredit.cli.house import event_in, open_house, refuse, writing


@click.group("scans")
def command() -> None:
    """Import the scans of a scanner from a file, or enter those noted on paper."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object with an answer for each scan.")
def import_(file: Path, as_json: bool) -> None:
    """Import the file of a scanner.

    For one that never comes back to the network; on it: accredit-scanner export FILE. The same file again changes nothing. A
    file that the scanner did not sign, or of a scanner that is none of ours, is refused whole. A scanner that is
    switched off may still hand in its scans.
    """
    from accredit.services.scan_files import FileRefused, import_scans

    house = open_house()
    data = file.read_bytes()
    with writing(house) as session:
        done = import_scans(session, house.context(), event_in(session, house), data)
        if isinstance(done, FileRefused):
            refuse(done.message)
    if as_json:
        each = [{"id": one.id, "result": one.result.value, "cause": one.cause or None} for one in done.results]
        click.echo(json.dumps({"device": done.device, **done.counts, "missing": done.missing, "results": each}))
        return
    told = ", ".join(f"{number} {result.replace('_', ' ')}" for result, number in done.counts.items())
    click.echo(f"{done.device}: {len(done.results)} scans: {told}")
    for one in done.results:
        if one.cause:
            click.echo(f"  set aside {one.id}: {one.cause}")
    if done.missing:
        click.echo(f"  the file was cut off: {done.missing} scans are missing; export it anew", err=True)


@command.command("late-entry")
@click.argument("file", type=FILE_OR_DASH)
@click.option("--scanner", required=True, metavar="NAME", help="The scanner whose disk took no scans.")
def late_entry(file: Path, scanner: str) -> None:
    """Enter scans that an officer noted on paper.

    For the hour in which a scanner's disk was full. FILE is a CSV with a row a scan: time, checkpoint, lane, officer, verdict
    (admit or refuse), and code (or the short code below it) or class; where needed direction (exit) and number, the one
    under which the scanner said to note it. Row by row; what cannot be entered is told and stays away, and the file can be
    entered again. Each scan is marked as entered from paper.

    \b
      accredit scans late-entry sheet.csv --scanner "gate 1"
    """
    from accredit.cli.house import reading
    from accredit.db.session import writing as open_session
    from accredit.services.paper_scans import Noted, SheetUnusable, enter_scans

    text = read_text_or_dash(file, "a table of scans")
    house = open_house()
    with reading(house) as session:
        key = event_in(session, house).event.key
    try:
        rows = enter_scans(lambda: open_session(house.engine), house.context(), key, scanner, text)
    except SheetUnusable as unusable:
        refuse(str(unusable))
    counts = {noted: sum(row.noted is noted for row in rows) for noted in Noted}
    for row in rows:
        if row.noted is Noted.BAD:
            click.echo(f"  line {row.line}: {row.told}", err=True)
    known = f", {counts[Noted.KNOWN]} were entered before" if counts[Noted.KNOWN] else ""
    click.echo(f"{counts[Noted.ENTERED]} scans entered{known}, {counts[Noted.BAD]} not")
    if counts[Noted.BAD]:
        raise SystemExit(1)
