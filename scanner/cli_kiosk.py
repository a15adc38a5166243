"""`accredit-scanner kiosk`: the officer's page on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import click

from scanner.cli_options import pin_file_option, sentences, state_option


@click.command()
@click.option(
    "--checkpoint", default="", help="Key of the checkpoint; where it is left out the supervisor chooses one."
)
@click.option("--lane", default="1", show_default=True, help="Name of this machine's own lane.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8765, show_default=True, help="0 takes a free one.")
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option(
    "--reader",
    "readers",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Device of a serial reader, such as /dev/ttyACM0; may be given more than once.",
)
@click.option(
    "--lanes",
    default="",
    metavar="ADDRESS:PORT",
    help="Serve other lanes of this gate there, over TLS; new tablets begin at the next port.",
)
@pin_file_option
@state_option
def kiosk(
    checkpoint: str,
    lane: str,
    port: int,
    language: str,
    readers: tuple[Path, ...],
    lanes: str,
    pin_file: Path | None,
    state: Path,
) -> None:
    """Serve the officer's page on this machine.

    Open the address that is printed in a browser, full screen. Readers that type need no option; the officer's number is
    asked for on the page. Keep "sync" running beside it. Without the PIN it works as well, and shows no organisations
    and photos until the supervisor types it on the page.
    """
    from scanner.kiosk.lane_serving import lane_address
    from scanner.kiosk.serving import Wanted, run
    from scanner.kiosk.stations import Post
    from scanner.offers import short_word_problem
    from scanner.opening import given_pin

    problem = short_word_problem("lane", lane)
    if problem is not None:
        raise click.UsageError(f"--{problem}")
    with sentences():
        post = Post(lane, checkpoint, language=language)
        address = lane_address(lanes) if lanes else None
        run(Wanted(state, post, port, given_pin(pin_file, os.environ), readers, address), click.echo)
