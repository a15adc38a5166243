"""`accredit mail`: how the outbox stands."""

from __future__ import annotations

import click

from accredit.cli.house import open_house, reading, writing


@click.group("mail")
def command() -> None:
    """See how mail stands, and try again."""


@command.command("status")
def status() -> None:
    """Count the messages by state, with causes.

    “sent_unsure” was sent, and perhaps twice: a worker died, or the line broke, before the answer was noted down.
    “overtaken” was not true any more when its turn came, and was not sent.
    """
    from accredit.services.outbox import counts

    house = open_house()
    with reading(house) as session:
        found = counts(session)
    for state, number in found.by_state.items():
        click.echo(f"{number:>7}  {state}")
    if not found.by_state:
        click.echo("nobody was written to yet", err=True)
    if found.oldest_waiting is not None:
        click.echo(f"the oldest has waited since {found.oldest_waiting:%Y-%m-%d %H:%M} UTC")
    for cause, number in found.causes:
        click.echo(f"{number:>7}  {cause}")
    if house.mail_server is None:
        click.echo("no mail is sent: set ACCREDIT_SMTP_URL and ACCREDIT_MAIL_FROM", err=True)


@command.command("retry")
@click.option("--failed", is_flag=True, help="Also those that had failed for good.")
def retry(failed: bool) -> None:
    """Try at once whatever waits.

    A worker takes it up within seconds.
    """
    from accredit.services import outbox

    house = open_house()
    with writing(house) as session:
        number = outbox.retry(session, house.clock(), failed=failed)
    click.echo(f"{number} messages are tried again")
