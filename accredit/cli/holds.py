"""`accredit review hold` and `release`: security holds."""

from __future__ import annotations

import click

from accredit.cli.house import event_in, open_house, refuse, writing

_REASON = click.option("--reason", required=True, help="For the staff; stays sealed with the application.")


@click.command("hold")
@click.argument("reference")
@_REASON
def hold(reference: str, reason: str) -> None:
    """Put the person of REFERENCE on hold for security.

    Nobody is approved by rule meanwhile, the desk asks the supervisor, and a grounds pass opens nothing. A pass that
    was collected already stays good: suspend it with "accredit passes suspend".
    """
    grants = _set(reference, True, reason)
    click.echo(f"{reference}: on hold" + (f"; grants withdrawn: {', '.join(grants)}" if grants else ""))


@click.command("release")
@click.argument("reference")
@_REASON
def release(reference: str, reason: str) -> None:
    """Lift the hold on REFERENCE.

    Grants that were withdrawn come back only by another approval.
    """
    grants = _set(reference, False, reason)
    click.echo(f"{reference}: no longer on hold" + (f"; grants written: {', '.join(grants)}" if grants else ""))


def _set(reference: str, on: bool, reason: str) -> tuple[str, ...]:
    from accredit.services.holding import set_hold
    from accredit.services.pass_life import NotChanged

    house = open_house()
    with writing(house) as session:
        done = set_hold(session, house.context(), event_in(session, house), reference, on, reason)
        if isinstance(done, NotChanged):
            refuse(done.message)
    return done.grants
