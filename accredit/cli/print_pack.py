"""Writes the print pack: for the command of its own, and beside the badges that are printed ahead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from accredit.cli.files import write_private
from accredit.cli.house import event_in

if TYPE_CHECKING:
    from accredit.wiring import House


def write_pack(house: House, output: Path) -> None:
    """Writes the PDF with everybody who may collect now, and says for how many."""
    from accredit.cli.house import reading
    from accredit.rendering.fonts import FontBook, system_font_folders
    from accredit.services.print_pack import press_pack, rows_of

    context = house.context()
    with reading(house) as session:
        event = event_in(session, house)
        rows = rows_of(session, context, event)
    fonts = FontBook(system_font_folders())
    write_private(output, press_pack(context, event.event, rows, fonts, room=house.settings.state))
    click.echo(f"{output}: {len(rows)} people")
