"""Passes, the badges that carried them, and the written grants of grounds-pass holders.

The database holds what must never break: one live pass per application, one collected pass per person's document, no
collected pass without a verified document, serials unique in the event.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accredit.credential.reasons import PassState
from accredit.db.base import Base
from accredit.db.models.applications import Application
from accredit.db.types import SealedText, UtcDateTime, text_enum

_LIVE = text("state IN ('prepared', 'collected', 'suspended')")
_COLLECTED = text("state = 'collected'")


class Pass(Base):
    """The right to enter."""

    __tablename__ = "passes"
    __table_args__ = (
        UniqueConstraint("event_id", "serial"),
        Index("uq_passes_live_application", "application_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(
            "uq_passes_collected_document",
            "event_id",
            "document_hash",
            unique=True,
            sqlite_where=_COLLECTED,
            postgresql_where=_COLLECTED,
        ),
        Index("ix_passes_event_id_roster_number", "event_id", "roster_number"),
        Index("ix_passes_application_id", "application_id"),
        Index("ix_passes_event_id_state_collected_at", "event_id", "state", "collected_at"),
        CheckConstraint("valid_from < valid_until", name="validity"),
        CheckConstraint("state <> 'collected' OR document_hash IS NOT NULL", name="collected_has_document"),
        CheckConstraint("state <> 'suspended' OR suspended_from IS NOT NULL", name="suspended_from_something"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    serial: Mapped[bytes] = mapped_column(LargeBinary(5))
    state: Mapped[PassState] = mapped_column(text_enum(PassState, "state"))
    suspended_from: Mapped[PassState | None] = mapped_column(text_enum(PassState, "suspended_from"))
    category_code: Mapped[int]
    grants: Mapped[int] = mapped_column(BigInteger, comment="32 bits, more than a signed integer holds")
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    document_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    document_tag: Mapped[bytes | None] = mapped_column(LargeBinary(3))
    document_type: Mapped[str | None] = mapped_column(String(20))
    document_state: Mapped[str | None] = mapped_column(String(3))
    document_expires_on: Mapped[date | None]
    document_tail: Mapped[str | None] = mapped_column(String(2), comment="last two characters of the number")
    collected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    collected_by: Mapped[str | None] = mapped_column(String(80))
    collected_through: Mapped[str | None] = mapped_column(
        SealedText("passes.collected_through"), comment="who took it in the holder's place, with an authorisation"
    )
    state_reason: Mapped[str] = mapped_column(String(2000), default="")
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("passes.id"))
    roster_number: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    application: Mapped[Application] = relationship()
    badges: Mapped[list[Badge]] = relationship(back_populates="badge_pass", order_by="Badge.printed_at")


class Badge(Base):
    """One printing of a pass: what was signed, so that a reprint gives the same bytes."""

    __tablename__ = "badges"
    __table_args__ = (Index("ix_badges_pass_id", "pass_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pass_id: Mapped[UUID] = mapped_column(ForeignKey("passes.id"))
    kid: Mapped[int]
    printed_ahead: Mapped[bool]
    document_tag: Mapped[bytes | None] = mapped_column(LargeBinary(3))
    name: Mapped[str] = mapped_column(String(27))
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    expires: Mapped[datetime] = mapped_column(UtcDateTime)
    template: Mapped[str] = mapped_column(String(80))
    slot: Mapped[int | None] = mapped_column(comment="its place in the box of passes printed ahead")
    reprints: Mapped[int] = mapped_column(default=0)
    reprint_reason: Mapped[str] = mapped_column(String(400), default="")
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    printed_by: Mapped[str] = mapped_column(String(80))
    in_hand_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when the officer said that it lies in his hand; a printer's word is none"
    )
    in_hand_by: Mapped[str | None] = mapped_column(String(80))
    badge_pass: Mapped[Pass] = relationship(back_populates="badges")


class GroundsGrant(Base):
    """What an approved grounds-pass holder may enter; the doors know the pass by a keyed hash of its number."""

    __tablename__ = "grounds_grants"
    __table_args__ = (Index("ix_grounds_grants_event_id_roster_number", "event_id", "roster_number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    number_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), comment="null until the number is known")
    grants: Mapped[int] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    roster_number: Mapped[int] = mapped_column(BigInteger)


class RevocationEntry(Base):
    """One step of the revocation list, a pass or a whole key: append-only and numbered; a delta is the rows after a number."""

    __tablename__ = "revocations"
    __table_args__ = (CheckConstraint("(serial IS NULL) <> (kid IS NULL)", name="pass_or_key"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    serial: Mapped[bytes | None] = mapped_column(LargeBinary(5))
    kid: Mapped[int | None] = mapped_column(comment="a key whose passes are all void; it never comes back")
    restored: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
