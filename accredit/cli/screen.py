"""`accredit screen`: applications against lists and rules."""

from __future__ import annotations

import sys

import click

from accredit.cli.house import event_in, open_house, reading, refuse, writing


@click.command("screen")
@click.option("--all", "again", is_flag=True, help="Assess the undecided anew, and list whose outcome would change.")
@click.option("--approve-clear", is_flag=True, help="Approve those of whom every finding is clear.")
@click.option("--explain", metavar="REF", help="Only show every finding of this application, with evidence.")
@click.option("--recompute", metavar="REF", help="Only run the stored rules and lists again: the same outcome?")
def command(again: bool, approve_clear: bool, explain: str | None, recompute: str | None) -> None:
    """Check applications against the lists and the rules.

    Assesses what was not assessed yet. Nobody is ever refused here, and no decision changes by itself: what is not clear
    waits for "accredit review".
    """
    if sum((again or approve_clear, explain is not None, recompute is not None)) > 1:
        raise click.UsageError("--explain and --recompute stand alone")
    if explain is not None:
        _explain(explain)
    elif recompute is not None:
        _recompute(recompute)
    else:
        _screen(again, approve_clear)


def _screen(again: bool, approve_clear: bool) -> None:
    from accredit.services.screening import approve_clear as approve
    from accredit.services.screening import screen_all

    house = open_house()
    with writing(house) as session:
        event = event_in(session, house)
        with click.progressbar(length=1, label="Screening", file=sys.stderr) as bar:

            def advance(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            report = screen_all(session, house.context(), event, again=again, progress=advance)
    told = ", ".join(f"{count} {outcome.value}" for outcome, count in report.outcomes.items())
    click.echo(f"{report.screened} assessed{': ' + told if told else ''}; {report.clear} wholly clear")
    for change in report.changed:
        click.echo(f"  {change.reference} ({change.state.value}): {change.before.value} → {change.after.value}")
    if approve_clear:
        with writing(house) as session:
            references = approve(session, house.context(), event_in(session, house))
        click.echo(f"{len(references)} approved by the rule; nobody is refused by it")


def _explain(reference: str) -> None:
    from accredit.services.explaining import explain

    house = open_house()
    with reading(house) as session:
        lines = explain(session, event_in(session, house), reference)
        if lines is None:
            refuse(f"there is no application “{reference}”; compare it with “accredit review list --state all”")
    click.echo("\n".join(lines))


def _recompute(reference: str) -> None:
    from accredit.services.explaining import recompute

    house = open_house()
    with reading(house) as session:
        answer = recompute(session, event_in(session, house), reference)
        if answer is None:
            refuse(f"there is no application “{reference}”; compare it with “accredit review list --state all”")
    click.echo(f"{answer.sameness.value}: {answer.message}")
