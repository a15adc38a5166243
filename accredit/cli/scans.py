"""`accredit scans`: what scanners wrote down, where it comes by hand."""

from __future__ import annotations

import json
from pathlib import Path

import click

from accredit.cli.house import event_in, open_house, refuse, writing


@click.group("scans")
def command() -> None:
    """Import the scans of a scanner from a file."""


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
