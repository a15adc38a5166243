"""`accredit keys`: an offline root vouches for the keys of the server."""

from __future__ import annotations

import os
from pathlib import Path

import click

from accredit.cli.files import FILE, NEW_FILE, read_text, write_private
from accredit.cli.house import event_in, open_house, refuse, writing
from accredit.cli.key_changes import compromise, retire, rotate


@click.group("keys")
def command() -> None:
    """Request, sign and import signing keys.

    The root stays on a machine without a network: there "keys root" and "keys sign", on the server "keys request" and
    "keys import". What travels between them is not secret.

    \b
      root machine   accredit keys root -o root.key
      server         accredit keys request -o request.txt
      root machine   accredit keys sign --root root.key -o keyset.txt request.txt
      server         accredit keys import keyset.txt
    """


for change in (rotate, retire, compromise):
    command.add_command(change)


@command.command("root")
@click.option("-o", "--output", type=NEW_FILE, required=True, help="The file of the new root key.")
def root(output: Path) -> None:
    """Make a root key, on the root machine.

    Two custodians keep a copy each; who loses both can never again change a key. A file that exists is not overwritten.
    """
    from accredit.services.keys import new_root

    if output.exists():
        refuse(f"{output} exists and may be a root key; name another file")
    write_private(output, new_root(os.urandom).encode())
    click.echo(f"{output}: the root key, mode 0600. Keep it off every network.")


@command.command("request")
@click.option("-o", "--output", type=NEW_FILE, required=True, help="The file for the root machine.")
@click.option("--renew", is_flag=True, help="Make another pass key and list key, to rotate.")
def request(output: Path, renew: bool) -> None:
    """Ask the root to vouch for the keys of this server.

    Makes a pass key and a list key where there are none. The file holds their public halves alone.
    """
    from accredit.services.keys import request_keys

    house = open_house()
    with writing(house) as session:
        text = request_keys(session, house.context(), event_in(session, house), house.key_folder, renew=renew)
    write_private(output, text.encode())
    click.echo(f"{output}: carry it to the root machine, then “accredit keys sign --root ROOT {output.name} -o FILE”")


@command.command("sign")
@click.argument("request_file", type=FILE)
@click.option("--root", "root_file", type=FILE, required=True, help="The file of the root key.")
@click.option("--previous", type=FILE, help="The key set that was signed last.")
@click.option("-o", "--output", type=NEW_FILE, required=True, help="The file for the server.")
def sign(request_file: Path, root_file: Path, previous: Path | None, output: Path) -> None:
    """Sign a request, on the root machine.

    Needs no state folder. Every key set but the first continues the --previous one.
    """
    from datetime import UTC, datetime

    from accredit.services.keys import KeysRefused, sign_request

    signed = sign_request(
        read_text(root_file, "a root key"),
        read_text(request_file, "a request for keys"),
        read_text(previous, "a key set") if previous is not None else None,
        now=datetime.now(UTC),
    )
    if isinstance(signed, KeysRefused):
        refuse(" ".join(signed.messages))
    write_private(output, signed.text.encode())
    click.echo(f"{output}: key set {signed.number}, signed by the root {signed.fingerprint}")


@command.command("import")
@click.argument("file", type=FILE)
def import_(file: Path) -> None:
    """Take a signed key set into use.

    Scanners learn of it with their next bundle. A set of another root, or an older one than is in use, is refused.
    """
    from accredit.services.keys import KeysRefused, import_keys

    text = read_text(file, "a key set")
    house = open_house()
    with writing(house) as session:
        taken = import_keys(session, house.context(), event_in(session, house), house.key_folder, text)
        if isinstance(taken, KeysRefused):
            refuse(" ".join(taken.messages))
    click.echo(f"key set {taken.number} of the root {taken.fingerprint} is in use")


@command.command("list")
def list_() -> None:
    """List the keys of the key set in use."""
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
    """Do all of it at once under a root marked DEMO.

    Only in a state folder made by "accredit init --demo"; a scanner refuses such keys unless it is told.
    """
    from accredit.services.keys import KeysRefused, make_demo_keys

    house = open_house()
    if not house.settings.is_demo:
        refuse("DEMO keys are only for a state folder made by “accredit init --demo”")
    with writing(house) as session:
        signed = make_demo_keys(session, house.context(), event_in(session, house), house.key_folder)
        if isinstance(signed, KeysRefused):
            refuse(" ".join(signed.messages))
    click.echo(f"key set {signed.number}, signed by the DEMO root {signed.fingerprint}")
