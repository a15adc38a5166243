"""What reviewers need beside decisions: questions, proposals, who looks at what, how each wants his queue, words to find by."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accredit.db.base import Base
from accredit.db.models.applications import Application
from accredit.db.types import SealedText, UtcDateTime, text_enum

_OPEN = text("state = 'open'")
# In the order of its signs, so that an index can be walked from the first word that begins so to the last.
_WORD = String(40).with_variant(String(40, collation="C"), "postgresql")


class ProposalState(StrEnum):
    """Where a proposal stands; it lapses when the application is decided otherwise."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"


class Question(Base):
    """What a reviewer asked the applicant; the application waits for the answer."""

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_application_id", "application_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    words: Mapped[str] = mapped_column(SealedText("questions.words"))
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(SealedText("questions.answer"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    application: Mapped[Application] = relationship()


class Proposal(Base):
    """An approval against a finding, put forward by one reviewer: another one, a senior, confirms it or not."""

    __tablename__ = "proposals"
    __table_args__ = (
        Index("uq_proposals_open", "application_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_proposals_application_id", "application_id"),
        CheckConstraint("state <> 'confirmed' OR settled_by <> proposed_by", name="two_people"),
        CheckConstraint("reason_staff <> ''", name="has_a_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    state: Mapped[ProposalState] = mapped_column(text_enum(ProposalState, "state"))
    waived: Mapped[list[str]] = mapped_column(JSON, comment="rules whose finding is to be waived")
    confirm_entry: Mapped[str] = mapped_column(String(125), default="", comment="LIST/NUMBER of the body that is meant")
    reason_applicant: Mapped[str] = mapped_column(String(2000))
    reason_staff: Mapped[str] = mapped_column(String(2000))
    proposed_by: Mapped[str] = mapped_column(String(80))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by: Mapped[str] = mapped_column(String(80), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_for: Mapped[str] = mapped_column(String(2000), default="", comment="why it was declined")
    application: Mapped[Application] = relationship()


class Viewing(Base):
    """Who has an application on the screen, and since when: a note for the next one, no lock."""

    __tablename__ = "viewings"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    actor: Mapped[str] = mapped_column(String(80), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewerSetting(Base):
    """How a reviewer wants his queue."""

    __tablename__ = "reviewer_settings"

    actor: Mapped[str] = mapped_column(String(80), primary_key=True)
    queue_order: Mapped[str] = mapped_column(String(20))


class OrganisationWord(Base):
    """One word of the organisation as typed, in small Latin letters: the queue is searched by how words begin."""

    __tablename__ = "organisation_words"
    __table_args__ = (Index("ix_organisation_words_event_id_word", "event_id", "word", "application_id"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
