"""Printers and what waits at them, for the people at the desks: who prints where, what came out, what is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accredit.db.models.printing import Printer, PrintState
from accredit.db.models.printing import PrintRun as PrintRun
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.print_server import is_queue

_LONGEST_NAME = 40
_LATEST = 50


class QueueObstacle(StrEnum):
    """Why nothing was changed."""

    BAD_NAME = "bad_name"
    BAD_QUEUE = "bad_queue"
    UNKNOWN_PRINTER = "unknown_printer"
    UNKNOWN_PRINT = "unknown_print"
    WRONG_STATE = "wrong_state"


@dataclass(frozen=True, slots=True)
class QueueRefused:
    """The code, and a sentence with the cure."""

    code: QueueObstacle
    message: str


def put_printer(session: Session, context: Context, name: str, queue: str, desk: str = "") -> Printer | QueueRefused:
    """Adds a printer, or changes the one of this name; of a desk's two printers the last one put is its own."""
    context.require(Permission.EVENT_MANAGE)
    for text in (name, desk):
        if len(text) > _LONGEST_NAME or not text.isprintable() or text != text.strip():
            words = f"The names of printer and desk are at most {_LONGEST_NAME} characters, without spaces around."
            return QueueRefused(QueueObstacle.BAD_NAME, words)
    if not name:
        return QueueRefused(QueueObstacle.BAD_NAME, "Give the printer a name, such as “hall left”.")
    if not is_queue(queue):
        words = "The queue is its name at the print server: letters, digits, dot, dash and underline; see “lpstat -e”."
        return QueueRefused(QueueObstacle.BAD_QUEUE, words)
    printer = session.get(Printer, name) or Printer(name=name)
    printer.queue, printer.desk = queue, desk
    for other in session.scalars(select(Printer).where(Printer.desk == desk, Printer.name != name)) if desk else ():
        other.desk = ""
    session.add(printer)
    session.flush()
    record(session, context, Action.PRINTER_CHANGED, Subject("printer", name), ("queue", "desk"))
    return printer


def remove_printer(session: Session, context: Context, name: str) -> QueueRefused | None:
    """Takes a printer away; what waits for it fails with that cause, and another one can take it over."""
    context.require(Permission.EVENT_MANAGE)
    if session.get(Printer, name) is None:
        return _unknown_printer(session)
    session.execute(delete(Printer).where(Printer.name == name))
    record(session, context, Action.PRINTER_CHANGED, Subject("printer", name), ("name",))
    return None


def printers(session: Session) -> tuple[Printer, ...]:
    """All printers, by name."""
    return tuple(session.scalars(select(Printer).order_by(Printer.name)))


def prints(
    session: Session, context: Context, event: LoadedEvent, *, desk: str | None = None, count: int = _LATEST
) -> tuple[PrintRun, ...]:
    """The latest prints, the newest first; with `desk` its own alone."""
    context.require(Permission.PASSES_PRINT)
    wanted = select(PrintRun).where(PrintRun.event_id == event.record.id)
    if desk is not None:
        wanted = wanted.where(PrintRun.desk == desk)
    return tuple(session.scalars(wanted.order_by(PrintRun.created_at.desc(), PrintRun.part.desc()).limit(count)))


def came_out(session: Session, context: Context, event: LoadedEvent, run_id: UUID) -> PrintRun | QueueRefused:
    """Somebody looked: the paper is there. Only a person says that, never the printer."""
    run = _locked(session, context, event, run_id)
    if isinstance(run, QueueRefused):
        return run
    if run.state not in (PrintState.SENT, PrintState.UNSURE):
        return _wrong_state(run)
    run.state, run.cause, run.finished_at = PrintState.DONE, "", context.now()
    record(session, context, Action.PRINT_SETTLED, Subject("print", str(run.id)), ("state",))
    return run


def send_again(
    session: Session, context: Context, event: LoadedEvent, run_id: UUID, printer: str = ""
) -> PrintRun | QueueRefused:
    """The same file once more, to its printer or to another one that takes over: for what failed, or came out of none.

    The codes are the same, because it is the same file; where paper did come out, one of the two is destroyed. The caller
    starts the job that sends it, after the commit.
    """
    run = _locked(session, context, event, run_id)
    if isinstance(run, QueueRefused):
        return run
    name = printer or run.printer
    if session.get(Printer, name) is None:
        return _unknown_printer(session)
    if not run.file or run.state in (PrintState.QUEUED, PrintState.SENDING):
        return _wrong_state(run)
    run.printer, run.state, run.cause, run.finished_at = name, PrintState.QUEUED, "", None
    record(session, context, Action.PRINT_SETTLED, Subject("print", str(run.id)), ("printer", "state"))
    return run


def _locked(session: Session, context: Context, event: LoadedEvent, run_id: UUID) -> PrintRun | QueueRefused:
    context.require(Permission.PASSES_PRINT)
    wanted = select(PrintRun).where(PrintRun.id == run_id, PrintRun.event_id == event.record.id)
    run = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    return run or QueueRefused(QueueObstacle.UNKNOWN_PRINT, "There is no such print. Compare its number with the list.")


def _unknown_printer(session: Session) -> QueueRefused:
    known = ", ".join(printer.name for printer in printers(session)) or "none is set up"
    return QueueRefused(QueueObstacle.UNKNOWN_PRINTER, f"There is no such printer; choose one of these: {known}.")


def _wrong_state(run: PrintRun) -> QueueRefused:
    return QueueRefused(QueueObstacle.WRONG_STATE, f"This print is {run.state.value}; nothing is to say about it now.")
