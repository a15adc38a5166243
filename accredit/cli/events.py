"""`accredit events`: the event as a data file."""

from __future__ import annotations

from pathlib import Path

import click

from accredit.cli.house import open_house, reading, refuse, writing


@click.group("events")
def command() -> None:
    """Load an event from its data file, or see which are there."""


@command.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
def load(file: Path | None) -> None:
    """Load the event in FILE (TOML); without FILE the hearing of October 2017, which comes along.

    Loading it again changes nothing; a changed file is taken over, and scanners learn of it.
    """
    import tomllib

    from accredit.services.event_loading import load_event
    from accredit.wiring import data_folder

    path = file or data_folder() / "events" / "gcm-hearing-2017.toml"
    house = open_house()
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        refuse(f"{path.name} is no TOML in UTF-8: {broken}")
    with writing(house) as session:
        change = load_event(session, house.context(), table)
    event = change.loaded.event
    told = "loaded" if change.created else "changed" if change.changed else "was loaded already; nothing changed"
    click.echo(f"{event.key}: {told}")
    click.echo(f"  {event.full_title.en}")
    click.echo(f"  deadline {event.deadline_on}, lists as in force on {event.reference_on}")
    click.echo(
        f"  {len(event.meetings)} meetings, {len(event.checkpoints)} checkpoints, {len(event.categories)} categories"
    )


@command.command("list")
def list_() -> None:
    """The events that are loaded."""
    from accredit.services.event_loading import all_events

    house = open_house()
    with reading(house) as session:
        for record in all_events(session):
            click.echo(f"{record.key}\tnumber {record.number}\troster {record.roster_number}")
