"""`accredit init`: the one command that makes secrets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from accredit.cli.house import open_house

if TYPE_CHECKING:
    from accredit.wiring import House


@click.command("init")
@click.option("--demo", is_flag=True, help="Mark the folder as a demonstration and sign its keys with a DEMO root.")
def command(demo: bool) -> None:
    """Make the state folder, the database and the secrets.

    Every secret is a file of mode 0600 in the state folder; nothing that exists is overwritten. Afterwards request the
    signature of the offline root with "accredit keys request".
    """
    from accredit.config import DEMO_MARK
    from accredit.db.upgrade import upgrade
    from accredit.services.key_folder import make_private_folder
    from accredit.wiring import migrations_folder

    house = open_house()
    folder = house.settings.state
    make_private_folder(folder)
    click.echo(f"state folder   {folder.resolve()} (only you can enter it)")
    if demo:
        (folder / DEMO_MARK).touch()
        click.echo("               marked as a demonstration")
    made = house.secret_folder.create(os.urandom)
    for path in made:
        click.echo(f"secret         {path} (mode 0600)")
    if not made:
        click.echo("secrets        were here already; left as they are")
    upgrade(house.engine, migrations_folder())
    click.echo(f"database       {house.engine.url.render_as_string()} is up to date")
    if demo:
        _furnish_demo(house)
    else:
        click.echo("Next: “accredit events load”, then “accredit keys request”.")


def _furnish_demo(house: House) -> None:
    """Event, keys and an account at once: nothing of it is for a real event."""
    import secrets
    import tomllib

    from accredit.cli.house import event_in, refuse, writing
    from accredit.domain.permissions import Role
    from accredit.services.accounts import AccountRefused, add_account
    from accredit.services.event_loading import load_event
    from accredit.services.keys import KeysRefused, make_demo_keys
    from accredit.wiring import data_folder

    table = tomllib.loads((data_folder() / "events" / "gcm-hearing-2017.toml").read_text("utf-8"))
    password = secrets.token_urlsafe(12)
    with writing(house) as session:
        load_event(session, house.context(), table)
        event = event_in(session, house)
        signed = make_demo_keys(session, house.context(), event, house.key_folder)
        added = add_account(session, house.context(), "demo", password, [Role.ADMINISTRATOR, Role.SENIOR_REVIEWER])
        if isinstance(signed, KeysRefused) or isinstance(added, AccountRefused):
            refuse("the demonstration was furnished already; begin with an empty state folder")
    click.echo(f"event          {event.event.key}")
    click.echo(f"signing keys   key set {signed.number} of the DEMO root {signed.fingerprint}")
    click.echo(f"staff account  name demo, password {password}")
