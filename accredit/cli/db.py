"""`accredit db`: the schema."""

from __future__ import annotations

import click

from accredit.cli.house import open_house, refuse, say_if_empty, writing


@click.group("db")
def command() -> None:
    """Bring the database up to date, or check it."""


@command.command("upgrade")
def upgrade_() -> None:
    """Run the migrations that the database lacks."""
    from accredit.db.revisions import current_revision
    from accredit.db.upgrade import upgrade
    from accredit.wiring import migrations_folder

    house = open_house()
    before = current_revision(house.engine)
    upgrade(house.engine, migrations_folder())
    after = current_revision(house.engine)
    click.echo(f"{before or 'empty'} → {after}" if before != after else f"{after}: was up to date")


@command.command("check")
def check() -> None:
    """Say whether the database is as this version needs it."""
    from accredit.db.revisions import NEWEST, current_revision
    from accredit.db.upgrade import differences

    house = open_house()
    current = current_revision(house.engine)
    if current != NEWEST:
        refuse(f"the database stands at {current or 'nothing'}, the newest is {NEWEST}; run “accredit db upgrade”")
    found = differences(house.engine)
    if found:
        refuse(f"the database differs from the models in {len(found)} places: {found[0]}")
    click.echo(f"{current}: up to date, equal to the models")


@command.command("restored")
def restored() -> None:
    """Have every scanner fetch a whole new list.

    To be run after a backup came back: else a scanner may hold a list with the number of our next one, and would not
    learn what was revoked.
    """
    from accredit.services.roster_jumps import leap_after_restore

    house = open_house()
    with writing(house) as session:
        keys = leap_after_restore(session, house.context())
    for key in keys:
        click.echo(f"{key}: every scanner fetches a whole new list")
    say_if_empty(keys, "no event is loaded; there is nothing to renew")
