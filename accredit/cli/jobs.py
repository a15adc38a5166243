"""`accredit jobs`: how far background work is."""

from __future__ import annotations

import click

from accredit.cli.house import open_house, reading


@click.group("jobs")
def command() -> None:
    """See how far background jobs are."""


@command.command("list")
def list_() -> None:
    """The last twenty jobs, the newest first."""
    from accredit.services.job_rows import latest

    with reading(open_house()) as session:
        for job in latest(session, 20):
            share = f"{job.done} of {job.total}" if job.total else ""
            told = job.error or job.result.get("file", "")
            click.echo(
                f"{job.created_at:%Y-%m-%d %H:%M} UTC  {job.kind:<8} {job.state.value:<10} {share:<14} {told}".rstrip()
            )
