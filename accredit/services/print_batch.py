"""A batch of badges, pressed file by file and sent to the printers; what was killed in the middle goes on.

For each file: planned, pressed outside of any transaction, written under a name of its own, then written down together with
its badges, and only then given its final name. So a file that is finished holds badges that are written down, and what was
not written down has no finished file. A file that waits for a printer is marked before it is sent: where the worker dies in
between, nobody knows whether paper came out, and the state says so and asks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.db.models.printing import Printer, PrintRun, PrintState
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import Template
from accredit.services import print_runs
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.print_choice import PrintRefused
from accredit.services.print_runs import Order, is_to_press, is_to_send
from accredit.services.print_server import NotTaken, Taken
from accredit.services.printing import PrintPlan, PrintReport, no_such_paper, plan, press, write_down

_TRIES = 3

Progress = Callable[[int, int], None]
Send = Callable[[str, Path, str], Taken | NotTaken]
Sessions = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where finished files lie (`folder`), and how they are sent; enough to send one, not to press it."""

    reading: Sessions
    writing: Sessions
    clock: Callable[[], datetime]
    folder: Path
    send: Send


@dataclass(frozen=True, slots=True)
class Workshop:
    """With what is printed. `room` takes the photos while a file is pressed."""

    outlet: Outlet
    context: Context
    event_key: str
    template: Template
    fonts: FontBook
    room: Path


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch: its finished files, how many badges they hold, and what is remarkable."""

    files: tuple[Path, ...]
    badges: int
    notes: tuple[str, ...]


class FileNotWritten(Exception):
    """The file could not be written: the disk is full, or its folder may not be written to."""


class PrintNotPossible(Exception):
    """A file of the batch cannot be printed as ordered; the text is for the person who ordered it."""


def print_batch(shop: Workshop, batch_id: UUID, order: Order, progress: Progress) -> BatchReport | PrintRefused:
    """Prints the batch to its end, or goes on with it. Called by one worker at a time.

    `progress` may raise to stop it between two files: the rest is marked as stopped, and done when it is begun again. Raises
    FileNotWritten; the files before are finished and stay.
    """
    refused = no_such_paper(shop.template, order.size, order.sheet)
    if refused is not None:
        return refused
    with shop.outlet.writing() as session:
        runs = print_runs.lay_out(session, shop.context, _event(session, shop), batch_id, order)
        print_runs.take_up(session, batch_id, shop.context.now())
        session.commit()
    if isinstance(runs, PrintRefused):
        return runs
    shop.outlet.folder.mkdir(mode=0o700, exist_ok=True)
    notes: list[str] = []
    try:
        _press_all(shop, batch_id, order, progress, notes)
    except (FileNotWritten, PrintNotPossible):
        raise
    except Exception:
        with shop.outlet.writing() as session:
            print_runs.stop(session, batch_id, shop.context.now())
            session.commit()
        raise
    return _report(shop, batch_id, notes)


def _press_all(shop: Workshop, batch_id: UUID, order: Order, progress: Progress, notes: list[str]) -> None:
    with shop.outlet.reading() as session:
        runs, sizes = print_runs.runs_of(session, batch_id), print_runs.sizes_of(session, batch_id)
    done, total = 0, sum(sizes.values())
    for run in runs:
        progress(done, total)
        _put_in_place(shop, run)
        if is_to_press(run):
            run = _pressed(shop, run, order, notes)
        if is_to_send(run):
            _sent(shop.outlet, run)
        done += sizes.get(run.id, 0)
    progress(done, total)


def _pressed(shop: Workshop, run: PrintRun, order: Order, notes: list[str]) -> PrintRun:
    """The file of one run, made and written down; tried again where a badge was printed elsewhere meanwhile."""
    refused = ""
    for _ in range(_TRIES):
        planned = _planned(shop, run, order)
        if isinstance(planned, PrintRefused):
            _fail(shop, run, planned.message)
            notes.append(f"file {run.part}: {planned.message}")
            return _again(shop.outlet, run)
        report = _off_the_press(shop, run, planned)
        written = _kept(shop, run, planned, report)
        if isinstance(written, PrintReport):
            notes.extend(f"{note.reference}: {note.message}" for note in report.notes)
            return _again(shop.outlet, run)
        refused = written.message
    _fail(shop, run, refused)
    raise PrintNotPossible(refused)


def _off_the_press(shop: Workshop, run: PrintRun, planned: PrintPlan) -> PrintReport:
    try:
        return press(planned, shop.fonts, room=shop.room)
    except OSError as fault:  # the photos find no room
        raise _unwritten(shop, run, fault) from None


def _planned(shop: Workshop, run: PrintRun, order: Order) -> PrintPlan | PrintRefused:
    with shop.outlet.reading() as session:
        event = _event(session, shop)
        references = print_runs.references_of(session, run.id) if order.references else ()
        return plan(
            session,
            shop.context,
            event,
            template=shop.template,
            size=order.size,
            which=order.which,
            references=references,
            sort=order.sort,
            reason=order.reason,
            sheet=order.sheet,
            only=None if order.references else print_runs.passes_of(session, run.id),
        )


def _kept(shop: Workshop, run: PrintRun, planned: PrintPlan, report: PrintReport) -> PrintReport | PrintRefused:
    """Writes the file and writes down its badges; both, or neither."""
    name = f"badges-{run.batch_id}-{run.part:03}.pdf" if report.count else ""
    fresh = shop.outlet.folder / f"{name}.new"
    if name:
        _write(shop, run, fresh, report.pdf)
    with shop.outlet.writing() as session:
        written = write_down(session, shop.context, _event(session, shop), planned, report)
        if isinstance(written, PrintRefused):
            fresh.unlink(missing_ok=True)
            return written
        row = session.get_one(PrintRun, run.id)
        is_sent = bool(row.printer and name)
        row.file, row.badges, row.cause = name, report.count, ""
        row.state = PrintState.QUEUED if is_sent else PrintState.DONE
        row.finished_at = None if is_sent else shop.context.now()
        session.commit()
    if name:
        fresh.replace(shop.outlet.folder / name)
    return written


def _put_in_place(shop: Workshop, run: PrintRun) -> None:
    """A worker that died between writing down and naming left a whole file under its first name."""
    fresh = shop.outlet.folder / f"{run.file}.new"
    if run.file and fresh.exists():
        fresh.replace(shop.outlet.folder / run.file)


def _write(shop: Workshop, run: PrintRun, path: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        path.unlink(missing_ok=True)
        raise _unwritten(shop, run, fault) from None


def _unwritten(shop: Workshop, run: PrintRun, fault: OSError) -> FileNotWritten:
    """The disk is full, say: told in the row, and to who ordered the batch."""
    cause = f"the file could not be written: {(fault.strerror or 'unknown fault').lower()}"
    _fail(shop, run, cause)
    return FileNotWritten(f"{cause}; free space, then try the job again")


def _sent(outlet: Outlet, run: PrintRun) -> None:
    """One file to its printer. A printer that fails stops no other."""
    with outlet.writing() as session:
        printer = session.scalar(select(Printer).where(Printer.name == run.printer))
        state = PrintState.SENDING if printer is not None else PrintState.FAILED
        print_runs.move(session, run.id, state, outlet.clock(), "" if printer else "this printer was removed")
        session.commit()
    if printer is None:
        return
    answer = outlet.send(printer.queue, outlet.folder / run.file, f"badges {run.part}")
    with outlet.writing() as session:
        if isinstance(answer, Taken):
            print_runs.move(session, run.id, PrintState.SENT, outlet.clock(), request=answer.request)
        else:
            state = PrintState.UNSURE if answer.unsure else PrintState.FAILED
            print_runs.move(session, run.id, state, outlet.clock(), answer.cause)
        session.commit()


def send_one(outlet: Outlet, run_id: UUID) -> PrintRun | None:
    """Sends one file that waits for its printer; None where it does not wait."""
    with outlet.reading() as session:
        run = session.get(PrintRun, run_id)
    if run is None or not is_to_send(run):
        return None
    _sent(outlet, run)
    return _again(outlet, run)


def _fail(shop: Workshop, run: PrintRun, cause: str) -> None:
    with shop.outlet.writing() as session:
        print_runs.move(session, run.id, PrintState.FAILED, shop.context.now(), cause)
        session.commit()


def _again(outlet: Outlet, run: PrintRun) -> PrintRun:
    with outlet.reading() as session:
        return session.get_one(PrintRun, run.id)


def _report(shop: Workshop, batch_id: UUID, notes: list[str]) -> BatchReport:
    with shop.outlet.reading() as session:
        runs = [run for run in print_runs.runs_of(session, batch_id) if run.file]
    for run in runs:
        if run.state in (PrintState.FAILED, PrintState.UNSURE):
            notes.append(f"{run.file}: {run.cause}")
    return BatchReport(
        tuple(shop.outlet.folder / run.file for run in runs), sum(run.badges for run in runs), tuple(notes)
    )


def _event(session: Session, shop: Workshop) -> LoadedEvent:
    event = find_event(session, shop.event_key)
    if event is None:
        raise PrintNotPossible("no single event is loaded; load one, or name one in ACCREDIT_EVENT")
    return event
