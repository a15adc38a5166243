"""`accredit events`: the event as a data file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from accredit.cli.files import FILE, read_text
from accredit.cli.house import open_house, reading, refuse, say_if_empty, writing


@click.group("events")
def command() -> None:
    """Load an event from its data file, or see which are there."""


@command.command("load")
@click.argument("file", type=FILE, required=False)
def load(file: Path | None) -> None:
    """Load the event in FILE (TOML).

    Without FILE it is the hearing of October 2017, which comes along. Loading it again changes nothing; a changed file
    is taken over, and scanners learn of it.
    """
    from accredit.domain.errors import EventInvalid
    from accredit.services.event_loading import load_event
    from accredit.wiring import data_folder

    path = file or data_folder() / "events" / "gcm-hearing-2017.toml"
    house = open_house()
    table = _table(path)
    with writing(house) as session:
        try:
            change = load_event(session, house.context(), table)
        except EventInvalid as invalid:
            refuse("\n".join([f"{path.name} is no event that can be used:", *(f"  {one}" for one in invalid.problems)]))
    event = change.loaded.event
    told = "loaded" if change.created else "changed" if change.changed else "was loaded already; nothing changed"
    click.echo(f"{event.key}: {told}")
    click.echo(f"  {event.full_title.en}")
    click.echo(f"  deadline {event.deadline_on}, lists as in force on {event.reference_on}")
    click.echo(
        f"  {len(event.meetings)} meetings, {len(event.checkpoints)} checkpoints, {len(event.categories)} categories"
    )


def _table(path: Path) -> dict[str, Any]:
    import tomllib

    text = read_text(path, "an event file")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        refuse(f"{path.name} is no TOML: {broken}")


@command.command("list")
def list_() -> None:
    """List the events that are loaded."""
    from accredit.services.event_loading import all_events

    house = open_house()
    with reading(house) as session:
        records = all_events(session)
    for record in records:
        click.echo(f"{record.key:<24} event {record.number:<5} pass list {record.roster_number}")
    say_if_empty(records, "no event is loaded; “accredit events load” loads one")
