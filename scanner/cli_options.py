"""What the commands share: options that mean the same everywhere, and how one ends that cannot do its work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

IMPOSSIBLE, SWITCHED_OFF, UNWRITTEN = 1, 3, 4

state_option = click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="ACCREDIT_SCANNER_STATE",
    default=Path("scanner-state"),
    show_default=True,
    help="The folder of this scanner (ACCREDIT_SCANNER_STATE).",
)
pin_file_option = click.option(
    "--pin-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file with the PIN in it (or set ACCREDIT_SCANNER_PIN).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON, one object a line.")


@contextmanager
def sentences() -> Iterator[None]:
    """Ends a command that cannot do its work with its sentence and its exit code."""
    from scanner.opening import CannotRun

    try:
        yield
    except CannotRun as refused:
        click.echo(str(refused), err=True)
        raise SystemExit(SWITCHED_OFF if refused.is_switched_off else IMPOSSIBLE) from None
