"""`accredit desk hours` and `accredit desk open`: when the desk hands out passes."""

from __future__ import annotations

from datetime import datetime

import click

from accredit.cli.house import event_in, open_house, reading, refuse, writing

_TIME = click.DateTime(["%Y-%m-%dT%H:%M"])


@click.command("hours")
def hours() -> None:
    """Show the hours of the desk, added ones as well."""
    from accredit.services.desk_hours import openings

    house = open_house()
    with reading(house) as session:
        event = event_in(session, house)
        for one in event.event.pickup_windows:
            click.echo(f"{one.opens_at:%Y-%m-%d %H:%M} to {one.closes_at:%H:%M}  by the event")
        for added in openings(session, event):
            opens, closes = (moment.astimezone(event.event.zone) for moment in (added.opens_at, added.closes_at))
            click.echo(f"{opens:%Y-%m-%d %H:%M} to {closes:%Y-%m-%d %H:%M}  {added.made_by}: {added.reason}")


@click.command("open")
@click.argument("opens", type=_TIME, metavar="FROM")
@click.argument("closes", type=_TIME, metavar="UNTIL")
@click.option("--reason", required=True, help="Why; it stays with the hours.")
def open_longer(opens: datetime, closes: datetime, reason: str) -> None:
    """Open all desks from FROM until UNTIL, too.

    Times of the event's place, at most 24 hours at once:

    \b
      accredit desk open 2017-10-11T17:00 2017-10-11T19:00 --reason "flights"
    """
    from accredit.services.desk_hours import HoursRefused, widen

    house = open_house()
    with writing(house) as session:
        event = event_in(session, house)
        zoned = [moment.replace(tzinfo=event.event.zone) for moment in (opens, closes)]
        done = widen(session, house.context(), event, zoned[0], zoned[1], reason)
        if isinstance(done, HoursRefused):
            refuse(done.message)
    click.echo(f"the desk is open from {opens:%Y-%m-%d %H:%M} until {closes:%Y-%m-%d %H:%M}, too")
