"""`accredit printers`: the printers of the desks, and what was sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import click

from accredit.cli.house import event_in, open_house, reading, refuse, say_if_empty, writing

if TYPE_CHECKING:
    from accredit.services.print_queue import PrintRun


@click.group("printers")
def command() -> None:
    """Set up the printers of the desks, and see what they print.

    A desk without a printer prints in the browser.
    """


@command.command("list")
def list_() -> None:
    """List the printers."""
    from accredit.services.print_queue import printers

    with reading(open_house()) as session:
        found = printers(session)
    for printer in found:
        click.echo(f"{printer.name}  queue {printer.queue}  {f'desk {printer.desk}' if printer.desk else 'no desk'}")
    say_if_empty(found, "no printer is set up; the desks print in the browser")


@command.command("set")
@click.argument("name")
@click.option("--queue", required=True, help="Its name at the print server; “lpstat -e” lists them.")
@click.option("--desk", default="", help="The desk that it stands at.")
def set_(name: str, queue: str, desk: str) -> None:
    """Set up a printer, or change the one called NAME."""
    from accredit.services.print_queue import QueueRefused, put_printer

    house = open_house()
    with writing(house) as session:
        put = put_printer(session, house.context(), name, queue, desk)
        if isinstance(put, QueueRefused):
            refuse(put.message)
    click.echo(f"{name}: set up")


@command.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Take the printer called NAME away."""
    from accredit.services.print_queue import remove_printer

    house = open_house()
    with writing(house) as session:
        refused = remove_printer(session, house.context(), name)
        if refused is not None:
            refuse(refused.message)
    click.echo(f"{name}: removed")


@command.command("prints")
@click.option("--desk", default=None, help="Of this desk alone.")
def prints(desk: str | None) -> None:
    """List what was printed in the background, the newest first.

    Sent is the printer's word, done a person's. Unsure: look at the printer, then say “done” or “again”.
    """
    from accredit.services.print_queue import prints as latest

    house = open_house()
    with reading(house) as session:
        found = latest(session, house.context(), event_in(session, house), desk=desk)
    for run in found:
        click.echo(_told(run))
    say_if_empty(found, "nothing was printed in the background yet")


def _told(run: PrintRun) -> str:
    sign = f"{run.first}–{run.last}" if run.first else ""
    parts = (str(run.id), run.state.value, f"{run.badges} badges", run.desk, sign, run.printer, run.file, run.cause)
    return "  ".join(part for part in parts if part)


@command.command("done")
@click.argument("number", type=click.UUID, metavar="PRINT")
def done(number: UUID) -> None:
    """Say that PRINT came out: somebody looked."""
    from accredit.services.print_queue import QueueRefused, came_out

    house = open_house()
    with writing(house) as session:
        run = came_out(session, house.context(), event_in(session, house), number)
        if isinstance(run, QueueRefused):
            refuse(run.message)
    click.echo(f"{number}: done")


@command.command("again")
@click.argument("number", type=click.UUID, metavar="PRINT")
@click.option("--printer", default="", help="Another printer takes over.")
def again(number: UUID, printer: str) -> None:
    """Send the file of PRINT once more.

    The codes are the same. Where paper did come out, destroy one of the two.
    """
    from accredit.jobs import Worker, make_queue
    from accredit.services.print_queue import QueueRefused, send_again

    house = open_house()
    with writing(house) as session:
        run = send_again(session, house.context(), event_in(session, house), number, printer)
        if isinstance(run, QueueRefused):
            refuse(run.message)
    queue = make_queue(house)
    job = Worker(house, queue).start("send", {"run": str(number)})
    queue.storage.close()
    click.echo(f"{number}: waits for a worker, as job {job}")
