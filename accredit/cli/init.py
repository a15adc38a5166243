"""`accredit init`: the one command that makes secrets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from accredit.cli.house import open_house, refuse, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from accredit.services.event_loading import LoadedEvent
    from accredit.wiring import House

_DEMO_ACCOUNT = "demo"


@click.command("init")
@click.option("--demo", is_flag=True, help="A demonstration: with event, account, and keys of a root marked DEMO.")
def command(demo: bool) -> None:
    """Make the state folder, the database and the secrets.

    The folder is accredit-state, or what ACCREDIT_STATE names. Every secret in it is a file of mode 0600; nothing that
    exists is overwritten, and a second run changes nothing. Afterwards load an event, and request the signature of the
    offline root with "accredit keys request".
    """
    from accredit.db.upgrade import upgrade
    from accredit.wiring import migrations_folder

    house = open_house()
    _make_folder(house, demo)
    made = house.secret_folder.create(os.urandom)
    for path in made:
        click.echo(f"secret         {path} (mode 0600)")
    if not made:
        click.echo("secrets        were here already; left as they are")
    upgrade(house.engine, migrations_folder())
    click.echo(f"database       {house.engine.url.render_as_string()} is up to date")
    if demo:
        _furnish_demo(house)
    elif house.keyring is None:
        click.echo("Next: “accredit events load”, then “accredit keys request”.")


def _make_folder(house: House, demo: bool) -> None:
    from accredit.config import DEMO_MARK
    from accredit.services.key_folder import make_private_folder

    folder = house.settings.state
    if demo and not house.settings.is_demo and house.secret_folder.path.exists():
        # In a demonstration anybody may turn the clock, and its keys are worth nothing.
        refuse(f"{folder} is no demonstration and must not become one; name another folder in ACCREDIT_STATE")
    make_private_folder(folder)
    click.echo(f"state folder   {folder.resolve()} (only you can enter it)")
    if demo:
        (folder / DEMO_MARK).touch()
        click.echo("               marked as a demonstration")


def _furnish_demo(house: House) -> None:
    """Event, account and keys at once, each only where it is missing: nothing of it is for a real event."""
    import tomllib

    from accredit.services.event_loading import load_event
    from accredit.wiring import data_folder

    table = tomllib.loads((data_folder() / "events" / "gcm-hearing-2017.toml").read_text("utf-8"))
    with writing(house) as session:
        event = load_event(session, house.context(), table).loaded
        click.echo(f"event          {event.event.key}")
        _demo_account(house, session)
        _demo_keys(house, session, event)


def _demo_keys(house: House, session: Session, event: LoadedEvent) -> None:
    from accredit.services.keys import EventIsOver, KeysRefused, make_demo_keys

    if house.keyring is not None:
        click.echo(f"signing keys   key set {house.keyring.keyset.number} was here already; left as it is")
        return
    try:
        signed = make_demo_keys(session, house.context(), event, house.key_folder)
    except EventIsOver as over:
        click.echo(f"signing keys   none: {over}.")
        click.echo("               “accredit demo” plays on the days of the event, with a clock set to them.")
        return
    if isinstance(signed, KeysRefused):
        refuse(" ".join(signed.messages))
    click.echo(f"signing keys   key set {signed.number} of the DEMO root {signed.fingerprint}")


def _demo_account(house: House, session: Session) -> None:
    import secrets

    from accredit.domain.permissions import Role
    from accredit.services.accounts import AccountObstacle, AccountRefused, add_account

    password = secrets.token_urlsafe(12)
    roles = [Role.ADMINISTRATOR, Role.SENIOR_REVIEWER]
    added = add_account(session, house.context(), _DEMO_ACCOUNT, password, roles)
    if not isinstance(added, AccountRefused):
        click.echo(f"staff account  name {_DEMO_ACCOUNT}, password {password}")
    elif added.code is AccountObstacle.NAME_TAKEN:
        click.echo(f"staff account  {_DEMO_ACCOUNT} was here already; its password stays")
    else:
        refuse(added.message)
