"""Parts of `accredit review` that look at many: the clearly late, and who waits for a place."""

from __future__ import annotations

from collections.abc import Sequence

import click

from accredit.cli.house import event_in, open_house, reading, writing


def refuse_all_late(*, asked: bool) -> None:
    """Shows the clearly late, asks once unless that is settled, and refuses those that were shown."""
    from accredit.services.late_refusals import clearly_late, refuse_late

    house = open_house()
    with reading(house) as session:
        event = event_in(session, house)
        late = clearly_late(session, event)
    for one in late:
        received = one.received_at.astimezone(event.event.zone)
        click.echo(f"  {one.reference}  received {received:%Y-%m-%d %H:%M:%S}  {one.organisation}")
    if not late:
        click.echo("nobody who was screened and waits is late by a day or more")
        return
    if not asked:
        click.confirm(f"Refuse these {len(late)}, each with the day on which it was received?", abort=True)
    with writing(house) as session:
        report = refuse_late(session, house.context(), event_in(session, house), [one.reference for one in late])
    for reference, why in report.left:
        click.echo(f"  {reference}: {why.message}", err=True)
    click.echo(f"{len(report.refused)} refused; who is late by less than a day is decided alone")


@click.command("waiting")
def waiting() -> None:
    """List who waits for a place in a delegation.

    Body by body, in the order of receipt.
    """
    from accredit.services.waiting_order import waiting_lines

    house = open_house()
    with reading(house) as session:
        event = event_in(session, house)
        lines = waiting_lines(session, event)
    for one in lines:
        received = one.received_at.astimezone(event.event.zone)
        click.echo(f"{one.body}  {one.place}.  {one.reference}  received {received:%Y-%m-%d %H:%M:%S}")
    if not lines:
        click.echo("nobody waits for a place")


def tell_next(advanced: Sequence[str]) -> None:
    """Says whose turn it is, after a place was given back."""
    for reference in advanced:
        click.echo(f"next in line: {reference}; see “accredit review show {reference}”")
