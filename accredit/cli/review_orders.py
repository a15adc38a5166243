"""Parts of `accredit review` that look at many: the clearly late, and who waits for a place."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import click

from accredit.cli.files import NEW_FILE, write_private
from accredit.cli.house import event_in, open_house, reading, refuse, writing


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


@click.command("focal-links")
@click.option("-o", "--output", type=NEW_FILE, required=True, help="The CSV to write: reference, organisation, link.")
def focal_links(output: Path) -> None:
    """Write the links by which focal points confirm.

    One for each application that waits for its focal point. Whoever holds a link can confirm that delegate, so that the
    file is readable by its owner alone. A link holds for 14 days; writing the file again makes new ones.
    """
    from accredit.services.focal_points import LinkRefused, all_links, path_of

    house = open_house()
    with reading(house) as session:
        links = all_links(session, house.context(), event_in(session, house))
    if isinstance(links, LinkRefused):
        refuse(links.message)
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(("reference", "organisation", "link"))
    address = house.settings.base_url.rstrip("/")
    lines.writerows((one.reference, _as_cell(one.organisation), address + path_of(one.token)) for one in links)
    write_private(output, written.getvalue().encode())
    click.echo(f"{output}: {len(links)} links")


def _as_cell(typed: str) -> str:
    """A spreadsheet would run what begins like a formula."""
    return f"'{typed}" if typed.startswith(("=", "+", "-", "@")) else typed


def tell_next(advanced: Sequence[str]) -> None:
    """Says whose turn it is, after a place was given back."""
    for reference in advanced:
        click.echo(f"next in line: {reference}; see “accredit review show {reference}”")
