"""`accredit passes inspect`: what a gate would say to a code, for whoever stands at the desk and was sent there."""

from __future__ import annotations

import sys

import click

from accredit.cli.house import event_in, open_house, reading, refuse


@click.command("inspect")
@click.argument("checkpoint")
@click.option("--french", is_flag=True, help="The officer's sentence in French.")
def inspect(checkpoint: str, french: bool) -> None:
    """Say what a gate answers to each code on standard input.

    CHECKPOINT is the key of a gate or door. For each line: verdict, reason, reference, and the sentence for the person.
    The codes are read from a reader or a pipe, never from the command line, where others could see them.
    """
    from accredit.services.code_inspection import UnknownCheckpoint, inspect_code

    house = open_house()
    with reading(house) as session:
        event, context = event_in(session, house), house.context()
        for line in filter(None, (read.decode(errors="replace").strip() for read in sys.stdin.buffer)):
            found = inspect_code(session, context, event, line, checkpoint)
            if isinstance(found, UnknownCheckpoint):
                refuse(found.message)
            said = found.judgement.sentence_fr if french else found.judgement.sentence_en
            told = (found.answer.verdict.value, found.answer.reason.value, found.reference or "-", said)
            click.echo("\t".join(told))
