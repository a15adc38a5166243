"""The rows of what is printed in the background: a batch laid out in files, each file with its state.

A batch is laid out once, in one transaction: who is in which file is decided before the first sheet, so that a batch which
was killed goes on where it stopped, and no pass comes into two files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from accredit.db.models.applications import Application
from accredit.db.models.passes import Pass
from accredit.db.models.printing import Printer, PrintItem, PrintRun, PrintState
from accredit.domain.permissions import Permission
from accredit.domain.surname_split import Stretch, split
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.keys import keyring_of
from accredit.services.print_choice import PrintRefused, Which, choose
from accredit.services.printing import ORDERS, Sort, latin_order

BADGES_A_FILE = 100
"""Few enough that a file is pressed in seconds and a printer's jam costs little; many enough that nobody counts files."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be printed, how, and for which desks; without desks all goes into one pile of files.

    `to_printers`: each desk's files go to its printer, those of a desk without one remain files.
    """

    template: str
    size: str = "a6"
    sheet: str = ""
    which: Which = Which.READY
    sort: Sort = Sort.NAME
    references: tuple[str, ...] = ()
    reason: str = ""
    desks: tuple[str, ...] = ()
    to_printers: bool = False
    badges_a_file: int = BADGES_A_FILE


def lay_out(
    session: Session, context: Context, event: LoadedEvent, batch_id: UUID, order: Order
) -> tuple[PrintRun, ...] | PrintRefused:
    """The files of this batch, as they were laid out before or are now; changes nothing where it is refused."""
    context.require(Permission.PASSES_PRINT)
    laid = runs_of(session, batch_id)
    if laid:
        return laid
    passes = choose(session, event, keyring_of(context, event), order.which, order.references, order.reason)
    if isinstance(passes, PrintRefused):
        return passes
    printers = _printers(session) if order.to_printers else {}
    part = 0
    for desk, stretch, held in _by_desk(passes, order):
        for start in range(0, len(held), order.badges_a_file):
            part += 1
            few = held[start : start + order.badges_a_file]
            _add(session, context, event, batch_id, part, desk, printers.get(desk, ""), stretch, few)
    session.flush()
    return runs_of(session, batch_id)


def _by_desk(passes: Sequence[Pass], order: Order) -> list[tuple[str, Stretch, list[Pass]]]:
    """Each desk with its people, in the order asked for."""
    ordered = sorted(passes, key=ORDERS[Sort.NAME])
    names = [latin_order(held.application).upper() for held in ordered]
    if not ordered:
        return []
    stretches = split(names, len(order.desks)) if order.desks else (Stretch(0, len(names), "", ""),)
    desks = order.desks or ("",)
    return [
        (desk, one, sorted(ordered[one.start : one.end], key=ORDERS[order.sort]))
        for desk, one in zip(desks, stretches, strict=False)
    ]


def _add(
    session: Session,
    context: Context,
    event: LoadedEvent,
    batch_id: UUID,
    part: int,
    desk: str,
    printer: str,
    stretch: Stretch,
    held: Sequence[Pass],
) -> None:
    run = PrintRun(
        id=context.new_id(),
        event_id=event.record.id,
        batch_id=batch_id,
        part=part,
        desk=desk,
        printer=printer,
        state=PrintState.QUEUED,
        first=stretch.first[:40],
        last=stretch.last[:40],
        created_at=context.now(),
        created_by=context.actor.name,
    )
    session.add(run)
    session.flush()
    session.add_all(
        PrintItem(run_id=run.id, position=position, batch_id=batch_id, pass_id=one.id)
        for position, one in enumerate(held)
    )


def _printers(session: Session) -> Mapping[str, str]:
    return {printer.desk: printer.name for printer in session.scalars(select(Printer).where(Printer.desk != ""))}


def runs_of(session: Session, batch_id: UUID) -> tuple[PrintRun, ...]:
    """The files of a batch, in their order."""
    return tuple(session.scalars(select(PrintRun).where(PrintRun.batch_id == batch_id).order_by(PrintRun.part)))


def passes_of(session: Session, run_id: UUID) -> tuple[UUID, ...]:
    """The passes of a file, in their order."""
    wanted = select(PrintItem.pass_id).where(PrintItem.run_id == run_id).order_by(PrintItem.position)
    return tuple(session.scalars(wanted))


def references_of(session: Session, run_id: UUID) -> tuple[str, ...]:
    """The references of the people in a file, in their order."""
    wanted = select(Application.reference).join(Pass, Pass.application_id == Application.id)
    wanted = wanted.join(PrintItem, PrintItem.pass_id == Pass.id).where(PrintItem.run_id == run_id)
    return tuple(session.scalars(wanted.order_by(PrintItem.position)))


def sizes_of(session: Session, batch_id: UUID) -> Mapping[UUID, int]:
    """How many passes each file of a batch was laid out for."""
    counted = select(PrintItem.run_id, func.count()).where(PrintItem.batch_id == batch_id).group_by(PrintItem.run_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def is_to_press(run: PrintRun) -> bool:
    """Whether its file is still to be made."""
    return run.state is PrintState.QUEUED and not run.file


def is_to_send(run: PrintRun) -> bool:
    """Whether its file is made and waits for its printer."""
    return run.state is PrintState.QUEUED and bool(run.file) and bool(run.printer)


def stop(session: Session, batch_id: UUID, now: datetime) -> None:
    """Somebody stopped the batch: what is not pressed, or not sent, stays away until it is begun again."""
    waiting = update(PrintRun).where(PrintRun.batch_id == batch_id, PrintRun.state == PrintState.QUEUED)
    session.execute(waiting.values(state=PrintState.CANCELLED, cause="stopped", finished_at=now))


def take_up(session: Session, batch_id: UUID, now: datetime) -> None:
    """A batch is begun, or begun again: what was stopped or could not be made is to do again.

    What was being sent when its worker died is in doubt: nobody knows whether the print server took it.
    """
    mine = update(PrintRun).where(PrintRun.batch_id == batch_id)
    cause = "the worker ended while it sent this file; look at the printer, then say whether it came out"
    session.execute(
        mine.where(PrintRun.state == PrintState.SENDING).values(state=PrintState.UNSURE, cause=cause, finished_at=now)
    )
    again = mine.where(
        or_(PrintRun.state == PrintState.CANCELLED, and_(PrintRun.state == PrintState.FAILED, PrintRun.file == ""))
    )
    session.execute(again.values(state=PrintState.QUEUED, cause="", finished_at=None))


def move(session: Session, run_id: UUID, state: PrintState, now: datetime, cause: str = "", request: str = "") -> None:
    """One file, moved on by the worker that has it."""
    values: dict[str, object] = {"state": state, "cause": cause[:400]}
    if state is PrintState.SENDING:
        values["sent_at"] = now
    else:
        values |= {"finished_at": now}
    if request:
        values["request"] = request[:200]
    session.execute(update(PrintRun).where(PrintRun.id == run_id).values(**values))
