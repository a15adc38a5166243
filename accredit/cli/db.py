"""`accredit db`: the schema."""

from __future__ import annotations

import click

from accredit.cli.house import open_house, refuse


@click.group("db")
def command() -> None:
    """Bring the database up to date, or check it."""


@command.command("upgrade")
def upgrade_() -> None:
    """Run the migrations that the database lacks."""
    from accredit.db.upgrade import current_revision, upgrade
    from accredit.wiring import migrations_folder

    house = open_house()
    before = current_revision(house.engine)
    upgrade(house.engine, migrations_folder())
    after = current_revision(house.engine)
    click.echo(f"{before or 'empty'} → {after}" if before != after else f"{after}: was up to date")


@command.command("check")
def check() -> None:
    """Say whether the database is as this version needs it."""
    from accredit.db.upgrade import current_revision, differences, newest_revision
    from accredit.wiring import migrations_folder

    house = open_house()
    current, newest = current_revision(house.engine), newest_revision(migrations_folder())
    if current != newest:
        refuse(f"the database stands at {current or 'nothing'}, the newest is {newest}; run “accredit db upgrade”")
    found = differences(house.engine)
    if found:
        refuse(f"the database differs from the models in {len(found)} places: {found[0]}")
    click.echo(f"{current}: up to date, equal to the models")
