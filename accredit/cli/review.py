"""`accredit review`: a person looks and decides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from accredit.cli.files import FILE
from accredit.cli.focal import focal_links, focal_mails
from accredit.cli.holds import hold, release
from accredit.cli.house import event_in, open_house, reading, refuse, say_if_empty, writing
from accredit.cli.review_orders import refuse_all_late, tell_next, waiting

if TYPE_CHECKING:
    from accredit.domain.submissions import Submission
    from accredit.services.event_loading import LoadedEvent
    from accredit.wiring import House

_BATCH = click.option(
    "--batch",
    type=FILE,
    help="Decide every row of a table: reference, action (approve, refuse, withdraw), reason_staff, reason_applicant, "
    "waive, confirm.",
)
_UNDECIDED = "undecided"
_STATES = ("all", _UNDECIDED, "submitted", "assessed", "waiting", "approved", "refused", "withdrawn")


@click.group("review")
def command() -> None:
    """See and decide applications.

    Every refusal and every waiver carries a reason; a refusal one for the applicant and one for the staff.
    """


command.add_command(waiting)
command.add_command(focal_links)
command.add_command(focal_mails)


command.add_command(hold)
command.add_command(release)


@command.command("list")
@click.option(
    "--state",
    metavar="STATE",
    type=click.Choice(_STATES),
    default=_UNDECIDED,
    show_default=True,
    help=f"One of {', '.join(_STATES)}; undecided is assessed or waiting.",
)
@click.option(
    "--outcome",
    metavar="OUTCOME",
    type=click.Choice(["eligible", "review", "ineligible"]),
    help="What the rules said: eligible, review or ineligible.",
)
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True, help="How many are listed.")
@click.option("--after", metavar="REF", help="Go on after this reference.")
def list_(state: str, outcome: str | None, limit: int, after: str | None) -> None:
    """List what waits for a decision, in the order of receipt.

    Under each application stand the findings that are not clear.
    """
    from accredit.domain.applications import ApplicationState
    from accredit.domain.assessments import Outcome
    from accredit.services.review_queue import UNDECIDED, Narrowing, queue

    states = UNDECIDED if state == _UNDECIDED else () if state == "all" else (ApplicationState(state),)
    house = open_house()
    with reading(house) as session:
        event = event_in(session, house)
        page = queue(
            session,
            event,
            Narrowing(states=states, outcome=Outcome(outcome) if outcome else None),
            limit=limit,
            after=after,
        )
    for row in page.rows:
        received = row.received_at.astimezone(event.event.zone)
        said = row.outcome.value if row.outcome else "not assessed"
        click.echo(f"{row.reference}  {row.state.value:<9} {said:<12} {received:%Y-%m-%d %H:%M:%S}  {row.organisation}")
        if row.open_codes:
            click.echo(f"{'':<11}{', '.join(row.open_codes)}")
    if page.after is not None:
        click.echo(f"there are more: add --after {page.after}", err=True)
    say_if_empty(page.rows, "no application is in this state; “--state all” lists every one")


@command.command("show")
@click.argument("reference")
def show_(reference: str) -> None:
    """Show one application with its findings and decisions."""
    from accredit.services.explaining import explain

    house = open_house()
    with reading(house) as session:
        lines = explain(session, event_in(session, house), reference)
        if lines is None:
            refuse(f"there is no application “{reference}”; compare it with “accredit review list --state all”")
    click.echo("\n".join(lines))


@command.command("approve")
@click.argument("reference", required=False)
@click.option("--reason", default="", help="For the staff; needed where a finding is not clear.")
@click.option("--waive", multiple=True, metavar="RULE", help="Set the finding of a rule aside, such as deadline.")
@click.option("--confirm", metavar="ID", help="The listed body that is meant, by its number on the list.")
@_BATCH
def approve(
    reference: str | None, reason: str, waive: tuple[str, ...], confirm: str | None, batch: Path | None
) -> None:
    """Approve REFERENCE, or decide every row of a table.

    The pass is prepared at once; it opens nothing before it is collected.

    \b
      accredit review approve K7QF-3M9P --waive deadline --reason "by post"
    """
    if batch is not None:
        _alone(reference, reason, waive, confirm)
        _batch(batch)
        return
    from accredit.domain.assessments import Rule
    from accredit.services.reviewing import ReviewRefused
    from accredit.services.reviewing import approve as decide

    unknown = [rule for rule in waive if rule not in set(Rule)]
    if reference is None or unknown:
        told = (
            f"there is no rule “{unknown[0]}”; choose among {', '.join(Rule)}"
            if unknown
            else "give REFERENCE or --batch"
        )
        raise click.UsageError(told)
    house = open_house()
    with writing(house) as session:
        done = decide(
            session,
            house.context(),
            event_in(session, house),
            reference,
            reason_staff=reason,
            waive=frozenset(Rule(rule) for rule in waive),
            confirm_entry=confirm,
        )
        if isinstance(done, ReviewRefused):
            refuse(done.message)
    click.echo(f"{reference}: approved")


@command.command("refuse")
@click.argument("reference", required=False)
@click.option("--reason", "reason_applicant", default="", help="What the applicant is told.")
@click.option("--staff-reason", default="", help="What the staff keeps; the same text unless given.")
@click.option("--late", is_flag=True, help="Everybody who is late by a day or more; asks once.")
@click.option("--yes", is_flag=True, help="With --late: do not ask.")
@_BATCH
def refuse_(
    reference: str | None, reason_applicant: str, staff_reason: str, late: bool, yes: bool, batch: Path | None
) -> None:
    """Refuse REFERENCE, every row of a table, or all late.

    The pass of one who was approved is revoked in the same step.
    """
    if late or yes:
        _all_late(reference, reason_applicant, staff_reason, batch, late=late, asked=yes)
        return
    if batch is not None:
        _alone(reference, reason_applicant, staff_reason)
        _batch(batch)
        return
    from accredit.services.reviewing import ReviewRefused
    from accredit.services.reviewing import refuse as decide

    if reference is None:
        raise click.UsageError("give REFERENCE, --batch or --late")
    house = open_house()
    with writing(house) as session:
        event = event_in(session, house)
        done = decide(
            session,
            house.context(),
            event,
            reference,
            reason_applicant=reason_applicant,
            reason_staff=staff_reason or reason_applicant,
        )
        if isinstance(done, ReviewRefused):
            refuse(done.message)
    click.echo(f"{reference}: refused")
    tell_next(done.advanced)


def _all_late(*others: object, late: bool, asked: bool) -> None:
    if any(others):
        raise click.UsageError("--late stands alone: each is refused with the words of its own finding")
    if not late:
        raise click.UsageError("--yes goes with --late")
    refuse_all_late(asked=asked)


@command.command("withdraw")
@click.argument("reference")
def withdraw_(reference: str) -> None:
    """Withdraw REFERENCE on the applicant's word."""
    from accredit.services.reviewing import ReviewRefused, withdraw

    house = open_house()
    with writing(house) as session:
        event = event_in(session, house)
        done = withdraw(session, house.context(), event, reference)
        if isinstance(done, ReviewRefused):
            refuse(done.message)
    click.echo(f"{reference}: withdrawn")
    tell_next(done.advanced)


