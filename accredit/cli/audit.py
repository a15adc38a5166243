"""`accredit audit`: the trail of staff actions."""

from __future__ import annotations

import click

from accredit.cli.house import open_house, reading, refuse


@click.group("audit")
def command() -> None:
    """Check the chain of the audit trail."""


@command.command("check")
def check() -> None:
    """Say whether every row still fits the row before it."""
    from accredit.services.auditing import first_broken, length

    house = open_house()
    with reading(house) as session:
        broken = first_broken(session)
        if broken is not None:
            refuse(
                f"the chain of the audit trail breaks at row {broken}: a row was altered, removed or added afterwards"
            )
        click.echo(f"{length(session)} rows, every one fits the one before it")
