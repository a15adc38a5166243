"""`accredit passes`: print, revoke, replace, suspend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accredit.cli.code_inspection import inspect
from accredit.cli.files import NEW_FILE, write_private
from accredit.cli.house import event_in, open_house, refuse, writing
from accredit.cli.print_pack import write_pack
from accredit.cli.revocations import revocations

if TYPE_CHECKING:
    from accredit.rendering.templates import Template
    from accredit.services.printing import PrintPlan, PrintRefused, PrintReport
    from accredit.wiring import House

_REASON = click.option("--reason", required=True, help="In a few words; it stays with the pass.")


@click.group("passes")
def command() -> None:
    """Print, revoke, replace and suspend passes.

    PASS is the reference of the application, or the short code on the badge.
    """


command.add_command(revocations)
command.add_command(inspect)


@command.command("print")
@click.option("-o", "--output", type=NEW_FILE, help="The PDF to write; needed unless --background.")
@click.option("--template", metavar="NAME", default="special-event-pass", show_default=True, help="A badge template.")
@click.option("--size", default="a6", show_default=True, help="A size of the template, such as a6 or cr80.")
@click.option("--sheet", default="", help="Several on a sheet, with marks to cut along: a4.")
@click.option(
    "--sort",
    metavar="ORDER",
    type=click.Choice(["name", "organisation", "reference"]),
    default="name",
    show_default=True,
    help="The order of the pages: name, organisation or reference.",
)
@click.option("--ahead", "which", flag_value="ahead", help="Passes not collected yet; worth nothing until the pick-up.")
@click.option("--ready", "which", flag_value="ready", default="ready", help="Passes that were collected (the default).")
@click.option("--all", "which", flag_value="all", help="Both.")
@click.option("--reason", default="", help="Why a badge is printed again; the same code comes out.")
@click.option("--codes", type=NEW_FILE, help="Write the codes, too (demonstration only).")
@click.option(
    "--pack", type=NEW_FILE, help="Write the list for an hour without server, too: “accredit desk print-pack”."
)
@click.option("--background", is_flag=True, help="Leave it to “accredit worker”, which writes into the state folder.")
@click.option("--desk", "desks", multiple=True, help="With --background: split by surname; give each desk's name.")
@click.option("--to-printers", is_flag=True, help="With --desk: send each desk's files to its printer.")
@click.argument("passes", nargs=-1, metavar="[REFERENCE]…")
def print_(
    output: Path | None,
    template: str,
    size: str,
    sheet: str,
    sort: str,
    which: str,
    reason: str,
    codes: Path | None,
    pack: Path | None,
    background: bool,
    desks: tuple[str, ...],
    to_printers: bool,
    passes: tuple[str, ...],
) -> None:
    """Print badges to a PDF, a page each or several on a sheet.

    Those that were not printed yet, or just the passes of the applications named. A name that no font here can write is
    printed in Latin letters alone, and the report says so.

    \b
      accredit passes print -o badges.pdf
      accredit passes print -o badge.pdf --reason "sheet torn" K7QF-3M9P
      accredit passes print --background --ahead --sheet a4 --desk 1 --desk 2
    """
    if background == (output is not None) or (background and (codes or pack)):
        raise click.UsageError("give -o FILE, or --background without -o, --codes and --pack")
    if (desks and not background) or (to_printers and not desks):
        raise click.UsageError("--desk goes with --background, --to-printers with --desk")
    house = open_house()
    paper = {"template": template, "size": size, "sheet": sheet}
    if output is None:
        order = {"which": which, "sort": sort, "reason": reason, "references": list(passes), "desks": list(desks)}
        _in_background(house, **paper, **order, to_printers=to_printers)
        return
    print_to_file(
        house,
        output,
        **paper,
        sort=sort,
        which=which,
        reason=reason,
        references=passes,
        codes=codes,
    )
    if pack is not None:
        write_pack(house, pack)


def _in_background(house: House, **arguments: Any) -> None:
    from accredit.cli.house import reading
    from accredit.jobs import Worker, make_queue

    _template(arguments["template"])
    with reading(house) as session:
        event_in(session, house)
    queue = make_queue(house)
    job_id = Worker(house, queue).start("print", arguments)
    queue.storage.close()
    click.echo(f"job {job_id} waits for a worker; “accredit jobs list” shows how far it is")


def _template(name: str) -> Template:
    from accredit.rendering.templates import TemplateInvalid, load_template, templates_in
    from accredit.wiring import templates_folder

    known = templates_in(templates_folder())
    if name not in known:
        refuse(f"there is no template “{name}”; choose among {', '.join(known)}")
    try:
        return load_template(templates_folder() / name)
    except TemplateInvalid as invalid:
        refuse(f"template {name}: {invalid}")


def print_to_file(
    house: House,
    output: Path,
    *,
    template: str = "special-event-pass",
    size: str = "a6",
    sheet: str = "",
    sort: str = "name",
    which: str = "ready",
    reason: str = "",
    references: Sequence[str] = (),
    codes: Path | None = None,
) -> None:
    """Plans, presses outside of any transaction, writes the file, then writes down what was printed."""
    from accredit.cli.house import reading
    from accredit.rendering.fonts import FontBook, system_font_folders
    from accredit.services.printing import PrintRefused, Sort, Which, plan, press, write_down

    if codes is not None and not house.settings.is_demo:
        refuse(
            "--codes writes what opens doors into a file; it is only for a state folder made by “accredit init --demo”"
        )
    loaded = _template(template)
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
            sheet=sheet,
        )
    if isinstance(planned, PrintRefused):
        refuse(_told(planned))
    report = press(planned, FontBook(system_font_folders()), room=house.settings.state)
    if report.count:
        write_private(output, report.pdf)
    with writing(house) as session:
        written = write_down(session, context, event_in(session, house), planned, report)
        if isinstance(written, PrintRefused):
            output.unlink(missing_ok=True)
            refuse(_told(written))
    if codes is not None:
        _write_codes(codes, planned, report)
    _tell(output, report)


def _told(refused: PrintRefused) -> str:
    return f"{refused.message} ({', '.join(refused.references)})" if refused.references else refused.message


def _write_codes(path: Path, planned: PrintPlan, report: PrintReport) -> None:
    printed = set(report.references)
    lines = [
        f"{one.facts.reference},{one.facts.short_code},{one.facts.code}"
        for one in planned.badges
        if one.facts.reference in printed
    ]
    write_private(path, "\n".join(["reference,short_code,code", *lines, ""]).encode())


def _tell(output: Path, report: PrintReport) -> None:
    for note in report.notes:
        click.echo(f"  {note.reference}: {note.message}", err=True)
    again = f", {report.reprints} of them again" if report.reprints else ""
    told = f"{report.count} badges{again}" if report.count else "no badge was to print; nothing was written"
    click.echo(f"{output}: {told}")
    if report.in_latin_alone:
        click.echo(f"{report.in_latin_alone} of them carry the Latin spelling alone; no font here writes the name")


@command.command("revoke")
@click.argument("named", metavar="PASS")
@_REASON
def revoke(named: str, reason: str) -> None:
    """Revoke a pass for good.

    Scanners learn of it within seconds.
    """
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
    """Replace a pass that was lost or stolen.

    A new one is prepared, to be handed over like the first; the old one opens nothing any more.
    """
    from accredit.services.issuing import replace as replace_pass
    from accredit.services.pass_life import NotChanged

    house = open_house()
    with writing(house) as session:
        fresh = replace_pass(session, house.context(), event_in(session, house), named, reason)
        if isinstance(fresh, NotChanged):
            refuse(fresh.message)
    click.echo(f"{named}: replaced; the new pass is handed over like the first, with the document")
