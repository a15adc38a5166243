"""What the desk needs beside passes: words to find people by, the supervisor's slips, and hours that were added."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accredit.db.base import Base
from accredit.db.models.applications import Application
from accredit.db.types import UtcDateTime, text_enum
from accredit.domain.slips import SlipOutcome, SlipState

_OPEN = text("state = 'open'")
# In the order of its signs, so that an index can be walked from the first word that begins so to the last.
_WORD = String(40).with_variant(String(40, collation="C"), "postgresql")


class PersonWord(Base):
    """One word of a name, in small letters without accents: the desk finds people by how words begin."""

    __tablename__ = "person_words"
    __table_args__ = (Index("ix_person_words_event_id_word", "event_id", "word", "application_id"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))


class Slip(Base):
    """Somebody left the line with a number and waits for the supervisor."""

    __tablename__ = "slips"
    __table_args__ = (
        Index("uq_slips_open_application", "application_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("state <> 'settled' OR outcome IS NOT NULL", name="settled_has_outcome"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="what the person holds")
    application_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), comment="null: somebody who was not found"
    )
    code: Mapped[str] = mapped_column(String(40), comment="the cause that the desk was told, never a value")
    state: Mapped[SlipState] = mapped_column(text_enum(SlipState, "state"))
    outcome: Mapped[SlipOutcome | None] = mapped_column(text_enum(SlipOutcome, "outcome"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[str] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str] = mapped_column(String(80), default="")
    settled_for: Mapped[str] = mapped_column(String(400), default="")
    application: Mapped[Application | None] = relationship()


class PickupOpening(Base):
    """Hours of the desk that a supervisor added to those of the event file."""

    __tablename__ = "pickup_openings"
    __table_args__ = (
        Index("ix_pickup_openings_event_id_closes_at", "event_id", "closes_at"),
        CheckConstraint("opens_at < closes_at", name="hours"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(400))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))
