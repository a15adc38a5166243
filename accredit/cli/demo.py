"""`accredit demo`: the whole of October 2017 in half a minute."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click


@click.command("demo")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-run"),
    show_default=True,
    help="Where it plays; what an earlier demonstration left there goes.",
)
@click.option(
    "--database",
    default="",
    metavar="ADDRESS",
    help="Play in this empty PostgreSQL database, postgresql://USER@HOST/NAME, instead of SQLite in the folder.",
)
@click.option("--no-serve", is_flag=True, help="End after the run instead of serving the pages.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON on the last line.")
def command(folder: Path, database: str, no_serve: bool, as_json: bool) -> None:
    """Run the main job, end to end, with fictitious people.

    Lists, applications, screening, review, pick-up, badges, and the gate with its real scanner processes from 11 to 13
    October 2017. Then the pages are served, so that you can look around, until you press Ctrl+C.
    """
    from accredit.cli.house import refuse
    from accredit.demo.play import Play
    from accredit.demo.stage import SceneFailed, Stage
    from accredit.wiring import data_folder

    if database:
        _require_empty(database)
    try:
        stage = Stage.build(folder.resolve(), click.echo, database)
    except SceneFailed as failed:
        refuse(str(failed))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        summary, days = Play(stage, data_folder() / "lists", click.echo).run()
        for process in [one for one in stage.running if one is not days.service]:
            stage.stop(process)
        if not no_serve:
            click.echo(f"\nThe pages: {stage.address}  ({days.office.login}). Ctrl+C ends it.")
            days.service.wait()
    except SceneFailed as failed:
        stage.clear()
        refuse(str(failed))
    except KeyboardInterrupt:
        pass
    finally:
        stage.clear()
    if as_json:
        click.echo(json.dumps(summary))


def _require_empty(address: str) -> None:
    """Fictitious people must not come into a database that somebody uses."""
    from sqlalchemy import create_engine, inspect

    from accredit.cli.house import refuse

    if not address.startswith(("postgresql://", "postgresql+psycopg://")):
        refuse("--database: write postgresql://USER@HOST/NAME; without it, the demonstration makes a SQLite file")
    engine = create_engine(address)
    try:
        if inspect(engine).get_table_names():
            refuse("--database: there are tables in this database; the demonstration plays in an empty one only")
    finally:
        engine.dispose()
