"""The commands beside the queue: the journal as a file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from scanner.cli_options import json_option, sentences, state_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--all", "everything", is_flag=True, help="Also the scans that the service has confirmed.")
@json_option
@state_option
def export(file: Path, everything: bool, as_json: bool, state: Path) -> None:
    """Write the scans into a file, signed, for a scanner that will not reach the service any more.

    On the service: accredit scans import FILE. Nothing is forgotten here: should this scanner reach the service after
    all, each scan still counts once. No name is in the file.
    """
    import json

    from scanner.handing_over import export as hand_over
    from scanner.opening import opened

    with sentences(), opened(state, os.environ) as scanner:
        done = hand_over(scanner, file, everything=everything)
    if as_json:
        click.echo(json.dumps({"file": str(file), "scans": done.scans, "unreadable": done.unreadable}))
        return
    click.echo(f"{done.scans} scans are in {file}. On the service: accredit scans import {file.name}")
    if done.unreadable:
        click.echo(f"{done.unreadable} more cannot be put into a file; keep this folder.", err=True)
