"""Status lists: editions as of a day, and their entries. An edition that was loaded is never edited."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accredit.db.base import Base
from accredit.db.types import UtcDateTime


class Edition(Base):
    """One status list as of a day. A corrected file for the same day is a new revision."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("list_key", "as_of", "revision"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    list_key: Mapped[str] = mapped_column(String(40))
    as_of: Mapped[date]
    revision: Mapped[int]
    source_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over the entries in order")
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entries: Mapped[list[Entry]] = relationship(back_populates="edition", cascade="all, delete-orphan")


class Entry(Base):
    """One line of an edition."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("edition_id", "external_id"),
        Index("ix_entries_external_id", "external_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("editions.id"))
    external_id: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(400))
    country: Mapped[str] = mapped_column(
        String(3), default="", comment="ISO 3166-1 alpha-3, empty where the list has none"
    )
    status: Mapped[str] = mapped_column(String(40))
    in_force: Mapped[bool]
    aliases: Mapped[list[dict[str, str]]] = mapped_column(JSON, comment='[{"name": …, "kind": …}]')
    details: Mapped[dict[str, Any]] = mapped_column(JSON, comment="other columns of the list, as read")
    edition: Mapped[Edition] = relationship(back_populates="entries")
