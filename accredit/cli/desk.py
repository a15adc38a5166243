"""`accredit desk`: passes for verified people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from accredit.cli.desk_hours import hours, open_longer
from accredit.cli.files import FILE_OR_DASH, NEW_FILE, lines_of, read_text_or_dash
from accredit.cli.house import event_in, open_house, refuse, writing
from accredit.cli.print_pack import write_pack

if TYPE_CHECKING:
    from accredit.services.desk import Collected, NotCollected
    from accredit.wiring import House


@click.group("desk")
def command() -> None:
    """Hand out passes to verified people."""


command.add_command(hours)
command.add_command(open_longer)


@command.command("collect")
@click.argument("reference", required=False)
@click.option("--mrz", type=FILE_OR_DASH, help="The lines at the foot of the document; - reads them here.")
@click.option("--settled", default="", metavar="REASON", help="The officer's reason where the two differ.")
@click.option("--supervisor", is_flag=True, help="A supervisor answers for it.")
@click.option("--print", "print_to", type=NEW_FILE, help="Print the badge to this PDF.")
@click.option("--codes", type=NEW_FILE, help="Write its code, too (demonstration only).")
@click.option("--batch", type=FILE_OR_DASH, help="Lines of JSON: reference, mrz, settled, supervisor; - reads here.")
def collect(
    reference: str | None,
    mrz: Path | None,
    settled: str,
    supervisor: bool,
    print_to: Path | None,
    codes: Path | None,
    batch: Path | None,
) -> None:
    """Hand over the pass of REFERENCE to the bearer of a document.

    Green hands over at once. Amber shows the difference: look at the person and the document, then say --settled REASON.
    Red, and documents that need one, go to the supervisor. Nothing of the document is kept but type, State, expiry, a
    keyed hash, and the last two characters of its number.

    \b
      accredit desk collect K7QF-3M9P --mrz - --print badge.pdf
    """
    if batch is not None and any((reference, mrz, settled, supervisor, print_to, codes)):
        raise click.UsageError("--batch stands alone: its lines hold all that is needed")
    if batch is None and (reference is None or mrz is None):
        raise click.UsageError("give REFERENCE and --mrz FILE (or -), or --batch FILE")
    if codes is not None and print_to is None:
        raise click.UsageError("--codes goes with --print")
    house = open_house()
    if batch is not None:
        _collect_batch(house, batch)
        return
    assert reference is not None
    assert mrz is not None
    zone = read_text_or_dash(mrz, "what stands at the foot of a document")
    _collect_one(house, reference, zone, settled, supervisor)
    if print_to is not None:
        from accredit.cli.passes import print_to_file

        print_to_file(house, print_to, references=(reference,), codes=codes)


def _collect_one(house: House, reference: str, mrz_text: str, settled: str, supervisor: bool) -> None:
    from accredit.services.desk import Collected
    from accredit.services.desk import collect as hand_over

    with writing(house) as session:
        event = event_in(session, house)
        outcome = hand_over(
            session, house.context(), event, reference, mrz_text, settled=settled, supervisor=supervisor
        )
    _tell(reference, outcome)
    if not isinstance(outcome, Collected):
        raise SystemExit(1)


def _tell(reference: str, outcome: Collected | NotCollected) -> None:
    colour, code = outcome.check.colour.value if outcome.check is not None else "", outcome.answer.code
    told = ", ".join(part for part in (colour.upper(), code if code != colour else "") if part)
    click.echo(f"{reference}: {outcome.answer.step.value.replace('_', ' ')} ({told})")
    for sentence in outcome.answer.sentences:
        click.echo(f"  {sentence}")


def _collect_batch(house: House, batch: Path) -> None:
    from accredit.cli.house import reading
    from accredit.db.session import writing as open_session
    from accredit.services.desk_batch import collect_batch

    with reading(house) as session:
        key = event_in(session, house).event.key
    report = collect_batch(lambda: open_session(house.engine), house.context(), key, lines_of(batch))
    for row in report.stopped:
        click.echo(f"  line {row.line}, {row.reference or '–'}: {row.code}: {' '.join(row.sentences)}", err=True)
    click.echo(f"{report.collected} passes handed over, {len(report.stopped)} not")


@command.command("find")
@click.argument("typed")
def find(typed: str) -> None:
    """Find people by reference, document or beginning of a name.

    TYPED is a reference, the lines of a document as a reader types them, or how a name begins.
    """
    from accredit.cli.house import reading
    from accredit.services.desk_search import find_people

    house = open_house()
    with reading(house) as session:
        found = find_people(session, house.context(), event_in(session, house), typed)
        for one in found:
            click.echo(f"{one.reference}  {one.surname}, {one.given_names}  {one.organisation}  {one.state.value}")
    if not found:
        refuse("nobody is found; try the reference, the document, or the beginning of a name")


@command.command("print-pack")
@click.option("-o", "--output", type=NEW_FILE, required=True, help="The PDF to write.")
def print_pack(output: Path) -> None:
    """Write the list for an hour without server, network or power.

    Everybody who may collect, in the order of the Latin names, with reference, birth year, slot, and room to write and
    sign. Make it anew each hour and print it, as by cron:

    \b
      0 * * * * accredit desk print-pack -o /srv/desk/pack.pdf
    """
    write_pack(open_house(), output)


@command.command("late-entry")
@click.argument("file", type=FILE_OR_DASH)
def late_entry(file: Path) -> None:
    """Enter pick-ups that the desk wrote on paper.

    FILE is a CSV with a row a pick-up: reference, time, officer, and the document as mrz (its lines parted by /), or as
    kind, issuing_state, number and expires_on. Name, birth date and nationality stand in a row only where they differ
    from the application. Row by row; what cannot be entered is told and stays away, and the file can be entered again.
    """
    from accredit.cli.house import reading
    from accredit.db.session import writing as open_session
    from accredit.services.late_entry import Entry, TableUnusable, enter

    text = read_text_or_dash(file, "a table of pick-ups")
    house = open_house()
    with reading(house) as session:
        key = event_in(session, house).event.key
    try:
        rows = enter(lambda: open_session(house.engine), house.context(), key, text)
    except TableUnusable as unusable:
        refuse(str(unusable))
    counts = {entry: sum(row.entry is entry for row in rows) for entry in Entry}
    wrong = [row for row in rows if row.entry in (Entry.CONFLICT, Entry.BAD)]
    for row in wrong:
        click.echo(f"  line {row.line}, {row.reference or '–'}: {row.told}", err=True)
    known = f", {counts[Entry.KNOWN]} were entered before" if counts[Entry.KNOWN] else ""
    click.echo(f"{counts[Entry.ENTERED]} pick-ups entered{known}, {len(wrong)} not")
    if wrong:
        raise SystemExit(1)


@command.command("stock")
def stock() -> None:
    """Count the sheets in the evening.

    Printed ahead, handed over, still in the box by their slots, to destroy, and spoiled by a reprint.
    """
    from accredit.cli.house import reading
    from accredit.services.stock import count_stock, in_runs

    house = open_house()
    with reading(house) as session:
        counted = count_stock(session, house.context(), event_in(session, house))
    click.echo(f"printed: {counted.printed}, of them ahead of the pick-up: {counted.ahead}")
    click.echo(f"handed over of those: {counted.handed_over}")
    click.echo(f"in the box, not collected: {len(counted.in_box)}  {in_runs(counted.in_box)}".rstrip())
    click.echo(f"in the box, to destroy: {len(counted.to_destroy)}  {in_runs(counted.to_destroy)}".rstrip())
    click.echo(f"spoiled sheets that a reprint replaced: {counted.spoiled}")
