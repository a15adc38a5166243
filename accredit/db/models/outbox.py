"""What is written to people, in the transaction of what it tells; and what they ask for on their own status page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accredit.db.base import Base
from accredit.db.models.applications import Application
from accredit.db.types import SealedText, UtcDateTime, text_enum
from accredit.domain.messages import Kind, MessageState, RequestKind, RequestState


class Message(Base):
    """One mail. Its text is made from the application when it is sent; only an address that stands nowhere else is kept."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_state_next_try_at", "state", "next_try_at"),
        Index("ix_messages_application_id", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, comment="also its Message-ID")
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    kind: Mapped[Kind] = mapped_column(text_enum(Kind, "kind"))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[MessageState] = mapped_column(text_enum(MessageState, "state"))
    recipient: Mapped[str | None] = mapped_column(
        SealedText("messages.recipient"), comment="null: the applicant's address"
    )
    attempts: Mapped[int] = mapped_column(default=0)
    unsure: Mapped[bool] = mapped_column(default=False, comment="an earlier try may have reached the person")
    cause: Mapped[str] = mapped_column(String(200), default="", comment="why the last try failed; nothing personal")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    application: Mapped[Application] = relationship()


class ApplicantRequest(Base):
    """What an applicant asked for by the signed link, until a person has dealt with it or the day has come."""

    __tablename__ = "applicant_requests"
    __table_args__ = (
        Index("ix_applicant_requests_application_id", "application_id"),
        Index("ix_applicant_requests_state_due_at", "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    kind: Mapped[RequestKind] = mapped_column(text_enum(RequestKind, "kind"))
    state: Mapped[RequestState] = mapped_column(text_enum(RequestState, "state"))
    wanted: Mapped[str] = mapped_column(SealedText("applicant_requests.wanted"), comment="JSON: field → what is wanted")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when data that may go is erased")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str | None] = mapped_column(String(80))
    application: Mapped[Application] = relationship()
