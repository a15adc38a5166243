"""`accredit passes`: print, revoke, replace, suspend."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accredit.cli.house import event_in, open_house, refuse, writing

if TYPE_CHECKING:
    from accredit.services.printing import PrintPlan, PrintReport
    from accredit.wiring import House

_REASON = click.option("--reason", required=True, help="In a few words; it stays with the pass.")


@click.group("passes")
def command() -> None:
    """Print, revoke, replace and suspend passes.

    PASS is a reference, or the short code on the badge.
    """


@command.command("print")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write."
)
@click.option("--template", default="special-event-pass", show_default=True, help="A folder of badge_templates.")
@click.option("--size", default="a6", show_default=True, help="A size of the template, such as a6 or cr80.")
@click.option("--sort", type=click.Choice(["name", "organisation", "reference"]), default="name", show_default=True)
@click.option("--ahead", "which", flag_value="ahead", help="Passes not collected yet; worth nothing until the pick-up.")
@click.option("--ready", "which", flag_value="ready", default="ready", help="Passes that were collected (the default).")
@click.option("--all", "which", flag_value="all", help="Both.")
@click.option("--reason", default="", help="Why a badge is printed again; the same code comes out.")
@click.option(
    "--codes", type=click.Path(dir_okay=False, path_type=Path), help="Write the codes, too (demonstration only)."
)
@click.argument("passes", nargs=-1, metavar="[PASS]…")
def print_(
    output: Path,
    template: str,
    size: str,
    sort: str,
    which: str,
    reason: str,
    codes: Path | None,
    passes: tuple[str, ...],
) -> None:
    """Print badges to a PDF, a page each: those not printed yet, or just the PASSes named.

    A name that no font here can write is printed in Latin letters alone, and the report says so.
    """
    house = open_house()
    if codes is not None and not house.settings.is_demo:
        refuse(
            "--codes writes what opens doors into a file; it is only for a state folder made by “accredit init --demo”"
        )
    print_to_file(
        house,
        output,
        template=template,
        size=size,
        sort=sort,
        which=which,
        reason=reason,
        references=passes,
        codes=codes,
    )


def _in_background(house: House, **arguments: str) -> None:
    from accredit.jobs import Worker, make_queue

    job_id = Worker(house, make_queue(house)).start("print", arguments)
    click.echo(f"job {job_id} waits for a worker; “accredit jobs list” shows how far it is")


def print_to_file(
    house: House,
    output: Path,
    *,
    template: str = "special-event-pass",
    size: str = "a6",
    sort: str = "name",
    which: str = "ready",
    reason: str = "",
    references: Sequence[str] = (),
    codes: Path | None = None,
) -> None:
    """Plans, presses outside of any transaction, writes the file, then writes down what was printed."""
    from accredit.cli.house import reading
    from accredit.rendering.fonts import FontBook, system_font_folders
    from accredit.rendering.templates import TemplateInvalid, load_template
    from accredit.services.printing import PrintRefused, Sort, Which, plan, press, write_down
    from accredit.wiring import templates_folder

    if codes is not None and not house.settings.is_demo:
        refuse(
            "--codes writes what opens doors into a file; it is only for a state folder made by “accredit init --demo”"
        )
    try:
        loaded = load_template(templates_folder() / template)
    except TemplateInvalid as invalid:
        refuse(f"template {template}: {invalid}")
    context = house.context()
    with reading(house) as session:
        event = event_in(session, house)
        planned = plan(
            session,
            context,
            event,
            template=loaded,
            size=size,
            which=Which(which),
            references=references,
            sort=Sort(sort),
            reason=reason,
        )
    if isinstance(planned, PrintRefused):
        refuse(planned.message)
    report = press(planned, FontBook(system_font_folders()))
    if report.count:
        _write(output, report.pdf)
    with writing(house) as session:
        written = write_down(session, context, event_in(session, house), planned, report)
        if isinstance(written, PrintRefused):
            output.unlink(missing_ok=True)
            refuse(written.message)
    if codes is not None:
        _write_codes(codes, planned, report)
    _tell(output, report)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and readable by its owner alone: a badge is worth a door."""
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)


def _write_codes(path: Path, planned: PrintPlan, report: PrintReport) -> None:
    printed = set(report.references)
    lines = [
        f"{one.facts.reference},{one.facts.short_code},{one.facts.code}"
        for one in planned.badges
        if one.facts.reference in printed
    ]
    _write(path, "\n".join(["reference,short_code,code", *lines, ""]).encode())


def _tell(output: Path, report: PrintReport) -> None:
    for note in report.notes:
        click.echo(f"  {note.reference}: {note.message}", err=True)
    again = f", {report.reprints} of them again" if report.reprints else ""
    told = f"{report.count} badges{again}" if report.count else "no badge was to print; nothing was written"
    click.echo(f"{output}: {told}")


@command.command("revoke")
@click.argument("named", metavar="PASS")
@_REASON
def revoke(named: str, reason: str) -> None:
    """Revoke a pass for good; scanners learn of it within seconds."""
    from accredit.services.pass_life import NotChanged
    from accredit.services.pass_life import revoke as end

    house = open_house()
    with writing(house) as session:
        ended = end(session, house.context(), event_in(session, house), named, reason)
        if isinstance(ended, NotChanged):
            refuse(ended.message)
    click.echo(f"{named}: revoked")


@command.command("suspend")
@click.argument("named", metavar="PASS")
@_REASON
def suspend(named: str, reason: str) -> None:
    """Stop a pass until it is reinstated."""
    from accredit.services.pass_life import NotChanged
    from accredit.services.pass_life import suspend as stop

    house = open_house()
    with writing(house) as session:
        stopped = stop(session, house.context(), event_in(session, house), named, reason)
        if isinstance(stopped, NotChanged):
            refuse(stopped.message)
    click.echo(f"{named}: suspended")


@command.command("reinstate")
@click.argument("named", metavar="PASS")
@_REASON
def reinstate(named: str, reason: str) -> None:
    """Give a suspended pass back what it was."""
    from accredit.services.pass_life import NotChanged
    from accredit.services.pass_life import reinstate as give_back

    house = open_house()
    with writing(house) as session:
        given = give_back(session, house.context(), event_in(session, house), named, reason)
        if isinstance(given, NotChanged):
            refuse(given.message)
    click.echo(f"{named}: {given.state.value} again")


@command.command("replace")
@click.argument("named", metavar="PASS")
@_REASON
def replace(named: str, reason: str) -> None:
    """Replace a lost or stolen pass: a new one is prepared, the old one opens nothing any more."""
    from accredit.services.issuing import replace as replace_pass
    from accredit.services.pass_life import NotChanged

    house = open_house()
    with writing(house) as session:
        fresh = replace_pass(session, house.context(), event_in(session, house), named, reason)
        if isinstance(fresh, NotChanged):
            refuse(fresh.message)
    click.echo(f"{named}: replaced; the new pass is handed over like the first, with the document")
