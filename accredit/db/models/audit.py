"""The trail of staff actions, chained by hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from accredit.db.base import Base
from accredit.db.types import UtcDateTime


class AuditEntry(Base):
    """One action: who, what, on which subject, which fields. Never a personal value."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject_kind_subject_id", "subject_kind", "subject_id"),
        Index("ix_audit_entries_subject_id_number", "subject_id", "number"),
        Index("ix_audit_entries_actor_number", "actor", "number"),
        Index("ix_audit_entries_action_number", "action", "number"),
        Index("ix_audit_entries_at", "at"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    fields: Mapped[list[str]] = mapped_column(JSON)
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), comment="SHA-256 over this row and the previous digest")


class AuditHead(Base):
    """The end of the chain: one row, locked by whoever appends."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
