"""`accredit passes revocations`: the list of withdrawn passes as a code, for a scanner without network."""

from __future__ import annotations

from pathlib import Path

import click

from accredit.cli.files import NEW_FILE, write_private
from accredit.cli.house import event_in, open_house, reading, refuse

_DOTS_A_MODULE = 8


@click.command("revocations")
@click.option("--qr", "output", type=NEW_FILE, required=True, help="The picture (PNG) to write.")
@click.option(
    "--since",
    type=click.IntRange(min=0),
    metavar="N",
    help="The list that the scanner holds, as “accredit-scanner status” says; without it, the whole list.",
)
def revocations(output: Path, since: int | None) -> None:
    """Show withdrawn passes to a scanner without network, as a QR.

    Show the picture on any screen and let the scanner read it like a pass. It takes the code only if it continues exactly
    its own list, and says how old the list is then.
    """
    from accredit.rendering.codes import qr_png, qr_version
    from accredit.services.revocations import NoRevocationCode, revocations_as_code

    house = open_house()
    with reading(house) as session:
        code = revocations_as_code(session, house.context(), event_in(session, house), since)
    if isinstance(code, NoRevocationCode):
        refuse(code.message)
    version = qr_version(code.text, smallest=1) or 1
    write_private(output, qr_png(code.text, version=version, dots=_DOTS_A_MODULE))
    whose = f"for scanners that hold list {code.base}" if code.base else "for scanners that hold any older list"
    click.echo(f"{output}: list {code.number}, {whose}: {code.revoked} withdrawn, {code.restored} given back")