def _alone(*others: object) -> None:
    if any(others):
        raise click.UsageError("--batch stands alone: the table holds references, reasons and waivers")


def _batch(path: Path) -> None:
    from accredit.services.review_batches import BatchRefused, apply_batch
    from accredit.services.reviewing import ReviewRefused
    from accredit.services.tables import TableRefused, read_table

    table = read_table(path.read_bytes(), path.name)
    if isinstance(table, TableRefused):
        refuse(table.message)
    house = open_house()
    with writing(house) as session:
        report = apply_batch(session, house.context(), event_in(session, house), table)
        if isinstance(report, BatchRefused):
            refuse(f"{path.name}: {report.message}")
    for row in report.refused:
        told = row.result.message if isinstance(row.result, ReviewRefused) else ""
        click.echo(f"  row {row.row}, {row.reference}: {told}", err=True)
    click.echo(f"{report.decided} decided, {len(report.refused)} left as they were")


@command.command("substitute")
@click.argument("reference")
@click.option(
    "--by", "by_file", type=FILE, required=True, help="A table with one row: the application of the other person."
)
@click.option("--photo", type=FILE, help="The photo of the other person.")
@click.option("--reason", required=True, help="For the staff.")
def substitute_(reference: str, by_file: Path, photo: Path | None, reason: str) -> None:
    """Put another person in the place of REFERENCE.

    The other takes over the time of receipt. The pass of the first is revoked in the same step; the second's is
    prepared, and collected with the document.
    """
    from accredit.services.reviewing import ReviewRefused
    from accredit.services.substituting import Substituted, substitute

    house = open_house()
    with writing(house) as session:
        event = event_in(session, house)
        done = substitute(
            session,
            house.context(),
            event,
            reference,
            _one_row(house, event, by_file),
            reason_staff=reason,
            photo=photo.read_bytes() if photo is not None else None,
        )
        if isinstance(done, ReviewRefused):
            refuse(done.message)
        if not isinstance(done, Substituted):
            refuse(f"the photo cannot be used: {done.message}")
    state = "approved; the pass waits at the desk" if done.approved is not None else "waits for a reviewer"
    click.echo(f"{done.application.reference} takes the place of {reference}: {state}")


def _one_row(house: House, event: LoadedEvent, path: Path) -> Submission:
    from accredit.domain.submissions import FIELDS, Submission
    from accredit.services.intake import read_fields
    from accredit.services.tables import TableRefused, read_table

    table = read_table(path.read_bytes(), path.name)
    if isinstance(table, TableRefused):
        refuse(table.message)
    if len(table.rows) != 1:
        refuse(f"{path.name}: give exactly one row, not {len(table.rows)}")
    # The time of receipt is that of the application whose place is taken.
    fields = {name: cell for name, cell in table.rows[0].cells.items() if name in FIELDS and name != "received_at"}
    read = read_fields(fields, event.event, now=house.clock(), keeps_receipt=False)
    if not isinstance(read, Submission):
        refuse(f"{path.name}: " + "; ".join(f"{one.field}: {one.message}" for one in read))
    return read
