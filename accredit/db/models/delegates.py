"""Whom a body sends: the lists of delegates that bodies hand in, as keyed hashes. A list that was loaded is never edited."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accredit.db.base import Base
from accredit.db.types import UtcDateTime


class DelegateList(Base):
    """The delegates of one body for one event, as of a day. A corrected list of the same day is a new revision."""

    __tablename__ = "delegate_lists"
    __table_args__ = (UniqueConstraint("event_id", "list_key", "external_id", "as_of", "revision"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    list_key: Mapped[str] = mapped_column(String(40), comment="the status list on which the body stands")
    external_id: Mapped[str] = mapped_column(String(80), comment="the body's number there")
    as_of: Mapped[date]
    revision: Mapped[int]
    source_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over the delegates in order")
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Delegate(Base):
    """One delegate: nothing that can be read, only what the same person's application is recognised by."""

    __tablename__ = "delegates"

    list_id: Mapped[UUID] = mapped_column(ForeignKey("delegate_lists.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name_hash: Mapped[bytes] = mapped_column(LargeBinary(32), comment="keyed hash of the words of the name")
    person_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), comment="the same of name and birth date; null where the list gives none"
    )
