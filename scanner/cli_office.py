"""The commands beside the queue: the journal as a file, and who is inside."""

from __future__ import annotations

import os
from pathlib import Path

import click

from scanner.cli_options import json_option, pin_file_option, sentences, state_option


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


@click.command()
@click.option("--names", "with_names", is_flag=True, help="Also who is on the site, by name: with the PIN alone.")
@json_option
@pin_file_option
@state_option
def inside(with_names: bool, as_json: bool, pin_file: Path | None, state: Path) -> None:
    """Count who is inside, for an evacuation.

    In, out and unknown, of the site and of each door, with or without a network. What other gates read is known until the
    last sync and told with its time; what this scanner read is counted up to now.
    """
    from scanner.clock import read_clock
    from scanner.counting_report import as_lines, as_text
    from scanner.inside import names, who_is_inside
    from scanner.opening import CannotRun, given_pin, opened
    from scanner.roster import Roster
    from scanner.trust_store import load_contact

    with sentences(), opened(state, os.environ) as scanner:
        scanner.refuse_if_switched_off()
        roster, contact = Roster(scanner.trust), load_contact(scanner.trust)
        now = read_clock(scanner.clock(), offset_ms=contact.offset_ms, last_server_ms=contact.server_at_ms).at
        found = who_is_inside(roster, scanner.journal, now)
        if found is None:
            raise CannotRun('There is no list yet. Run "accredit-scanner sync" first.')
        lines = None
        if with_names:
            key = scanner.names_key(given_pin(pin_file, os.environ))
            lines = names(roster, found.places[0].serials, key)
        click.echo(as_text(found, lines) if as_json else "\n".join(as_lines(found, lines, roster.zone())))
