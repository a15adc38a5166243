"""`accredit keys rotate|retire|compromise`: how a key ends. Each writes a request for the root machine."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accredit.cli.files import NEW_FILE, write_private
from accredit.cli.house import event_in, open_house, refuse, writing

if TYPE_CHECKING:
    from accredit.services.key_changes import KeyChange

_REQUEST = click.option("-o", "--output", type=NEW_FILE, required=True, help="The request for the root machine.")
_KID = click.argument("kid", type=click.IntRange(1, 254))


def _moment(text: str) -> datetime:
    """An aware time, or wrong usage."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write a time such as 2017-10-11T14:05+02:00") from None
    if moment.tzinfo is None:
        raise click.BadParameter("say the zone, too, such as 2017-10-11T14:05+02:00")
    return moment


@click.command("rotate")
@_REQUEST
@click.option("--from", "in_use_from", type=_moment, metavar="TIME", help="When the new keys begin to sign.")
def rotate(output: Path, in_use_from: datetime | None) -> None:
    """Make the next keys, and retire the present ones.

    A pass key and a list key. What the present ones signed stays good. With --from the new keys are published now and
    sign later, so that every scanner knows them before the first pass; retire the present ones afterwards.
    """
    from accredit.services.key_changes import rotate as change

    house = open_house()
    with writing(house) as session:
        changed = change(session, house.context(), event_in(session, house), house.key_folder, in_use_from=in_use_from)
    _tell(output, changed)


@click.command("retire")
@_KID
@_REQUEST
def retire(kid: int, output: Path) -> None:
    """Let a key sign no more; what it signed stays good."""
    from accredit.services.key_changes import retire as change
    from accredit.services.keys import KeysRefused

    house = open_house()
    with writing(house) as session:
        changed = change(session, house.context(), event_in(session, house), house.key_folder, kid)
        if isinstance(changed, KeysRefused):
            refuse(" ".join(changed.messages))
    _tell(output, changed)


@click.command("compromise")
@_KID
@_REQUEST
@click.option("--since", type=_moment, metavar="TIME", help="Passes issued before stay good; without it, none does.")
def compromise(kid: int, output: Path, since: datetime | None) -> None:
    """Withdraw a key that a stranger may have.

    Lists whose passes must be issued anew.

    Without --since the gates refuse every pass of the key within seconds, before the root has signed. With --since they
    do so once the key set is imported. The references go to standard output, one a line.
    """
    from accredit.services.key_changes import compromise as change
    from accredit.services.keys import KeysRefused

    house = open_house()
    with writing(house) as session:
        changed = change(session, house.context(), event_in(session, house), house.key_folder, kid, since=since)
        if isinstance(changed, KeysRefused):
            refuse(" ".join(changed.messages))
    for reference in changed.references:
        click.echo(reference)
    _tell(output, changed)
    if changed.is_listed:
        click.echo(f"Gates on a network refuse the passes of key {kid} from now on.", err=True)
    click.echo(
        f"{len(changed.references)} passes must be printed anew once the key set is imported: "
        "“accredit passes print --reason … REFERENCE…” signs them with the new key.",
        err=True,
    )


def _tell(output: Path, changed: KeyChange) -> None:
    write_private(output, changed.text.encode())
    made = f" New keys: {', '.join(map(str, changed.made))}." if changed.made else ""
    click.echo(f"{output}: the request.{made} Next:", err=True)
    click.echo(f"  root machine   accredit keys sign --root ROOT --previous LAST -o keyset.txt {output.name}", err=True)
    click.echo("  server         accredit keys import keyset.txt", err=True)
