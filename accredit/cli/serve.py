"""`accredit serve`: the web service and the gate API under gunicorn."""

from __future__ import annotations

import gc
import importlib
import importlib.util
import sys

import click

from accredit.cli.house import open_house, refuse


def _address(bind: str | None) -> str:
    from accredit.config import host_and_port

    try:
        return host_and_port(bind) if bind is not None else ""
    except ValueError as fault:
        raise click.UsageError(f"--bind: {fault}") from None


@click.command("serve")
@click.option("--bind", metavar="HOST:PORT", help="Listen here instead of where ACCREDIT_BIND says.")
def command(bind: str | None) -> None:
    """Run the web service and the gate API until stopped.

    Workers and threads are settings. Behind a proxy that ends TLS, set ACCREDIT_BASE_URL to the public https address. On
    standard error stands one JSON object a line for each request that failed.
    """
    from accredit.db.revisions import NEWEST, current_revision

    address = _address(bind)
    house = open_house()
    current = current_revision(house.engine)
    if current != NEWEST:
        refuse(f"the database stands at {current or 'nothing'}, the newest is {NEWEST}; run “accredit db upgrade”")
    address = address or house.settings.bind
    click.echo(f"http://{address}", err=True)
    arguments = [
        *("--bind", address),
        *("--workers", str(house.settings.web_workers)),
        *("--threads", str(house.settings.web_threads)),
        *("--worker-class", "gthread"),
        # A scanner asks every two to three seconds over one connection; it must not be closed in between.
        *("--keep-alive", "30"),
        *("--graceful-timeout", "10"),
        *("--log-level", house.settings.log_level),
        "--no-control-socket",
    ]
    house.close()  # a worker opens connections of its own
    _run([*arguments, "accredit.wsgi:application()"])


def _run(arguments: list[str]) -> None:
    """Runs gunicorn in this process: what the service imports is loaded once, here, and the workers are forked with it."""
    main = importlib.util.find_spec("gunicorn.__main__")
    assert main is not None
    assert main.origin is not None
    # Read by gunicorn, also when it is told to start itself anew (USR2).
    sys.argv = [main.origin, *arguments]
    importlib.import_module("accredit.wsgi")
    gc.freeze()  # the collector of a worker need not walk over what it shares with the others
    importlib.import_module("gunicorn.app.wsgiapp").run(prog="accredit serve")
