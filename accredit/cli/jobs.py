"""`accredit jobs`: how far background work is."""

from __future__ import annotations

import click

from accredit.cli.house import open_house, reading, say_if_empty


@click.group("jobs")
def command() -> None:
    """See how far background jobs are."""


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
