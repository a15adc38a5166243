"""`accredit keys`: an offline root vouches for the keys of the server."""

from __future__ import annotations

import os
from pathlib import Path

import click

from accredit.cli.house import event_in, open_house, refuse, writing

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)


@click.group("keys")
def command() -> None:
    """Request, sign and import signing keys.

    The root stays on a machine without a network: there "keys root" and "keys sign", on the server "keys request" and
    "keys import". What travels between them is not secret.
    """


@command.command("root")
@click.option("-o", "--output", type=_NEW, required=True, help="The file of the new root key.")
def root(output: Path) -> None:
    """Make a root key (on the root machine; two custodians keep a copy each)."""
    from accredit.services.key_folder import write_private
    from accredit.services.keys import new_root

    write_private(output, new_root(os.urandom))
    click.echo(f"{output}: the root key, mode 0600. Keep it off every network.")


@command.command("request")
@click.option("-o", "--output", type=_NEW, required=True, help="The file for the root machine.")
@click.option("--renew", is_flag=True, help="Make another pass key and list key, to rotate.")
def request(output: Path, renew: bool) -> None:
    """Make the keys of this server and ask the root to vouch for them."""
    from accredit.services.keys import request_keys

    house = open_house()
    with writing(house) as session:
        text = request_keys(session, house.context(), event_in(session, house), house.key_folder, renew=renew)
    output.write_text(text, "utf-8")
    click.echo(f"{output}: carry it to the root machine, then “accredit keys sign --root ROOT {output.name} -o FILE”")


@command.command("sign")
@click.argument("request_file", type=_FILE)
@click.option("--root", "root_file", type=_FILE, required=True, help="The file of the root key.")
@click.option("--previous", type=_FILE, help="The key set signed last; needed for every one but the first.")
@click.option("-o", "--output", type=_NEW, required=True, help="The file for the server.")
def sign(request_file: Path, root_file: Path, previous: Path | None, output: Path) -> None:
    """Sign a request (on the root machine; needs no state folder)."""
    from datetime import UTC, datetime

    from accredit.services.keys import KeysRefused, sign_request

    signed = sign_request(
        root_file.read_text("ascii"),
        request_file.read_text("utf-8"),
        previous.read_text("utf-8") if previous is not None else None,
        now=datetime.now(UTC),
    )
    if isinstance(signed, KeysRefused):
        refuse(" ".join(signed.messages))
    output.write_text(signed.text, "utf-8")
    click.echo(f"{output}: key set {signed.number}, signed by the root {signed.fingerprint}")


@command.command("import")
@click.argument("file", type=_FILE)
def import_(file: Path) -> None:
    """Take a signed key set into use; scanners learn of it with their next bundle."""
    from accredit.services.keys import KeysRefused, import_keys

    house = open_house()
    with writing(house) as session:
        taken = import_keys(
            session, house.context(), event_in(session, house), house.key_folder, file.read_text("utf-8")
        )
        if isinstance(taken, KeysRefused):
            refuse(" ".join(taken.messages))
    click.echo(f"key set {taken.number} of the root {taken.fingerprint} is in use")


@command.command("list")
def list_() -> None:
    """The keys of the key set in use."""
    house = open_house()
    if house.keyring is None:
        refuse(
            "no key set is in use; “accredit keys request”, then “keys sign” on the root machine, then “keys import”"
        )
    keyset = house.keyring.keyset
    click.echo(f"key set {keyset.number} for event {keyset.event}{', DEMO' if keyset.demo else ''}")
    for key in keyset.keys:
        span = f"{key.not_before:%Y-%m-%d} to {key.not_after:%Y-%m-%d}"
        click.echo(f"  kid {key.kid:<3} {key.role.value:<6} {key.status.value:<12} {span}")


@command.command("demo")
def demo() -> None:
    """All three steps at once under a root marked DEMO; only in a state folder marked as a demonstration."""
    from accredit.services.keys import KeysRefused, make_demo_keys

    house = open_house()
    if not house.settings.is_demo:
        refuse("DEMO keys are only for a state folder made by “accredit init --demo”")
    with writing(house) as session:
        signed = make_demo_keys(session, house.context(), event_in(session, house), house.key_folder)
        if isinstance(signed, KeysRefused):
            refuse(" ".join(signed.messages))
    click.echo(f"key set {signed.number}, signed by the DEMO root {signed.fingerprint}")
