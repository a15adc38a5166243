"""`accredit-scanner`: enrol once, keep sync running, check at every lane.

Exit codes: 0 done · 1 not possible, with a sentence why · 2 wrong usage · 3 the server has switched this scanner off ·
4 a scan could not be written to disk.
"""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accredit import __version__
from scanner.cli_kiosk import kiosk
from scanner.cli_lanes import change_pin, gate_ca
from scanner.cli_office import export, inside
from scanner.cli_options import (
    IMPOSSIBLE,
    SWITCHED_OFF,
    UNWRITTEN,
    json_option,
    pin_file_option,
    sentences,
    state_option,
)

if TYPE_CHECKING:
    from scanner.gate import Gate
    from scanner.offers import Offer
    from scanner.opening import OpenScanner
    from scanner.outcomes import Outcome

_ALL_PHOTOS = 1_000_000


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 not possible (a sentence says why), 2 wrong usage, "
    "3 switched off by the server, 4 a scan could not be written to disk.",
)
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Checks passes at a gate or door, with or without a network.

    Enrol once with a code from the service, keep "sync" running, and run "check" at every lane.
    """
    # At its end Python would walk over all modules once more, for memory that the system takes back anyway.
    atexit.register(gc.freeze)


@main.command()
@click.option("--server", default="", help="Address of the service, such as https://accredit.example.org.")
@click.option("--code", required=True, help="The one-time code that the service shows, or the text of its QR code.")
@click.option("--name", default="", help="Name of this scanner; the machine's own unless given.")
@pin_file_option
@click.option("--pin", help="The PIN, 8 digits or more. Others can see it in the list of processes; better a file.")
@click.option("--allow-demo", is_flag=True, help="Accept the root of a demonstration.")
@state_option
def enrol(
    server: str, code: str, name: str, pin_file: Path | None, pin: str | None, allow_demo: bool, state: Path
) -> None:
    """Enrol this machine with a one-time code.

    The PIN protects the names on this machine and is asked for where neither option nor ACCREDIT_SCANNER_PIN gives it.
    Compare the fingerprint that is shown at the end with the one that the service shows. The text of the service's QR
    code holds its address, so --server is not needed with it.
    """
    import platform

    from scanner import enrol as enrolling
    from scanner.opening import CannotRun, given_pin
    from scanner.server import Server, address_problem

    server, code = enrolling.in_qr(code) or (server, code)
    with sentences():
        problem = address_problem(server) if server else "Give the address of the service with --server."
        if problem is not None:
            raise CannotRun(problem)
        chosen = pin or given_pin(pin_file, os.environ) or _asked_pin()
        request = enrolling.EnrolRequest(server, code, name or platform.node() or "scanner", chosen, allow_demo)
        connection = Server(server)
        try:
            enrolled = enrolling.enrol(state, request, connection, os.urandom)
        finally:
            connection.close()
        if isinstance(enrolled, enrolling.EnrolRefused):
            raise CannotRun(enrolled.sentence)
    click.echo(f"Enrolled as {enrolled.name} for {enrolled.event_key}{' (DEMO)' if enrolled.is_demo else ''}.")
    click.echo(f"Fingerprint of the root: {enrolled.root_fingerprint}. Compare it with the one the service shows.")


@main.command()
@click.option("--once", is_flag=True, help="One round: hand in every scan, fetch list and photos, and end.")
@click.option(
    "--every",
    "every_s",
    type=click.FloatRange(0.1, 3600),
    default=2.5,
    show_default=True,
    help="Seconds between rounds.",
)
@click.option("--photos/--no-photos", "with_photos", default=True, help="A door that compares no faces needs none.")
@json_option
@state_option
def sync(once: bool, every_s: float, with_photos: bool, as_json: bool, state: Path) -> None:
    """Keep list and scans in step with the service.

    Run it beside "check", as a process of its own. It prints one line for each event and goes on through failures;
    no scan is forgotten before the service has confirmed it. With --json it prints after each round what "status" says.
    """
    import signal
    import threading

    from scanner.opening import only_sync, opened
    from scanner.server import Server
    from scanner.sync import PHOTOS_A_ROUND, Round, Sync

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with sentences(), opened(state, os.environ) as scanner, only_sync(state):
        scanner.refuse_if_switched_off()
        server = Server(scanner.enrolled.facts.server, scanner.secrets.token)
        photos = (_ALL_PHOTOS if once else PHOTOS_A_ROUND) if with_photos else 0
        say, after_round = (
            (_unsaid, lambda: click.echo(_status(scanner, as_json=True))) if as_json else (click.echo, None)
        )
        syncing = Sync(scanner, server, entropy=os.urandom, say=say, photos=photos, after_round=after_round)
        try:
            ended = syncing.round() if once else syncing.run(stop, every_s=every_s)
        finally:
            server.close()
    if ended is not Round.DONE:
        raise SystemExit(SWITCHED_OFF if ended is Round.SWITCHED_OFF else IMPOSSIBLE)


@main.command()
@click.option("--checkpoint", default="", help="Key of the checkpoint; not needed where this scanner has only one.")
@click.option("--lane", default="1", show_default=True, help="Name of this lane; every lane its own.")
@click.option("--officer", default="", help="The officer's number; it stands in every scan.")
@click.option("--direction", type=click.Choice(["entry", "exit"]), default="entry", show_default=True)
@click.option(
    "--device-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read codes from this device; words are then taken from standard input alone.",
)
@click.option(
    "--word-mark",
    default="",
    help="Take for words only lines that begin with this: for a reader that types on the officer's keyboard.",
)
@click.option(
    "--words-from-stdin",
    "words",
    is_flag=True,
    help="Take words from standard input without a mark: only where no reader types there.",
)
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@json_option
@pin_file_option
@state_option
def check(
    checkpoint: str,
    lane: str,
    officer: str,
    direction: str,
    device_file: Path | None,
    word_mark: str,
    words: bool,
    language: str,
    as_json: bool,
    pin_file: Path | None,
    state: Path,
) -> None:
    """Check passes, line by line, and decide here and now.

    A line is a code from the reader or a word of the officer: undo, refuse, no-document, sight:CLASS, mrz:LINES,
    supervisor:REASON, grounds:NUMBER, direction:exit, officer:NUMBER, open:MINUTES, count:NUMBER, help. Anybody can
    print a code that says such a word. Words are therefore taken only where the reader is named with --device-file,
    after the mark of --word-mark, or with --words-from-stdin where no reader types on this keyboard. For supervisor: and
    open: the PIN is asked for on a terminal, and not shown; without a terminal it comes with --pin-file or
    ACCREDIT_SCANNER_PIN.

    Every scan is on the disk before its verdict is printed. Several lanes may share one folder: what one has admitted
    the others know at once.

    With --json a verdict has id, verdict, reason, sentence, name, organisation, serial, direction, list_age_s,
    list_number, last_scan, opens_at, unchecked, warn and repeat; every other line has a note.
    """
    from accredit.credential.reasons import Direction
    from scanner.checking import Ended, Lane
    from scanner.gate import Station
    from scanner.opening import given_pin, opened
    from scanner.pin_checks import PinChecks, ask_on_terminal
    from scanner.replies import note_as_json

    _require_short({"lane": lane, "officer": officer})
    with sentences(), opened(state, os.environ) as scanner:
        scanner.refuse_if_switched_off()
        pin = given_pin(pin_file, os.environ)
        gate = scanner.gate(pin)
        station = Station(scanner.choose_checkpoint(checkpoint, gate), lane, officer, Direction(direction))
        click.echo(f"Checkpoint {station.checkpoint}, lane {lane}. Type help for the words.", err=True)
        note = (lambda text: click.echo(note_as_json(text))) if as_json else click.echo
        show = _shower(as_json, language, gate)
        asking = ask_on_terminal if os.isatty(0) else None
        pins = PinChecks(scanner.pin_holds, asking, is_given=pin is not None)
        lane_here = Lane(gate, station, show, note, language=language, pins=pins)
        with _offers(device_file, word_mark, words) as offers:
            ended = lane_here.work(offers)
    if ended is not Ended.NO_MORE_OFFERS:
        raise SystemExit(SWITCHED_OFF if ended is Ended.SWITCHED_OFF else UNWRITTEN)


@main.command()
@json_option
@state_option
def status(as_json: bool, state: Path) -> None:
    """Say whose scanner this is, how old its list is, and what waits."""
    from scanner.opening import opened

    with sentences(), opened(state, os.environ) as scanner:
        click.echo(_status(scanner, as_json=as_json))


def _status(scanner: OpenScanner, *, as_json: bool) -> str:
    import json

    from scanner.state_report import report

    told = report(scanner.trust, scanner.journal, scanner.enrolled, scanner.clock())
    return json.dumps(told.facts, ensure_ascii=False) if as_json else "\n".join(told.lines())


def _unsaid(_sentence: str) -> None:
    """With --json the report of the round tells it."""


@contextmanager
def _offers(device_file: Path | None, mark: str, words: bool) -> Iterator[Iterator[Offer]]:
    from scanner.opening import CannotRun
    from scanner.readers import offers_of, open_device

    if device_file is None:
        yield offers_of(0, mark=mark, words=words)
        return
    try:
        handle = open_device(device_file)
    except OSError as fault:
        raise CannotRun(f"--device-file: {device_file} cannot be read ({fault.strerror}).") from None
    try:
        yield offers_of(0, handle, mark)
    finally:
        os.close(handle)


def _shower(as_json: bool, language: str, gate: Gate) -> Callable[[Outcome], None]:
    from scanner import replies

    if as_json:
        return lambda outcome: click.echo(replies.as_json(outcome, language))
    return lambda outcome: click.echo(replies.as_line(outcome, language, gate.zone()))


def _asked_pin() -> str:
    import sys

    from scanner.opening import PIN_VARIABLE, CannotRun

    if not sys.stdin.isatty():
        raise CannotRun(f"A PIN is needed: give --pin-file, or set {PIN_VARIABLE}.")
    asked: str = click.prompt("PIN, 8 digits or more", hide_input=True, confirmation_prompt=True)
    return asked


def _require_short(options: dict[str, str]) -> None:
    from scanner.offers import short_word_problem

    for option, text in options.items():
        problem = short_word_problem(option, text)
        if problem is not None:
            raise click.UsageError(f"--{problem}")


main.add_command(export)
main.add_command(inside)
main.add_command(kiosk)
main.add_command(gate_ca)
main.add_command(change_pin)

if __name__ == "__main__":
    main()
