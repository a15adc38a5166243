"""`accredit jobs`: how far background work is."""

from __future__ import annotations

from uuid import UUID

import click

from accredit.cli.house import open_house, reading, refuse, say_if_empty, writing


@click.group("jobs")
def command() -> None:
    """See how far background jobs are; stop them, or take them up again."""


@command.command("list")
def list_() -> None:
    """List the last twenty jobs, the newest first."""
    from accredit.services.job_rows import latest

    with reading(open_house()) as session:
        rows = latest(session, 20)
    for job in rows:
        share = f"{job.done} of {job.total}" if job.total else ""
        told = job.error or job.result.get("file", "")
        when = f"{job.created_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{job.id}  {when}  {job.kind:<8} {job.state.value:<10} {share:<14} {told}".rstrip())
        for note in job.result.get("notes", ()):
            click.echo(f"  {note}")
    say_if_empty(rows, "no job was started yet")


@command.command("stop")
@click.argument("job", type=click.UUID)
def stop(job: UUID) -> None:
    """Stop JOB at its next step.

    What it finished stays; “accredit jobs retry” goes on with the rest.
    """
    from accredit.services.job_control import cancel

    house = open_house()
    with writing(house) as session:
        stopped = cancel(session, house.context(), job)
    if not stopped:
        refuse("there is no such job, or it was over already; see “accredit jobs list”")
    click.echo(f"job {job} is stopped")


@command.command("retry")
@click.argument("job", type=click.UUID)
def retry(job: UUID) -> None:
    """Take up JOB again, which failed or was stopped."""
    from accredit.services.job_control import retry as take_up

    house = open_house()
    with writing(house) as session:
        taken = take_up(session, house.context(), job)
    if not taken:
        refuse("there is no such job, or it goes on, or it is done; see “accredit jobs list”")
    click.echo(f"job {job} waits for a worker")
