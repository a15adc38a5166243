"""Printers, and what was sent to them: one row is one file that goes to one printer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accredit.db.base import Base
from accredit.db.types import UtcDateTime, text_enum


class PrintState(StrEnum):
    """Where a print stands. *Sent* is the printer's word, *done* a person's; *unsure*: nobody knows whether paper came out."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DONE = "done"
    UNSURE = "unsure"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Printer(Base):
    """A queue of the print server, and the desk that it stands at. A desk without one prints in the browser."""

    __tablename__ = "printers"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    queue: Mapped[str] = mapped_column(String(127), comment="the destination as lp knows it")
    desk: Mapped[str] = mapped_column(String(40), default="", comment="empty: of no desk alone")


class PrintRun(Base):
    """One file of badges: pressed, and where it has a printer, sent there."""

    __tablename__ = "print_runs"
    __table_args__ = (
        UniqueConstraint("batch_id", "part"),
        Index("ix_print_runs_event_id_created_at", "event_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    batch_id: Mapped[UUID] = mapped_column(comment="the job that made it, one of several files")
    part: Mapped[int]
    desk: Mapped[str] = mapped_column(String(40), default="")
    printer: Mapped[str] = mapped_column(String(40), default="", comment="empty: a file to fetch")
    state: Mapped[PrintState] = mapped_column(text_enum(PrintState, "state"))
    cause: Mapped[str] = mapped_column(String(400), default="")
    file: Mapped[str] = mapped_column(String(120), default="", comment="its name in the folder of made files")
    badges: Mapped[int] = mapped_column(default=0, comment="how many came out")
    first: Mapped[str] = mapped_column(String(40), default="", comment="surnames from here, as on the sign of the desk")
    last: Mapped[str] = mapped_column(String(40), default="")
    request: Mapped[str] = mapped_column(String(200), default="", comment="what the print server calls it")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(80))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PrintItem(Base):
    """One pass of one file, in its order. A pass stands once in a batch."""

    __tablename__ = "print_items"
    __table_args__ = (UniqueConstraint("batch_id", "pass_id"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("print_runs.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    batch_id: Mapped[UUID]
    pass_id: Mapped[UUID] = mapped_column(ForeignKey("passes.id"))
