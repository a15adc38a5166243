"""`accredit desk`: passes for verified people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from accredit.cli.house import event_in, open_house, refuse, writing

if TYPE_CHECKING:
    from accredit.services.desk import Collected, NotCollected
    from accredit.wiring import House


@click.group("desk")
def command() -> None:
    """Hand out passes to verified people."""


@command.command("collect")
@click.argument("reference", required=False)
@click.option(
    "--mrz", type=click.File("r", encoding="utf-8"), help="The lines at the foot of the document; - reads them here."
)
@click.option(
    "--settled", default="", metavar="REASON", help="The officer's reason where document and application differ."
)
@click.option("--supervisor", is_flag=True, help="A supervisor answers for it.")
@click.option(
    "--print", "print_to", type=click.Path(dir_okay=False, path_type=Path), help="Print the badge to this PDF."
)
@click.option(
    "--codes", type=click.Path(dir_okay=False, path_type=Path), help="Write its code, too (demonstration only)."
)
@click.option(
    "--batch", type=click.File("r", encoding="utf-8"), help="Lines of JSON: reference, mrz, settled, supervisor."
)
def collect(
    reference: str | None,
    mrz: IO[str] | None,
    settled: str,
    supervisor: bool,
    print_to: Path | None,
    codes: Path | None,
    batch: IO[str] | None,
) -> None:
    """Hand over the pass of REFERENCE to the bearer of a document.

    Green hands over at once. Amber shows the difference: look at the person and the document, then say --settled REASON.
    Red, and documents that need one, go to the supervisor. Nothing of the document is kept but type, State, expiry, a
    keyed hash, and the last two characters of its number.
    """
    house = open_house()
    if batch is not None:
        if reference is not None or mrz is not None:
            raise click.UsageError("--batch stands alone")
        _collect_batch(house, batch)
        return
    if reference is None or mrz is None:
        raise click.UsageError("give REFERENCE and --mrz FILE (or -), or --batch FILE")
    _collect_one(house, reference, mrz.read(), settled, supervisor)
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
    colour = outcome.check.colour.value.upper() if outcome.check is not None else "–"
    click.echo(f"{reference}: {outcome.answer.step.value.replace('_', ' ')} ({colour}, {outcome.answer.code})")
    for sentence in outcome.answer.sentences:
        click.echo(f"  {sentence}")


def _collect_batch(house: House, lines: IO[str]) -> None:
    from accredit.cli.house import reading
    from accredit.db.session import writing as open_session
    from accredit.services.desk_batch import collect_batch

    with reading(house) as session:
        key = event_in(session, house).event.key
    report = collect_batch(lambda: open_session(house.engine), house.context(), key, lines)
    for row in report.stopped:
        click.echo(f"  line {row.line}, {row.reference or '–'}: {row.code}: {' '.join(row.sentences)}", err=True)
    click.echo(f"{report.collected} passes handed over, {len(report.stopped)} not")


@command.command("find")
@click.argument("typed")
def find(typed: str) -> None:
    """Find people by reference, by the lines of a document, or by part of a name."""
    from accredit.cli.house import reading
    from accredit.services.desk_search import find_people

    house = open_house()
    with reading(house) as session:
        found = find_people(session, house.context(), event_in(session, house), typed)
        for one in found:
            click.echo(f"{one.reference}  {one.surname}, {one.given_names}  {one.organisation}  {one.state.value}")
    if not found:
        refuse("nobody is found; try the reference, the document, or the beginning of a name")
    sys.stdout.flush()
