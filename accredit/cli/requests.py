"""`accredit requests`: what applicants asked for on their own status page."""

from __future__ import annotations

import click

from accredit.cli.house import event_in, open_house, reading, refuse, say_if_empty, writing


@click.group("requests")
def command() -> None:
    """Answer what applicants ask for."""


@command.command("list")
def list_() -> None:
    """List what waits for an answer."""
    from accredit.services.applicant_requests import open_requests

    house = open_house()
    with reading(house) as session:
        rows = open_requests(session, event_in(session, house))
    for one in rows:
        due = f", erased on {one.due_at:%Y-%m-%d}" if one.due_at is not None else ""
        fields = f" of {', '.join(one.wanted)}" if one.wanted else ""
        click.echo(f"{one.reference}  {one.made_at:%Y-%m-%d %H:%M} UTC  {one.kind.value}{fields}{due}")
    say_if_empty(rows, "nobody waits for an answer")


@command.command("accept")
@click.argument("reference")
def accept(reference: str) -> None:
    """Make the change that REFERENCE asks for.

    An approved application is open again afterwards: its pass ends, and a reviewer decides anew.
    """
    from accredit.services import amending

    house = open_house()
    with writing(house) as session:
        done = amending.accept(session, house.context(), event_in(session, house), reference)
        if isinstance(done, amending.AmendRefused):
            refuse(done.message)
    click.echo(f"{reference}: changed {', '.join(sorted(done.now))}; it is {done.state.value}")


@command.command("decline")
@click.argument("reference")
def decline(reference: str) -> None:
    """Leave REFERENCE as it is."""
    from accredit.services import amending

    house = open_house()
    with writing(house) as session:
        refused = amending.decline(session, house.context(), event_in(session, house), reference)
        if refused is not None:
            refuse(refused.message)
    click.echo(f"{reference}: nothing was changed")


@command.command("erase")
@click.argument("reference")
def erase(reference: str) -> None:
    """Erase the personal data of REFERENCE, which asked for it.

    The application must be withdrawn or refused. That it existed, and what was decided, stays for the counts.
    """
    from accredit.services import own_data

    house = open_house()
    with writing(house) as session:
        refused = own_data.erase_asked(session, house.context(), event_in(session, house), reference)
        if refused is not None:
            refuse(refused)
    click.echo(f"{reference}: erased")


@command.command("new-link")
@click.argument("reference")
def new_link(reference: str) -> None:
    """Make the status link of REFERENCE void and a new one.

    For a link that went astray. The new address is printed; hand it to nobody but the applicant.
    """
    from accredit.services.status_links import renew

    house = open_house()
    with writing(house) as session:
        path = renew(session, house.context(), event_in(session, house), reference)
        if path is None:
            refuse("there is no application with this reference; compare it letter by letter")
    click.echo(f"{house.settings.base_url}{path}")
