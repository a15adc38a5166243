"""`accredit figures`: counts of the event."""

from __future__ import annotations

import dataclasses
import json

import click

from accredit.cli.house import event_in, open_house, reading


@click.command("figures")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(as_json: bool) -> None:
    """Count applications, passes and scans; no names."""
    from accredit.services.figures import figures

    house = open_house()
    with reading(house) as session:
        counted = figures(session, house.context(), event_in(session, house))
    told = dataclasses.asdict(counted) | {
        name: getattr(counted, name) for name in ("approved", "refused", "waiting", "admitted")
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        shown = (
            ", ".join(f"{key} {count}" for key, count in value.items()) or "none" if isinstance(value, dict) else value
        )
        click.echo(f"{name.replace('_', ' '):<18} {shown}")
