"""Names of listed bodies that we learnt ourselves. They belong to the body, by its number on the list, in every edition."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from accredit.db.base import Base
from accredit.db.types import UtcDateTime, text_enum
from accredit.domain.aliases import AliasKind


class AliasRecord(Base):
    """Another name, with its source; one that was withdrawn stays for the decisions that used it."""

    __tablename__ = "aliases"
    __table_args__ = (
        Index("ix_aliases_list_key_external_id", "list_key", "external_id"),
        CheckConstraint("withdrawn_number > number", name="withdrawn_later"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True, comment="of the change that added it; staff call it so")
    list_key: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[str] = mapped_column(String(80), comment="the body's number on the list")
    name: Mapped[str] = mapped_column(String(400))
    kind: Mapped[AliasKind] = mapped_column(text_enum(AliasKind, "alias_kind"))
    country: Mapped[str] = mapped_column(
        String(3), comment="a spelling that a reviewer confirmed holds for bodies of this country; empty: for any"
    )
    source: Mapped[str] = mapped_column(String(200))
    known_on: Mapped[date] = mapped_column(comment="the day that the source tells")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(80))
    withdrawn_number: Mapped[int | None] = mapped_column(unique=True, comment="of the change that withdrew it")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str] = mapped_column(String(80), default="")
    withdrawn_for: Mapped[str] = mapped_column(String(400), default="")
